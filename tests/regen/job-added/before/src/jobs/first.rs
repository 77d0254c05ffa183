//! The job `first`.

use crate::App;
use crate::generated as gw;

impl gw::First for App {
    async fn run(&self, cx: &gw::JobContext, args: gw::FirstArgs) -> gw::JobResult {
        let _ = (cx, args);
        Err(gw::Error::not_implemented("first"))
    }
}
