//! The booking service without a socket: an in-memory database, a clock that stands still, callers of our choice.

#![allow(clippy::unwrap_used, reason = "tests")]

use booking::App;
use booking::credentials::Signer;
use booking::generated as gw;
use graphwright::model::{self, System};
use graphwright::testing::Client;
use serde_json::{Value, json};

/// A fresh service with one host, one guest and one listing of the host's.
struct World {
    client: Client<App>,
    host: gw::Auth,
    guest: gw::Auth,
    listing: String,
}

async fn world() -> World {
    let app = App {
        signer: Signer::new(b"a secret for tests"),
        local_webhooks: true,
    };
    let client = Client::new(app).await.unwrap();
    let host = person(&client, "host@example.com", "HOST", gw::Role::Host).await;
    let guest = person(&client, "guest@example.com", "GUEST", gw::Role::Guest).await;
    let listing = listing(&client, &host, "Flat over the market hall").await;
    World {
        client,
        host,
        guest,
        listing,
    }
}

async fn person(client: &Client<App>, email: &str, name: &str, role: gw::Role) -> gw::Auth {
    let input = json!({ "email": email, "name": name, "role": role, "passwordHash": "-" });
    let key = model::create::<gw::User>(&System(client.db()), input)
        .await
        .unwrap();
    gw::Auth {
        id: key.into(),
        role,
    }
}

async fn listing(client: &Client<App>, host: &gw::Auth, title: &str) -> String {
    let query = "mutation($title: String!) {
        createListing(input: {title: $title, region: EUROPE, city: \"Lisbon\", price: \"84.00\", published: true}) { id host { id } }
    }";
    let made = client
        .as_user(host.clone())
        .query(query)
        .variables(json!({ "title": title }))
        .await;
    assert_eq!(made.ok().path("createListing.host.id"), host.id.as_str());
    made.path("createListing.id").as_str().unwrap().to_owned()
}

const BOOK: &str = "mutation($listing: ID!, $from: Date!, $to: Date!) {
    book(listingId: $listing, startsOn: $from, endsOn: $to) { id total status guest { id } }
}";

fn stay(listing: &str, from: &str, to: &str) -> Value {
    json!({ "listing": listing, "from": from, "to": to })
}

#[tokio::test]
async fn a_guest_books_and_the_total_is_exact() {
    let w = world().await;
    let guest = w.client.as_user(w.guest.clone());
    let booked = guest
        .query(BOOK)
        .variables(stay(&w.listing, "2026-05-01", "2026-05-04"))
        .await;
    assert_eq!(booked.ok().path("book.total"), "252.00");
    assert_eq!(booked.path("book.guest.id"), w.guest.id.as_str());
    let overlapping = guest
        .query(BOOK)
        .variables(stay(&w.listing, "2026-05-03", "2026-05-05"))
        .await;
    overlapping.refused("CONFLICT");
    let after = guest
        .query(BOOK)
        .variables(stay(&w.listing, "2026-05-04", "2026-05-05"))
        .await;
    after.ok();
}

#[tokio::test]
async fn nonsense_dates_are_named() {
    let w = world().await;
    let guest = w.client.as_user(w.guest.clone());
    for (from, to, field) in [
        ("2026-05-04", "2026-05-04", "endsOn"),
        ("2025-05-01", "2025-05-04", "startsOn"),
    ] {
        let refused = guest
            .query(BOOK)
            .variables(stay(&w.listing, from, to))
            .await;
        refused.refused("BAD_USER_INPUT");
        assert_eq!(refused.errors()[0]["extensions"]["field"], field);
    }
}

