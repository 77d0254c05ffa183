//! The kinds of types, and what an extension adds to each.

use crate::ir::{Type, TypeKind};
use crate::parse::DefinitionKind;

/// The kind that a definition gives a type; `None` for schemas and directives.
pub(super) fn of(kind: &DefinitionKind) -> Option<TypeKind> {
    Some(match kind.clone() {
        DefinitionKind::Scalar => TypeKind::Scalar,
        DefinitionKind::Object { implements, fields } => TypeKind::Object { implements, fields },
        DefinitionKind::Interface { implements, fields } => {
            TypeKind::Interface { implements, fields }
        }
        DefinitionKind::Union { members } => TypeKind::Union { members },
        DefinitionKind::Enum { values } => TypeKind::Enum { values },
        DefinitionKind::Input { fields } => TypeKind::Input {
            fields,
            one_of: false,
        },
        DefinitionKind::Schema { .. } | DefinitionKind::Directive { .. } => return None,
    })
}

/// The keyword of a kind.
pub(super) fn keyword(kind: &TypeKind) -> &'static str {
    match kind {
        TypeKind::Scalar => "scalar",
        TypeKind::Object { .. } => "type",
        TypeKind::Interface { .. } => "interface",
        TypeKind::Union { .. } => "union",
        TypeKind::Enum { .. } => "enum",
        TypeKind::Input { .. } => "input",
    }
}

/// Adds the members of an extension; false if it is of another kind.
pub(super) fn extend(ty: &mut Type, with: TypeKind) -> bool {
    match (&mut ty.kind, with) {
        (TypeKind::Scalar, TypeKind::Scalar) => {}
        (
            TypeKind::Object { implements, fields },
            TypeKind::Object {
                implements: more,
                fields: further,
            },
        )
        | (
            TypeKind::Interface { implements, fields },
            TypeKind::Interface {
                implements: more,
                fields: further,
            },
        ) => {
            implements.extend(more);
            fields.extend(further);
        }
        (TypeKind::Union { members }, TypeKind::Union { members: more }) => members.extend(more),
        (TypeKind::Enum { values }, TypeKind::Enum { values: more }) => values.extend(more),
        (TypeKind::Input { fields, .. }, TypeKind::Input { fields: more, .. }) => {
            fields.extend(more)
        }
        _ => return false,
    }
    true
}
