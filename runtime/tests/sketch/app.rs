//! What a person writes for the sketch's schema: an application whose resolvers work in memory, and some of which fail,
//! panic or never answer when they are asked to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use futures_util::{StreamExt, stream};
use graphwright::{Batch, Error, Events, NoAuth, Nullable, Result};

use crate::generated as gw;
use graphwright::__private::v1 as rt;

pub struct App {
    pub calls: Arc<Mutex<Vec<String>>>,
    shelves: Vec<gw::Shelf>,
    authors: Vec<gw::Author>,
    books: Vec<Arc<gw::Book>>,
}

impl Default for App {
    fn default() -> Self {
        let shelf = |label: &str| gw::Shelf {
            label: label.to_owned(),
        };
        App {
            calls: Arc::default(),
            shelves: vec![shelf("A"), shelf("B"), shelf("C")],
            authors: vec![author(1), author(2)],
            books: (1..=4).map(|id| Arc::new(book(id))).collect(),
        }
    }
}

/// Tells when it is dropped.
struct Alive(Arc<Mutex<Vec<String>>>, &'static str);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.lock().unwrap().push(format!("{} dropped", self.1));
    }
}

impl App {
    fn called(&self, what: impl Into<String>) {
        self.calls.lock().unwrap().push(what.into());
    }

    /// Nobody ever signs in; some who try are refused.
    pub async fn caller(&self, parts: &rt::Parts) -> Result<Option<NoAuth>> {
        let header = parts.headers.get("authorization");
        let header = header.and_then(|value| value.to_str().ok());
        let header = match parts.extensions.get::<graphwright::http::ConnectionInit>() {
            Some(init) => init.0["authorization"].as_str().or(header),
            None => header,
        };
        match header {
            Some("Bearer forged") => Err(Error::new("the token is not ours")),
            Some("Bearer broken") => Err("no number".parse::<i32>().unwrap_err().into()),
            Some("Bearer panic") => panic!("a bug in authenticate"),
            Some("Bearer forever") => std::future::pending().await,
            _ => Ok(None),
        }
    }
}

