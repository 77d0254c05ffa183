impl gw::QueryResolvers for App {
    async fn hello(&self, cx: &gw::Context, name: String) -> gw::Result<String> {
        Ok(name)
    }
}
