//! What can hardly be beaten: serde_json over structs that are ready, and bytes written by hand for one query.
//!
//! In: the data. Out: the bytes of responses. Must not know: GraphQL.

use std::rc::Rc;

use serde::Serialize;

use crate::contenders::{Asked, Kind};

/// A floor.
pub struct Floor {
    pub name: &'static str,
    pub kind: Kind,
    pub takes: fn(&Asked) -> bool,
    /// The answer to the workload of that name.
    pub write: Box<dyn Fn(&str) -> Vec<u8>>,
}

/// Both.
pub fn all() -> Vec<Floor> {
    let data: Rc<Data> = Rc::new(Data::new());
    // Ready before the clock runs, as a REST handler that kept its answers would have them.
    let kept: &'static Data = Box::leak(Box::new(Data::new()));
    let (user, posts, items) = (ready_user(kept), ready_posts(kept), ready_items(kept));
    let serde = move |workload: &str| {
        match workload {
            "W1" => serde_json::to_vec(&user),
            "W3" => serde_json::to_vec(&items),
            _ => serde_json::to_vec(&posts),
        }
        .expect("JSON")
    };
    let hand = move |workload: &str| match workload {
        "W1" => hand_user(&data),
        "W3" => hand_items(&data),
        _ => hand_posts(&data),
    };
    let takes = |asked: &Asked| !asked.cold && matches!(asked.workload.name, "W1" | "W2" | "W3");
    vec![
        Floor {
            name: "serde_json, structs ready",
            kind: Kind::Serde,
            takes,
            write: Box::new(serde),
        },
        Floor {
            name: "written by hand",
            kind: Kind::Hand,
            takes,
            write: Box::new(hand),
        },
    ]
}

struct Data {
    user: data::User,
    posts: Vec<data::Post>,
    authors: Vec<data::Author>,
    items: Vec<data::Item>,
}

impl Data {
    fn new() -> Self {
        Data {
            user: data::user(),
            posts: data::posts(),
            authors: data::authors(),
            items: data::items(),
        }
    }
}

#[derive(Serialize)]
struct Response<T> {
    data: T,
}

#[derive(Serialize)]
struct UserData<'a> {
    user: User<'a>,
}

#[derive(Serialize)]
struct User<'a> {
    id: i32,
    name: &'a str,
    email: &'a str,
    age: i32,
    active: bool,
}

#[derive(Serialize)]
struct PostsData<'a> {
    posts: Vec<Post<'a>>,
}

#[derive(Serialize)]
struct Post<'a> {
    id: i32,
    title: &'a str,
    views: i32,
    published: bool,
    comments: Vec<Comment<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Comment<'a> {
    id: i32,
    text: &'a str,
    likes: i32,
    created_at: &'a str,
    author: Author<'a>,
}

#[derive(Serialize)]
struct Author<'a> {
    id: i32,
    name: &'a str,
    email: &'a str,
    reputation: f64,
}

#[derive(Serialize)]
struct ItemsData<'a> {
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    id: i32,
    name: &'a str,
    email: &'a str,
    age: i32,
    score: f64,
    active: bool,
    created_at: &'a str,
    bio: Option<&'a str>,
}

fn ready_user(data: &Data) -> Response<UserData<'_>> {
    let user = &data.user;
    let user = User {
        id: user.id,
        name: &user.name,
        email: &user.email,
        age: user.age,
        active: user.active,
    };
    Response {
        data: UserData { user },
    }
}

fn ready_posts(data: &Data) -> Response<PostsData<'_>> {
    let posts = data.posts.iter().map(|post| Post {
        id: post.id,
        title: &post.title,
        views: post.views,
        published: post.published,
        comments: post.comments.iter().map(|c| comment(data, c)).collect(),
    });
    Response {
        data: PostsData {
            posts: posts.collect(),
        },
    }
}

fn comment<'a>(data: &'a Data, comment: &'a data::Comment) -> Comment<'a> {
    let author = &data.authors[comment.author_id as usize];
    Comment {
        id: comment.id,
        text: &comment.text,
        likes: comment.likes,
        created_at: &comment.created_at,
        author: Author {
            id: author.id,
            name: &author.name,
            email: &author.email,
            reputation: author.reputation,
        },
    }
}

fn ready_items(data: &Data) -> Response<ItemsData<'_>> {
    let items = data.items.iter().map(|item| Item {
        id: item.id,
        name: &item.name,
        email: &item.email,
        age: item.age,
        score: item.score,
        active: item.active,
        created_at: &item.created_at,
        bio: item.bio.as_deref(),
    });
    Response {
        data: ItemsData {
            items: items.collect(),
        },
    }
}

