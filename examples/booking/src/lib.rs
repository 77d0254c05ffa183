//! A booking service: people offer places, others stay there and say how it was.
//!
//! The schema is in `schema/`, the schedule in `jobs.yaml`. What is written by hand is here: the bodies of resolvers and
//! jobs, credentials, the data of a first start.

graphwright::include!();

pub mod credentials;
pub mod jobs;
pub mod resolvers;
mod seed;

pub use seed::seed;

use credentials::Signer;

/// The application: what every resolver and job is handed as `self`.
pub struct App {
    /// Signs and reads tokens.
    pub signer: Signer,
    /// Whether webhooks may go to addresses of this machine and its network.
    pub local_webhooks: bool,
}

impl App {
    /// With the secret in `BOOKING_SECRET`; without one, tokens are good until the program ends.
    pub fn from_env() -> Self {
        let secret = std::env::var("BOOKING_SECRET")
            .ok()
            .filter(|secret| secret.len() >= 16);
        let secret =
            secret.unwrap_or_else(|| [0; 2].map(|_| uuid::Uuid::new_v4().to_string()).concat());
        App {
            signer: Signer::new(secret.as_bytes()),
            local_webhooks: std::env::var_os("BOOKING_LOCAL_WEBHOOKS").is_some(),
        }
    }
}
