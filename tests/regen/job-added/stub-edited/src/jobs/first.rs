use crate::App;
use crate::generated as gw;

impl gw::First for App {
    async fn run(&self, _cx: &gw::JobContext, _args: gw::FirstArgs) -> gw::JobResult {
        Ok(gw::Outcome::Done)
    }
}