/// Bytes: a comma behind each value, which the closing bracket takes the place of.
struct Text(Vec<u8>);

impl Text {
    fn with_capacity(bytes: usize) -> Self {
        Text(Vec::with_capacity(bytes))
    }

    fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn int(&mut self, value: i32) {
        self.raw(itoa::Buffer::new().format(value).as_bytes());
    }

    fn float(&mut self, value: f64) {
        self.raw(zmij::Buffer::new().format(value).as_bytes());
    }

    fn bool(&mut self, value: bool) {
        self.raw(if value { b"true" } else { b"false" });
    }

    fn text(&mut self, text: &str) {
        let bytes = text.as_bytes();
        self.0.reserve(bytes.len() + 2);
        self.0.push(b'"');
        if clean(bytes) {
            self.0.extend_from_slice(bytes);
        } else {
            let quoted = serde_json::to_string(text).expect("JSON");
            self.0
                .extend_from_slice(&quoted.as_bytes()[1..quoted.len() - 1]);
        }
        self.0.push(b'"');
    }

    fn close(&mut self, bracket: u8) {
        if let Some(last) = self.0.last_mut() {
            *last = bracket;
        }
    }
}

/// Whether nothing needs an escape: sixteen bytes at a time, so that the compiler makes SIMD code of it.
fn clean(bytes: &[u8]) -> bool {
    let dirty = |chunk: &[u8]| {
        chunk.iter().fold(false, |found, &b| {
            found | (b < 0x20) | (b == b'"') | (b == b'\\')
        })
    };
    let chunks = bytes.chunks_exact(16);
    let rest = chunks.remainder();
    !chunks.into_iter().any(dirty) && !dirty(rest)
}

fn hand_user(data: &Data) -> Vec<u8> {
    let (user, mut out) = (&data.user, Text::with_capacity(128));
    out.raw(b"{\"data\":{\"user\":{\"id\":");
    out.int(user.id);
    out.raw(b",\"name\":");
    out.text(&user.name);
    out.raw(b",\"email\":");
    out.text(&user.email);
    out.raw(b",\"age\":");
    out.int(user.age);
    out.raw(b",\"active\":");
    out.bool(user.active);
    out.raw(b"}}}");
    out.0
}

fn hand_posts(data: &Data) -> Vec<u8> {
    let mut out = Text::with_capacity(1 << 18);
    out.raw(b"{\"data\":{\"posts\":[");
    for post in &data.posts {
        out.raw(b"{\"id\":");
        out.int(post.id);
        out.raw(b",\"title\":");
        out.text(&post.title);
        out.raw(b",\"views\":");
        out.int(post.views);
        out.raw(b",\"published\":");
        out.bool(post.published);
        out.raw(b",\"comments\":[");
        for comment in &post.comments {
            hand_comment(data, comment, &mut out);
        }
        out.close(b']');
        out.raw(b"},");
    }
    out.close(b']');
    out.raw(b"}}");
    out.0
}

fn hand_comment(data: &Data, comment: &data::Comment, out: &mut Text) {
    let author = &data.authors[comment.author_id as usize];
    out.raw(b"{\"id\":");
    out.int(comment.id);
    out.raw(b",\"text\":");
    out.text(&comment.text);
    out.raw(b",\"likes\":");
    out.int(comment.likes);
    out.raw(b",\"createdAt\":");
    out.text(&comment.created_at);
    out.raw(b",\"author\":{\"id\":");
    out.int(author.id);
    out.raw(b",\"name\":");
    out.text(&author.name);
    out.raw(b",\"email\":");
    out.text(&author.email);
    out.raw(b",\"reputation\":");
    out.float(author.reputation);
    out.raw(b"}},");
}

fn hand_items(data: &Data) -> Vec<u8> {
    let mut out = Text::with_capacity(1 << 18);
    out.raw(b"{\"data\":{\"items\":[");
    for item in &data.items {
        out.raw(b"{\"id\":");
        out.int(item.id);
        out.raw(b",\"name\":");
        out.text(&item.name);
        out.raw(b",\"email\":");
        out.text(&item.email);
        out.raw(b",\"age\":");
        out.int(item.age);
        out.raw(b",\"score\":");
        out.float(item.score);
        out.raw(b",\"active\":");
        out.bool(item.active);
        out.raw(b",\"createdAt\":");
        out.text(&item.created_at);
        out.raw(b",\"bio\":");
        match &item.bio {
            Some(bio) => out.text(bio),
            None => out.raw(b"null"),
        }
        out.raw(b"},");
    }
    out.close(b']');
    out.raw(b"}}");
    out.0
}
