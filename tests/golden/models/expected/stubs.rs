// schema.rs
impl gw::AuthorResolvers for App {
    /// Answered by the application, for all rows at once.
    async fn ranking(&self, cx: &gw::Context, parents: &[&gw::Author], scale: i32) -> gw::Result<gw::Batch<Option<f64>>> {
        let _ = (cx, parents, scale);
        Err(gw::Error::not_implemented("Author.ranking"))
    }

    async fn fans(&self, cx: &gw::Context, parent: &gw::Author) -> gw::Result<Vec<gw::Key<gw::Author>>> {
        let _ = (cx, parent);
        Err(gw::Error::not_implemented("Author.fans"))
    }
}

// schema.rs
impl gw::QueryResolvers for App {
    async fn me(&self, cx: &gw::Context) -> gw::Result<Option<gw::Key<gw::Author>>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.me"))
    }

    async fn shelf(&self, cx: &gw::Context) -> gw::Result<gw::Shelf> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.shelf"))
    }

    async fn thing(&self, cx: &gw::Context, of: gw::Id) -> gw::Result<Option<gw::Thing>> {
        let _ = (cx, of);
        Err(gw::Error::not_implemented("Query.thing"))
    }
}

// schema.rs
impl gw::MutationResolvers for App {
    async fn lend(&self, cx: &gw::Context, book: gw::Id, until: gw::Nullable<gw::Date>) -> gw::Result<gw::Key<gw::Book>> {
        let _ = (cx, book, until);
        Err(gw::Error::not_implemented("Mutation.lend"))
    }
}

// auth.rs
impl gw::Authenticate for App {
    /// Who sends this request; `None` is a visitor.
    async fn authenticate(&self, parts: &gw::Parts) -> gw::Result<Option<gw::Viewer>> {
        let _ = parts;
        Err(gw::Error::not_implemented("authenticate"))
    }
}
