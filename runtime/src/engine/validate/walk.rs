//! The walk over a document, with the types at hand.
//!
//! In: a document. Out: the same in numbers; findings of the rules that look at one place. Must not know: what the rules
//! look for.

use super::rules::{
    argument_names, argument_uniqueness, directives_are_defined, directives_are_in_valid_locations,
    directives_are_unique_per_location, field_selections, fragment_spread_is_possible,
    fragment_spread_target_defined, fragment_spread_type_existence,
    fragments_on_object_interface_or_union_types, incremental_delivery, leaf_field_selections,
    operation_type_existence, required_arguments, single_root_field, variable_uniqueness,
    variables_are_input_types,
};
use super::walked::{DefinitionOf, FieldOf, ItemOf, Place, SetOf, SpreadOf, VariableOf, Walked};
use super::{Context, Owner};
use crate::engine::schema::{Input, TypeRef};
use crate::engine::syntax::Name;
use crate::engine::syntax::ast::{
    Argument, Directive, Field, Location, Operation, OperationKind, Selection, Spread, ValueKind,
};

/// Walks over the operations, then over the fragments, each once.
pub(super) fn walk<'a, 'd>(cx: &mut Context<'a, 'd>) -> Walked<'a, 'd> {
    let document = cx.document;
    let walked = Walked::new(document.operations.len());
    let mut walk = Walk { cx, walked };
    for operation in &document.operations {
        walk.definition(|walk| walk.operation(operation));
    }
    for fragment in &document.fragments {
        walk.definition(|walk| {
            walk.directives(&fragment.directives, Location::FragmentDefinition);
            let on = walk.condition(&fragment.on);
            walk.set(on, &fragment.selections, false)
        });
    }
    walk.walked
}

pub(super) struct Walk<'c, 'a, 'd> {
    pub(super) cx: &'c mut Context<'a, 'd>,
    pub(super) walked: Walked<'a, 'd>,
}

