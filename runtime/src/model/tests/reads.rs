//! Filters, orders and relations.

use super::*;

#[tokio::test]
async fn every_operator_of_a_filter() {
    let w = world().await;
    let check = async |filter: Json, expect: &[&str]| {
        assert_eq!(
            titles(&w.db, Access::System, filter.clone()).await,
            expect,
            "{filter}"
        );
    };
    check(json!({}), &["Bright loft", "Draft", "Old barn"]).await;
    check(json!({ "city": { "eq": "Porto" } }), &["Old barn"]).await;
    check(json!({ "city": { "eq": null } }), &["Draft"]).await;
    check(json!({ "city": { "ne": "Porto" } }), &["Bright loft"]).await;
    check(
        json!({ "city": { "ne": null } }),
        &["Bright loft", "Old barn"],
    )
    .await;
    check(
        json!({ "city": { "in": ["Porto", "Lisbon", "x"] } }),
        &["Bright loft", "Old barn"],
    )
    .await;
    check(json!({ "city": { "in": [] } }), &[]).await;
    check(json!({ "city": { "notIn": ["Porto"] } }), &["Bright loft"]).await;
    check(json!({ "city": { "isNull": true } }), &["Draft"]).await;
    check(
        json!({ "city": { "isNull": false } }),
        &["Bright loft", "Old barn"],
    )
    .await;
    check(json!({ "price": { "lt": "100" } }), &["Draft"]).await;
    check(
        json!({ "price": { "lte": "100.00" } }),
        &["Bright loft", "Draft", "Old barn"],
    )
    .await;
    check(
        json!({ "price": { "gt": "80.49", "lt": "80.51" } }),
        &["Draft"],
    )
    .await;
    check(
        json!({ "price": { "gte": 100 } }),
        &["Bright loft", "Old barn"],
    )
    .await;
    check(json!({ "title": { "contains": "lo" } }), &["Bright loft"]).await;
    check(json!({ "title": { "contains": "%" } }), &[]).await;
    check(json!({ "title": { "icontains": "OLD" } }), &["Old barn"]).await;
    check(json!({ "title": { "startsWith": "Dr" } }), &["Draft"]).await;
    check(json!({ "title": { "startsWith": "dr" } }), &[]).await;
    check(
        json!({ "title": { "startsWith": "" } }),
        &["Bright loft", "Draft", "Old barn"],
    )
    .await;
    check(
        json!({ "title": { "endsWith": "ft" } }),
        &["Bright loft", "Draft"],
    )
    .await;
    check(json!({ "published": { "eq": false } }), &["Draft"]).await;
    check(
        json!({ "createdAt": { "lte": "2026-03-01T11:00:00+01:00" } }),
        &["Bright loft", "Draft", "Old barn"],
    )
    .await;
    check(
        json!({ "id": { "in": [w.loft, w.barn] } }),
        &["Bright loft", "Old barn"],
    )
    .await;
    check(json!({ "hostId": { "eq": w.eve.id } }), &["Old barn"]).await;
}

#[tokio::test]
async fn filters_combine_and_not_is_the_complement() {
    let w = world().await;
    let check = async |filter: Json, expect: &[&str]| {
        assert_eq!(
            titles(&w.db, Access::System, filter.clone()).await,
            expect,
            "{filter}"
        );
    };
    check(
        json!({ "and": [{ "price": { "eq": "100" } }, { "city": { "eq": "Porto" } }] }),
        &["Old barn"],
    )
    .await;
    check(
        json!({ "or": [{ "city": { "eq": "Porto" } }, { "published": { "eq": false } }] }),
        &["Draft", "Old barn"],
    )
    .await;
    check(json!({ "or": [] }), &[]).await;
    check(json!({ "and": [] }), &["Bright loft", "Draft", "Old barn"]).await;
    check(
        json!({ "not": { "city": { "eq": "Porto" } } }),
        &["Bright loft", "Draft"],
    )
    .await;
    check(json!({ "not": {} }), &[]).await;
    check(
        json!({ "not": null, "and": null, "city": { "eq": "Porto" } }),
        &["Old barn"],
    )
    .await;
}

