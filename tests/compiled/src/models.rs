//! The case `models`: the caller, resolver fields on rows, migrations.

use serde::{Deserialize, Serialize};

/// What was generated.
pub mod generated {
    include!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../golden/models/expected/graphwright.rs"
    ));
}

mod stubs {
    use super::App;
    use super::generated as gw;

    include!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../golden/models/expected/stubs.rs"
    ));
}

/// The application.
#[derive(Debug, Default)]
pub struct App;

/// The scalar `Isbn`, read from its text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Isbn(pub String);
