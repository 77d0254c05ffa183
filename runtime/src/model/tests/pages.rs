//! Cursor and offset pages: forwards, backwards, over ties and NULLs.

use super::*;

const CURSOR: Paging = Paging::Cursor {
    max: 50,
    default: 20,
};

/// Fourteen listings with many equal prices and cities, some cities NULL.
async fn many() -> World {
    let w = world().await;
    for i in 0..11 {
        let city = [Some("Porto"), None, Some("Faro")][i % 3];
        let input = json!({ "hostId": w.ada.id, "title": format!("L {i:02}"), "city": city, "price": (i % 4).to_string(), "published": true });
        create(&w.db, Access::System, LISTING, input)
            .await
            .expect("a listing");
    }
    w
}

/// All titles, page by page in one direction, and whether each page said rightly that there are more.
async fn walk(w: &World, order: &Json, size: usize, forward: bool) -> Vec<String> {
    let (mut found, mut cursor) = (Vec::new(), None::<String>);
    let (count, bound) = if forward {
        ("first", "after")
    } else {
        ("last", "before")
    };
    loop {
        let set = list(
            &w.db,
            Access::System,
            LISTING,
            CURSOR,
            json!({ count: size, bound: cursor, "orderBy": order }),
        )
        .await
        .expect("a page");
        let page = texts(&set, 2);
        let info = &set.pages[0];
        assert_eq!(info.total, Some(14));
        assert_eq!(
            if forward {
                info.has_previous
            } else {
                info.has_next
            },
            cursor.is_some()
        );
        let more = if forward {
            info.has_next
        } else {
            info.has_previous
        };
        if forward {
            found.extend(page);
        } else {
            found.splice(0..0, page);
        }
        assert_eq!(more, found.len() < 14, "{order} {size} {forward}");
        if !more {
            return found;
        }
        cursor = set.cursor(if forward { set.len() - 1 } else { 0 });
    }
}

#[tokio::test]
async fn walking_in_pages_finds_every_row_once_in_the_order_of_the_whole() {
    let w = many().await;
    for order in [
        json!([]),
        json!([{ "city": "ASC" }]),
        json!([{ "city": "DESC" }]),
        json!([{ "price": "DESC" }]),
        json!([{ "city": "ASC" }, { "price": "DESC" }]),
        json!([{ "price": "ASC" }, { "city": "DESC" }]),
        json!([{ "published": "ASC" }, { "city": "DESC" }, { "price": "ASC" }]),
        json!([{ "id": "DESC" }]),
    ] {
        let whole = texts(
            &list(
                &w.db,
                Access::System,
                LISTING,
                PLAIN,
                json!({ "orderBy": order }),
            )
            .await
            .expect("all"),
            2,
        );
        assert_eq!(whole.len(), 14);
        for size in [1, 3, 5, 14] {
            assert_eq!(
                walk(&w, &order, size, true).await,
                whole,
                "{order} forwards by {size}"
            );
            assert_eq!(
                walk(&w, &order, size, false).await,
                whole,
                "{order} backwards by {size}"
            );
        }
    }
}

#[tokio::test]
async fn both_cursors_bound_a_page() {
    let w = many().await;
    let order = json!([{ "title": "ASC" }]);
    let all = list(
        &w.db,
        Access::System,
        LISTING,
        CURSOR,
        json!({ "orderBy": order }),
    )
    .await
    .expect("all");
    let (after, before) = (all.cursor(2), all.cursor(6));
    let set = list(
        &w.db,
        Access::System,
        LISTING,
        CURSOR,
        json!({ "orderBy": order, "after": after, "before": before }),
    )
    .await
    .expect("a page");
    assert_eq!(texts(&set, 2), texts(&all, 2)[3..6]);
}