#[tokio::test]
async fn filters_look_through_relations() {
    let w = world().await;
    let review = |listing: &str, rating: i32| json!({ "listingId": listing, "authorId": w.bob.id, "rating": rating });
    for (listing, rating) in [(&w.loft, 5), (&w.loft, 3), (&w.barn, 4)] {
        create(&w.db, Access::System, REVIEW, review(listing, rating))
            .await
            .expect("a review");
    }
    let check = async |filter: Json, expect: &[&str]| {
        assert_eq!(
            titles(&w.db, Access::System, filter.clone()).await,
            expect,
            "{filter}"
        );
    };
    check(
        json!({ "host": { "name": { "eq": "Eve" } } }),
        &["Old barn"],
    )
    .await;
    check(
        json!({ "not": { "host": { "name": { "eq": "Eve" } } } }),
        &["Bright loft", "Draft"],
    )
    .await;
    check(
        json!({ "reviews": { "some": { "rating": { "lt": 4 } } } }),
        &["Bright loft"],
    )
    .await;
    check(
        json!({ "reviews": { "none": { "rating": { "lt": 4 } } } }),
        &["Draft", "Old barn"],
    )
    .await;
    check(
        json!({ "reviews": { "every": { "rating": { "gte": 4 } } } }),
        &["Draft", "Old barn"],
    )
    .await;
    check(
        json!({ "reviews": { "some": {} } }),
        &["Bright loft", "Old barn"],
    )
    .await;
    check(json!({ "reviews": { "none": {} } }), &["Draft"]).await;
    check(json!({ "reviews": { "some": { "author": { "name": { "eq": "Bob" } }, "rating": { "eq": 5 } } } }), &["Bright loft"]).await;

    let wifi = create(&w.db, Access::System, AMENITY, json!({ "name": "wifi" }))
        .await
        .expect("an amenity");
    connect(&w.db, &w.barn, &wifi).await;
    check(
        json!({ "amenities": { "some": { "name": { "eq": "wifi" } } } }),
        &["Old barn"],
    )
    .await;
    check(
        json!({ "amenities": { "none": { "name": { "eq": "wifi" } } } }),
        &["Bright loft", "Draft"],
    )
    .await;
}

