//! Names that fields, types and arguments had before: `@renamedFrom`.

use super::{Directive, Schema, Value};
use std::collections::BTreeMap;

/// What has a new name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renames {
    /// Types and fields, as coordinates: (before, now).
    pub coordinates: BTreeMap<String, String>,
    /// The arguments of a field, by its coordinate: (now, before).
    pub arguments: BTreeMap<String, Vec<(String, String)>>,
}

impl Schema {
    /// Everything with `@renamedFrom`.
    pub fn renames(&self) -> Renames {
        let mut renames = Renames::default();
        for ty in self.types.values() {
            let before = former(&ty.directives);
            if let Some(before) = before {
                renames
                    .coordinates
                    .insert(before.to_owned(), ty.name.clone());
            }
            for field in ty.fields() {
                let now = || format!("{}.{}", ty.name, field.name);
                if let Some(name) = former(&field.directives) {
                    // Type and field may have new names at once.
                    for ty in before.into_iter().chain([&*ty.name]) {
                        renames.coordinates.insert(format!("{ty}.{name}"), now());
                    }
                }
                let args = field.args.iter().filter_map(|arg| {
                    let name = former(&arg.directives)?;
                    Some((arg.name.clone(), name.to_owned()))
                });
                let args: Vec<_> = args.collect();
                if !args.is_empty() {
                    renames.arguments.insert(now(), args);
                }
            }
        }
        renames
    }
}

/// The name in `@renamedFrom`.
pub fn former(directives: &[Directive]) -> Option<&str> {
    let directive = directives.iter().find(|d| d.name == "renamedFrom")?;
    match directive.arg("name") {
        Some(Value::String(name)) => Some(name),
        _ => None,
    }
}
