//! The data of a first start: a few people, places in each region, some stays and what was said of them.

use graphwright::model::{self, System};
use jiff::ToSpan;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::generated as gw;
use crate::{App, credentials};

/// Everybody's password.
const PASSWORD: &str = "correct horse";

/// Host, title, region, city, price of a night, whether it is offered, amenities.
type Place = (
    usize,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    bool,
    &'static [&'static str],
);

const PLACES: &[Place] = &[
    (
        0,
        "Flat over the market hall",
        "EUROPE",
        "Lisbon",
        "84.00",
        true,
        &["wifi", "kitchen"],
    ),
    (
        0,
        "Houseboat with a garden",
        "EUROPE",
        "Amsterdam",
        "132.50",
        true,
        &["wifi", "kitchen", "bicycles"],
    ),
    (
        0,
        "Room under the roof",
        "EUROPE",
        "Vienna",
        "58.00",
        true,
        &["wifi", "piano"],
    ),
    (
        1,
        "Stone hut by the lake",
        "EUROPE",
        "Bled",
        "76.00",
        true,
        &["sauna"],
    ),
    (
        1,
        "Workshop, half renovated",
        "EUROPE",
        "Leipzig",
        "35.00",
        false,
        &[],
    ),
    (
        1,
        "Loft near the river",
        "AMERICAS",
        "Montreal",
        "110.00",
        true,
        &["wifi", "kitchen", "washing machine"],
    ),
    (
        0,
        "Adobe house",
        "AMERICAS",
        "Oaxaca",
        "62.00",
        true,
        &["kitchen"],
    ),
    (
        1,
        "Cabin at the end of the road",
        "AMERICAS",
        "Halifax",
        "71.00",
        true,
        &["sauna", "kitchen"],
    ),
    (
        0,
        "Townhouse with a courtyard",
        "ASIA_PACIFIC",
        "Kyoto",
        "145.00",
        true,
        &["wifi", "bicycles"],
    ),
    (
        1,
        "Beach cottage",
        "ASIA_PACIFIC",
        "Nelson",
        "99.00",
        true,
        &["kitchen", "bicycles"],
    ),
    (
        1,
        "Studio in the old town",
        "ASIA_PACIFIC",
        "Penang",
        "41.00",
        true,
        &["wifi", "washing machine"],
    ),
];

/// Fills a new database.
pub async fn seed(_app: &App, cx: &gw::Context) -> gw::Result<()> {
    let system = System(cx);
    let hash = credentials::hash(PASSWORD.to_owned()).await?;
    let mut people = Vec::new();
    for (email, name, role) in [
        ("host@example.com", "Ines", "HOST"),
        ("ben@example.com", "Ben", "HOST"),
        ("guest@example.com", "Noor", "GUEST"),
        ("admin@example.com", "Ada", "ADMIN"),
    ] {
        let input = json!({ "email": email, "name": name, "role": role, "passwordHash": hash });
        people.push(model::create::<gw::User>(&system, input).await?);
    }
    let mut amenities = std::collections::HashMap::new();
    for name in [
        "wifi",
        "kitchen",
        "bicycles",
        "piano",
        "sauna",
        "washing machine",
    ] {
        amenities.insert(
            name,
            model::create::<gw::Amenity>(&system, json!({ "name": name })).await?,
        );
    }
    for (i, (host, title, region, city, price, published, has)) in PLACES.iter().enumerate() {
        let input = json!({
            "hostId": people[*host],
            "title": title,
            "region": region,
            "city": city,
            "price": price,
            "published": published,
        });
        let listing = model::create::<gw::Listing>(&system, input).await?;
        let has: Vec<_> = has
            .iter()
            .filter_map(|name| amenities.get(name))
            .map(|key| key.id().clone())
            .collect();
        model::connect::<gw::Listing>(&system, listing.clone(), "amenities", &has).await?;
        if i % 2 == 0 {
            past_stay(cx, &people[2], &listing, i).await?;
        }
    }
    Ok(())
}

/// A stay of last month, with its review.
async fn past_stay(
    cx: &gw::Context,
    guest: &gw::Key<gw::User>,
    listing: &gw::Key<gw::Listing>,
    i: usize,
) -> gw::Result<()> {
    let starts_on = cx
        .now()
        .to_zoned(TimeZone::UTC)
        .date()
        .checked_sub(((30 + i) as i64).days())?;
    let stay = json!({
        "listingId": listing,
        "guestId": guest,
        "startsOn": starts_on,
        "endsOn": starts_on.checked_add(3.days())?,
        "total": "240.00",
    });
    let booking = model::create::<gw::Booking>(&System(cx), stay).await?;
    let review = json!({
        "bookingId": booking,
        "listingId": listing,
        "authorId": guest,
        "rating": 3 + i % 3,
        "body": "Would come again.",
    });
    model::create::<gw::Review>(&System(cx), review).await?;
    Ok(())
}
