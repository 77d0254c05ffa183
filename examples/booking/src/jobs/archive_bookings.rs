//! The job `archive_bookings`.

use jiff::ToSpan;
use jiff::tz::TimeZone;

use crate::App;
use crate::generated as gw;

impl gw::ArchiveBookings for App {
    async fn run(&self, cx: &gw::JobContext, _args: gw::ArchiveBookingsArgs) -> gw::JobResult {
        let today = cx.clock().now().to_zoned(TimeZone::UTC).date();
        let before = today.checked_sub(1.year())?;
        // Running it twice changes nothing the second time: a retry is harmless.
        let archived = sqlx::query(
            "UPDATE bookings SET status = 'ARCHIVED' WHERE status = 'CONFIRMED' AND ends_on < ?",
        )
        .bind(before.to_string())
        .execute(cx.db().pool())
        .await?;
        cx.log(format!(
            "{} stays that ended before {before} archived",
            archived.rows_affected()
        ));
        Ok(gw::Outcome::Done)
    }
}
