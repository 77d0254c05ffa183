//! Resolvers of `schema/bench.graphql`.

use std::collections::HashMap;
use std::sync::Arc;

use crate::App;
use crate::generated as gw;

impl gw::QueryResolvers for App {
    async fn user<'r>(&'r self, _cx: &'r gw::Context) -> gw::Result<&'r gw::User> {
        Ok(&self.user)
    }

    async fn posts<'r>(&'r self, _cx: &'r gw::Context) -> gw::Result<&'r [gw::Post]> {
        Ok(&self.posts)
    }

    async fn items<'r>(&'r self, _cx: &'r gw::Context) -> gw::Result<&'r [gw::Item]> {
        Ok(&self.items)
    }

    async fn tree<'r>(&'r self, _cx: &'r gw::Context) -> gw::Result<&'r gw::Folder> {
        Ok(&self.tree)
    }

    async fn profile<'r>(
        &'r self,
        _cx: &'r gw::Context,
        id: i32,
    ) -> gw::Result<Option<&'r gw::Profile>> {
        Ok(self.profiles.get(id as usize))
    }
}

impl gw::CommentResolvers for App {
    async fn author<'r>(
        &'r self,
        _cx: &'r gw::Context,
        parents: &[&gw::Comment],
    ) -> gw::Result<gw::Batch<&'r gw::Author>> {
        Ok(self.authors_of(parents).collect())
    }

    async fn author_each<'r>(
        &'r self,
        _cx: &'r gw::Context,
        parent: &gw::Comment,
    ) -> gw::Result<&'r gw::Author> {
        Ok(self.author_of(parent))
    }

    async fn author_owned(
        &self,
        _cx: &gw::Context,
        parents: &[&gw::Comment],
    ) -> gw::Result<gw::Batch<gw::Author>> {
        Ok(parents
            .iter()
            .map(|parent| Ok(self.author_of(parent).clone()))
            .collect())
    }

    async fn author_pending<'r>(
        &'r self,
        _cx: &'r gw::Context,
        parents: &[&gw::Comment],
    ) -> gw::Result<gw::Batch<&'r gw::Author>> {
        tokio::task::yield_now().await;
        Ok(self.authors_of(parents).collect())
    }

    async fn author_each_pending<'r>(
        &'r self,
        _cx: &'r gw::Context,
        parent: &gw::Comment,
    ) -> gw::Result<&'r gw::Author> {
        tokio::task::yield_now().await;
        Ok(self.author_of(parent))
    }

    async fn author_loaded(
        &self,
        _cx: &gw::Context,
        parents: &[&gw::Comment],
    ) -> gw::Result<gw::Batch<Arc<gw::Author>>> {
        let keys = gw::Batch::<gw::Author>::keys(parents, |comment| comment.author_id);
        // One query for all keys, in a program with a database.
        let found: HashMap<i32, Arc<gw::Author>> = keys
            .into_iter()
            .map(|key| (key, Arc::clone(&self.shared[key as usize])))
            .collect();
        Ok(gw::Batch::by_key(
            parents,
            |comment| comment.author_id,
            &found,
        ))
    }
}

impl App {
    fn authors_of<'r>(
        &'r self,
        parents: &[&gw::Comment],
    ) -> impl Iterator<Item = gw::Result<&'r gw::Author>> {
        parents.iter().map(|parent| Ok(self.author_of(parent)))
    }

    fn author_of(&self, comment: &gw::Comment) -> &gw::Author {
        &self.authors[comment.author_id as usize]
    }
}

/// `fn($data) -> $generated`: the same members.
macro_rules! same {
    ($($made:ident: $name:ident { $($member:ident),* })*) => { $(
        pub(crate) fn $made(from: &data::$name) -> gw::$name {
            gw::$name { $($member: from.$member.clone()),* }
        }
    )* };
}

same! {
    user: User { id, name, email, age, active }
    author: Author { id, name, email, reputation }
    comment: Comment { id, text, likes, created_at, author_id }
    item: Item { id, name, email, age, score, active, created_at, bio }
    file: File { id, name, bytes }
    site: Site { url }
    profile: Profile {
        id, age, followers, following, posts, likes, logins, rank, level, points,
        first_name, last_name, nickname, email, phone, street, city, country, language, joined,
        active, verified, admin, newsletter, online
    }
}

pub(crate) fn post(from: &data::Post) -> gw::Post {
    gw::Post {
        id: from.id,
        title: from.title.clone(),
        views: from.views,
        published: from.published,
        comments: from.comments.iter().map(comment).collect(),
    }
}

pub(crate) fn folder(from: &data::Folder) -> gw::Folder {
    gw::Folder {
        id: from.id,
        name: from.name.clone(),
        size: from.size,
        entries: from.entries.iter().map(entry).collect(),
    }
}

fn entry(from: &data::Entry) -> gw::Entry {
    match from {
        data::Entry::Folder(from) => gw::Entry::Folder(folder(from)),
        data::Entry::File(from) => gw::Entry::File(file(from)),
        data::Entry::Shortcut(from) => gw::Entry::Shortcut(gw::Shortcut {
            id: from.id,
            name: from.name.clone(),
            to: match &from.to {
                data::Target::File(from) => gw::Target::File(file(from)),
                data::Target::Site(from) => gw::Target::Site(site(from)),
            },
        }),
    }
}
