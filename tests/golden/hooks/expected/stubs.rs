// schema.rs
impl gw::QueryResolvers for App {
    async fn search(&self, cx: &gw::Context, text: String) -> gw::Result<Vec<Option<gw::Book>>> {
        let _ = (cx, text);
        Err(gw::Error::not_implemented("Query.search"))
    }

    async fn count(&self, cx: &gw::Context) -> gw::Result<Option<i32>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.count"))
    }

    async fn free(&self, cx: &gw::Context) -> gw::Result<Option<String>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.free"))
    }
}

// schema.rs
impl gw::MutationResolvers for App {
    async fn rename(&self, cx: &gw::Context, id: gw::Id, title: String) -> gw::Result<Option<gw::Book>> {
        let _ = (cx, id, title);
        Err(gw::Error::not_implemented("Mutation.rename"))
    }
}

// schema.rs
impl gw::SubscriptionResolvers for App {
    async fn news(&self, cx: &gw::Context, since: gw::Nullable<i32>) -> gw::Result<gw::Events<String>> {
        let _ = (cx, since);
        Err(gw::Error::not_implemented("Subscription.news"))
    }
}

// schema.rs
impl gw::BookResolvers for App {
    async fn secret(&self, cx: &gw::Context, parents: &[&gw::Book]) -> gw::Result<gw::Batch<String>> {
        let _ = (cx, parents);
        Err(gw::Error::not_implemented("Book.secret"))
    }

    async fn pages(&self, cx: &gw::Context, parent: &gw::Book, most: Option<i32>) -> gw::Result<Vec<i32>> {
        let _ = (cx, parent, most);
        Err(gw::Error::not_implemented("Book.pages"))
    }
}

// schema.rs
impl gw::NoteResolvers for App {
    async fn score(&self, cx: &gw::Context, parents: &[&gw::Note]) -> gw::Result<gw::Batch<Option<f64>>> {
        let _ = (cx, parents);
        Err(gw::Error::not_implemented("Note.score"))
    }
}

// directives.rs
impl gw::Directives for App {
    async fn audited(&self, cx: &gw::Context, field: &'static str, kind: gw::Kind, note: Option<String>, ids: Option<Vec<gw::Id>>, ratio: f64, loud: Option<bool>) -> gw::Result<()> {
        let _ = (cx, field, kind, note, ids, ratio, loud);
        Err(gw::Error::not_implemented("@audited"))
    }

    async fn limit(&self, cx: &gw::Context, field: &'static str, per_minute: i32, r#type: String) -> gw::Result<()> {
        let _ = (cx, field, per_minute, r#type);
        Err(gw::Error::not_implemented("@limit"))
    }
}
