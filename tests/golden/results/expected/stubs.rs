// schema.rs
impl gw::QueryResolvers for App {
    async fn owned(&self, cx: &gw::Context) -> gw::Result<Vec<gw::Post>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.owned"))
    }

    async fn post<'r>(&'r self, cx: &'r gw::Context, id: gw::Id) -> gw::Result<Option<&'r gw::Post>> {
        let _ = (cx, id);
        Err(gw::Error::not_implemented("Query.post"))
    }

    async fn posts<'r>(&'r self, cx: &'r gw::Context) -> gw::Result<&'r [gw::Post]> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.posts"))
    }

    async fn some<'r>(&'r self, cx: &'r gw::Context) -> gw::Result<Option<Vec<Option<&'r gw::Post>>>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.some"))
    }

    async fn pages<'r>(&'r self, cx: &'r gw::Context) -> gw::Result<Option<&'r [Vec<gw::Post>]>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.pages"))
    }

    async fn shared(&self, cx: &gw::Context) -> gw::Result<Option<Vec<std::sync::Arc<gw::Post>>>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.shared"))
    }

    async fn motto<'r>(&'r self, cx: &'r gw::Context) -> gw::Result<Option<&'r str>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.motto"))
    }

    async fn words(&self, cx: &gw::Context) -> gw::Result<Vec<std::sync::Arc<str>>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.words"))
    }

    async fn limit<'r>(&'r self, cx: &'r gw::Context) -> gw::Result<&'r i32> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.limit"))
    }

    async fn found<'r>(&'r self, cx: &'r gw::Context) -> gw::Result<&'r [gw::Found]> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.found"))
    }
}

// schema.rs
impl gw::MutationResolvers for App {
    async fn rename<'r>(&'r self, cx: &'r gw::Context, id: gw::Id, title: String) -> gw::Result<&'r gw::Post> {
        let _ = (cx, id, title);
        Err(gw::Error::not_implemented("Mutation.rename"))
    }
}

// schema.rs
impl gw::PostResolvers for App {
    async fn author<'r>(&'r self, cx: &'r gw::Context, parents: &[&gw::Post]) -> gw::Result<gw::Batch<&'r gw::Author>> {
        let _ = (cx, parents);
        Err(gw::Error::not_implemented("Post.author"))
    }

    async fn editor(&self, cx: &gw::Context, parents: &[&gw::Post]) -> gw::Result<gw::Batch<Option<std::sync::Arc<gw::Author>>>> {
        let _ = (cx, parents);
        Err(gw::Error::not_implemented("Post.editor"))
    }

    async fn related<'r>(&'r self, cx: &'r gw::Context, parent: &gw::Post, first: i32) -> gw::Result<Vec<&'r gw::Post>> {
        let _ = (cx, parent, first);
        Err(gw::Error::not_implemented("Post.related"))
    }

    async fn tags<'r>(&'r self, cx: &'r gw::Context, parent: &gw::Post) -> gw::Result<&'r [String]> {
        let _ = (cx, parent);
        Err(gw::Error::not_implemented("Post.tags"))
    }
}

// schema.rs
impl gw::AuthorResolvers for App {
    async fn posts<'r>(&'r self, cx: &'r gw::Context, parents: &[&gw::Author]) -> gw::Result<gw::Batch<&'r [gw::Post]>> {
        let _ = (cx, parents);
        Err(gw::Error::not_implemented("Author.posts"))
    }
}
