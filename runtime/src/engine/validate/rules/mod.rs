//! The rules of validation: one a file, which says where the specification has it.
//!
//! In: a part of a document, with what the schema says of it. Out: findings. Must not know: each other.

pub(super) mod all_variable_usages_are_allowed;
pub(super) mod all_variable_uses_defined;
pub(super) mod all_variables_used;
pub(super) mod argument_names;
pub(super) mod argument_uniqueness;
pub(super) mod directives_are_defined;
pub(super) mod directives_are_in_valid_locations;
pub(super) mod directives_are_unique_per_location;
pub(super) mod executable_definitions;
pub(super) mod field_selection_merging;
pub(super) mod field_selections;
pub(super) mod fragment_name_uniqueness;
pub(super) mod fragment_spread_is_possible;
pub(super) mod fragment_spread_target_defined;
pub(super) mod fragment_spread_type_existence;
pub(super) mod fragment_spreads_must_not_form_cycles;
pub(super) mod fragments_must_be_used;
pub(super) mod fragments_on_object_interface_or_union_types;
pub(super) mod incremental_delivery;
pub(super) mod input_object_field_names;
pub(super) mod input_object_field_uniqueness;
pub(super) mod input_object_required_fields;
pub(super) mod leaf_field_selections;
pub(super) mod lone_anonymous_operation;
pub(super) mod operation_name_uniqueness;
pub(super) mod operation_type_existence;
pub(super) mod required_arguments;
pub(super) mod single_root_field;
pub(super) mod values_of_correct_type;
pub(super) mod variable_uniqueness;
pub(super) mod variables_are_input_types;