impl<'a, 'd> Walk<'_, 'a, 'd> {
    /// One operation or fragment: notes which spreads and uses are its own.
    fn definition(&mut self, walk: impl FnOnce(&mut Self) -> u32) {
        let ends = |walked: &Walked<'_, '_>| {
            [
                walked.spreads.len() as u32,
                walked.uses.len() as u32,
                walked.variables.len() as u32,
                walked.incremental.len() as u32,
            ]
        };
        let from = ends(&self.walked);
        let set = walk(self);
        let to = ends(&self.walked);
        self.walked.definitions.push(DefinitionOf {
            set,
            spreads: from[0]..to[0],
            uses: from[1]..to[1],
            variables: from[2]..to[2],
            incremental: from[3]..to[3],
        });
    }

    fn operation(&mut self, operation: &'a Operation<'d>) -> u32 {
        let root = operation_type_existence::check(self.cx, operation);
        self.variables(operation);
        let location = match operation.kind {
            OperationKind::Query => Location::Query,
            OperationKind::Mutation => Location::Mutation,
            OperationKind::Subscription => Location::Subscription,
        };
        self.directives(&operation.directives, location);
        single_root_field::check(self.cx, operation);
        self.set(root, &operation.selections, true)
    }

    fn variables(&mut self, operation: &'a Operation<'d>) {
        if operation.variables.is_empty() {
            return;
        }
        variable_uniqueness::check(self.cx, operation);
        for def in &operation.variables {
            self.directives(&def.directives, Location::VariableDefinition);
            let ty = variables_are_input_types::check(self.cx, def);
            let ty = ty.map(|no| TypeRef {
                no,
                wrap: def.ty.wrap,
            });
            if let Some(value) = &def.default {
                let place = ty.map(|ty| Place {
                    ty,
                    default: false,
                    one_of: false,
                });
                self.value(value, place);
            }
            let default = def.default.as_ref();
            self.walked.variables.push(VariableOf {
                variable: def.variable.id,
                at: def.span.start,
                ty,
                default: default.is_some_and(|value| !matches!(value.kind, ValueKind::Null)),
            });
        }
    }

    /// A selection set on a type, if that is known. Answers its number.
    fn set(&mut self, parent: Option<u16>, selections: &'a [Selection<'d>], whole: bool) -> u32 {
        let start = self.walked.items.len();
        let end = start + selections.len();
        self.walked.items.resize(end, ItemOf::Nothing);
        let no = self.walked.sets.len() as u32;
        self.walked.sets.push(SetOf {
            items: start as u32..end as u32,
            whole,
        });
        for (i, selection) in selections.iter().enumerate() {
            if self.cx.found.are_enough() {
                break;
            }
            self.walked.items[start + i] = match selection {
                Selection::Field(field) => self.field(parent, field),
                Selection::Spread(spread) => self.spread(parent, spread),
                Selection::Inline(inline) => {
                    self.directives(&inline.directives, Location::InlineFragment);
                    self.incremental(parent, &inline.directives);
                    let on = match &inline.on {
                        None => parent,
                        Some(name) => {
                            let on = self.condition(name);
                            self.possible(inline.span.start, parent, on);
                            on
                        }
                    };
                    ItemOf::Inline(self.set(on, &inline.selections, false))
                }
            };
        }
        no
    }

    fn field(&mut self, parent: Option<u16>, field: &'a Field<'d>) -> ItemOf {
        let known = parent
            .and_then(|parent| Some((parent, field_selections::check(self.cx, parent, field)?)));
        if !field.directives.is_empty() {
            self.directives(&field.directives, Location::Field);
            self.incremental(parent, &field.directives);
        }
        let Some((parent, def)) = known else {
            self.arguments(&field.arguments, None, 0);
            if !field.selections.is_empty() {
                self.set(None, &field.selections, true);
            }
            return ItemOf::Nothing;
        };
        let owner = (Owner::Field(parent, &field.name), &*def.args);
        self.arguments(&field.arguments, Some(owner), field.span.start);
        leaf_field_selections::check(self.cx, def, field);
        for directive in &field.directives {
            incremental_delivery::stream_on_list(self.cx, def, directive);
        }
        let ty = def.ty.no;
        let below = self.cx.schema.ty(ty).kind.is_composite().then_some(ty);
        let set = (!field.selections.is_empty()).then(|| self.set(below, &field.selections, true));
        let no = self.walked.fields.len() as u32;
        self.walked.fields.push(FieldOf {
            node: field,
            def,
            parent,
            set,
        });
        ItemOf::Field(no)
    }

    fn spread(&mut self, parent: Option<u16>, spread: &'a Spread<'d>) -> ItemOf {
        self.directives(&spread.directives, Location::FragmentSpread);
        self.incremental(parent, &spread.directives);
        let Some(no) = fragment_spread_target_defined::check(self.cx, spread) else {
            return ItemOf::Nothing;
        };
        let at = spread.span.start;
        let schema = self.cx.schema;
        let on = schema.type_no(&self.cx.document.fragments[no].on);
        self.possible(
            at,
            parent,
            on.filter(|on| schema.ty(*on).kind.is_composite()),
        );
        self.walked.spreads.push(SpreadOf {
            fragment: no as u32,
            at,
        });
        ItemOf::Spread(no as u32)
    }

    /// The type of a fragment.
    fn condition(&mut self, on: &Name<'d>) -> Option<u16> {
        let ty = fragment_spread_type_existence::check(self.cx, on)?;
        fragments_on_object_interface_or_union_types::check(self.cx, on, ty)
    }

    fn possible(&mut self, at: u32, parent: Option<u16>, on: Option<u16>) {
        if let (Some(parent), Some(on)) = (parent, on) {
            fragment_spread_is_possible::check(self.cx, at, parent, on);
        }
    }

    fn directives(&mut self, directives: &'a [Directive<'d>], location: Location) {
        if directives.is_empty() {
            return;
        }
        directives_are_unique_per_location::check(self.cx, directives);
        for directive in directives {
            let def = directives_are_defined::check(self.cx, directive);
            if let Some(def) = def {
                directives_are_in_valid_locations::check(self.cx, def, directive, location);
            }
            let owner = def.map(|def| (Owner::Directive(&directive.name), &*def.args));
            self.arguments(&directive.arguments, owner, directive.span.start);
        }
    }

    /// Notes `@defer` and `@stream` on a selection.
    fn incremental(&mut self, parent: Option<u16>, directives: &'a [Directive<'d>]) {
        for directive in directives
            .iter()
            .filter(|d| incremental_delivery::concerns(d))
        {
            self.walked.incremental.push(directive);
            if let Some(parent) = parent {
                incremental_delivery::not_at_root(self.cx, parent, directive);
            }
        }
    }

    /// Arguments that are given, against those that are known; none are if what they belong to is not.
    fn arguments(
        &mut self,
        given: &'a [Argument<'d>],
        owner: Option<(Owner<'_>, &'a [Input])>,
        at: u32,
    ) {
        argument_uniqueness::check(self.cx, given);
        for argument in given {
            let place = owner.and_then(|(owner, known)| {
                let def = known.iter().find(|def| argument.name == *def.name);
                if def.is_none() {
                    argument_names::unknown(self.cx, owner, argument, known);
                }
                def.map(Place::of)
            });
            self.value(&argument.value, place);
        }
        if let Some((owner, known)) = owner {
            required_arguments::check(self.cx, owner, at, (given, known));
        }
    }
}
