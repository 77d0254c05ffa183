// schema.rs
impl gw::QueryResolvers for App {
    async fn hello(&self, cx: &gw::Context) -> gw::Result<String> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.hello"))
    }
}

// clean_up.rs
impl gw::CleanUp for App {
    /// Deletes what nobody needs
    async fn run(&self, cx: &gw::JobContext, args: gw::CleanUpArgs) -> gw::JobResult {
        let _ = (cx, args);
        Err(gw::Error::not_implemented("clean_up"))
    }
}

// digest.rs
impl gw::Digest for App {
    /// Writes a region's digest
    async fn run(&self, cx: &gw::JobContext, args: gw::DigestArgs) -> gw::JobResult {
        let _ = (cx, args);
        Err(gw::Error::not_implemented("digest"))
    }
}

// hello.rs
impl gw::HelloJob for App {
    /// Is called like a type
    async fn run(&self, cx: &gw::JobContext, args: gw::HelloJobArgs) -> gw::JobResult {
        let _ = (cx, args);
        Err(gw::Error::not_implemented("hello"))
    }
}
