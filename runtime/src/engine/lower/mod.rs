//! The planner: from a validated operation to a plan.
//!
//! In: a document, the schema and its tables. Out: a [`Plan`]. Must not know: values of variables.
//!
//! CollectFields (<https://spec.graphql.org/September2025/#CollectFields()>) runs once for each selection set and
//! concrete type; same response keys are merged, a fragment is expanded once for each type, so no document can make
//! the planner work more than its budget.

mod collect;
mod defer;
mod stream;

use std::sync::atomic::AtomicUsize;

use self::collect::{Asked, Cond, Conds, Expanded, Occurrence};
use crate::engine::cache::Keeping;
use crate::engine::coerce::{self, ArgPlan, Places, Values, Variable};
use crate::engine::cost::Tally;
use crate::engine::introspection::Introspection;
use crate::engine::out::Key;
use crate::engine::plan::{
    Condition, Field, FieldInfo, Later, NONE, Origin, Plan, Repeat, RootKind, Sel, Sub,
};
use crate::engine::schema::{self, FieldDef, LEAF, Schema, SchemaDef, Shape, Source};
use crate::engine::syntax::Name;
use crate::engine::syntax::ast::{self, Document, Operation, OperationKind};
use crate::model::Expr;

/// Why there is no plan; for the client.
#[derive(Debug)]
pub(crate) enum NoPlan {
    /// More fields than the budget allows.
    TooLarge,
    /// A literal does not fit its type, and line and column of its place.
    Literal(String, (u32, u32)),
    /// The tables and the schema disagree: the generator's fault.
    Tables(String),
}

type Lowered<T> = Result<T, NoPlan>;

/// A plan, and the response keys of its introspection fields. The document is valid.
pub(crate) fn lower<'d>(
    schema: &Schema,
    def: &'static SchemaDef,
    document: &Document<'d>,
    operation: &Operation<'d>,
    budget: usize,
    known: Option<&Values>,
) -> Lowered<(Plan, Box<[Box<str>]>)> {
    let mut planner = Planner {
        schema,
        def,
        document,
        places: Places(vec![None; document.variables.len()]),
        conds: Conds::new(),
        expanded: Vec::new(),
        sets: 0,
        fields: Vec::new(),
        repeats: Vec::new(),
        conditions: Vec::new(),
        args: Vec::new(),
        guards: Vec::new(),
        constants: Vec::new(),
        slots: 0,
        levels: 0,
        budget,
        known,
        later: defer::Deferring::new(known.is_some()),
    };
    let variables = planner.variables(operation)?;
    let root_type = schema.root(operation.kind);
    let root_type = root_type.ok_or_else(|| {
        let message = format!("the schema has no {} root", operation.kind.keyword());
        planner.literal(message, operation.span.start)
    })?;
    let asked = [Asked {
        set: &operation.selections,
        cond: Cond::NONE,
        defer: None,
    }];
    let root = planner.sel(root_type, &asked, false)?;
    let plan = Plan {
        root,
        slots: planner.slots as usize,
        levels: planner.levels as usize,
        hint: AtomicUsize::new(256),
        kind: match operation.kind {
            OperationKind::Query => RootKind::Query,
            OperationKind::Mutation => RootKind::Mutation,
            OperationKind::Subscription => RootKind::Subscription,
        },
        name: operation.name.map(|name| name.text.into()),
        text: document.text.into(),
        def,
        fields: planner.fields.into(),
        repeats: planner.repeats.into(),
        conditions: planner.conditions.into(),
        args: planner.args.into(),
        guards: planner.guards.into(),
        variables: variables.into(),
        introspection: Introspection::None,
        defers: planner.later.seen,
        usages: planner.later.usages.into(),
        groups: planner.later.groups,
        tally: Tally::default(),
        keeping: Keeping::default(),
    };
    Ok((plan, planner.constants.into()))
}

struct Planner<'a, 'd> {
    schema: &'a Schema,
    def: &'static SchemaDef,
    document: &'a Document<'d>,
    places: Places,
    conds: Conds,
    /// By fragment; empty until one is spread.
    expanded: Vec<Expanded>,
    /// How many selection sets were collected.
    sets: u32,
    fields: Vec<FieldInfo>,
    repeats: Vec<Repeat>,
    conditions: Vec<Condition>,
    args: Vec<ArgPlan>,
    guards: Vec<Expr>,
    constants: Vec<Box<str>>,
    slots: u16,
    levels: u16,
    budget: usize,
    /// The variables' values, if the plan is for them alone: then nothing in it depends on conditions.
    known: Option<&'a Values>,
    later: defer::Deferring,
}