#[tokio::test]
async fn pages_of_a_relation_are_cut_for_each_parent() {
    let w = world().await;
    for (listing, rating) in [
        (&w.loft, 5),
        (&w.loft, 5),
        (&w.loft, 4),
        (&w.barn, 3),
        (&w.barn, 1),
    ] {
        create(
            &w.db,
            Access::System,
            REVIEW,
            json!({ "listingId": listing, "authorId": w.bob.id, "rating": rating }),
        )
        .await
        .expect("a review");
    }
    let parents = list(
        &w.db,
        Access::System,
        LISTING,
        PLAIN,
        json!({ "orderBy": [{ "title": "ASC" }] }),
    )
    .await
    .expect("parents");
    let ratings = async |args: Json| {
        let set = relation(&w.db, Access::System, &parents, 1, args)
            .await
            .expect("reviews");
        let texts = texts(&set, 3);
        let of = |p: usize| texts[set.part(p)].join(" ");
        (
            of(0),
            of(1),
            of(2),
            set.pages
                .iter()
                .map(|p| (p.has_previous, p.has_next))
                .collect::<Vec<_>>(),
            set,
        )
    };
    let (loft, draft, barn, info, set) = ratings(json!({ "first": 2 })).await;
    assert_eq!(
        (loft.as_str(), draft.as_str(), barn.as_str()),
        ("5 5", "", "3 1")
    );
    assert_eq!(info, [(false, true), (false, false), (false, false)]);

    // One cursor for all parents: what is after it in each.
    let after = set.cursor(1);
    let (loft, _, barn, info, _) = ratings(json!({ "first": 2, "after": after })).await;
    assert_eq!((loft.as_str(), barn.as_str()), ("4", "3 1"));
    assert_eq!(info[0], (true, false));

    let (loft, _, barn, info, _) = ratings(json!({ "last": 1 })).await;
    assert_eq!((loft.as_str(), barn.as_str()), ("4", "1"));
    assert_eq!(info[0], (true, false));

    let (loft, _, _, info, set) =
        ratings(json!({ "first": 0, "filter": { "rating": { "lt": 5 } } })).await;
    assert_eq!(
        (loft.as_str(), info[0], set.pages[0].total),
        ("", (false, true), Some(1))
    );

    let (loft, _, barn, _, _) =
        ratings(json!({ "orderBy": [{ "rating": "ASC" }], "filter": { "rating": { "gte": 3 } } }))
            .await;
    assert_eq!((loft.as_str(), barn.as_str()), ("4 5 5", "3"));
}

#[tokio::test]
async fn offsets_count_from_the_front() {
    let w = many().await;
    let offset = Paging::List {
        max: 5,
        offset: true,
    };
    let titles = async |args: Json| {
        texts(
            &list(&w.db, Access::System, LISTING, offset, args)
                .await
                .expect("listed"),
            2,
        )
    };
    let order = json!([{ "title": "ASC" }]);
    let whole = texts(
        &list(
            &w.db,
            Access::System,
            LISTING,
            PLAIN,
            json!({ "orderBy": order }),
        )
        .await
        .expect("all"),
        2,
    );
    assert_eq!(titles(json!({ "orderBy": order })).await, whole[..5]);
    assert_eq!(
        titles(json!({ "orderBy": order, "limit": 2, "offset": 3 })).await,
        whole[3..5]
    );
    assert_eq!(
        titles(json!({ "orderBy": order, "offset": 13 })).await,
        whole[13..]
    );
    assert_eq!(titles(json!({ "limit": 0 })).await, Vec::<String>::new());
}

#[tokio::test]
async fn arguments_that_make_no_page_are_refused() {
    let w = many().await;
    let cursor = list(
        &w.db,
        Access::System,
        LISTING,
        CURSOR,
        json!({ "orderBy": [{ "city": "ASC" }] }),
    )
    .await
    .expect("listed")
    .cursor(0)
    .expect("a cursor");
    let of_users = list(&w.db, Access::System, USER, CURSOR, json!({}))
        .await
        .expect("listed")
        .cursor(0)
        .expect("a cursor");
    let cut = &cursor[..cursor.len() - 3];
    for args in [
        json!({ "first": 51 }),
        json!({ "last": -1 }),
        json!({ "first": 1, "last": 1 }),
        json!({ "after": "nonsense" }),
        json!({ "after": "" }),
        json!({ "after": cursor, "orderBy": [{ "city": "DESC" }] }),
        json!({ "after": cursor, "orderBy": [{ "price": "ASC" }] }),
        json!({ "after": cut, "orderBy": [{ "city": "ASC" }] }),
        json!({ "before": of_users }),
    ] {
        let error = list(&w.db, Access::System, LISTING, CURSOR, args.clone())
            .await
            .expect_err("refused");
        assert_eq!(error.kind().as_str(), "BAD_USER_INPUT", "{args}: {error}");
    }
}

#[tokio::test]
async fn a_total_costs_a_statement_only_when_wanted() {
    let w = many().await;
    let args = object(json!({ "first": 1 }));
    let count = async |shape: Shape| {
        let before = w.db.statements();
        load::list(
            &env(Access::System),
            &w.db.session(),
            model(LISTING),
            CURSOR,
            everything(LISTING),
            &Args::new(&args),
            shape,
        )
        .await
        .expect("listed");
        w.db.statements() - before
    };
    assert_eq!(
        count(Shape {
            rows: true,
            total: false
        })
        .await,
        1
    );
    assert_eq!(
        count(Shape {
            rows: true,
            total: true
        })
        .await,
        2
    );
    assert_eq!(
        count(Shape {
            rows: false,
            total: true
        })
        .await,
        1
    );
}
