//! Creates, updates, deletes: defaults, constraints, rules, transactions.

use super::*;

async fn row(db: &Db, m: u16, id: &str) -> Option<Vec<String>> {
    let set = load::keys(
        &env(Access::System),
        &db.session(),
        model(m),
        Want::all(model(m)),
        &[id],
    )
    .await
    .expect("read");
    (!set.is_empty()).then(|| {
        (0..model(m).columns.len() as u16)
            .map(|c| texts(&set, c).remove(0))
            .collect()
    })
}

#[tokio::test]
async fn what_is_left_out_gets_its_default() {
    let w = world().await;
    let id = create(
        &w.db,
        caller(&w.ada),
        LISTING,
        json!({ "title": "Tiny", "price": "9.5" }),
    )
    .await
    .expect("created");
    let made = row(&w.db, LISTING, &id).await.expect("there");
    assert_eq!(
        made[1..],
        [
            w.ada.id.as_str(),
            "Tiny",
            "-",
            "9.50",
            "false",
            "2026-03-01T10:00:00Z",
            "2026-03-01T10:00:00Z"
        ]
    );
    assert_eq!(
        uuid::Uuid::parse_str(&id)
            .expect("a UUID")
            .get_version_num(),
        7
    );
    let first = create(&w.db, caller(&w.root), AMENITY, json!({ "name": "wifi" }))
        .await
        .expect("created");
    let second = create(&w.db, caller(&w.root), AMENITY, json!({ "name": "piano" }))
        .await
        .expect("created");
    assert_eq!((first.as_str(), second.as_str()), ("1", "2"));
    assert_eq!(
        create(
            &w.db,
            caller(&w.bob),
            PROFILE,
            json!({ "id": "me", "userId": w.bob.id })
        )
        .await
        .expect("created"),
        "me"
    );
}

#[tokio::test]
async fn all_mistakes_are_told_at_once_before_any_statement() {
    let w = world().await;
    let before = w.db.statements();
    let input = json!({ "title": "x", "price": "-1", "city": null, "published": null, "hostId": w.ada.id, "colour": "red" });
    let error = create(&w.db, caller(&w.ada), LISTING, input)
        .await
        .expect_err("refused");
    assert_eq!(w.db.statements(), before);
    assert_eq!(error.kind().as_str(), "BAD_USER_INPUT");
    let fields: Vec<_> = error
        .fields()
        .iter()
        .map(|(f, why)| format!("{f} {why}"))
        .collect();
    assert_eq!(
        fields,
        [
            "colour is no field of `Listing`",
            "title has at least 3 characters",
            "price is at least 0",
            "published must not be null"
        ]
    );
    let error = create(
        &w.db,
        caller(&w.ada),
        LISTING,
        json!({ "title": "a title that is too long by far" }),
    )
    .await
    .expect_err("refused");
    let fields: Vec<_> = error
        .fields()
        .iter()
        .map(|(f, why)| format!("{f} {why}"))
        .collect();
    assert_eq!(
        fields,
        ["title has at most 20 characters", "price is required"]
    );
}

#[tokio::test]
async fn a_create_must_meet_the_rule_with_its_own_values() {
    let w = world().await;
    let count = async || all(&w.db, Access::System, LISTING).await.len();
    let for_eve = json!({ "title": "Mine", "price": 1, "hostId": w.eve.id });
    assert_eq!(
        code(
            create(&w.db, caller(&w.ada), LISTING, for_eve)
                .await
                .expect_err("refused")
        ),
        "FORBIDDEN not allowed"
    );
    let own = json!({ "title": "Mine", "price": 1 });
    assert_eq!(
        code(
            create(&w.db, caller(&w.bob), LISTING, own.clone())
                .await
                .expect_err("a guest")
        ),
        "FORBIDDEN not allowed"
    );
    assert_eq!(
        code(
            create(&w.db, NOBODY, LISTING, own.clone())
                .await
                .expect_err("nobody")
        ),
        "UNAUTHENTICATED sign in first"
    );
    assert_eq!(count().await, 3);
    create(&w.db, caller(&w.ada), LISTING, own)
        .await
        .expect("created");
    assert_eq!(count().await, 4);
}