/// What comes with an operation and is no caller.
#[derive(Debug, Clone)]
pub struct Guest(pub &'static str);

/// An error of the application's own, which is no `std::error::Error`: what clients see of it is said once, here.
enum ShelfError {
    Locked,
}

impl From<ShelfError> for Error {
    fn from(error: ShelfError) -> Self {
        match error {
            ShelfError::Locked => Error::new("the shelf is locked")
                .code("SHELF_LOCKED")
                .extension("until", serde_json::json!({ "hour": 8 }))
                .extension("requestId", "forged"),
        }
    }
}

fn unlock(shelf: &gw::Shelf) -> std::result::Result<(), ShelfError> {
    match shelf.label.as_str() {
        "C" => Err(ShelfError::Locked),
        _ => Ok(()),
    }
}

fn book(id: u32) -> gw::Book {
    gw::Book {
        id: id.to_string().as_str().into(),
        title: (id != 3).then(|| format!("Book {id}")),
        mood: if id.is_multiple_of(2) {
            gw::Mood::Sad
        } else {
            gw::Mood::Happy
        },
        cover: gw::Image {
            url: format!("/{id}.png"),
        },
    }
}

fn author(id: u32) -> gw::Author {
    let boss = (id > 1).then(|| Box::new(author(id - 1)));
    gw::Author {
        id: format!("a{id}").as_str().into(),
        name: format!("Author {id}"),
        boss,
    }
}

impl gw::QueryResolvers for App {
    async fn hello(&self, cx: &gw::Context, name: String) -> Result<String> {
        if name == "guest" {
            let guest = cx.data::<Guest>().ok_or_else(|| Error::new("no guest"))?;
            return Ok(format!("Welcome, {}!", guest.0));
        }
        if name == "panic" {
            panic!("a bug in a resolver");
        }
        if name == "forever" {
            let _alive = Alive(Arc::clone(&self.calls), "hello");
            std::future::pending::<()>().await;
        }
        tokio::task::yield_now().await;
        Ok(format!("Hello, {name}!"))
    }

    async fn search(
        &self,
        cx: &gw::Context,
        text: String,
        first: Nullable<i32>,
    ) -> Result<Vec<gw::SearchResult>> {
        // `paths:a.b c` asks which of them are selected.
        if let Some(paths) = text.strip_prefix("paths:") {
            tokio::task::yield_now().await;
            let selected = paths.split(' ').filter(|path| cx.selects(path));
            self.called(selected.collect::<Vec<_>>().join(" "));
            self.called(cx.selection().names().join(" "));
            return Ok(Vec::new());
        }
        self.called(format!("search {text} {first:?}"));
        let all = [
            gw::SearchResult::Book(book(1)),
            gw::SearchResult::Author(author(2)),
            gw::SearchResult::Book(book(2)),
            gw::SearchResult::Book(book(3)),
        ];
        Ok(all.into_iter().take(first.unwrap_or(4) as usize).collect())
    }

    async fn nodes(
        &self,
        _: &gw::Context,
        ids: Vec<graphwright::Id>,
    ) -> Result<Vec<Option<gw::Node>>> {
        let node = |id: &str| match id.strip_prefix('a') {
            Some(number) => Some(gw::Node::Author(author(number.parse().ok()?))),
            None => Some(gw::Node::Book(book(id.parse().ok()?))),
        };
        Ok(ids.iter().map(|id| node(id.as_str())).collect())
    }

    async fn book(&self, _: &gw::Context, pick: gw::BookPick) -> Result<Option<gw::Book>> {
        Ok(match pick {
            gw::BookPick::Id(id) => id.as_str().parse().ok().map(book),
            gw::BookPick::Title(title) => title
                .strip_prefix("Book ")
                .and_then(|id| id.parse().ok())
                .map(book),
        })
    }

    async fn secret(&self, _: &gw::Context) -> Result<Option<String>> {
        self.called("secret");
        Ok(Some("42".to_owned()))
    }

    async fn broken(&self, _: &gw::Context) -> Result<i32> {
        Ok("no number".parse::<i32>()?)
    }

    async fn fragile(&self, _: &gw::Context) -> Result<Option<gw::Fragile>> {
        Ok(Some(gw::Fragile {
            sure: f64::NAN,
            lists: vec![
                Some(vec![1.0]),
                Some(vec![2.0, f64::NAN]),
                None,
                Some(vec![]),
            ],
        }))
    }

    async fn shelves<'r>(&'r self, _: &'r gw::Context, full: bool) -> Result<&'r [gw::Shelf]> {
        tokio::task::yield_now().await;
        Ok(&self.shelves[usize::from(full)..])
    }

    async fn motto<'r>(&'r self, cx: &'r gw::Context) -> Result<Option<&'r str>> {
        Ok(Some(cx.request_id()))
    }
}

impl gw::ShelfResolvers for App {
    async fn keeper<'r>(
        &'r self,
        _: &'r gw::Context,
        parents: &[&gw::Shelf],
    ) -> Result<Batch<Option<&'r gw::Author>>> {
        tokio::task::yield_now().await;
        let keeper = |shelf: &gw::Shelf| match shelf.label.as_str() {
            "A" => Some(&self.authors[0]),
            "B" => Some(&self.authors[1]),
            _ => None,
        };
        Ok(parents.iter().map(|shelf| Ok(keeper(shelf))).collect())
    }

    async fn favourites<'r>(
        &'r self,
        _: &'r gw::Context,
        parent: &gw::Shelf,
        first: i32,
    ) -> Result<Vec<&'r gw::Book>> {
        tokio::task::yield_now().await;
        let skipped = if parent.label == "A" { 0 } else { 1 };
        let books = self.books.iter().map(|book| &**book);
        Ok(books.skip(skipped).take(first as usize).collect())
    }

    async fn shared(
        &self,
        _: &gw::Context,
        parents: &[&gw::Shelf],
    ) -> Result<Batch<Vec<Arc<gw::Book>>>> {
        Ok(parents
            .iter()
            .map(|shelf| {
                unlock(shelf)?;
                Ok(vec![self.books[3].clone(), self.books[0].clone()])
            })
            .collect())
    }

    async fn size(&self, _: &gw::Context, parents: &[&gw::Shelf]) -> Result<Batch<i32>> {
        self.called(format!("size of {}", parents.len()));
        Ok((0..).take(parents.len()).collect::<Vec<_>>().into())
    }
}

impl gw::MutationResolvers for App {
    async fn rename(&self, _: &gw::Context, input: gw::RenameInput) -> Result<gw::Book> {
        self.called(format!(
            "rename {:?} {:?} {:?}",
            input.title, input.mood, input.tags
        ));
        tokio::task::yield_now().await;
        let mut book = book(
            input
                .id
                .as_str()
                .parse()
                .map_err(|_| Error::new("no such book").code("NOT_FOUND"))?,
        );
        book.title = input.title.value();
        Ok(book)
    }

    async fn count(&self, _: &gw::Context) -> Result<i32> {
        self.called("count");
        Ok(self.calls.lock().unwrap().len() as i32)
    }

