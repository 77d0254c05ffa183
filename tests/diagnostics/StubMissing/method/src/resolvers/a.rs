impl gw::QueryResolvers for App {
    async fn bye(&self, cx: &gw::Context) -> gw::Result<Option<String>> {
        Ok(None)
    }
}
