//! What the walk over a document leaves for the rules that look at it as a whole: its selection sets, spreads and uses of
//! variables, as numbers.
//!
//! In: nothing; the walk fills it. Out: look-ups. Must not know: rules.

use std::ops::Range;

use crate::engine::schema::{Field as FieldDef, Input, TypeRef};
use crate::engine::syntax::ast::{Directive, Field};

/// A whole document in numbers.
pub(super) struct Walked<'a, 'd> {
    /// The operations, then the fragments, each in the order of the text.
    pub(super) definitions: Vec<DefinitionOf>,
    /// How many of them are operations.
    pub(super) operations: usize,
    pub(super) sets: Vec<SetOf>,
    pub(super) items: Vec<ItemOf>,
    pub(super) fields: Vec<FieldOf<'a, 'd>>,
    pub(super) spreads: Vec<SpreadOf>,
    pub(super) uses: Vec<UseOf>,
    pub(super) variables: Vec<VariableOf>,
    /// The `@defer`s and `@stream`s.
    pub(super) incremental: Vec<&'a Directive<'d>>,
}

/// An operation or a fragment: places in the arrays of [`Walked`].
#[derive(Clone)]
pub(super) struct DefinitionOf {
    pub(super) set: u32,
    pub(super) spreads: Range<u32>,
    pub(super) uses: Range<u32>,
    /// Of an operation, in the order of the text.
    pub(super) variables: Range<u32>,
    pub(super) incremental: Range<u32>,
}

/// A selection set.
pub(super) struct SetOf {
    pub(super) items: Range<u32>,
    /// Whether it belongs to an operation or a field: the sets of fragments are always part of another one.
    pub(super) whole: bool,
}

/// An entry of a selection set, by its place in [`Walked::fields`] or [`Walked::sets`], or by the number of the fragment.
#[derive(Clone, Copy)]
pub(super) enum ItemOf {
    Field(u32),
    Inline(u32),
    Spread(u32),
    /// It cannot be read: its mistake is found already.
    Nothing,
}

/// A field that the schema knows.
pub(super) struct FieldOf<'a, 'd> {
    pub(super) node: &'a Field<'d>,
    pub(super) def: &'a FieldDef,
    /// The type that it is asked of.
    pub(super) parent: u16,
    /// Its selection set in [`Walked::sets`].
    pub(super) set: Option<u32>,
}

/// A fragment that is spread.
pub(super) struct SpreadOf {
    pub(super) fragment: u32,
    pub(super) at: u32,
}

/// A variable that is used.
pub(super) struct UseOf {
    /// Number of its name in the document.
    pub(super) variable: u32,
    pub(super) at: u32,
    /// What the position takes; `None` where nothing is known or everything is taken.
    pub(super) place: Option<Place>,
}

/// A position for a value.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) ty: TypeRef,
    /// Whether the position has a default of its own.
    pub(super) default: bool,
    /// Whether it is a field of a `@oneOf` input object.
    pub(super) one_of: bool,
}

impl Place {
    /// The position of an argument or an input field.
    pub(super) fn of(def: &Input) -> Self {
        Place {
            ty: def.ty,
            default: def.default.is_some(),
            one_of: false,
        }
    }

    /// The position of an item of a list.
    pub(super) fn inside(item: TypeRef) -> Self {
        Place {
            ty: item,
            default: false,
            one_of: false,
        }
    }
}

/// A variable that an operation defines.
pub(super) struct VariableOf {
    /// Number of its name in the document.
    pub(super) variable: u32,
    pub(super) at: u32,
    /// `None` if its type is unknown or no input type.
    pub(super) ty: Option<TypeRef>,
    /// Whether it has a default that is not null.
    pub(super) default: bool,
}

impl<'a, 'd> Walked<'a, 'd> {
    pub(super) fn new(operations: usize) -> Self {
        Walked {
            definitions: Vec::new(),
            operations,
            sets: Vec::new(),
            items: Vec::new(),
            fields: Vec::new(),
            spreads: Vec::new(),
            uses: Vec::new(),
            variables: Vec::new(),
            incremental: Vec::new(),
        }
    }

    pub(super) fn fragment(&self, no: usize) -> &DefinitionOf {
        &self.definitions[self.operations + no]
    }

    pub(super) fn spreads_of_fragment(&self, no: usize) -> &[SpreadOf] {
        slice(&self.spreads, &self.fragment(no).spreads)
    }

    pub(super) fn uses_of(&self, definition: &DefinitionOf) -> &[UseOf] {
        slice(&self.uses, &definition.uses)
    }

    pub(super) fn variables_of(&self, operation: usize) -> &[VariableOf] {
        slice(&self.variables, &self.definitions[operation].variables)
    }

    pub(super) fn incremental_of(&self, definition: &DefinitionOf) -> &[&'a Directive<'d>] {
        slice(&self.incremental, &definition.incremental)
    }

    pub(super) fn items_of(&self, set: u32) -> &[ItemOf] {
        slice(&self.items, &self.sets[set as usize].items)
    }

    /// To find out what operations reach.
    pub(super) fn reach(&self) -> Reach<'_> {
        Reach {
            definitions: &self.definitions,
            spreads: &self.spreads,
            fragments: self.operations,
            seen: vec![false; self.definitions.len()],
            open: Vec::new(),
        }
    }
}

/// A part of one of the arrays.
pub(super) fn slice<'w, T>(all: &'w [T], part: &Range<u32>) -> &'w [T] {
    &all[part.start as usize..part.end as usize]
}

/// The definitions that operations reach through spreads.
pub(super) struct Reach<'w> {
    definitions: &'w [DefinitionOf],
    spreads: &'w [SpreadOf],
    fragments: usize,
    /// By number of the definition.
    seen: Vec<bool>,
    open: Vec<usize>,
}

impl<'w> Reach<'w> {
    /// Calls for an operation and for each fragment that it reaches, apart from those that were reached before.
    pub(super) fn definitions(&mut self, operation: usize, mut each: impl FnMut(&'w DefinitionOf)) {
        self.open.push(operation);
        while let Some(no) = self.open.pop() {
            let definition = &self.definitions[no];
            each(definition);
            for spread in slice(self.spreads, &definition.spreads) {
                let no = self.fragments + spread.fragment as usize;
                if !std::mem::replace(&mut self.seen[no], true) {
                    self.open.push(no);
                }
            }
        }
    }

    pub(super) fn fragment(&self, no: usize) -> bool {
        self.seen[self.fragments + no]
    }

    /// Begins anew.
    pub(super) fn forget(&mut self) {
        self.seen.fill(false);
    }
}
