// schema.rs
impl gw::QueryResolvers for App {
    /// All books, or those that a text occurs in.
    async fn books(&self, cx: &gw::Context, text: gw::Nullable<String>, first: i32) -> gw::Result<Vec<gw::Book>> {
        let _ = (cx, text, first);
        Err(gw::Error::not_implemented("Query.books"))
    }

    async fn book(&self, cx: &gw::Context, id: gw::Id) -> gw::Result<Option<gw::Book>> {
        let _ = (cx, id);
        Err(gw::Error::not_implemented("Query.book"))
    }

    async fn shelves(&self, cx: &gw::Context) -> gw::Result<Option<Vec<Option<Vec<gw::Shelf>>>>> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.shelves"))
    }

    async fn count(&self, cx: &gw::Context) -> gw::Result<i32> {
        let _ = cx;
        Err(gw::Error::not_implemented("Query.count"))
    }
}

// schema.rs
impl gw::MutationResolvers for App {
    async fn add_book(&self, cx: &gw::Context, book: gw::NewBook) -> gw::Result<gw::Book> {
        let _ = (cx, book);
        Err(gw::Error::not_implemented("Mutation.addBook"))
    }

    async fn remove_book(&self, cx: &gw::Context, id: gw::Id) -> gw::Result<Option<bool>> {
        let _ = (cx, id);
        Err(gw::Error::not_implemented("Mutation.removeBook"))
    }
}

// schema.rs
impl gw::BookResolvers for App {
    /// Best first.
    async fn reviews(&self, cx: &gw::Context, parents: &[&gw::Book], first: i32) -> gw::Result<gw::Batch<Vec<gw::Review>>> {
        let _ = (cx, parents, first);
        Err(gw::Error::not_implemented("Book.reviews"))
    }
}

// schema.rs
impl gw::AuthorResolvers for App {
    async fn books(&self, cx: &gw::Context, parents: &[&gw::Author], genres: Option<Vec<gw::Genre>>) -> gw::Result<gw::Batch<Option<Vec<gw::Book>>>> {
        let _ = (cx, parents, genres);
        Err(gw::Error::not_implemented("Author.books"))
    }
}
