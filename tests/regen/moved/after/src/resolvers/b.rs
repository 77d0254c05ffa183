//! Resolvers of `schema/b.graphql`.

use crate::App;
use crate::generated as gw;

impl gw::OtherResolvers for App {
    async fn four(&self, cx: &gw::Context, parents: &[&gw::Other]) -> gw::Result<gw::Batch<i32>> {
        let _ = (cx, parents);
        Err(gw::Error::not_implemented("Other.four"))
    }
}
