//! Every golden output and its stubs, compiled with warnings denied: each case is a module of its name.

#![deny(warnings, missing_docs)]
#![allow(
    clippy::all,
    reason = "not written by hand: `graphwright::include!` allows it too"
)]

/// A case: its generated code, its stubs, and an application that has nothing of its own.
macro_rules! cases {
    ($($case:ident),* $(,)?) => { $(
        /// A case of `tests/golden`.
        pub mod $case {
            /// What was generated.
            pub mod generated {
                include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/", stringify!($case), "/expected/graphwright.rs"));
            }

            #[allow(unused_imports, reason = "a schema may leave nothing to be written")]
            mod stubs {
                use super::App;
                use super::generated as gw;

                include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/", stringify!($case), "/expected/stubs.rs"));
            }

            /// The application.
            #[derive(Debug, Default)]
            pub struct App;
        }
    )* };
}

cases! {
    abstracts,
    columns,
    inputs,
    jobs,
    names,
    plain,
    recursive,
    results,
    roots,
}

#[cfg(test)]
mod round_trip;

#[cfg(test)]
mod exports {
    use crate::names::generated as gw;

    /// No stub names the runtime's `Link`, so the name is the schema's.
    #[test]
    fn a_type_called_link_is_what_the_name_says() {
        let link = gw::Link {
            url: "https://example.org".to_owned(),
        };
        let same: &gw::types::Link = &link;
        assert_eq!(same.url, "https://example.org");
    }
}

/// Models, the caller, resolver fields on rows.
pub mod models;

/// A schema whose types are bound to types of the user's own.
pub mod bound;

/// Directives of the schema's own with methods.
pub mod hooks;
