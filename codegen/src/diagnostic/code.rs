//! The stable codes. A code is never used for anything else once released.

use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal,)*) => {
        /// The stable code of a diagnostic, shown as `GW0101`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum Code { $($(#[$doc])* $name = $number,)* }

        impl Code {
            /// Every code, in ascending order.
            pub const ALL: &[Code] = &[$(Code::$name,)*];

            /// The name, as in the folder of its test cases.
            pub fn name(self) -> &'static str {
                match self { $(Code::$name => stringify!($name),)* }
            }
        }
    };
}

// 00xx reading · 01xx SDL (the specification's rules) · 02xx our directives · 03xx models and operations
// 04xx access expressions · 05xx jobs.yaml · 06xx names and planning · 07xx stubs and files · 08xx migrations
codes! {
    /// A document that does not parse.
    Syntax = 1,
    /// A type is defined twice.
    DuplicateType = 101,
    /// A directive is defined twice.
    DuplicateDirectiveDefinition = 102,
    /// The schema is defined twice.
    DuplicateSchema = 103,
    /// An operation has two root types.
    DuplicateRoot = 104,
    /// The schema definition names an operation that does not exist.
    UnknownOperation = 105,
    /// An extension of a type that is not defined.
    UnknownExtended = 106,
    /// An extension of another kind than the type.
    OtherKindExtended = 107,
    /// A file that cannot be read or written.
    Io = 2,
    /// A setting in `Cargo.toml` that does not exist or holds the wrong kind of value.
    Settings = 3,
    /// No SDL file where the settings look for one.
    NoSchema = 4,
    /// `@rust(name:)` that is not an identifier.
    RustName = 601,
    /// Two things that want the same Rust name.
    RustNameTaken = 602,
    /// `@rust(type:)` or `@rust(derive:)` that is not a path.
    RustPath = 603,
    /// `@rust(type:)` where it cannot work.
    RustBinding = 604,
    /// A user's field that answers a connection of a model.
    PageByHand = 605,
    /// A schema that is too large for its tables.
    TooMany = 606,
    /// A stub that is missing in a run that may only check.
    StubMissing = 701,
    /// A stub that is missing where it cannot be added without guessing.
    StubByHand = 702,
    /// A stub file that does not parse.
    StubSyntax = 703,
    /// A stub folder that is not part of the crate.
    StubsOutside = 704,
    /// An edit of a stub file that did not pass its own checks.
    StubGate = 705,
    /// A migration file that is missing in a run that may only check.
    MigrationMissing = 801,
    /// Models that differ from the committed snapshot.
    MigrationOutdated = 802,
    /// A snapshot that cannot be read.
    Snapshot = 803,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GW{:04}", *self as u16)
    }
}