#[tokio::test]
async fn an_update_must_meet_the_rule_before_and_after() {
    let w = world().await;
    let price = |p: &str| json!({ "price": p });
    update(&w.db, caller(&w.ada), LISTING, &w.loft, price("120"))
        .await
        .expect("the host's");
    assert_eq!(
        row(&w.db, LISTING, &w.loft).await.expect("there")[4],
        "120.00"
    );
    assert_eq!(
        code(
            update(&w.db, caller(&w.eve), LISTING, &w.loft, price("1"))
                .await
                .expect_err("seen")
        ),
        "FORBIDDEN not allowed"
    );
    assert_eq!(
        code(
            update(&w.db, caller(&w.eve), LISTING, &w.draft, price("1"))
                .await
                .expect_err("unseen")
        ),
        "NOT_FOUND Listing not found"
    );
    assert_eq!(
        code(
            update(&w.db, caller(&w.ada), LISTING, "nonsense", price("1"))
                .await
                .expect_err("no key")
        ),
        "NOT_FOUND Listing not found"
    );
    assert_eq!(
        code(
            update(&w.db, NOBODY, LISTING, &w.loft, price("1"))
                .await
                .expect_err("nobody")
        ),
        "UNAUTHENTICATED sign in first"
    );
    // She may not give it away, for then it is not hers.
    assert_eq!(
        code(
            update(
                &w.db,
                caller(&w.ada),
                LISTING,
                &w.loft,
                json!({ "hostId": w.eve.id })
            )
            .await
            .expect_err("given away")
        ),
        "FORBIDDEN not allowed"
    );
    update(
        &w.db,
        caller(&w.root),
        LISTING,
        &w.loft,
        json!({ "hostId": w.eve.id, "city": null }),
    )
    .await
    .expect("an admin may");
    let now = row(&w.db, LISTING, &w.loft).await.expect("there");
    assert_eq!((now[1].as_str(), now[3].as_str()), (w.eve.id.as_str(), "-"));
}

#[tokio::test]
async fn an_update_sets_the_time_and_nothing_else() {
    let w = world().await;
    let old = row(&w.db, LISTING, &w.loft).await.expect("there");
    let session = w.db.session();
    session.begin_writing().await.expect("writing");
    let later = Env {
        now: "2027-01-01T00:00:00Z".parse().expect("a time"),
        ..env(caller(&w.ada))
    };
    write::update(
        &later,
        &session,
        model(LISTING),
        w.loft.as_str().into(),
        &json!({ "title": "New" }).into(),
    )
    .await
    .expect("updated");
    session.commit().await.expect("committed");
    let new = row(&w.db, LISTING, &w.loft).await.expect("there");
    let changed: Vec<_> = (0..8).filter(|i| old[*i] != new[*i]).collect();
    assert_eq!(
        (changed, new[7].as_str()),
        (vec![2, 7], "2027-01-01T00:00:00Z")
    );
}

#[tokio::test]
async fn a_field_may_have_a_rule_for_writing() {
    let w = world().await;
    let error = update(
        &w.db,
        caller(&w.bob),
        USER,
        &w.bob.id,
        json!({ "name": "Bobby", "role": "ADMIN" }),
    )
    .await
    .expect_err("refused");
    assert_eq!(
        (error.kind().as_str(), error.about()),
        ("FORBIDDEN", Some("role"))
    );
    assert_eq!(row(&w.db, USER, &w.bob.id).await.expect("there")[1], "Bob");
    update(
        &w.db,
        caller(&w.bob),
        USER,
        &w.bob.id,
        json!({ "name": "Bobby" }),
    )
    .await
    .expect("own name");
    update(
        &w.db,
        caller(&w.root),
        USER,
        &w.bob.id,
        json!({ "role": "HOST" }),
    )
    .await
    .expect("an admin");
}

#[tokio::test]
async fn a_delete_answers_to_its_rule_and_to_what_holds_the_row() {
    let w = world().await;
    assert_eq!(
        code(
            delete(&w.db, caller(&w.eve), LISTING, &w.loft)
                .await
                .expect_err("seen")
        ),
        "FORBIDDEN not allowed"
    );
    assert_eq!(
        code(
            delete(&w.db, caller(&w.eve), LISTING, &w.draft)
                .await
                .expect_err("unseen")
        ),
        "NOT_FOUND Listing not found"
    );
    assert_eq!(
        code(
            delete(&w.db, caller(&w.root), USER, &w.ada.id)
                .await
                .expect_err("held")
        ),
        "CONFLICT User is still in use"
    );
    delete(&w.db, caller(&w.ada), LISTING, &w.draft)
        .await
        .expect("own");
    assert_eq!(row(&w.db, LISTING, &w.draft).await, None);
}

#[tokio::test]
async fn a_taken_value_is_named_only_to_who_may_see_where() {
    let w = world().await;
    let taken = json!({ "name": "Bob 2", "email": "bob@example.com" });
    let error = create(&w.db, caller(&w.root), USER, taken)
        .await
        .expect_err("taken");
    assert_eq!(
        (code(error.clone()).as_str(), error.about()),
        (
            "CONFLICT a User with this email exists already",
            Some("email")
        )
    );
    // Ada may not read Bob's address, so she is not told that it is that.
    let error = update(
        &w.db,
        caller(&w.ada),
        USER,
        &w.ada.id,
        json!({ "email": "bob@example.com" }),
    )
    .await
    .expect_err("taken");
    assert_eq!(
        (code(error.clone()).as_str(), error.about()),
        ("CONFLICT User conflicts with another one", None)
    );
    update(
        &w.db,
        caller(&w.ada),
        USER,
        &w.ada.id,
        json!({ "email": "ada@example.com" }),
    )
    .await
    .expect("her own");
}

