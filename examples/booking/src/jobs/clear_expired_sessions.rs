//! The job `clear_expired_sessions`.

use crate::App;
use crate::generated as gw;

impl gw::ClearExpiredSessions for App {
    async fn run(&self, cx: &gw::JobContext, _args: gw::ClearExpiredSessionsArgs) -> gw::JobResult {
        let now = cx.clock().now();
        let gone = sqlx::query("DELETE FROM login_sessions WHERE expires_at < ?")
            .bind(now.as_microsecond())
            .execute(cx.db().pool())
            .await?;
        cx.log(format!("{} sessions cleared", gone.rows_affected()));
        Ok(gw::Outcome::Done)
    }
}
