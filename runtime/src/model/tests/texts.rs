//! The texts of statements: their shapes, and that nothing of a client's gets into them.

use super::*;
use crate::model::cond::Cond;
use crate::model::filter::{filter, order};
use crate::model::page::{Page, page};
use crate::model::select::{self, Children};

fn statement(access: Access<'_>, paging: Paging, args: Json) -> Statement {
    let (env, args) = (env(access), object(args));
    let args = Args::new(&args);
    let model = model(LISTING);
    let cond = env.read(model).and(
        args.value("filter")
            .map_or(Cond::TRUE, |f| filter(&env, model, f).expect("a filter")),
    );
    let order = order(&env, model, &[], args.value("orderBy")).expect("an order");
    let page = page(model, paging, &order, &args).expect("a page");
    select::list(
        &env,
        model,
        Want {
            shown: 0b100,
            ..Want::default()
        },
        &cond,
        &order,
        &page,
    )
    .0
}

#[test]
fn a_list_reads_what_is_selected_and_the_key() {
    let found = statement(Access::System, PLAIN, json!({}));
    assert_eq!(
        found.text,
        r#"SELECT t0."id", t0."title" FROM "listing" AS t0 ORDER BY t0."id" LIMIT ?1"#
    );
    assert_eq!(found.binds, [Value::Int(100)]);
}

#[test]
fn rules_join_the_condition() {
    let found = statement(NOBODY, PLAIN, json!({}));
    assert_eq!(
        found.text,
        r#"SELECT t0."id", t0."title" FROM "listing" AS t0 WHERE t0."published" ORDER BY t0."id" LIMIT ?1"#
    );
    let auth = Auth {
        id: "0192f0c1-2a5b-7c3d-8e4f-001122334455".into(),
        role: "GUEST",
        regions: Vec::new(),
    };
    let found = statement(caller(&auth), PLAIN, json!({}));
    assert_eq!(
        found.text,
        r#"SELECT t0."id", t0."title" FROM "listing" AS t0 WHERE (t0."published" OR t0."host_id" = ?1) ORDER BY t0."id" LIMIT ?2"#
    );
    let admin = Auth {
        role: "ADMIN",
        ..auth
    };
    assert!(
        !statement(caller(&admin), PLAIN, json!({}))
            .text
            .contains("WHERE")
    );
}

#[test]
fn one_text_for_any_number_of_values() {
    let text = |n: usize| {
        statement(
            Access::System,
            PLAIN,
            json!({ "filter": { "city": { "in": vec!["x'; DROP TABLE listing; --"; n] } } }),
        )
        .text
    };
    assert_eq!(text(1), text(500));
    assert!(
        text(1).contains(r#"t0."city" IN (SELECT value FROM json_each(?1))"#),
        "{}",
        text(1)
    );
    assert!(!text(1).contains("DROP"));
}

#[test]
fn a_cursor_becomes_one_comparison_where_the_order_goes_one_way() {
    let cursor = |order: &Json| {
        let (env, input) = (env(Access::System), InputValue::from(order.clone()));
        let order =
            super::super::filter::order(&env, model(LISTING), &[], Some(&input)).expect("an order");
        let values =
            order
                .0
                .iter()
                .map(|t| match model(LISTING).columns[usize::from(t.column)].ty {
                    ColumnType::IdUuid => Value::Blob(vec![7; 16]),
                    ColumnType::Text => "x".into(),
                    _ => Value::Int(5),
                });
        super::super::page::write_cursor(model(LISTING), &order, values.collect::<Vec<_>>().iter())
    };
    let paging = Paging::Cursor { max: 9, default: 9 };
    let one_way = json!([{ "price": "DESC" }]);
    let found = statement(
        Access::System,
        paging,
        json!({ "orderBy": one_way, "after": cursor(&one_way) }),
    )
    .text;
    assert!(found.ends_with(r#"WHERE (t0."price", t0."id") < (?1, ?2) ORDER BY t0."price" DESC, t0."id" DESC LIMIT ?3"#), "{found}");
    let nulls = json!([{ "city": "DESC" }]);
    let found = statement(
        Access::System,
        paging,
        json!({ "orderBy": nulls, "after": cursor(&nulls) }),
    )
    .text;
    assert!(
        found.ends_with(r#"WHERE (t0."city" < ?1 OR t0."city" IS NULL OR (t0."city" IS ?2 AND (t0."id" < ?3))) ORDER BY t0."city" DESC, t0."id" DESC LIMIT ?4"#),
        "{found}"
    );
}

#[test]
fn a_page_for_each_parent_is_cut_where_it_is_found() {
    let env = env(Access::System);
    let (listing, review) = (model(LISTING), model(REVIEW));
    let order = order(&env, review, listing.relations[1].order, None).expect("an order");
    let page = Page::Slice {
        limit: 5,
        offset: 0,
    };
    let children = Children {
        model: listing,
        relation: &listing.relations[1],
        target: review,
        cond: &Cond::TRUE,
        order: &order,
        page: &page,
    };
    let key = Value::Blob(vec![0xab; 2]);
    let found = select::page_each(
        &env,
        &children,
        Want {
            shown: 0b1000,
            ..Want::default()
        },
        &[&key, &key],
    )
    .0;
    assert_eq!(
        found.text,
        r#"SELECT k.key, t0."id", t0."rating" FROM json_each(?1) AS k CROSS JOIN "review" AS t0 ON t0."id" IN (SELECT t1."id" FROM "review" AS t1 WHERE t1."listing_id" = unhex(k.value) ORDER BY t1."rating" DESC, t1."id" DESC LIMIT ?2) ORDER BY k.key, t0."rating" DESC, t0."id" DESC"#
    );
    assert_eq!(
        found.binds,
        [Value::Text(r#"["abab","abab"]"#.into()), Value::Int(5)]
    );
}

#[tokio::test]
async fn pages_are_found_by_their_indexes() {
    let w = world().await;
    let env = env(Access::System);
    let (listing, review) = (model(LISTING), model(REVIEW));
    let order = order(&env, review, listing.relations[1].order, None).expect("an order");
    let page = Page::Slice {
        limit: 5,
        offset: 0,
    };
    let children = Children {
        model: listing,
        relation: &listing.relations[1],
        target: review,
        cond: &Cond::TRUE,
        order: &order,
        page: &page,
    };
    let key = Value::Blob(vec![0; 16]);
    let mut statement = select::page_each(&env, &children, everything(REVIEW), &[&key]).0;
    statement.text.insert_str(0, "EXPLAIN QUERY PLAN ");
    let rows =
        w.db.session()
            .connection()
            .await
            .expect("a connection")
            .rows(statement)
            .await
            .expect("explained");
    let plan: Vec<String> = rows
        .iter()
        .map(|r| sqlx::Row::get::<String, _>(r, 3))
        .collect();
    let plan = plan.join("\n");
    assert!(
        plan.contains("SEARCH t1 USING COVERING INDEX review_listing (listing_id=?)"),
        "{plan}"
    );
    assert!(
        plan.contains("SEARCH t0 USING INDEX sqlite_autoindex_review_1 (id=?)"),
        "{plan}"
    );
    assert!(
        !plan.contains("SCAN t0") && !plan.contains("SCAN t1"),
        "{plan}"
    );
}

#[test]
fn names_are_quoted() {
    let mut sql = super::super::sql::Sql::new(MODELS);
    sql.name("odd\"name");
    assert_eq!(sql.done().text, r#""odd""name""#);
}
