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
    /// A file that cannot be read or written.
    Io = 2,
    /// A setting in `Cargo.toml` that does not exist or holds the wrong kind of value.
    Settings = 3,
    /// No SDL file where the settings look for one.
    NoSchema = 4,
    /// A file of data for a mock that is no JSON, or holds an instruction that has not its form.
    MockData = 5,
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
    /// A type that is not defined.
    UnknownType = 108,
    /// An argument or input field of an output type.
    NotInputType = 109,
    /// A field of an input type.
    NotOutputType = 110,
    /// A field that its type has twice.
    DuplicateField = 111,
    /// An argument that its field or directive defines twice.
    DuplicateArgumentDefinition = 112,
    /// A value that its enum has twice.
    DuplicateEnumValue = 113,
    /// An enum value that would read as another literal.
    EnumValueName = 114,
    /// A member of a union that is no object type.
    NotUnionMember = 115,
    /// A member that its union has twice.
    DuplicateUnionMember = 116,
    /// A type without fields, members or values.
    EmptyType = 117,
    /// A name that begins with two underscores.
    ReservedName = 118,
    /// A definition with the name of a built-in scalar.
    BuiltinScalar = 119,
    /// A schema without a query root.
    NoQuery = 120,
    /// A root type that is no object type.
    RootNotObject = 121,
    /// A type that is the root of two operations.
    SharedRoot = 122,
    /// An implemented type that is no interface.
    NotInterface = 123,
    /// An interface that a type implements twice.
    DuplicateInterface = 124,
    /// An interface that implements itself, directly or through others.
    InterfaceCycle = 125,
    /// An interface that must be declared, too.
    MissingInterface = 126,
    /// A field that an interface asks for.
    MissingInterfaceField = 127,
    /// A field whose type is not what the interface promises.
    InterfaceFieldType = 128,
    /// An argument that an interface promises.
    MissingInterfaceArgument = 129,
    /// An argument of another type than the interface promises.
    InterfaceArgumentType = 130,
    /// A required argument that the interface does not know.
    ExtraRequiredArgument = 131,
    /// A default that is no value of its type.
    DefaultValue = 132,
    /// A default that contains itself.
    DefaultCycle = 133,
    /// An input type that no finite value can have.
    InputCycle = 134,
    /// A non-null field of a `@oneOf` input type.
    OneOfNonNull = 135,
    /// A default of a field of a `@oneOf` input type.
    OneOfDefault = 136,
    /// A required argument or input field that is deprecated.
    DeprecatedRequired = 137,
    /// A location that does not exist.
    UnknownLocation = 138,
    /// A directive that is used in its own definition.
    DirectiveCycle = 139,
    /// A directive that is not defined.
    UnknownDirective = 140,
    /// A directive where it cannot stand.
    MisplacedDirective = 141,
    /// A directive that stands twice at a place.
    RepeatedDirective = 142,
    /// An argument that the directive does not have.
    UnknownArgument = 143,
    /// An argument that is given twice.
    DuplicateArgument = 144,
    /// A required argument that is not given.
    MissingArgument = 145,
    /// An argument that is no value of its type.
    ArgumentValue = 146,
    /// A deprecated field that an interface promises.
    DeprecatedImplementation = 147,
    /// A directive, or an argument of one, that this version does not execute.
    DirectiveNotYet = 201,
    /// A directive where it does nothing.
    DirectiveWithoutEffect = 202,
    /// Directives that exclude each other.
    DirectiveConflict = 203,
    /// An argument of a directive that cannot be used.
    DirectiveArgument = 204,
    /// The caller's type: more than one, or a field that it cannot have.
    AuthType = 205,
    /// A default for access that needs what is not there.
    DefaultAccess = 206,
    /// A method for one parent at a time where a list has many of them.
    EachBelowList = 207,
    /// A former name that is still there.
    RenamedFrom = 208,
    /// A hook of a directive that cannot have one, or that nothing would call.
    Hook = 209,
    /// A field of a model that is neither column nor relation nor resolved.
    ModelField = 301,
    /// A primary key that is missing, or cannot be one.
    ModelKey = 302,
    /// More columns than a model can have.
    ModelColumns = 303,
    /// A name that two tables or two columns have.
    TableName = 304,
    /// A default that the column cannot hold.
    ModelDefault = 305,
    /// A constraint that the column's type has not.
    ModelConstraint = 306,
    /// A filter or an order that cannot be.
    ModelFilter = 307,
    /// An index of fields that cannot have one.
    ModelIndex = 308,
    /// An order of a relation that does not parse or names no column.
    RelationOrder = 309,
    /// A relation to what is no model, or in the wrong number.
    RelationType = 310,
    /// A relation without its other side.
    RelationInverse = 311,
    /// A table between two models that cannot be.
    RelationThrough = 312,
    /// A model that says nothing about who may do what.
    ModelAccess = 320,
    /// An operation on what is no model.
    OperationModel = 330,
    /// An operation on a field of the wrong type.
    OperationPlace = 331,
    /// An operation whose field has the wrong type.
    OperationType = 332,
    /// An argument that the operation cannot use.
    OperationArgument = 333,
    /// An operation that nobody may do.
    OperationRight = 334,
    /// An operation that can never succeed.
    OperationInput = 335,
    /// A name that an operation needs for a type of its own.
    OperationName = 336,
    /// An access expression that does not parse.
    AccessSyntax = 401,
    /// A field that an access expression cannot name.
    AccessField = 402,
    /// Operands of different or unfit types.
    AccessOperand = 403,
    /// A name that is no enum value here.
    AccessName = 404,
    /// An expression over a caller or a row that there is not.
    AccessRoot = 405,
    /// A right that does not belong here.
    AccessRight = 406,
    /// A manifest that is not YAML, or uses what it has no need of.
    ManifestSyntax = 501,
    /// A key that is there twice.
    ManifestDuplicateKey = 502,
    /// A key that does not exist.
    ManifestUnknownKey = 503,
    /// A key or value that this version does not execute.
    ManifestNotYet = 504,
    /// A value of the wrong kind or form.
    ManifestValue = 505,
    /// A key that must be there.
    ManifestMissingKey = 506,
    /// A name with letters that names have not.
    ManifestName = 507,
    /// An expression that crontab(5) rejects.
    CronExpression = 510,
    /// An expression without any day on which it fires.
    CronNever = 511,
    /// A time zone that does not exist.
    JobTimezone = 512,
    /// A queue that the manifest does not have.
    JobQueue = 513,
    /// An argument's type that does not parse, does not exist, or is no input type.
    JobArgType = 514,
    /// Arguments of a schedule that the job cannot take.
    JobArgs = 515,
    /// A schedule's name that is not unique.
    ScheduleId = 516,
    /// Waits between attempts that contradict each other.
    JobRetry = 517,
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
    /// Lists in lists that are too deep for Rust.
    TooDeep = 607,
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
    /// A stub whose signature or name does not follow the schema in a run that may only check.
    StubStale = 706,
    /// An edited stub whose field is gone.
    StubGone = 707,
    /// A lock that is out of date in a run that may only check.
    LockStale = 708,
    /// A line of the lock that is no entry.
    LockLine = 709,
    /// A stub whose signature is not what schema and lock agree on.
    StubBehind = 710,
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
