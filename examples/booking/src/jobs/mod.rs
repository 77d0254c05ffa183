//! The jobs of `jobs.yaml`.

pub mod archive_bookings;
pub mod clear_expired_sessions;
pub mod daily_digest;
pub mod heartbeat;
pub mod send_webhook;
