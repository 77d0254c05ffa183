// schema.rs
impl gw::UserResolvers for App {
    async fn friends(&self, cx: &gw::Context, parents: &[&gw::User]) -> gw::Result<gw::Batch<Vec<gw::Named>>> {
        let _ = (cx, parents);
        Err(gw::Error::not_implemented("User.friends"))
    }
}

// schema.rs
impl gw::QueryResolvers for App {
    async fn id(&self, cx: &gw::Context) -> gw::Result<gw::Id> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.id"))
    }

    async fn node(&self, cx: &gw::Context, id: gw::Id) -> gw::Result<Option<gw::Node>> {
        let _ = (cx, id);
        Err(gw::Error::not_implemented("Query.node"))
    }

    async fn nodes(&self, cx: &gw::Context, ids: Vec<gw::Id>) -> gw::Result<Vec<Option<gw::Node>>> {
        let _ = (cx, ids);
        Err(gw::Error::not_implemented("Query.nodes"))
    }

    async fn named(&self, cx: &gw::Context) -> gw::Result<Vec<Vec<gw::Named>>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.named"))
    }

    async fn events(&self, cx: &gw::Context) -> gw::Result<Option<Vec<gw::Event>>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.events"))
    }

    async fn lonely(&self, cx: &gw::Context) -> gw::Result<Option<gw::Lonely>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.lonely"))
    }

    async fn query(&self, cx: &gw::Context) -> gw::Result<gw::Query> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.query"))
    }
}
