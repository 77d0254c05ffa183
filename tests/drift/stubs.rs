//! A library, as somebody wrote it.

use crate::App;
use crate::generated as gw;

impl gw::QueryResolvers for App {
    async fn search(
        &self,
        _: &gw::Context,
        text: String,
        genre: gw::Nullable<gw::Genre>,
        first: i32,
    ) -> gw::Result<Vec<gw::Book>> {
        let genre = genre.value();
        let hits = self.books.iter().filter(|book| {
            book.title.contains(&text) && genre.is_none_or(|genre| genre == book.genre)
        });
        Ok(hits.take(first as usize).cloned().collect())
    }

    async fn count(&self, _: &gw::Context) -> gw::Result<i32> {
        Ok(self.books.len() as i32)
    }

    async fn book(&self, _: &gw::Context, id: gw::Id) -> gw::Result<Option<gw::Book>> {
        Ok(self.books.iter().find(|book| book.id == id).cloned())
    }

    async fn found(&self, _: &gw::Context, name: String) -> gw::Result<Vec<gw::Found>> {
        let books = self.books.iter().cloned().map(gw::Found::Book);
        let authors = [author()].into_iter().map(gw::Found::Author);
        Ok(books.chain(authors).filter(|it| name_of(it) == name).collect())
    }

    async fn node(&self, _: &gw::Context, id: gw::Id) -> gw::Result<Option<gw::Node>> {
        let nodes = self.books.iter().cloned().map(gw::Node::Book);
        let mut nodes = nodes.chain([gw::Node::Author(author())]);
        Ok(nodes.find(|node| match node {
            gw::Node::Book(book) => book.id == id,
            gw::Node::Author(author) => author.id == id,
        }))
    }
}

impl gw::MutationResolvers for App {
    async fn add_book(&self, _: &gw::Context, book: gw::NewBook) -> gw::Result<gw::Book> {
        let gw::NewBook { title, genre, pages } = book;
        let pages: Option<i32> = pages.value();
        Ok(gw::Book { id: gw::Id::from(title.clone()), title, genre, pages })
    }
}

impl gw::BookResolvers for App {
    async fn author(
        &self,
        _: &gw::Context,
        parents: &[&gw::Book],
    ) -> gw::Result<gw::Batch<gw::Author>> {
        Ok(parents.iter().map(|_| Ok(author())).collect())
    }

    async fn reviews(
        &self,
        _: &gw::Context,
        parents: &[&gw::Book],
        at_least: i32,
    ) -> gw::Result<gw::Batch<Vec<gw::Review>>> {
        let good = gw::Review { stars: shelf(gw::Genre::Crime).max(at_least), text: None };
        Ok(parents.iter().map(|_| Ok(vec![good.clone()])).collect())
    }
}

impl gw::Digest for App {
    async fn run(&self, _: &gw::JobContext, args: gw::DigestArgs) -> gw::JobResult {
        println!("{} new on shelf {}", args.top, shelf(args.genre));
        Ok(gw::Outcome::Done)
    }
}

impl gw::Tidy for App {
    async fn run(&self, _: &gw::JobContext, _: gw::TidyArgs) -> gw::JobResult {
        Ok(gw::Outcome::Done)
    }
}

fn author() -> gw::Author {
    gw::Author { id: gw::Id::from("a1"), name: "Anonymous".to_owned() }
}

fn shelf(genre: gw::Genre) -> i32 {
    match genre {
        gw::Genre::Fantasy => 1,
        gw::Genre::Crime => 2,
    }
}

fn name_of(found: &gw::Found) -> &str {
    match found {
        gw::Found::Book(book) => &book.title,
        gw::Found::Author(author) => &author.name,
    }
}