    async fn store(&self, _: &gw::Context, files: Vec<gw::Upload>) -> Result<Vec<String>> {
        let mut stored = Vec::new();
        for file in files {
            let text = String::from_utf8(file.bytes().await?)?;
            let (name, kind) = (file.file_name(), file.content_type());
            stored.push(format!(
                "{} {} {text}",
                name.unwrap_or("?"),
                kind.unwrap_or("?")
            ));
        }
        Ok(stored)
    }
}

impl gw::SubscriptionResolvers for App {
    /// 0, 1, 2, …; some counts stand for something that goes wrong.
    async fn ticks(&self, _: &gw::Context, count: i32) -> Result<Events<i32>> {
        match count {
            -1 => return Err(Error::new("no clock").code("NO_CLOCK")),
            -2 => panic!("a bug before the first tick"),
            -3 => std::future::pending().await,
            -4 => {
                let slow = async |tick| {
                    tokio::time::sleep(std::time::Duration::from_millis(40)).await;
                    tick
                };
                return Ok(Events::of(stream::iter(0..2).then(slow)));
            }
            _ => {}
        }
        let alive = Alive(Arc::clone(&self.calls), "ticks");
        Ok(Events::new(stream::iter(0..count).then(move |tick| {
            alive.0.lock().unwrap().push(format!("tick {tick}"));
            async move {
                tokio::task::yield_now().await;
                match tick {
                    100 => Err(Error::new("a tick was lost")),
                    200 => panic!("a bug in the source"),
                    _ => Ok(tick),
                }
            }
        })))
    }

    async fn books(
        &self,
        _: &gw::Context,
        ids: Vec<graphwright::Id>,
    ) -> Result<Events<Option<gw::Book>>> {
        Ok(Events::of(stream::iter(
            ids.into_iter().map(|id| id.as_str().parse().ok().map(book)),
        )))
    }

    async fn secrets(&self, _: &gw::Context) -> Result<Events<Option<String>>> {
        self.called("secrets");
        Ok(Events::of(stream::empty()))
    }
}

impl gw::BookResolvers for App {
    async fn author(
        &self,
        cx: &gw::Context,
        parents: &[&gw::Book],
    ) -> Result<Batch<Option<gw::Author>>> {
        if cx.selects("boss") {
            self.called("the boss, too");
        }
        self.called(format!("author of {}", parents.len()));
        tokio::task::yield_now().await;
        if parents[0].id == "777" {
            std::future::pending::<()>().await;
        }
        if parents.len() == 2 && parents[0].id == "9" {
            return Ok(Vec::new().into());
        }
        Ok(parents
            .iter()
            .map(|book| match book.id.as_str() {
                "1" => Ok(Some(author(1))),
                "2" => Err(Error::new("the author is shy").code("SHY")),
                _ => Ok(None),
            })
            .collect())
    }

    async fn reviews(
        &self,
        cx: &gw::Context,
        parent: &gw::Book,
        first: i32,
    ) -> Result<Vec<gw::Review>> {
        self.called(format!("reviews of {}", parent.id));
        // One turn with the database for each parent: what the counter of development is for.
        if cx.db().is_ok() {
            drop(cx.connection().await?);
        }
        tokio::task::yield_now().await;
        Ok((1..=first.min(1000))
            .map(|stars| gw::Review {
                stars,
                text: (stars > 1).then(|| "fine \"really\"".to_owned()),
            })
            .collect())
    }
}

impl gw::AuthorResolvers for App {
    async fn books(
        &self,
        _: &gw::Context,
        parents: &[&gw::Author],
    ) -> Result<Batch<Vec<gw::Book>>> {
        self.called(format!("books of {}", parents.len()));
        let found = HashMap::from([("a1", vec![book(1), book(2)]), ("a2", vec![book(3)])]);
        Ok(Batch::by_key_or_default(
            parents,
            |author| author.id.as_str(),
            &found,
        ))
    }
}

impl gw::ImageResolvers for App {
    async fn photographer(
        &self,
        _: &gw::Context,
        parents: &[&gw::Image],
    ) -> Result<Batch<gw::Author>> {
        Ok(parents
            .iter()
            .map(|image| match image.url.as_str() {
                "/3.png" => Err(Error::new("the photographer is unknown")),
                _ => Ok(author(1)),
            })
            .collect())
    }
}

impl gw::FragileResolvers for App {
    async fn must(&self, _: &gw::Context, parents: &[&gw::Fragile]) -> Result<Batch<gw::Fragile>> {
        Ok(parents
            .iter()
            .map(|_| Err(Error::new("it must not fail")))
            .collect())
    }
}
