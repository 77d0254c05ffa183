//! What all contenders serve, and what they are asked.
//!
//! In: nothing. Out: the same data for each contender's own types, and the workloads. Must not know: any contender.

mod profile;
mod workloads;

pub use workloads::{Workload, workloads};

/// How many posts W2 has.
pub const POSTS: i32 = 100;
/// How many comments each of them has.
pub const COMMENTS: i32 = 10;
/// How many people wrote them.
pub const AUTHORS: i32 = 200;
/// How many items W3 has.
pub const ITEMS: i32 = 1000;
/// How many levels of folders W4 has.
pub const DEPTH: i32 = 6;
/// How many profiles W5 may ask for.
pub const PROFILES: i32 = 8;

/// W1's one object.
pub struct User {
    pub id: i32,
    pub name: String,
    pub email: String,
    pub age: i32,
    pub active: bool,
}

/// Who wrote a comment.
pub struct Author {
    pub id: i32,
    pub name: String,
    pub email: String,
    pub reputation: f64,
}

/// A comment under a post; its author is found by a resolver.
pub struct Comment {
    pub id: i32,
    pub text: String,
    pub likes: i32,
    pub created_at: String,
    pub author_id: i32,
}

/// A post with its comments.
pub struct Post {
    pub id: i32,
    pub title: String,
    pub views: i32,
    pub published: bool,
    pub comments: Vec<Comment>,
}

/// A flat object of eight scalars.
pub struct Item {
    pub id: i32,
    pub name: String,
    pub email: String,
    pub age: i32,
    pub score: f64,
    pub active: bool,
    pub created_at: String,
    pub bio: Option<String>,
}

/// An interface: what lies in a folder.
pub enum Entry {
    Folder(Folder),
    File(File),
    Shortcut(Shortcut),
}

/// A folder, and all that lies in it.
pub struct Folder {
    pub id: i32,
    pub name: String,
    pub size: i32,
    pub entries: Vec<Entry>,
}

/// A file.
pub struct File {
    pub id: i32,
    pub name: String,
    pub bytes: i32,
}

/// A shortcut.
pub struct Shortcut {
    pub id: i32,
    pub name: String,
    pub to: Target,
}

/// A site.
pub struct Site {
    pub url: String,
}

/// A union: where a shortcut goes.
pub enum Target {
    File(File),
    Site(Site),
}

/// W5's object.
pub struct Profile {
    pub id: i32,
    pub age: i32,
    pub followers: i32,
    pub following: i32,
    pub posts: i32,
    pub likes: i32,
    pub logins: i32,
    pub rank: i32,
    pub level: i32,
    pub points: i32,
    pub first_name: String,
    pub last_name: String,
    pub nickname: String,
    pub email: String,
    pub phone: String,
    pub street: String,
    pub city: String,
    pub country: String,
    pub language: String,
    pub joined: String,
    pub active: bool,
    pub verified: bool,
    pub admin: bool,
    pub newsletter: bool,
    pub online: bool,
}

/// W1's object.
pub fn user() -> User {
    User {
        id: 42,
        name: "Ada Lovelace".into(),
        email: "ada@example.com".into(),
        age: 36,
        active: true,
    }
}

/// The people behind the comments.
pub fn authors() -> Vec<Author> {
    let author = |i: i32| Author {
        id: i,
        name: format!("Author Name {i}"),
        email: format!("author{i}@example.com"),
        reputation: f64::from(i) * 1.25 + 0.5,
    };
    (0..AUTHORS).map(author).collect()
}

/// W2's posts.
pub fn posts() -> Vec<Post> {
    let post = |i: i32| Post {
        id: i,
        title: format!("A post title of a usual length, number {i}"),
        views: i * 31,
        published: i % 3 != 0,
        comments: (0..COMMENTS).map(|j| comment(i, j)).collect(),
    };
    (0..POSTS).map(post).collect()
}

fn comment(i: i32, j: i32) -> Comment {
    Comment {
        id: i * COMMENTS + j,
        text: format!("This is the text of comment {j} under post {i}; it says nothing at all."),
        likes: i * j,
        created_at: "2026-01-02T03:04:05Z".into(),
        author_id: (i * 7 + j * 13) % AUTHORS,
    }
}

/// W3's items.
pub fn items() -> Vec<Item> {
    let item = |i: i32| Item {
        id: i,
        name: format!("Item number {i}"),
        email: format!("user{i}@example.com"),
        age: i % 90,
        score: f64::from(i) / 7.0,
        active: i % 2 == 0,
        created_at: "2026-01-02T03:04:05Z".into(),
        bio: (i % 4 != 0).then(|| format!("A short biography of the person with number {i}")),
    };
    (0..ITEMS).map(item).collect()
}

/// W4's folders: two folders, two files and a shortcut in each.
pub fn tree() -> Folder {
    folder(1, DEPTH)
}

fn folder(id: i32, depth: i32) -> Folder {
    let file = |n: i32| File {
        id: id * 10 + n,
        name: format!("file-{id}-{n}.txt"),
        bytes: id * 100 + n,
    };
    let to = match id % 2 {
        0 => Target::File(file(7)),
        _ => Target::Site(Site {
            url: format!("https://example.com/{id}"),
        }),
    };
    let mut entries = vec![
        Entry::File(file(1)),
        Entry::Shortcut(Shortcut {
            id: id * 10 + 3,
            name: format!("link-{id}"),
            to,
        }),
        Entry::File(file(2)),
    ];
    if depth > 1 {
        entries.push(Entry::Folder(folder(id * 2, depth - 1)));
        entries.push(Entry::Folder(folder(id * 2 + 1, depth - 1)));
    }
    Folder {
        id,
        name: format!("folder {id}"),
        size: id * 1000,
        entries,
    }
}

/// W5's objects.
pub fn profiles() -> Vec<Profile> {
    let profile = |n: i32| Profile {
        id: n,
        age: n * 1000 + 37,
        followers: n * 1000 + 74,
        following: n * 1000 + 111,
        posts: n * 1000 + 148,
        likes: n * 1000 + 185,
        logins: n * 1000 + 222,
        rank: n * 1000 + 259,
        level: n * 1000 + 296,
        points: n * 1000 + 333,
        first_name: format!("first name of number {n}"),
        last_name: format!("last name of number {n}"),
        nickname: format!("nickname of number {n}"),
        email: format!("email of number {n}"),
        phone: format!("phone of number {n}"),
        street: format!("street of number {n}"),
        city: format!("city of number {n}"),
        country: format!("country of number {n}"),
        language: format!("language of number {n}"),
        joined: format!("joined of number {n}"),
        active: (n + 0) % 2 == 0,
        verified: (n + 1) % 2 == 0,
        admin: (n + 2) % 2 == 0,
        newsletter: (n + 3) % 2 == 0,
        online: (n + 4) % 2 == 0,
    };
    (0..PROFILES).map(profile).collect()
}

/// `From<&data::T> for T`, for a contender's struct of the same members.
#[macro_export]
macro_rules! same {
    ($name:ident { $($member:ident),* $(,)? }) => {
        impl From<&$crate::$name> for $name {
            fn from(from: &$crate::$name) -> Self {
                $name { $($member: from.$member.clone().into()),* }
            }
        }
    };
}
