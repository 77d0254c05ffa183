// schema.rs
impl gw::ReadsResolvers for App {
    async fn now(&self, cx: &gw::Context) -> gw::Result<String> {
        let _ = cx;
        Err(gw::Error::not_implemented("Reads.now"))
    }

    async fn again(&self, cx: &gw::Context) -> gw::Result<gw::Reads> {
        let _ = cx;
        Err(gw::Error::not_implemented("Reads.again"))
    }

    async fn mutations(&self, cx: &gw::Context) -> gw::Result<Vec<gw::Mutation>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Reads.mutations"))
    }
}

// schema.rs
impl gw::WritesResolvers for App {
    async fn write(&self, cx: &gw::Context, text: String) -> gw::Result<gw::Written> {
        let _ = (cx, text);
        Err(gw::Error::not_implemented("Writes.write"))
    }
}

// schema.rs
impl gw::EventsResolvers for App {
    /// Executed by a later version.
    async fn ticks(&self, cx: &gw::Context, every: i32) -> gw::Result<gw::Events<i32>> {
        let _ = (cx, every);
        Err(gw::Error::not_implemented("Events.ticks"))
    }
}
