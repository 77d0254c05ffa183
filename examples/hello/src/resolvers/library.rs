//! Resolvers of `schema/library.graphql`.

use crate::App;
use crate::generated as gw;

impl gw::QueryResolvers for App {
    async fn book(&self, _cx: &gw::Context, id: gw::Id) -> gw::Result<Option<gw::Book>> {
        Ok(self.find(|book| book.id == id).into_iter().next())
    }

    async fn books(
        &self,
        _cx: &gw::Context,
        about: gw::Nullable<String>,
    ) -> gw::Result<Vec<gw::Book>> {
        let about = about.unwrap_or(String::new()).to_lowercase();
        Ok(self.find(|book| book.title.to_lowercase().contains(&about)))
    }
}

impl gw::MutationResolvers for App {
    async fn add_book(
        &self,
        _cx: &gw::Context,
        title: String,
        author: String,
    ) -> gw::Result<gw::Book> {
        Ok(self.add(title, author))
    }
}

impl gw::AuthorResolvers for App {
    async fn books(
        &self,
        _cx: &gw::Context,
        parents: &[&gw::Author],
        first: i32,
    ) -> gw::Result<gw::Batch<Vec<gw::Book>>> {
        let first = usize::try_from(first).unwrap_or_default();
        let mut books = Vec::new();
        for parent in parents {
            let mut found = self.find(|book| book.author.name == parent.name);
            found.truncate(first);
            books.push(found);
        }
        Ok(books.into())
    }
}