#[tokio::test]
async fn strangers_see_neither_stays_nor_addresses() {
    let w = world().await;
    let guest = w.client.as_user(w.guest.clone());
    let booked = guest
        .query(BOOK)
        .variables(stay(&w.listing, "2026-05-01", "2026-05-04"))
        .await;
    let id = booked.ok().path("book.id").clone();
    let look = "query($id: ID!) { booking(id: $id) { startsOn } }";
    let variables = json!({ "id": id });
    guest
        .query(look)
        .variables(variables.clone())
        .await
        .ok()
        .path("booking.startsOn");
    w.client
        .as_user(w.host.clone())
        .query(look)
        .variables(variables.clone())
        .await
        .ok()
        .path("booking.startsOn");
    let stranger = person(
        &w.client,
        "stranger@example.com",
        "Stranger",
        gw::Role::Guest,
    )
    .await;
    for unseen in [
        w.client
            .as_user(stranger.clone())
            .query(look)
            .variables(variables.clone())
            .await,
        w.client.query(look).variables(variables).await,
    ] {
        assert_eq!(unseen.ok().path("booking"), &Value::Null);
    }
    // Nor by way of the listing.
    let nested = "query($id: ID!) { listing(id: $id) { bookings(first: 5) { totalCount nodes { startsOn } } } }";
    let nested = w
        .client
        .as_user(stranger.clone())
        .query(nested)
        .variables(json!({ "id": w.listing }))
        .await;
    assert_eq!(
        nested.ok().path("listing.bookings"),
        &json!({ "totalCount": 0, "nodes": [] })
    );
    // An address is its owner's and the administrators'.
    let email = "query($id: ID!) { user(id: $id) { name email } }";
    let of_host = json!({ "id": w.host.id });
    w.client
        .as_user(w.host.clone())
        .query(email)
        .variables(of_host.clone())
        .await
        .ok()
        .path("user.email");
    w.client
        .as_user(stranger)
        .query(email)
        .variables(of_host)
        .await
        .refused("FORBIDDEN");
}

#[tokio::test]
async fn only_the_host_changes_a_listing() {
    let w = world().await;
    let update =
        "mutation($id: ID!) { updateListing(id: $id, input: {price: \"1.00\"}) { price } }";
    let variables = json!({ "id": w.listing });
    w.client
        .query(update)
        .variables(variables.clone())
        .await
        .refused("UNAUTHENTICATED");
    w.client
        .as_user(w.guest.clone())
        .query(update)
        .variables(variables.clone())
        .await
        .refused("FORBIDDEN");
    let changed = w
        .client
        .as_user(w.host.clone())
        .query(update)
        .variables(variables)
        .await;
    assert_eq!(changed.ok().path("updateListing.price"), "1.00");
    // Nor may a host give a listing away, or take one.
    let give =
        "mutation($id: ID!, $to: ID!) { updateListing(id: $id, input: {hostId: $to}) { id } }";
    let to_guest = json!({ "id": w.listing, "to": w.guest.id });
    w.client
        .as_user(w.host.clone())
        .query(give)
        .variables(to_guest)
        .await
        .refused("FORBIDDEN");
}

#[tokio::test]
async fn a_refused_booking_enqueues_nothing() {
    let w = world().await;
    let hook = "mutation { createWebhook(input: {url: \"http://127.0.0.1:9/hook\"}) { id } }";
    w.client.as_user(w.host.clone()).query(hook).await.ok();
    let guest = w.client.as_user(w.guest.clone());
    let booked = guest
        .query(BOOK)
        .variables(stay(&w.listing, "2026-05-01", "2026-05-04"))
        .await;
    let id = booked.ok().path("book.id").as_str().unwrap().to_owned();
    guest
        .query(BOOK)
        .variables(stay(&w.listing, "2026-05-01", "2026-05-04"))
        .await
        .refused("CONFLICT");
    let waiting = w
        .client
        .jobs()
        .enqueued::<gw::SendWebhookArgs>()
        .await
        .unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].booking.as_str(), id);
}

#[tokio::test]
async fn signing_up_logging_in_and_being_known() {
    let w = world().await;
    let sign_up = "mutation { signUp(email: \"New@Example.com\", name: \"New\", password: \"long enough\") { token user { name role } } }";
    let made = w.client.query(sign_up).await;
    assert_eq!(
        made.ok().path("signUp.user"),
        &json!({ "name": "New", "role": "GUEST" })
    );
    w.client.query(sign_up).await.refused("CONFLICT");
    let login = |password: &str| {
        let text = format!(
            "mutation {{ login(email: \"new@example.com\", password: \"{password}\") {{ token }} }}"
        );
        w.client.query(text)
    };
    login("something else").await.refused("UNAUTHENTICATED");
    login("long enough").await.ok();
    let bad = w
        .client
        .query("{ me { name } }")
        .header("authorization", "Bearer forged")
        .await;
    bad.refused("UNAUTHENTICATED");
    assert_eq!(
        w.client.query("{ me { name } }").await.ok().path("me"),
        &Value::Null
    );
}

