//! Access on every path: nothing that a rule hides is shown, counted, found by a filter, an order or an error.

use super::*;
use crate::model::rule::allows;

#[tokio::test]
async fn lists_and_counts_hold_only_what_may_be_read() {
    let w = world().await;
    let order = json!({ "orderBy": [{ "title": "ASC" }] });
    for (access, expect) in [
        (NOBODY, vec!["Bright loft", "Old barn"]),
        (caller(&w.bob), vec!["Bright loft", "Old barn"]),
        (caller(&w.eve), vec!["Bright loft", "Old barn"]),
        (caller(&w.ada), vec!["Bright loft", "Draft", "Old barn"]),
        (caller(&w.root), vec!["Bright loft", "Draft", "Old barn"]),
        (Access::System, vec!["Bright loft", "Draft", "Old barn"]),
    ] {
        let set = list(
            &w.db,
            access,
            LISTING,
            Paging::Cursor { max: 9, default: 9 },
            order.clone(),
        )
        .await
        .expect("listed");
        assert_eq!(texts(&set, 2), expect, "{access:?}");
        assert_eq!(set.pages[0].total, Some(expect.len() as i64), "{access:?}");
    }
}

#[tokio::test]
async fn finds_keys_and_relations_hold_only_what_may_be_read() {
    let w = world().await;
    let found = async |access: Access<'_>, id: &str| {
        let key = super::super::value::store(ColumnType::IdUuid, id.into()).expect("a key");
        load::find(
            &env(access),
            &w.db.session(),
            model(LISTING),
            everything(LISTING),
            load::equals(0, key),
        )
        .await
        .expect("found")
        .len()
    };
    assert_eq!(
        (
            found(NOBODY, &w.loft).await,
            found(NOBODY, &w.draft).await,
            found(caller(&w.ada), &w.draft).await
        ),
        (1, 0, 1)
    );

    let keys = load::keys(
        &env(NOBODY),
        &w.db.session(),
        model(LISTING),
        everything(LISTING),
        &[&w.draft, &w.loft],
    )
    .await
    .expect("found");
    assert_eq!((keys.part(0).len(), keys.part(1).len()), (0, 1));

    let users = list(
        &w.db,
        NOBODY,
        USER,
        PLAIN,
        json!({ "orderBy": [{ "name": "ASC" }] }),
    )
    .await
    .expect("users");
    let ada = async |access: Access<'_>| {
        relation(&w.db, access, &users, 0, json!({}))
            .await
            .expect("listings")
            .part(0)
            .len()
    };
    assert_eq!((ada(NOBODY).await, ada(caller(&w.ada)).await), (1, 2));

    // To-one: the review of a draft is readable, its listing is not.
    create(
        &w.db,
        Access::System,
        REVIEW,
        json!({ "listingId": w.draft, "authorId": w.bob.id, "rating": 5 }),
    )
    .await
    .expect("a review");
    let reviews = all(&w.db, NOBODY, REVIEW).await;
    let listing = async |access: Access<'_>| {
        relation(&w.db, access, &reviews, 0, json!({}))
            .await
            .expect("listing")
            .part(0)
            .len()
    };
    assert_eq!(
        (
            reviews.len(),
            listing(NOBODY).await,
            listing(caller(&w.ada)).await
        ),
        (1, 0, 1)
    );
}

#[tokio::test]
async fn rules_follow_paths_and_see_what_the_reader_may_not() {
    let w = world().await;
    create(
        &w.db,
        Access::System,
        REVIEW,
        json!({ "listingId": w.draft, "authorId": w.bob.id, "rating": 1 }),
    )
    .await
    .expect("a review");
    let count = async |access: Access<'_>| all(&w.db, access, REVIEW).await.len();
    // Eve is not the host, Bob is the author (who may not see the listing), Ada is the host.
    assert_eq!(
        (
            count(NOBODY).await,
            count(caller(&w.eve)).await,
            count(caller(&w.bob)).await,
            count(caller(&w.ada)).await
        ),
        (0, 0, 1, 1)
    );
}

#[tokio::test]
async fn pages_and_totals_of_relations_hold_only_what_may_be_read() {
    let w = world().await;
    for rating in [1, 2, 5] {
        create(
            &w.db,
            Access::System,
            REVIEW,
            json!({ "listingId": w.loft, "authorId": w.bob.id, "rating": rating }),
        )
        .await
        .expect("a review");
    }
    let loft = list(
        &w.db,
        NOBODY,
        LISTING,
        PLAIN,
        json!({ "filter": { "id": { "eq": w.loft } } }),
    )
    .await
    .expect("loft");
    let page = async |access: Access<'_>| {
        let set = relation(&w.db, access, &loft, 1, json!({ "first": 1 }))
            .await
            .expect("reviews");
        (set.pages[0].total, set.pages[0].has_next)
    };
    assert_eq!(page(NOBODY).await, (Some(1), false));
    assert_eq!(page(caller(&w.ada)).await, (Some(3), true));
}

