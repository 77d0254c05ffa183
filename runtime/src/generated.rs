//! What generated code calls and no other module has a place for.
//!
//! In: generated enums, arguments of jobs. Out: values of them. Must not know: requests, databases.

use serde::{Deserialize, Deserializer};

use crate::engine::value::{InputValue, mismatch};
use crate::{Error, Result};

/// A generated enum.
pub trait Enumeration: Copy + Sized + 'static {
    /// The type's name in the schema.
    const GQL: &'static str;
    /// Every value, in the order of the schema.
    const ALL: &'static [Self];

    /// The name in the schema.
    fn name(self) -> &'static str;
}

/// A value that a client gave.
///
/// # Errors
/// No value has that name.
pub fn enum_from_input<T: Enumeration>(value: &InputValue) -> Result<T> {
    match value {
        InputValue::Enum(name) | InputValue::Str(name) => named(name)
            .ok_or_else(|| Error::new(format!("`{name}` is not a value of `{}`", T::GQL))),
        other => Err(mismatch(T::GQL, other)),
    }
}

/// A value by its name, out of a table or out of JSON.
///
/// # Errors
/// There is no text, or no value has that name.
pub fn enum_named<'de, T: Enumeration, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<T, D::Error> {
    let name = String::deserialize(deserializer)?;
    named(&name)
        .ok_or_else(|| serde::de::Error::custom(format!("`{name}` is not a value of `{}`", T::GQL)))
}

fn named<T: Enumeration>(name: &str) -> Option<T> {
    T::ALL.iter().copied().find(|value| value.name() == name)
}

/// The arguments of a run: what is stored, and for what is not there its default (a JSON object).
///
/// # Errors
/// The arguments do not fit the job, which may have changed since they were stored.
#[cfg(feature = "jobs")]
pub fn job_args<T: serde::de::DeserializeOwned>(
    args: serde_json::Value,
    defaults: &str,
) -> Result<T> {
    let mut all: serde_json::Map<String, serde_json::Value> = serde_json::from_str(defaults)?;
    match args {
        serde_json::Value::Object(given) => all.extend(given),
        serde_json::Value::Null => {}
        other => {
            return Err(Error::internal(format!(
                "arguments are an object, found {other}"
            )));
        }
    }
    Ok(serde_json::from_value(serde_json::Value::Object(all))?)
}

/// A run of a job that the program does not have any more.
///
/// # Errors
/// Always.
#[cfg(feature = "jobs")]
pub fn unknown_job(name: &str) -> crate::jobs::JobResult {
    Err(Error::internal(format!("no job `{name}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Role {
        Admin,
        Guest,
    }

    impl Enumeration for Role {
        const GQL: &'static str = "Role";
        const ALL: &'static [Self] = &[Role::Admin, Role::Guest];

        fn name(self) -> &'static str {
            match self {
                Role::Admin => "ADMIN",
                Role::Guest => "GUEST",
            }
        }
    }

    #[test]
    fn enums_by_name() {
        assert_eq!(
            enum_from_input::<Role>(&InputValue::Enum("GUEST".into())).unwrap(),
            Role::Guest
        );
        let wrong = enum_from_input::<Role>(&InputValue::Enum("X".into())).unwrap_err();
        assert_eq!(wrong.message(), "`X` is not a value of `Role`");
        assert!(enum_from_input::<Role>(&InputValue::Int(1)).is_err());
        assert_eq!(
            enum_named::<Role, _>(serde_json::json!("ADMIN")).unwrap(),
            Role::Admin
        );
        assert!(enum_named::<Role, _>(serde_json::json!(null)).is_err());
    }

    #[cfg(feature = "jobs")]
    #[test]
    fn defaults_of_arguments() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Args {
            top: i32,
            region: Option<String>,
        }
        let read = |args| job_args::<Args>(args, r#"{"top": 3}"#);
        assert_eq!(
            read(serde_json::json!({})).unwrap(),
            Args {
                top: 3,
                region: None
            }
        );
        let given = read(serde_json::json!({"top": 5, "region": "EU"})).unwrap();
        assert_eq!(
            given,
            Args {
                top: 5,
                region: Some("EU".into())
            }
        );
        assert_eq!(read(serde_json::Value::Null).unwrap().top, 3);
        assert!(read(serde_json::json!([])).is_err());
    }
}
