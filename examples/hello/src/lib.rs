//! Twenty lines of SDL, answered from memory.

graphwright::include!();

pub mod resolvers;

use generated::{Author, Book};
use std::sync::{Mutex, PoisonError};

/// A shelf of books: (title, author) in the order in which they were put there.
pub struct App {
    shelf: Mutex<Vec<(String, String)>>,
}

impl App {
    /// A shelf with a few books.
    pub fn new() -> App {
        let book = |title: &str, author: &str| (title.to_owned(), author.to_owned());
        App {
            shelf: Mutex::new(vec![
                book("A Wizard of Earthsea", "Ursula K. Le Guin"),
                book("The Left Hand of Darkness", "Ursula K. Le Guin"),
                book("Solaris", "Stanisław Lem"),
            ]),
        }
    }

    /// Puts a book on the shelf.
    fn add(&self, title: String, author: String) -> Book {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.push((title, author));
        let (title, author) = &shelf[shelf.len() - 1];
        book(shelf.len(), title, author)
    }

    /// The books that are wanted, in the order of the shelf.
    fn find(&self, wanted: impl Fn(&Book) -> bool) -> Vec<Book> {
        let shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        let all = shelf.iter().zip(1..);
        all.map(|((title, author), number)| book(number, title, author))
            .filter(wanted)
            .collect()
    }
}

impl Default for App {
    fn default() -> App {
        App::new()
    }
}

fn book(number: usize, title: &str, author: &str) -> Book {
    Book {
        id: number.to_string().into(),
        title: title.to_owned(),
        author: Author {
            name: author.to_owned(),
        },
    }
}