#[tokio::test]
async fn filters_through_relations_find_only_by_what_may_be_read() {
    let w = world().await;
    create(
        &w.db,
        Access::System,
        REVIEW,
        json!({ "listingId": w.loft, "authorId": w.bob.id, "rating": 1 }),
    )
    .await
    .expect("a review");
    let bad = json!({ "reviews": { "some": { "rating": { "eq": 1 } } } });
    assert_eq!(
        titles(&w.db, NOBODY, bad.clone()).await,
        Vec::<String>::new()
    );
    assert_eq!(titles(&w.db, caller(&w.ada), bad).await, ["Bright loft"]);
    let none = json!({ "reviews": { "none": {} }, "published": { "eq": true } });
    assert_eq!(
        titles(&w.db, NOBODY, none.clone()).await,
        ["Bright loft", "Old barn"]
    );
    assert_eq!(titles(&w.db, caller(&w.ada), none).await, ["Old barn"]);
    let every =
        json!({ "reviews": { "every": { "rating": { "gt": 1 } } }, "published": { "eq": true } });
    assert_eq!(
        titles(&w.db, NOBODY, every.clone()).await,
        ["Bright loft", "Old barn"]
    );
    assert_eq!(titles(&w.db, caller(&w.ada), every).await, ["Old barn"]);
    // A draft that its reader may not see is no listing of the host's.
    let users = async |access: Access<'_>| {
        let filter = json!({ "listings": { "some": { "title": { "eq": "Draft" } } } });
        texts(
            &list(&w.db, access, USER, PLAIN, json!({ "filter": filter }))
                .await
                .expect("listed"),
            1,
        )
    };
    assert_eq!(users(NOBODY).await, Vec::<String>::new());
    assert_eq!(users(caller(&w.ada)).await, ["Ada"]);
}

