use crate::App;
use crate::generated as gw;

impl gw::QueryResolvers for App {
    async fn hello(&self, _: &gw::Context, name: String) -> gw::Result<String> {
        Ok(format!("Hello, {name}!"))
    }
}
