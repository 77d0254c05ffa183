//! The job `daily_digest`.

use jiff::Timestamp;

use crate::App;
use crate::generated as gw;

impl gw::DailyDigest for App {
    async fn run(&self, cx: &gw::JobContext, args: gw::DailyDigestArgs) -> gw::JobResult {
        // The tick rather than the time: a retry an hour later writes the same digest.
        let until = cx.tick().unwrap_or_else(|| cx.clock().now());
        let since: Timestamp = until.checked_sub(jiff::SignedDuration::from_hours(24))?;
        let top: Vec<(String, i64)> = sqlx::query_as(
            "SELECT listings.city, count(*) FROM bookings JOIN listings ON listings.id = bookings.listing_id
             WHERE listings.region = ? AND bookings.created_at >= ? AND bookings.created_at < ?
             GROUP BY listings.city ORDER BY count(*) DESC, listings.city LIMIT ?",
        )
        .bind(serde_json::to_value(args.region)?.as_str())
        .bind(since.as_microsecond())
        .bind(until.as_microsecond())
        .bind(args.top)
        .fetch_all(cx.db().pool())
        .await?;
        cx.log(format!(
            "{:?}, {since} to {until}: {} cities with new bookings",
            args.region,
            top.len()
        ));
        for (city, bookings) in top {
            cx.log(format!("{city}: {bookings}"));
        }
        Ok(gw::Outcome::Done)
    }
}
