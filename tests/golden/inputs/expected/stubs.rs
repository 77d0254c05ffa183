// schema.rs
impl gw::QueryResolvers for App {
    async fn find(&self, cx: &gw::Context, by: gw::By, page: gw::Page, filter: gw::Nullable<gw::Filter>) -> gw::Result<Vec<String>> {
        let _ = (cx, by, page, filter);
        Err(gw::Error::not_implemented("Query.find"))
    }

    async fn nested(&self, cx: &gw::Context, filters: gw::Nullable<Vec<Option<Vec<gw::Filter>>>>, either: gw::Nullable<gw::By>) -> gw::Result<Option<i32>> {
        let _ = (cx, filters, either);
        Err(gw::Error::not_implemented("Query.nested"))
    }
}