#[tokio::test]
async fn a_field_is_denied_row_by_row() {
    let w = world().await;
    let denied = async |access: Access<'_>| {
        let set = list(
            &w.db,
            access,
            USER,
            PLAIN,
            json!({ "orderBy": [{ "name": "ASC" }] }),
        )
        .await
        .expect("users");
        (0..4)
            .map(|i| {
                (
                    set.denies(i).columns & 0b100 != 0,
                    set.denies(i).columns & 0b10000 != 0,
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(denied(NOBODY).await, [(true, true); 4]);
    assert_eq!(
        denied(caller(&w.bob)).await,
        [(true, true), (false, true), (true, true), (true, true)]
    );
    assert_eq!(denied(caller(&w.root)).await, [(false, false); 4]);
}

#[tokio::test]
async fn no_filter_tells_of_a_field_that_is_denied() {
    let w = world().await;
    let names = async |access: Access<'_>, filter: Json| -> Result<Vec<String>> {
        Ok(texts(
            &list(
                &w.db,
                access,
                USER,
                PLAIN,
                json!({ "filter": filter, "orderBy": [{ "name": "ASC" }] }),
            )
            .await?,
            1,
        ))
    };
    let ada = json!({ "email": { "eq": "ada@example.com" } });
    assert_eq!(
        names(caller(&w.ada), ada.clone()).await.expect("own"),
        ["Ada"]
    );
    assert_eq!(
        names(caller(&w.root), ada.clone()).await.expect("admin"),
        ["Ada"]
    );
    assert_eq!(
        names(caller(&w.bob), ada.clone()).await.expect("another"),
        Vec::<String>::new()
    );
    // Negated, the rows that deny come all the same, whatever they hold.
    let guess = async |email: &str| {
        names(
            caller(&w.bob),
            json!({ "not": { "email": { "eq": email } } }),
        )
        .await
        .expect("guessed")
    };
    assert_eq!(
        guess("ada@example.com").await,
        ["Ada", "Bob", "Eve", "Root"]
    );
    assert_eq!(guess("nobody").await, ["Ada", "Bob", "Eve", "Root"]);
    assert_eq!(guess("bob@example.com").await, ["Ada", "Eve", "Root"]);
    // Where the rule refuses whatever the row is, the field cannot be named at all.
    assert_eq!(
        code(
            names(caller(&w.bob), json!({ "note": { "isNull": true } }))
                .await
                .expect_err("refused")
        ),
        "FORBIDDEN not allowed"
    );
    assert_eq!(
        code(
            names(NOBODY, json!({ "note": { "isNull": true } }))
                .await
                .expect_err("refused")
        ),
        "UNAUTHENTICATED sign in first"
    );
    assert_eq!(code(names(NOBODY, json!({ "or": [{ "reviews": { "some": { "author": { "note": { "eq": "x" } } } } }] })).await.expect_err("refused")), "UNAUTHENTICATED sign in first");
    assert_eq!(
        names(caller(&w.root), json!({ "note": { "contains": "Bob" } }))
            .await
            .expect("admin"),
        ["Bob"]
    );
}

#[tokio::test]
async fn no_order_tells_of_a_field_that_is_denied() {
    let w = world().await;
    let order = json!({ "orderBy": [{ "email": "ASC" }], "first": 2 });
    let cursor = Paging::Cursor {
        max: 50,
        default: 20,
    };
    // For Bob all addresses but his own are as NULL, which is first; the keys decide among them.
    let first = list(&w.db, caller(&w.bob), USER, cursor, order.clone())
        .await
        .expect("listed");
    assert_eq!(texts(&first, 1), ["Ada", "Eve"]);
    let mut args = order.clone();
    args["after"] = json!(first.cursor(1));
    let second = list(&w.db, caller(&w.bob), USER, cursor, args)
        .await
        .expect("listed");
    assert_eq!(texts(&second, 1), ["Root", "Bob"]);
    // A cursor is made of what the caller may read.
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(first.cursor(0).expect("a cursor"))
        .expect("base64");
    assert!(!String::from_utf8_lossy(&bytes).contains("example.com"));
    let error = list(
        &w.db,
        caller(&w.bob),
        USER,
        cursor,
        json!({ "orderBy": [{ "note": "ASC" }] }),
    )
    .await
    .expect_err("refused");
    assert_eq!(error.kind().as_str(), "FORBIDDEN");
}

#[tokio::test]
async fn a_relation_has_a_rule_of_its_own() {
    let w = world().await;
    create(
        &w.db,
        Access::System,
        REVIEW,
        json!({ "listingId": w.loft, "authorId": w.bob.id, "rating": 5 }),
    )
    .await
    .expect("a review");
    let users = async |access: Access<'_>| {
        list(
            &w.db,
            access,
            USER,
            PLAIN,
            json!({ "orderBy": [{ "name": "ASC" }] }),
        )
        .await
        .expect("users")
    };
    let reviews = async |access: Access<'_>| {
        let users = users(access).await;
        let set = relation(&w.db, access, &users, 2, json!({}))
            .await
            .expect("reviews");
        (0..4)
            .map(|i| {
                (
                    users.denies(i).relations & 0b100 != 0,
                    set.part(i).len(),
                    set.pages[i].total,
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(
        reviews(caller(&w.bob)).await[..2],
        [(true, 0, Some(0)), (false, 1, Some(1))]
    );
    assert_eq!(
        reviews(caller(&w.ada)).await[..2],
        [(false, 0, Some(0)), (true, 0, Some(0))]
    );
    let by_reviews = json!({ "filter": { "reviews": { "some": {} } } });
    let found = async |access: Access<'_>| {
        texts(
            &list(&w.db, access, USER, PLAIN, by_reviews.clone())
                .await
                .expect("listed"),
            1,
        )
    };
    assert_eq!(found(caller(&w.bob)).await, ["Bob"]);
    assert_eq!(found(caller(&w.ada)).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_rule_that_the_caller_alone_fails_costs_no_statement() {
    let w = world().await;
    let before = w.db.statements();
    let error = create(&w.db, NOBODY, LISTING, json!({}))
        .await
        .expect_err("refused");
    assert_eq!(code(error), "UNAUTHENTICATED sign in first");
    let error = update(&w.db, caller(&w.root), AMENITY, "1", json!({}))
        .await
        .expect_err("refused");
    assert_eq!(error.kind().as_str(), "NOT_FOUND");
    assert_eq!(w.db.statements() - before, 1);
}

#[test]
fn unknown_is_not_true_whichever_way_it_is_turned() {
    const NULL: Expr = Expr::Lit(Lit::Null);
    const ID: Expr = Expr::Auth(0);
    const A: Expr = Expr::Lit(Lit::Str("a"));
    const ROLE_IS_A: Expr = Expr::Eq(&ID, &A);
    let check = |expr: Expr, id: Option<&str>, expect: bool| {
        let auth = id.map(|id| Auth {
            id: id.to_owned(),
            role: "GUEST",
            regions: vec!["a", "b"],
        });
        assert_eq!(
            allows(&expr, auth.as_ref().map(|a| a as &dyn Caller)),
            expect,
            "{expr:?} for {id:?}"
        );
    };
    check(ROLE_IS_A, Some("a"), true);
    check(ROLE_IS_A, Some("b"), false);
    check(ROLE_IS_A, None, false);
    check(Expr::Not(&ROLE_IS_A), Some("b"), true);
    check(Expr::Not(&ROLE_IS_A), None, false);
    check(Expr::Ne(&ID, &A), None, false);
    check(Expr::Ne(&Expr::Caller, &NULL), None, false);
    check(Expr::Ne(&Expr::Caller, &NULL), Some("x"), true);
    check(Expr::Eq(&Expr::Caller, &NULL), None, true);
    check(Expr::In(&ID, &[Expr::Auth(2)]), Some("b"), true);
    check(Expr::In(&ID, &[Expr::Auth(2)]), Some("c"), false);
    check(Expr::Not(&Expr::In(&ID, &[Expr::Auth(2)])), None, false);
    check(
        Expr::Any(&[ROLE_IS_A, Expr::Lit(Lit::Bool(true))]),
        None,
        true,
    );
    check(
        Expr::All(&[ROLE_IS_A, Expr::Lit(Lit::Bool(true))]),
        None,
        false,
    );
    check(
        Expr::Lt(&Expr::Lit(Lit::Int(1)), &Expr::Lit(Lit::Float(1.5))),
        None,
        true,
    );
    check(
        Expr::Column {
            path: &[],
            column: 0,
        },
        Some("a"),
        false,
    );
}
