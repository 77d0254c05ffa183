// Über uns
use crate::App;
use crate::generated as gw;

impl gw::QueryResolvers for App {
	async fn one(&self, _: &gw::Context) -> gw::Result<i32> {
		Ok(1)
	}
}
