// schema.rs
impl gw::QueryResolvers for App {
    async fn person(&self, cx: &gw::Context) -> gw::Result<Option<gw::Person>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.person"))
    }

    async fn tree(&self, cx: &gw::Context) -> gw::Result<gw::Tree> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.tree"))
    }

    async fn r#match(&self, cx: &gw::Context, r#where: gw::Nullable<gw::Where>, either: gw::Nullable<gw::Either>) -> gw::Result<Option<i32>> {
        let _ = (cx, r#where, either);
        Err(gw::Error::not_implemented("Query.match"))
    }
}