impl<'a, 'd> Planner<'a, 'd> {
    fn variables(&mut self, operation: &Operation<'d>) -> Lowered<Vec<Variable>> {
        let mut variables = Vec::with_capacity(operation.variables.len());
        for def in &operation.variables {
            let at = def.span.start;
            let Some(no) = self.schema.type_no(&def.ty.name) else {
                return Err(self.literal(format!("there is no type `{}`", def.ty.name), at));
            };
            let wrap = def.ty.wrap;
            let ty = schema::TypeRef { no, wrap };
            let default = def
                .default
                .as_ref()
                .map(|value| coerce::constant(self.schema, ty, value))
                .transpose();
            self.places.0[def.variable.id as usize] = Some(small(variables.len())?);
            variables.push(Variable {
                name: def.variable.name.text.into(),
                ty,
                default: default.map_err(|mistake| self.literal(mistake, at))?,
                at,
            });
        }
        Ok(variables)
    }

    /// One selection on one concrete type. `keyed`: user code may answer keys of rows for it.
    fn sel(&mut self, ty: u16, asked: &[Asked<'a, 'd>], keyed: bool) -> Lowered<Sel> {
        let rows = keyed && matches!(self.table(ty)?.shape, Shape::Model(_));
        let may = self.may_defer(ty)?;
        let outer = std::mem::replace(&mut self.later.may, may);
        let mut collected = self.collect(ty, asked)?;
        if collected.keys.len() < collected.fields.len() {
            // The sort is stable: the occurrences of a key stay in their order.
            collected.fields.sort_by_key(|occurrence| occurrence.key);
        }
        if collected.defers {
            let sel = self.deferred_sel(ty, collected, rows);
            self.later.may = outer;
            return sel;
        }
        let (mut fields, mut work) = (Vec::with_capacity(collected.keys.len()), Vec::new());
        let mut add = |planner: &mut Self, condition, occurrences: &[_]| {
            let (field, visit) = planner.field(ty, condition, occurrences)?;
            if visit {
                work.push(small(fields.len())?);
            }
            fields.push(field);
            Ok(())
        };
        let is_plain = |occurrence: &Occurrence<'_, '_>| occurrence.cond == Cond::NONE;
        let groups = collected.fields.chunk_by(|a, b| a.key == b.key);
        if collected.fields.iter().all(is_plain) {
            for occurrences in groups {
                add(self, Condition::default(), occurrences)?;
            }
        } else {
            let mut wanted = Vec::with_capacity(collected.keys.len());
            for occurrences in groups {
                for (condition, first) in self.entries(occurrences)? {
                    wanted.push((occurrences[first].place, condition, &occurrences[first..]));
                }
            }
            wanted.sort_by_key(|(place, ..)| *place);
            for (_, condition, occurrences) in wanted {
                add(self, condition, occurrences)?;
            }
        }
        self.later.may = outer;
        self.made(ty, fields, work, None, rows)
    }

    /// A selection with its numbers.
    fn made(
        &mut self,
        ty: u16,
        fields: Vec<Field>,
        work: Vec<u16>,
        later: Option<Box<Later>>,
        rows: bool,
    ) -> Lowered<Sel> {
        let defers = later.as_ref().is_some_and(|later| !later.groups.is_empty());
        let level = if rows || !work.is_empty() || defers {
            self.next_level()?
        } else {
            NONE
        };
        let slot = if rows { self.next_slot()? } else { NONE };
        Ok(Sel {
            ty,
            fields: fields.into(),
            work: work.into(),
            level,
            slot,
            group: self.later.group,
            later,
        })
    }

    /// One entry of a selection. Answers also whether the level pass must come here.
    fn field(
        &mut self,
        ty: u16,
        condition: Condition,
        occurrences: &[Occurrence<'a, 'd>],
    ) -> Lowered<(Field, bool)> {
        self.spend(1)?;
        let asked = occurrences[0].field;
        let key = asked.key();
        let no = self.fields.len() as u32;
        let info = self.info(ty, key, occurrences);
        self.fields.push(info);
        let mut field = Field {
            key: Key::new(key.text),
            no,
            fid: 0,
            slot: NONE,
            args: NONE,
            guard: NONE,
            non_null: true,
            plain: false,
            cond: self.condition(condition)?,
            origin: Origin::Typename,
            sub: Sub::None,
            stream: None,
        };
        match asked.name.text {
            "__typename" => return Ok((field, false)),
            "__schema" | "__type" => {
                field.non_null = asked.name == "__schema";
                field.origin = Origin::Constant(small(self.constants.len())?);
                self.constants.push(key.text.into());
                return Ok((field, false));
            }
            _ => {}
        }
        let found = self.schema.field(ty, &asked.name);
        let Some((found, (fid, def))) = found.and_then(|found| Some((found, found.def?))) else {
            let ty = self.schema.ty(ty).name;
            let message = format!("no table entry for `{ty}.{}`", asked.name);
            return Err(NoPlan::Tables(message));
        };
        (field.fid, field.non_null) = (fid, def.non_null);
        self.fields[no as usize].fid = fid;
        // The concrete type may have more arguments than the interface that the document names.
        field.args = self.arguments(found, asked)?;
        if self.is_negative(asked)? {
            field.origin = Origin::Negative;
            return Ok((field, false));
        }
        let visit = self.resolve(&mut field, def, occurrences)?;
        if !asked.directives.is_empty() {
            field.stream = self.stream(&field, found, occurrences)?;
        }
        field.plain = field.cond == 0 && field.guard == NONE && field.origin == Origin::Own;
        Ok((field, visit))
    }

