//! The case `hooks`: directives of the schema's own, each with a method that is called before a field's.
//!
//! The stubs are compiled as they are generated, except for tests: there the methods below stand in their place.

/// What was generated.
pub mod generated {
    include!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../golden/hooks/expected/graphwright.rs"
    ));
}

#[cfg(not(test))]
mod stubs {
    use super::App;
    use super::generated as gw;

    include!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../golden/hooks/expected/stubs.rs"
    ));
}

/// The application.
#[derive(Debug, Default)]
pub struct App {
    #[cfg(test)]
    calls: std::sync::Mutex<Vec<String>>,
    /// The start of the call of a hook that refuses.
    #[cfg(test)]
    refuses: &'static str,
}

#[cfg(test)]
mod answers {
    use super::App;
    use super::generated as gw;

    impl App {
        fn called(&self, what: impl Into<String>) {
            self.calls.lock().unwrap().push(what.into());
        }

        fn hook(&self, what: String) -> gw::Result<()> {
            let refused = !self.refuses.is_empty() && what.starts_with(self.refuses);
            self.called(what);
            match refused {
                true => Err(gw::Error::forbidden().extension("why", "hook")),
                false => Ok(()),
            }
        }
    }

    fn book(id: i32) -> gw::Book {
        gw::Book {
            id: id.to_string().into(),
            title: format!("Book {id}"),
        }
    }

    impl gw::Directives for App {
        async fn audited(
            &self,
            _: &gw::Context,
            field: &'static str,
            kind: gw::Kind,
            note: Option<String>,
            ids: Option<Vec<gw::Id>>,
            ratio: f64,
            loud: Option<bool>,
        ) -> gw::Result<()> {
            let ids = ids.map(|ids| {
                ids.iter()
                    .map(|id| id.as_str().to_owned())
                    .collect::<Vec<_>>()
            });
            tokio::task::yield_now().await;
            self.hook(format!(
                "@audited {field} {kind:?} {note:?} {ids:?} {ratio} {loud:?}"
            ))
        }

