use crate::App;
use crate::generated as gw;

impl gw::QueryResolvers for App {
    forward_to_the_shelf!(one);
}

impl gw::PartResolvers for App {
    async fn three(&self, cx: &gw::Context, parents: &[&gw::Part]) -> gw::Result<gw::Batch<i32>> {
        let _ = (cx, parents);
        Err(gw::Error::not_implemented("Part.three"))
    }
}
