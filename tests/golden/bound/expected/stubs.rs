// schema.rs
impl gw::QueryResolvers for App {
    async fn price(&self, cx: &gw::Context, when: gw::Nullable<gw::Moment>, factor: crate::bound::Factor) -> gw::Result<gw::Money> {
        let _ = (cx, when, factor);
        Err(gw::Error::not_implemented("Query.price"))
    }

    async fn the_thing(&self, cx: &gw::Context) -> gw::Result<Option<gw::Thing>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.thing"))
    }

    async fn rank(&self, cx: &gw::Context) -> gw::Result<Option<gw::Grade>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.rank"))
    }
}

// schema.rs
impl gw::ThingResolvers for App {
    async fn weight(&self, cx: &gw::Context, parent: &gw::Thing, unit: String) -> gw::Result<Option<f64>> {
        let _ = (cx, parent, unit);
        Err(gw::Error::not_implemented("Thing.weight"))
    }
}
