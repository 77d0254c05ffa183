//! Resolvers of `schema/listing.graphql`, and of the fields that other files add to `Query` and `Mutation`.

use std::collections::HashMap;

use graphwright::Code;
use graphwright::model::{self, System};
use serde_json::json;

use crate::App;
use crate::credentials::{self, Claims};
use crate::generated as gw;

/// How long a login is good.
const LOGIN: jiff::SignedDuration = jiff::SignedDuration::from_hours(12);

impl gw::ListingResolvers for App {
    async fn average_rating(
        &self,
        cx: &gw::Context,
        parents: &[&gw::Listing],
    ) -> gw::Result<gw::Batch<Option<f64>>> {
        let ids = gw::Batch::<Option<f64>>::keys(parents, |listing| listing.id.clone());
        let mut connection = cx.connection().await?;
        let rows: Vec<(String, f64)> = sqlx::query_as(
            "SELECT lower(hex(listing_id)), avg(rating) FROM reviews
             WHERE listing_id IN (SELECT unhex(value, '-') FROM json_each(?)) GROUP BY listing_id",
        )
        .bind(serde_json::to_string(&ids)?)
        .fetch_all(&mut *connection)
        .await?;
        let means: HashMap<String, Option<f64>> = rows
            .into_iter()
            .map(|(id, mean)| (id, Some(mean)))
            .collect();
        Ok(gw::Batch::by_key_or_default(
            parents,
            |listing| listing.id.as_str().replace('-', ""),
            &means,
        ))
    }
}

impl gw::QueryResolvers for App {
    async fn me(&self, cx: &gw::Context) -> gw::Result<Option<gw::Key<gw::User>>> {
        Ok(cx.auth().map(|auth| auth.id.clone().into()))
    }
}

impl gw::MutationResolvers for App {
    async fn sign_up(
        &self,
        cx: &gw::Context,
        email: String,
        name: String,
        password: String,
    ) -> gw::Result<gw::Session> {
        if password.chars().count() < 8 {
            return Err(bad("password", "use at least eight characters"));
        }
        if !email
            .split_once('@')
            .is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
        {
            return Err(bad("email", "this is no e-mail address"));
        }
        let hash = credentials::hash(password).await?;
        let input = json!({ "email": email.to_lowercase(), "name": name, "passwordHash": hash });
        let user = model::create::<gw::User>(&System(cx), input).await?;
        self.open_session(cx, user, gw::Role::Guest).await
    }

    async fn login(
        &self,
        cx: &gw::Context,
        email: String,
        password: String,
    ) -> gw::Result<gw::Session> {
        let by_email = json!({ "email": { "eq": email.to_lowercase() } });
        // Read beside the mutation's transaction: nobody else's write waits while a password is checked.
        let user = model::query::<gw::User, _>(&System(cx.db()?))
            .filter(by_email)
            .first()
            .await?;
        let hash = user.as_ref().map(|user| user.password_hash.clone());
        let fits = credentials::verify(password, hash).await?;
        match user.filter(|_| fits) {
            Some(user) => self.open_session(cx, user.id.into(), user.role).await,
            None => {
                Err(gw::Error::new("e-mail address or password is wrong")
                    .code(Code::Unauthenticated))
            }
        }
    }

    async fn book(
        &self,
        cx: &gw::Context,
        listing_id: gw::Id,
        starts_on: gw::Date,
        ends_on: gw::Date,
    ) -> gw::Result<gw::Key<gw::Booking>> {
        let guest = &cx.require_auth()?.id;
        if ends_on <= starts_on {
            return Err(bad("endsOn", "a stay ends after it starts"));
        }
        if starts_on < cx.now().to_zoned(jiff::tz::TimeZone::UTC).date() {
            return Err(bad("startsOn", "a stay starts today or later"));
        }
        // By the caller's own rights: what they may not see they may not book.
        let listing = model::find::<gw::Listing>(cx, listing_id)
            .await?
            .filter(|listing| listing.published);
        let listing = listing.ok_or_else(|| gw::Error::not_found("the listing"))?;
        // A mutation is one write transaction: nobody else books between this look and the insert.
        let overlapping = json!({
            "listing": { "id": { "eq": listing.id } },
            "status": { "eq": "CONFIRMED" },
            "startsOn": { "lt": ends_on },
            "endsOn": { "gt": starts_on },
        });
        if model::query::<gw::Booking, _>(&System(cx))
            .filter(overlapping)
            .count()
            .await?
            > 0
        {
            return Err(gw::Error::conflict("these dates are taken").field("startsOn"));
        }
        let nights = starts_on.until(ends_on)?.get_days();
        let stay = json!({
            "listingId": listing.id,
            "guestId": guest,
            "startsOn": starts_on,
            "endsOn": ends_on,
            "total": listing.price * gw::Decimal::from(nights),
        });
        let booking = model::create::<gw::Booking>(&System(cx), stay).await?;
        self.tell_host(cx, &listing, &booking).await?;
        Ok(booking)
    }

    async fn cancel_booking(
        &self,
        cx: &gw::Context,
        id: gw::Id,
    ) -> gw::Result<gw::Key<gw::Booking>> {
        let caller = &cx.require_auth()?.id;
        let booking = model::find::<gw::Booking>(cx, id)
            .await?
            .filter(|stay| stay.guest_id.id() == caller);
        let booking = booking.ok_or_else(|| gw::Error::not_found("the booking"))?;
        if booking.status != gw::BookingStatus::Confirmed {
            return Err(gw::Error::conflict(
                "this stay is over or cancelled already",
            ));
        }
        model::update::<gw::Booking>(&System(cx), booking.id, json!({ "status": "CANCELLED" }))
            .await
    }
}

impl App {
    async fn open_session(
        &self,
        cx: &gw::Context,
        user: gw::Key<gw::User>,
        role: gw::Role,
    ) -> gw::Result<gw::Session> {
        let expires_at = cx.now() + LOGIN;
        let row = json!({ "userId": user, "expiresAt": expires_at });
        let session = model::create::<gw::LoginSession>(&System(cx), row).await?;
        let claims = Claims {
            sub: user.to_string(),
            role,
            jti: session.to_string(),
            exp: expires_at.as_second(),
        };
        Ok(gw::Session {
            token: self.signer.sign(&claims)?,
            expires_at,
            user,
        })
    }

    /// Enqueues a call of each of the host's webhooks; they are sent if the booking is committed, and only then.
    async fn tell_host(
        &self,
        cx: &gw::Context,
        listing: &gw::Listing,
        booking: &gw::Key<gw::Booking>,
    ) -> gw::Result<()> {
        let of_host = json!({ "host": { "id": { "eq": listing.host_id } } });
        for webhook in model::query::<gw::Webhook, _>(&System(cx))
            .filter(of_host)
            .all()
            .await?
        {
            let args = gw::SendWebhookArgs {
                webhook: webhook.id,
                booking: booking.to_string().into(),
            };
            cx.enqueue(args).await?;
        }
        Ok(())
    }
}

fn bad(field: &str, message: &'static str) -> gw::Error {
    gw::Error::new(message)
        .code(Code::BadUserInput)
        .field(field)
}