#[tokio::test]
async fn a_foreign_key_must_name_a_row_that_may_be_read() {
    let w = world().await;
    let review = |listing: &str| json!({ "listingId": listing, "authorId": w.bob.id, "rating": 4 });
    let wrong = async |listing: &str| {
        let error = create(&w.db, caller(&w.bob), REVIEW, review(listing))
            .await
            .expect_err("refused");
        (code(error.clone()), error.about().map(str::to_owned))
    };
    let absent = wrong("0192f0c1-2a5b-7c3d-8e4f-001122334455").await;
    assert_eq!(
        absent,
        (
            "BAD_USER_INPUT `listingId` names no Listing".to_owned(),
            Some("listingId".to_owned())
        )
    );
    assert_eq!(wrong(&w.draft).await, absent);
    create(&w.db, caller(&w.bob), REVIEW, review(&w.loft))
        .await
        .expect("created");
    // Users are everybody's to read, so only the database finds that there is none.
    let input =
        json!({ "title": "Mine", "price": 1, "hostId": "0192f0c1-2a5b-7c3d-8e4f-001122334455" });
    let error = create(&w.db, Access::System, LISTING, input)
        .await
        .expect_err("refused");
    assert_eq!(error.about(), Some("hostId"));
}

#[tokio::test]
async fn a_refused_caller_learns_nothing_from_constraints() {
    let w = world().await;
    let error = create(&w.db, caller(&w.bob), REVIEW, json!({ "listingId": "0192f0c1-2a5b-7c3d-8e4f-001122334455", "authorId": w.ada.id, "rating": 4 })).await;
    assert_eq!(code(error.expect_err("refused")), "FORBIDDEN not allowed");
    let error = create(
        &w.db,
        caller(&w.bob),
        USER,
        json!({ "name": "B", "email": "ada@example.com" }),
    )
    .await;
    assert_eq!(code(error.expect_err("refused")), "FORBIDDEN not allowed");
}

#[tokio::test]
async fn a_check_of_the_table_is_the_clients_mistake() {
    let w = world().await;
    let error = create(
        &w.db,
        caller(&w.bob),
        REVIEW,
        json!({ "listingId": w.loft, "authorId": w.bob.id, "rating": 9 }),
    )
    .await
    .expect_err("refused");
    assert_eq!(
        code(error),
        "BAD_USER_INPUT the values do not fit the rules of Review"
    );
    let error = update(
        &w.db,
        caller(&w.root),
        USER,
        &w.bob.id,
        json!({ "role": "KING" }),
    )
    .await
    .expect_err("refused");
    assert_eq!(error.kind().as_str(), "BAD_USER_INPUT");
}

#[tokio::test]
async fn what_is_not_committed_never_was() {
    let w = world().await;
    let count = async || all(&w.db, Access::System, LISTING).await.len();
    let input = InputValue::from(json!({ "title": "Gone", "price": 1 }));
    let rolled_back = w.db.session();
    rolled_back.begin_writing().await.expect("writing");
    write::create(&env(caller(&w.ada)), &rolled_back, model(LISTING), &input)
        .await
        .expect("created");
    rolled_back.rollback().await.expect("rolled back");
    assert_eq!(count().await, 3);
    let dropped = w.db.session();
    dropped.begin_writing().await.expect("writing");
    write::create(&env(caller(&w.ada)), &dropped, model(LISTING), &input)
        .await
        .expect("created");
    drop(dropped);
    assert_eq!(count().await, 3);
    // The next writer is not held up by either.
    create(
        &w.db,
        caller(&w.ada),
        LISTING,
        json!({ "title": "Kept", "price": 1 }),
    )
    .await
    .expect("created");
    assert_eq!(count().await, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_at_the_same_time_all_get_their_turn() {
    let w = world().await;
    let writers = (0..40).map(|i| {
        let (db, id) = (w.db.clone(), w.ada.id.clone());
        tokio::spawn(async move {
            let input = json!({ "hostId": id, "title": format!("L {i}"), "price": i });
            create(&db, Access::System, LISTING, input).await.map(drop)
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("joined").expect("written");
    }
    assert_eq!(all(&w.db, Access::System, LISTING).await.len(), 43);
}

#[tokio::test]
async fn what_could_not_be_read_again_is_not_written() {
    let w = world().await;
    let email = |email: &str| json!({ "email": email });
    for odd in ["nobody", "a@", "a b@example.com"] {
        let error = update(&w.db, caller(&w.ada), USER, &w.ada.id, email(odd))
            .await
            .expect_err(odd);
        let expect = [("email".to_owned(), "is not an e-mail address".to_owned())];
        assert_eq!(error.fields(), expect, "{odd}");
    }
    update(
        &w.db,
        caller(&w.ada),
        USER,
        &w.ada.id,
        email("new@example.com"),
    )
    .await
    .expect("updated");
}