#[tokio::test]
async fn expired_sessions_are_cleared_at_the_full_hour() {
    let w = world().await;
    let sign_up = "mutation { signUp(email: \"new@example.com\", name: \"New\", password: \"long enough\") { token } }";
    w.client.query(sign_up).await.ok();
    let sessions = || async {
        model::query::<gw::LoginSession, _>(&System(w.client.db()))
            .count()
            .await
            .unwrap()
    };
    assert_eq!(sessions().await, 1);
    w.client.jobs().tick().await.unwrap();
    w.client
        .clock()
        .advance(jiff::SignedDuration::from_hours(13));
    let fired = w.client.jobs().tick().await.unwrap();
    assert!(
        fired
            .iter()
            .any(|tick| tick.schedule.starts_with("clear_expired_sessions")),
        "{fired:?}"
    );
    w.client.run_jobs().await.unwrap();
    assert_eq!(sessions().await, 0);
    let runs = w
        .client
        .jobs()
        .history(Some("clear_expired_sessions"), 1)
        .await
        .unwrap();
    assert!(runs[0].log.contains("1 sessions cleared"), "{runs:?}");
}

#[tokio::test]
async fn the_number_of_statements_does_not_grow_with_the_rows() {
    let w = world().await;
    for i in 0..99 {
        listing(&w.client, &w.host, &format!("Place number {i}")).await;
    }
    let guest = w.client.as_user(w.guest.clone());
    for day in 1..=5 {
        let dates = stay(
            &w.listing,
            &format!("2026-06-{day:02}"),
            &format!("2026-06-{:02}", day + 1),
        );
        let booked = guest.query(BOOK).variables(dates).await;
        let review = "mutation($booking: ID!, $listing: ID!) {
            createReview(input: {bookingId: $booking, listingId: $listing, rating: 4}) { id }
        }";
        let variables = json!({ "booking": booked.ok().path("book.id"), "listing": w.listing });
        guest.query(review).variables(variables).await.ok();
    }
    let before = w.client.statements();
    let query = "{ listings(first: 100) { nodes { host { name } reviews { author { name } } } } }";
    let all = w.client.query(query).await;
    assert_eq!(
        all.ok().path("listings.nodes").as_array().unwrap().len(),
        100
    );
    let used = w.client.statements() - before;
    // listings, their hosts, their reviews, those reviews' authors
    assert!(used <= 4, "{used} statements for four levels");
}

#[tokio::test]
async fn a_guest_reviews_the_place_of_the_stay_and_no_other() {
    let w = world().await;
    let other = listing(&w.client, &w.host, "Boat in the harbour").await;
    let guest = w.client.as_user(w.guest.clone());
    let dates = stay(&w.listing, "2026-06-01", "2026-06-02");
    let booked = guest.query(BOOK).variables(dates).await;
    let review = |listing: &str| {
        let query = "mutation($booking: ID!, $listing: ID!) {
            createReview(input: {bookingId: $booking, listingId: $listing, rating: 1}) { id }
        }";
        let variables = json!({ "booking": booked.ok().path("book.id"), "listing": listing });
        guest.query(query).variables(variables)
    };
    review(&other).await.refused("FORBIDDEN");
    let made = review(&w.listing).await;
    let made = made.ok().path("createReview.id");
    let moved = "mutation($id: ID!, $listing: ID!) { updateReview(id: $id, input: {listingId: $listing}) { id } }";
    let moved = guest
        .query(moved)
        .variables(json!({ "id": made, "listing": other }))
        .await;
    moved.refused("FORBIDDEN");
}

#[tokio::test]
async fn a_login_waits_for_nobodys_write() {
    let w = world().await;
    let writer = w.client.db().session();
    writer.begin_writing().await.unwrap();
    let held = writer.connection().await.unwrap();
    let login = "mutation { login(email: \"nobody@example.com\", password: \"wrong\") { token } }";
    w.client.query(login).await.refused("UNAUTHENTICATED");
    drop(held);
}
