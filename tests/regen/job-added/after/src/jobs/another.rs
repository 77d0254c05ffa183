//! The job `another`.

use crate::App;
use crate::generated as gw;

impl gw::Another for App {
    async fn run(&self, cx: &gw::JobContext, args: gw::AnotherArgs) -> gw::JobResult {
        let _ = (cx, args);
        Err(gw::Error::not_implemented("another"))
    }
}