        async fn limit(
            &self,
            _: &gw::Context,
            field: &'static str,
            per_minute: i32,
            r#type: String,
        ) -> gw::Result<()> {
            self.hook(format!("@limit {field} {per_minute} {}", r#type))
        }
    }

    impl gw::QueryResolvers for App {
        async fn search(&self, _: &gw::Context, text: String) -> gw::Result<Vec<Option<gw::Book>>> {
            self.called(format!("search {text}"));
            Ok(vec![Some(book(1)), Some(book(2))])
        }

        async fn count(&self, _: &gw::Context) -> gw::Result<Option<i32>> {
            self.called("count");
            Ok(Some(2))
        }

        async fn free(&self, _: &gw::Context) -> gw::Result<Option<String>> {
            self.called("free");
            Ok(None)
        }
    }

    impl gw::MutationResolvers for App {
        async fn rename(
            &self,
            _: &gw::Context,
            id: gw::Id,
            title: String,
        ) -> gw::Result<Option<gw::Book>> {
            self.called("rename");
            Ok(Some(gw::Book { id, title }))
        }
    }

    impl gw::SubscriptionResolvers for App {
        async fn news(
            &self,
            _: &gw::Context,
            _: gw::Nullable<i32>,
        ) -> gw::Result<gw::Events<String>> {
            self.called("news");
            Err(gw::Error::not_found("news"))
        }
    }

    impl gw::BookResolvers for App {
        async fn secret(
            &self,
            _: &gw::Context,
            parents: &[&gw::Book],
        ) -> gw::Result<gw::Batch<String>> {
            self.called(format!("secret of {}", parents.len()));
            Ok(parents.iter().map(|book| Ok(book.title.clone())).collect())
        }

        async fn pages(
            &self,
            _: &gw::Context,
            parent: &gw::Book,
            _: Option<i32>,
        ) -> gw::Result<Vec<i32>> {
            self.called(format!("pages of {}", parent.id.as_str()));
            Ok(vec![1])
        }
    }

    impl gw::NoteResolvers for App {
        async fn score(
            &self,
            _: &gw::Context,
            _: &[&gw::Note],
        ) -> gw::Result<gw::Batch<Option<f64>>> {
            unreachable!("there are no notes")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::App;
    use graphwright::engine::response::Request;
    use graphwright::engine::responses::Responses;
    use graphwright::testing::Client;

    const SEARCH: [&str; 4] = [
        "@limit Query.search 60 caller",
        r#"@audited Query.search Read Some("a \"quoted\" note") None 1 Some(false)"#,
        "@limit Query.search 5 ip",
        "search x",
    ];

    async fn client(refuses: &'static str) -> Client<App> {
        let app = App {
            refuses,
            ..App::default()
        };
        Client::new(app).await.unwrap()
    }

    async fn check(query: &str, calls: &[&str]) {
        let client = client("").await;
        client.query(query).await.ok();
        assert_eq!(*client.app().calls.lock().unwrap(), calls, "{query}");
    }

    #[tokio::test]
    async fn hooks_are_called_in_order_once_for_all_parents_with_the_uses_values() {
        check("{ search(text: \"x\") { title } }", &SEARCH).await;
        check(
            "{ count }",
            &[
                r#"@audited Query.count Read None Some(["1", "b"]) 0.5 None"#,
                "count",
            ],
        )
        .await;
        check("{ free }", &["free"]).await;
        check(
            "mutation { rename(id: 1, title: \"y\") { id } }",
            &[
                r#"@audited Mutation.rename Write None Some(["x"]) 1 Some(false)"#,
                "rename",
            ],
        )
        .await;
        let below = |more: &[&'static str]| [&SEARCH[..], more].concat();
        check(
            "{ search(text: \"x\") { secret } }",
            &below(&[
                "@audited Book.secret Read None None 1 Some(false)",
                "secret of 2",
            ]),
        )
        .await;
        check(
            "{ search(text: \"x\") { pages } }",
            &below(&["@limit Book.pages 2 caller", "pages of 1", "pages of 2"]),
        )
        .await;
    }

    #[tokio::test]
    async fn a_hook_that_fails_refuses_the_field_for_all_parents() {
        for (refuses, query, data, errors, last) in [
            (
                "@audited Query.count",
                "{ count free }",
                r#"{"count":null,"free":null}"#,
                1,
                "free",
            ),
            (
                "@audited Query.search",
                "{ search(text: \"x\") { id } }",
                "null",
                1,
                "@audited",
            ),
            (
                "@audited Book",
                "{ search(text: \"x\") { secret } }",
                r#"{"search":[null,null]}"#,
                2,
                "@audited Book",
            ),
            (
                "@limit Book",
                "{ search(text: \"x\") { pages } }",
                r#"{"search":[null,null]}"#,
                2,
                "@limit Book",
            ),
            (
                "@audited",
                "mutation { rename(id: 1, title: \"y\") { id } }",
                r#"{"rename":null}"#,
                1,
                "@audited",
            ),
        ] {
            let client = client(refuses).await;
            let reply = client.query(query).await;
            assert_eq!(reply.data().to_string(), data, "{refuses}");
            assert_eq!(reply.codes(), vec!["FORBIDDEN"; errors], "{refuses}");
            assert_eq!(reply.errors()[0]["extensions"]["why"], "hook");
            let calls = client.app().calls.lock().unwrap();
            assert!(calls.iter().any(|call| call.starts_with(last)), "{calls:?}");
            let answered = ["count", "rename", "secret", "pages"];
            let ran = calls
                .iter()
                .any(|call| answered.iter().any(|name| call.starts_with(name)));
            assert!(!ran, "{refuses}: {calls:?}");
        }
    }

    #[tokio::test]
    async fn a_subscription_starts_after_its_hooks() {
        for (refuses, count, code) in [("@limit", 2, "FORBIDDEN"), ("", 3, "NOT_FOUND")] {
            let client = client(refuses).await;
            let request = Request {
                query: "subscription { news }".to_owned(),
                ..Request::default()
            };
            match client.server().stream(None, "r", request).await {
                Responses::One(reply) => {
                    let text = String::from_utf8(reply.body).unwrap();
                    assert!(text.contains(code), "{text}");
                }
                Responses::Many(_) => panic!("nothing should have started"),
            }
            assert_eq!(client.app().calls.lock().unwrap().len(), count, "{refuses}");
        }
    }
}
