impl gw::QueryResolvers for App {
    async fn hello(