pub(super) async fn connect(db: &Db, listing: &str, amenity: &str) {
    let listing: uuid::Uuid = listing.parse().expect("a key");
    sqlx::query("INSERT INTO listing_amenities VALUES (?1, ?2)")
        .bind(listing.as_bytes().to_vec())
        .bind(amenity.parse::<i64>().expect("a number"))
        .execute(db.pool())
        .await
        .expect("connected");
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_the_clients_mistake() {
    let w = world().await;
    for filter in [
        json!({ "price": { "eq": "1.005" } }),
        json!({ "id": { "eq": "x" } }),
        json!({ "nope": { "eq": 1 } }),
        json!({ "createdAt": { "lt": "today" } }),
    ] {
        let error = list(
            &w.db,
            Access::System,
            LISTING,
            PLAIN,
            json!({ "filter": filter }),
        )
        .await
        .expect_err("refused");
        assert_eq!(error.kind().as_str(), "BAD_USER_INPUT", "{filter}: {error}");
    }
}

#[tokio::test]
async fn a_level_is_one_statement_however_many_parents() {
    let w = world().await;
    let wifi = create(&w.db, Access::System, AMENITY, json!({ "name": "wifi" }))
        .await
        .expect("an amenity");
    for i in 0..100 {
        let listing = create(&w.db, Access::System, LISTING, json!({ "hostId": w.ada.id, "title": format!("Listing {i:03}"), "price": i, "published": true })).await.expect("a listing");
        connect(&w.db, &listing, &wifi).await;
        create(
            &w.db,
            Access::System,
            REVIEW,
            json!({ "listingId": listing, "authorId": w.bob.id, "rating": 5 }),
        )
        .await
        .expect("a review");
    }
    let page = Paging::List {
        max: 200,
        offset: false,
    };
    let before = w.db.statements();
    let args = object(json!({}));
    let session = w.db.session();
    let env = env(Access::System);
    let no_total = Shape::LIST;
    let listings = load::list(
        &env,
        &session,
        model(LISTING),
        page,
        everything(LISTING),
        &Args::new(&args),
        no_total,
    )
    .await
    .expect("listings");
    let hosts = load::relation(
        &env,
        &session,
        &listings,
        0,
        everything(USER),
        &Args::new(&args),
        no_total,
    )
    .await
    .expect("hosts");
    let reviews = load::relation(
        &env,
        &session,
        &listings,
        1,
        everything(REVIEW),
        &Args::new(&args),
        no_total,
    )
    .await
    .expect("reviews");
    let authors = load::relation(
        &env,
        &session,
        &reviews,
        1,
        everything(USER),
        &Args::new(&args),
        no_total,
    )
    .await
    .expect("authors");
    let amenities = load::relation(
        &env,
        &session,
        &listings,
        2,
        everything(AMENITY),
        &Args::new(&args),
        no_total,
    )
    .await
    .expect("amenities");
    assert_eq!(w.db.statements() - before, 5);
    assert_eq!(
        (
            listings.len(),
            hosts.len(),
            reviews.len(),
            authors.len(),
            amenities.len()
        ),
        (103, 2, 100, 1, 100)
    );
    let parts: Vec<usize> = (0..reviews.len()).map(|i| authors.part(i).len()).collect();
    assert_eq!(parts, vec![1; 100]);
}

#[tokio::test]
async fn rows_go_to_their_parents() {
    let w = world().await;
    for (listing, rating) in [(&w.loft, 5), (&w.barn, 4), (&w.loft, 3), (&w.loft, 4)] {
        create(
            &w.db,
            Access::System,
            REVIEW,
            json!({ "listingId": listing, "authorId": w.bob.id, "rating": rating }),
        )
        .await
        .expect("a review");
    }
    create(
        &w.db,
        Access::System,
        PROFILE,
        json!({ "id": "bob", "userId": w.bob.id, "phone": "1" }),
    )
    .await
    .expect("a profile");
    let listings = list(
        &w.db,
        Access::System,
        LISTING,
        PLAIN,
        json!({ "orderBy": [{ "title": "ASC" }] }),
    )
    .await
    .expect("listings");
    let reviews = relation(&w.db, Access::System, &listings, 1, json!({ "first": 2 }))
        .await
        .expect("reviews");
    let ratings = texts(&reviews, 3);
    let of = |i: usize| {
        reviews
            .part(i)
            .map(|r| ratings[r].as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!((of(0), of(1), of(2)), (vec!["5", "4"], vec![], vec!["4"]));
    assert_eq!(
        reviews
            .pages
            .iter()
            .map(|p| (p.has_next, p.total))
            .collect::<Vec<_>>(),
        [(true, Some(3)), (false, Some(0)), (false, Some(1))]
    );

    let users = list(
        &w.db,
        Access::System,
        USER,
        PLAIN,
        json!({ "orderBy": { "name": "ASC" } }),
    )
    .await
    .expect("users");
    let profiles = relation(&w.db, Access::System, &users, 1, json!({}))
        .await
        .expect("profiles");
    assert_eq!(
        (0..4).map(|i| profiles.part(i).len()).collect::<Vec<_>>(),
        [0, 1, 0, 0]
    );
}

#[tokio::test]
async fn keys_find_their_rows_once_each_in_any_number() {
    let w = world().await;
    let keys = [
        w.loft.as_str(),
        "nonsense",
        w.barn.as_str(),
        w.loft.as_str(),
        "00000000-0000-7000-8000-000000000000",
    ];
    let before = w.db.statements();
    let found = load::keys(
        &env(Access::System),
        &w.db.session(),
        model(LISTING),
        everything(LISTING),
        &keys,
    )
    .await
    .expect("found");
    assert_eq!(w.db.statements() - before, 1);
    assert_eq!(found.len(), 2);
    assert_eq!(
        (0..5).map(|i| found.part(i).len()).collect::<Vec<_>>(),
        [1, 0, 1, 1, 0]
    );
    assert_eq!(found.part(0), found.part(3));
}

#[tokio::test]
async fn a_query_sees_one_snapshot() {
    let w = world().await;
    let session = w.db.session();
    let env = env(Access::System);
    let args = object(json!({}));
    let count = async || {
        load::list(
            &env,
            &session,
            model(LISTING),
            PLAIN,
            everything(LISTING),
            &Args::new(&args),
            Shape::LIST,
        )
        .await
        .expect("listed")
        .len()
    };
    assert_eq!(count().await, 3);
    create(
        &w.db,
        Access::System,
        LISTING,
        json!({ "hostId": w.ada.id, "title": "New", "price": 1 }),
    )
    .await
    .expect("created");
    assert_eq!(count().await, 3);
    session.commit().await.expect("ended");
    assert_eq!(count().await, 4);
}

#[tokio::test]
async fn what_reads_cannot_write() {
    let w = world().await;
    let session = w.db.session();
    let mut connection = session.connection().await.expect("a connection");
    let error = sqlx::query("DELETE FROM listing")
        .execute(&mut *connection)
        .await
        .expect_err("refused");
    assert!(error.to_string().contains("readonly"), "{error}");
}