    /// What only errors need.
    fn info(&mut self, ty: u16, key: Name<'d>, occurrences: &[Occurrence<'a, 'd>]) -> FieldInfo {
        let repeats = self.repeats.len() as u32;
        let others = occurrences.iter().skip(1).map(|other| Repeat {
            at: other.field.span.start,
            all: self.conds.get(other.cond).into(),
        });
        self.repeats.extend(others);
        FieldInfo {
            key: (key.at, key.at + key.text.len() as u32),
            at: occurrences[0].field.span.start,
            repeats: (repeats, self.repeats.len() as u32),
            ty,
            fid: NONE,
        }
    }

    fn resolve(
        &mut self,
        field: &mut Field,
        def: &'static FieldDef,
        occurrences: &[Occurrence<'a, 'd>],
    ) -> Lowered<bool> {
        field.origin = if matches!(def.source, Source::Operation(_)) {
            Origin::Operation
        } else {
            Origin::Own
        };
        if let Some(rule) = def.access {
            field.guard = small(self.guards.len())?;
            self.guards.push(rule);
        }
        let answers = matches!(
            def.source,
            Source::Resolver | Source::Relation(_) | Source::Operation(_)
        );
        if answers {
            field.slot = self.next_slot()?;
        }
        let keyed = matches!(def.source, Source::Member | Source::Keys | Source::Resolver);
        field.sub = self.below(def.ty, occurrences, keyed)?;
        Ok(answers || field.sub.level() != NONE)
    }

    fn below(&mut self, ty: u16, occurrences: &[Occurrence<'a, 'd>], keyed: bool) -> Lowered<Sub> {
        if ty == LEAF {
            return Ok(Sub::None);
        }
        // What must hold for the field itself holds below it.
        let asked = |occurrence: &Occurrence<'a, 'd>| Asked {
            set: &occurrence.field.selections,
            cond: match self.conds.implies(occurrences[0].cond, occurrence.cond) {
                true => Cond::NONE,
                false => occurrence.cond,
            },
            defer: occurrence.defer,
        };
        let (one, many);
        let asked = match occurrences {
            [occurrence] => {
                one = asked(occurrence);
                std::slice::from_ref(&one)
            }
            _ => {
                many = occurrences.iter().map(asked).collect::<Vec<_>>();
                &many
            }
        };
        let Shape::Abstract(possible) = self.table(ty)?.shape else {
            return Ok(Sub::One(Box::new(self.sel(ty, asked, keyed)?)));
        };
        let parts: Box<[Sel]> = possible
            .iter()
            .map(|&ty| self.sel(ty, asked, keyed))
            .collect::<Lowered<_>>()?;
        let level = if parts.iter().any(|part| part.level != NONE) {
            self.next_level()?
        } else {
            NONE
        };
        Ok(Sub::Many { parts, level })
    }

    fn arguments(&mut self, def: &schema::Field, asked: &ast::Field<'d>) -> Lowered<u16> {
        if def.args.is_empty() {
            return Ok(NONE);
        }
        let plan = coerce::arguments(self.schema, &def.args, &asked.arguments, &self.places);
        let plan = plan.map_err(|mistake| self.literal(mistake, asked.span.start))?;
        self.args.push(plan);
        small(self.args.len() - 1)
    }

    /// The condition's number, counted from 1; 0 for none.
    fn condition(&mut self, condition: Condition) -> Lowered<u16> {
        if condition == Condition::default() {
            return Ok(0);
        }
        let known = self.conditions.iter().position(|known| *known == condition);
        let place = known.unwrap_or_else(|| {
            self.conditions.push(condition);
            self.conditions.len() - 1
        });
        small(place + 1)
    }

    fn applies(&self, condition: &Name<'_>, ty: u16) -> bool {
        let condition = self.schema.type_no(condition);
        condition.is_some_and(|condition| self.schema.is_possible(condition, ty))
    }

    fn table(&self, ty: u16) -> Lowered<&'static schema::TypeDef> {
        let found = self.def.types.get(ty as usize);
        found.ok_or_else(|| {
            let name = self.schema.types.get(ty as usize).map(|ty| ty.name);
            NoPlan::Tables(format!("no table for the type {ty} ({name:?})"))
        })
    }

    #[cold]
    fn literal(&self, message: String, at: u32) -> NoPlan {
        NoPlan::Literal(message, self.document.place(at))
    }

    fn next_slot(&mut self) -> Lowered<u16> {
        self.slots += 1;
        small(self.slots as usize - 1)
    }

    fn next_level(&mut self) -> Lowered<u16> {
        self.levels += 1;
        small(self.levels as usize - 1)
    }

    fn spend(&mut self, work: usize) -> Lowered<()> {
        self.budget = self.budget.checked_sub(work).ok_or(NoPlan::TooLarge)?;
        Ok(())
    }
}

fn small(number: usize) -> Lowered<u16> {
    u16::try_from(number)
        .ok()
        .filter(|n| *n != NONE)
        .ok_or(NoPlan::TooLarge)
}
