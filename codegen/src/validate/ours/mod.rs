//! The rules about our own directives, one a file. What must be known to resolve them at all is reported by `lower`.

mod cost;
mod each_below_list;
mod model_access;
mod not_yet;
mod relation_filters;
mod renamed;
mod without_effect;

use super::Rule;

/// Every rule about our directives.
pub(super) const RULES: &[Rule] = &[
    cost::check,
    each_below_list::check,
    model_access::check,
    not_yet::check,
    relation_filters::check,
    renamed::check,
    without_effect::check,
];
