//! The walk over values, with the types of their positions at hand.
//!
//! In: values. Out: uses of variables; findings. Must not know: what the rules look for.

use super::rules::{
    input_object_field_names, input_object_field_uniqueness, input_object_required_fields,
    values_of_correct_type,
};
use super::walk::Walk;
use super::walked::{Place, UseOf};
use crate::engine::schema::{Kind, Type};
use crate::engine::syntax::ast::{Argument, Value, ValueKind};

impl<'a, 'd> Walk<'_, 'a, 'd> {
    /// A value at a place: `None` takes anything.
    pub(super) fn value(&mut self, value: &'a Value<'d>, place: Option<Place>) {
        if let ValueKind::Variable(variable) = &value.kind {
            self.walked.uses.push(UseOf {
                variable: variable.id,
                at: value.span.start,
                place,
            });
            return;
        }
        match place {
            Some(place) => self.literal(value, place),
            None => self.anything(value),
        }
    }

    fn literal(&mut self, value: &'a Value<'d>, place: Place) {
        if let ValueKind::Null = value.kind {
            if place.ty.is_non_null() {
                values_of_correct_type::refuse(self.cx, value, place);
            }
            return;
        }
        if let Some(item) = place.ty.item() {
            let place = Place::inside(item);
            match &value.kind {
                ValueKind::List(items) => {
                    for item in items {
                        self.value(item, Some(place));
                    }
                }
                // One value stands for a list of one.
                _ => self.literal(value, place),
            }
            return;
        }
        let ty = self.cx.schema.ty(place.ty.no);
        match (ty.kind, &value.kind) {
            (Kind::Input, ValueKind::Object(fields)) => {
                self.object(value, fields, (ty, place.ty.no));
                return;
            }
            (Kind::Scalar, _) => values_of_correct_type::scalar(self.cx, ty, value, place),
            (Kind::Enum, _) => values_of_correct_type::enumeration(self.cx, ty, value, place),
            _ => values_of_correct_type::refuse(self.cx, value, place),
        }
        self.anything(value);
    }

    fn object(
        &mut self,
        value: &'a Value<'d>,
        fields: &'a [Argument<'d>],
        (def, no): (&'a Type, u16),
    ) {
        input_object_field_uniqueness::check(self.cx, fields);
        for field in fields {
            let known = self.cx.schema.input_field(no, &field.name);
            if known.is_none() {
                input_object_field_names::unknown(self.cx, def, field);
            }
            let place = known.map(|(_, known)| Place {
                one_of: def.one_of,
                ..Place::of(known)
            });
            self.value(&field.value, place);
        }
        let at = value.span.start;
        if def.one_of {
            input_object_required_fields::one_of(self.cx, def, at, fields);
        } else {
            input_object_required_fields::check(self.cx, def, at, fields);
        }
    }

    /// A value whose type is unknown, or takes anything.
    fn anything(&mut self, value: &'a Value<'d>) {
        match &value.kind {
            ValueKind::List(items) => {
                for item in items {
                    self.value(item, None);
                }
            }
            ValueKind::Object(fields) => {
                input_object_field_uniqueness::check(self.cx, fields);
                for field in fields {
                    self.value(&field.value, None);
                }
            }
            _ => {}
        }
    }
}
