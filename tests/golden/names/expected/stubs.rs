// schema.rs
impl gw::QueryResolvers2 for App {
    async fn r#type(&self, cx: &gw::Context, self_: gw::Nullable<i32>, self2: gw::Nullable<i32>, crate_: gw::Nullable<i32>, cx2: gw::Nullable<i32>, parents2: gw::Nullable<i32>, r#async: i32) -> gw::Result<Option<gw::Self_>> {
        let _ = (cx, self_, self2, crate_, cx2, parents2, r#async);
        Err(gw::Error::not_implemented("Query.type"))
    }

    async fn foo_bar(&self, cx: &gw::Context) -> gw::Result<gw::Option> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.fooBar"))
    }

    async fn foo_bar2(&self, cx: &gw::Context) -> gw::Result<gw::Vec> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.foo_bar"))
    }

    async fn foo_bar3(&self, cx: &gw::Context) -> gw::Result<gw::types::Result> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.FooBar"))
    }

    async fn super_(&self, cx: &gw::Context, r#in: gw::Nullable<gw::InputType>) -> gw::Result<gw::Box> {
        let _ = (cx, r#in);
        Err(gw::Error::not_implemented("Query.super"))
    }

    async fn string(&self, cx: &gw::Context) -> gw::Result<Option<String>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.string"))
    }

    async fn underscore(&self, cx: &gw::Context) -> gw::Result<Option<gw::Underscores>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query._"))
    }

    async fn _1(&self, cx: &gw::Context) -> gw::Result<Vec<gw::Slot>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query._1"))
    }

    async fn context(&self, cx: &gw::Context) -> gw::Result<Option<gw::types::Context>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.context"))
    }

    async fn r#match(&self, cx: &gw::Context) -> gw::Result<Option<gw::Gen>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.match"))
    }

    async fn some(&self, cx: &gw::Context) -> gw::Result<Option<gw::Some>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.Some"))
    }

    async fn drop(&self, cx: &gw::Context) -> gw::Result<Option<gw::Drop>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.drop"))
    }

    async fn clone(&self, cx: &gw::Context) -> gw::Result<Option<gw::Clone>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.clone"))
    }

    async fn std(&self, cx: &gw::Context) -> gw::Result<Option<Vec<Option<gw::Core>>>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.std"))
    }

    async fn dup(&self, cx: &gw::Context) -> gw::Result<Option<gw::Dup>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.dup"))
    }

    async fn dup2(&self, cx: &gw::Context) -> gw::Result<Option<gw::Dup2>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.Dup"))
    }

    async fn link(&self, cx: &gw::Context, id: gw::Id) -> gw::Result<Option<gw::Link>> {
        let _ = (cx, id);
        Err(gw::Error::not_implemented("Query.link"))
    }
}

// schema.rs
impl gw::SlotResolvers for App {
    async fn state(&self, cx: &gw::Context, parents: &[&gw::Slot], f: gw::Nullable<i32>, st: gw::Nullable<i32>, found: gw::Nullable<i32>, args: gw::Nullable<i32>) -> gw::Result<gw::Batch<Option<i32>>> {
        let _ = (cx, parents, f, st, found, args);
        Err(gw::Error::not_implemented("Slot.state"))
    }
}

// schema.rs
impl gw::LinkResolvers for App {
    async fn related(&self, cx: &gw::Context, parents: &[&gw::Link], first: gw::Nullable<i32>) -> gw::Result<gw::Batch<Vec<gw::Link>>> {
        let _ = (cx, parents, first);
        Err(gw::Error::not_implemented("Link.related"))
    }
}

// schema.rs
impl gw::Dup2Resolvers for App {
    async fn y(&self, cx: &gw::Context, parents: &[&gw::Dup2], a: gw::Nullable<gw::E>) -> gw::Result<gw::Batch<Option<gw::E>>> {
        let _ = (cx, parents, a);
        Err(gw::Error::not_implemented("Dup.y"))
    }
}

// schema.rs
impl gw::QueryResolversResolvers for App {
    async fn resolvers(&self, cx: &gw::Context, parents: &[&gw::QueryResolvers]) -> gw::Result<gw::Batch<Option<i32>>> {
        let _ = (cx, parents);
        Err(gw::Error::not_implemented("QueryResolvers.resolvers"))
    }
}
