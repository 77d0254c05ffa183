//! The job `heartbeat`.

use crate::App;
use crate::generated as gw;

impl gw::Heartbeat for App {
    async fn run(&self, cx: &gw::JobContext, _args: gw::HeartbeatArgs) -> gw::JobResult {
        cx.log("alive");
        Ok(gw::Outcome::Done)
    }
}
