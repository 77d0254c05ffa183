//! Résolveurs — edited by hand.
use crate::App;
use crate::generated as gw;
use std::collections::HashMap as Map;

/// A helper between the impls.
fn normal(text: &str) -> String { text.trim().to_lowercase() }

impl gw::QueryResolvers for App {
    /// My own words.
    #[tracing::instrument(skip_all)]
    async fn product(&self, _cx: &gw::Context, mut id: gw::Id) -> gw::Result<Option<gw::Product>> {
        // free-floating: "}" and /* impl */
        id = normal(&id).into(); let x = '{';
        Ok(self.shelf.get(&id).cloned())
    } // end of product

    async fn cheapest(&self, cx: &gw::Context) -> gw::Result<Option<gw::Product>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.cheapest"))
    }

    //nolint: about what follows
    async fn search(&self, _: &gw::Context, text: String, first: i32) -> gw::Result<Vec<gw::Product>>
    { todo_later(text) }

    async fn newest(
        &self,
        cx: &gw::Context,
        since: gw::Nullable<String>,
    ) -> gw::Result<Vec<gw::Product>> {
        let _ = (cx, since);
        Err(gw::Error::not_implemented("Query.newest"))
    }

    // last words
}

type Shelf = Map<gw::Id, gw::Product>;

impl gw::ProductResolvers for App {
  async fn related(
    &self,
    cx: &gw::Context,
    parents: &[&gw::Product],
  ) -> gw::Result<gw::Batch<Vec<gw::Product>>> {
    let _ = (cx, parents);
    Err(gw::Error::not_implemented("Product.related"))
  }

  async fn price(&self, cx: &gw::Context, parents: &[&gw::Product]) -> gw::Result<gw::Batch<f64>> {
      Ok(parents.iter().map(|p| Ok(1.0)).collect())
  }

  async fn stock(&self, cx: &gw::Context, parent: &gw::Product) -> gw::Result<i32> {
    let _ = (cx, parent);
    Err(gw::Error::not_implemented("Product.stock"))
  }
}
