//! Resolvers of `schema/shop.graphql`.

use crate::App;
use crate::generated as gw;

impl gw::QueryResolvers for App {
    async fn product(&self, cx: &gw::Context, id: gw::Id) -> gw::Result<Option<gw::Product>> {
        let _ = (cx, id);
        Err(gw::Error::not_implemented("Query.product"))
    }

    async fn search(&self, cx: &gw::Context, text: String) -> gw::Result<Vec<gw::Product>> {
        let _ = (cx, text);
        Err(gw::Error::not_implemented("Query.search"))
    }
}

impl gw::ProductResolvers for App {
    async fn price(
        &self,
        cx: &gw::Context,
        parents: &[&gw::Product],
    ) -> gw::Result<gw::Batch<f64>> {
        let _ = (cx, parents);
        Err(gw::Error::not_implemented("Product.price"))
    }
}
