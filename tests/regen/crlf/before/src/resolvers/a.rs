//! Resolvers of `schema/a.graphql`.

use crate::App;
use crate::generated as gw;

impl gw::QueryResolvers for App {
    async fn one(&self, cx: &gw::Context) -> gw::Result<i32> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.one"))
    }
}
