//! The rules of the specification about type systems (its section 3), one a file.

mod builtin_scalars;
mod default_cycles;
mod default_values;
mod deprecated_required;
mod directive_arguments;
mod directive_cycles;
mod directive_locations;
mod directive_locations_known;
mod directive_required_arguments;
mod directive_values;
mod empty_types;
mod enum_value_names;
mod input_cycles;
mod input_positions;
mod interface_arguments;
mod interface_deprecation;
mod interface_fields;
mod interfaces_declared;
mod interfaces_transitive;
mod known_directives;
mod known_types;
mod one_of;
mod output_positions;
mod query_root;
mod reserved_names;
mod root_types;
mod union_members;
mod unique_argument_definitions;
mod unique_directives;
mod unique_enum_values;
mod unique_fields;
mod value;
pub(super) mod walk;

use super::Rule;

/// Every rule of the specification.
pub(super) const RULES: &[Rule] = &[
    known_types::check,
    input_positions::check,
    output_positions::check,
    unique_fields::check,
    unique_argument_definitions::check,
    unique_enum_values::check,
    enum_value_names::check,
    union_members::check,
    empty_types::check,
    reserved_names::check,
    builtin_scalars::check,
    query_root::check,
    root_types::check,
    interfaces_declared::check,
    interfaces_transitive::check,
    interface_fields::check,
    interface_arguments::check,
    interface_deprecation::check,
    default_values::check,
    default_cycles::check,
    input_cycles::check,
    one_of::check,
    deprecated_required::check,
    directive_locations_known::check,
    directive_cycles::check,
    known_directives::check,
    directive_locations::check,
    unique_directives::check,
    directive_arguments::check,
    directive_required_arguments::check,
    directive_values::check,
];
