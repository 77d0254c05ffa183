//! The planner: from a validated operation to a plan.
//!
//! In: a document, the schema and its tables. Out: a [`Plan`]. Must not know: values of variables.
//!
//! CollectFields (<https://spec.graphql.org/September2025/#CollectFields()>) runs once for each selection set and
//! concrete type; same response keys are merged, a fragment is expanded once for each type, so no document can make
//! the planner work more than its budget.

mod collect;

use std::collections::HashMap;
use std::sync::atomic::AtomicUsize;

use apollo_compiler::ast::OperationType;
use apollo_compiler::executable::{Field as AskedField, Operation};
use apollo_compiler::parser::SourceMap;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Node, Schema};

use self::collect::{Asked, Collected, Occurrence, implies};
use crate::engine::coerce::{self, ArgPlan, Types, Variable};
use crate::engine::introspect::Introspection;
use crate::engine::plan::{Condition, Field, FieldInfo, NONE, Origin, Plan, RootKind, Sel, Sub};
use crate::engine::schema::{FieldDef, LEAF, SchemaDef, Shape, Source};
use crate::model::Expr;

/// Why there is no plan; for the client.
#[derive(Debug)]
pub(crate) enum NoPlan {
    /// More fields than the budget allows.
    TooLarge,
    /// A literal does not fit its type.
    Literal(String, Option<(u32, u32)>),
    /// The tables and the schema disagree: the generator's fault.
    Tables(String),
}

type Lowered<T> = Result<T, NoPlan>;

/// A plan, and the response keys of its introspection fields.
pub(crate) fn lower(
    inputs: Types<'_>,
    def: &'static SchemaDef,
    types: &HashMap<&'static str, u16>,
    document: &Valid<ExecutableDocument>,
    operation: &Operation,
    budget: usize,
) -> Lowered<(Plan, Box<[Box<str>]>)> {
    let kind = match operation.operation_type {
        OperationType::Query => RootKind::Query,
        OperationType::Mutation => RootKind::Mutation,
        OperationType::Subscription => RootKind::Subscription,
    };
    let mut planner = Planner {
        schema: inputs.schema,
        inputs,
        def,
        types,
        document,
        variables: variables(inputs, operation, &document.sources)?,
        fields: Vec::new(),
        conditions: Vec::new(),
        args: Vec::new(),
        guards: Vec::new(),
        constants: Vec::new(),
        slots: 0,
        levels: 0,
        budget,
    };
    let root_type = planner.number(operation.object_type())?;
    let asked = [Asked {
        set: &operation.selection_set,
        cond: Vec::new(),
    }];
    let root = planner.sel(root_type, &asked, false)?;
    let plan = Plan {
        root,
        slots: planner.slots as usize,
        levels: planner.levels as usize,
        hint: AtomicUsize::new(256),
        kind,
        name: operation.name.as_ref().map(|name| name.as_str().into()),
        fields: planner.fields.into(),
        conditions: planner.conditions.into(),
        args: planner.args.into(),
        guards: planner.guards.into(),
        variables: planner.variables.into(),
        introspection: Introspection::None,
    };
    Ok((plan, planner.constants.into()))
}

fn variables(
    inputs: Types<'_>,
    operation: &Operation,
    sources: &SourceMap,
) -> Lowered<Vec<Variable>> {
    let variable = |def: &Node<apollo_compiler::ast::VariableDefinition>| {
        let location = place(def.location(), sources);
        let default = def
            .default_value
            .as_deref()
            .map(|value| coerce::constant(inputs, &def.ty, value))
            .transpose();
        let default = default.map_err(|mistake| NoPlan::Literal(mistake, location))?;
        Ok(Variable {
            name: def.name.as_str().into(),
            ty: (*def.ty).clone(),
            default,
            location,
        })
    };
    operation.variables.iter().map(variable).collect()
}

struct Planner<'d> {
    schema: &'d Valid<Schema>,
    inputs: Types<'d>,
    def: &'static SchemaDef,
    types: &'d HashMap<&'static str, u16>,
    document: &'d Valid<ExecutableDocument>,
    variables: Vec<Variable>,
    fields: Vec<FieldInfo>,
    conditions: Vec<Condition>,
    args: Vec<ArgPlan>,
    guards: Vec<Expr>,
    constants: Vec<Box<str>>,
    slots: u16,
    levels: u16,
    budget: usize,
}

impl<'d> Planner<'d> {
    /// One selection on one concrete type. `keyed`: user code may answer keys of rows for it.
    fn sel(&mut self, ty: u16, asked: &[Asked<'d>], keyed: bool) -> Lowered<Sel> {
        let mut collected = Collected::default();
        for Asked { set, cond } in asked {
            self.collect(ty, set, cond, &mut collected)?;
        }
        let mut wanted = Vec::with_capacity(collected.keys.len());
        for occurrences in &collected.keys {
            for (condition, first) in self.entries(occurrences)? {
                wanted.push((occurrences[first].place, condition, &occurrences[first..]));
            }
        }
        wanted.sort_by_key(|(place, ..)| *place);
        let (mut fields, mut work) = (Vec::with_capacity(wanted.len()), Vec::new());
        for (_, condition, occurrences) in wanted {
            let (field, visit) = self.field(ty, condition, occurrences)?;
            if visit {
                work.push(fields.len() as u16);
            }
            fields.push(field);
        }
        let rows = keyed && matches!(self.def.types[ty as usize].shape, Shape::Model(_));
        let level = if rows || !work.is_empty() {
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
        })
    }

    /// One entry of a selection. Answers also whether the level pass must come here.
    fn field(
        &mut self,
        ty: u16,
        condition: Condition,
        occurrences: &[Occurrence<'d>],
    ) -> Lowered<(Field, bool)> {
        self.spend(1)?;
        let asked = occurrences[0].field;
        let no = self.fields.len() as u32;
        let type_name = self.def.types[ty as usize].name;
        self.fields.push(FieldInfo {
            key: asked.response_key().as_str().into(),
            name: format!("{type_name}.{}", asked.name).into(),
            locations: occurrences
                .iter()
                .filter_map(|o| place(o.field.location(), &self.document.sources))
                .collect(),
        });
        let mut field = Field {
            key: format!("\"{}\":", asked.response_key()).into_bytes().into(),
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
        };
        match asked.name.as_str() {
            "__typename" => return Ok((field, false)),
            "__schema" | "__type" => {
                field.non_null = asked.name == "__schema";
                field.origin = Origin::Constant(small(self.constants.len())?);
                self.constants.push(asked.response_key().as_str().into());
                return Ok((field, false));
            }
            _ => {}
        }
        let (fid, def) = self.find(ty, &asked.name)?;
        let visit = self.resolve(&mut field, ty, fid, def, occurrences)?;
        field.plain = field.cond == 0 && field.guard == NONE && field.origin == Origin::Own;
        Ok((field, visit))
    }

    fn resolve(
        &mut self,
        field: &mut Field,
        ty: u16,
        fid: u16,
        def: &'static FieldDef,
        occurrences: &[Occurrence<'d>],
    ) -> Lowered<bool> {
        (field.fid, field.non_null) = (fid, def.non_null);
        field.origin = if matches!(def.source, Source::Operation(_)) {
            Origin::Operation
        } else {
            Origin::Own
        };
        field.args = self.arguments(ty, occurrences[0].field)?;
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

    fn below(&mut self, ty: u16, occurrences: &[Occurrence<'d>], keyed: bool) -> Lowered<Sub> {
        if ty == LEAF {
            return Ok(Sub::None);
        }
        let first = &occurrences[0].cond;
        // What must hold for the field itself holds below it.
        let asked: Vec<_> = occurrences
            .iter()
            .map(|o| Asked {
                set: &o.field.selection_set,
                cond: if implies(first, &o.cond) {
                    Vec::new()
                } else {
                    o.cond.clone()
                },
            })
            .collect();
        let Shape::Abstract(possible) = self.def.types[ty as usize].shape else {
            return Ok(Sub::One(Box::new(self.sel(ty, &asked, keyed)?)));
        };
        let parts: Box<[Sel]> = possible
            .iter()
            .map(|&ty| self.sel(ty, &asked, keyed))
            .collect::<Lowered<_>>()?;
        let level = if parts.iter().any(|part| part.level != NONE) {
            self.next_level()?
        } else {
            NONE
        };
        Ok(Sub::Many { parts, level })
    }

    fn arguments(&mut self, ty: u16, asked: &'d Node<AskedField>) -> Lowered<u16> {
        // The concrete type may have more arguments than the interface that the document names.
        let type_name = self.def.types[ty as usize].name;
        let defs = match self.schema.type_field(type_name, &asked.name) {
            Ok(def) => &def.arguments,
            Err(_) => &asked.definition.arguments,
        };
        if defs.is_empty() {
            return Ok(NONE);
        }
        let plan = coerce::arguments(self.inputs, defs, &asked.arguments, &self.variables);
        let plan = plan.map_err(|mistake| {
            NoPlan::Literal(mistake, place(asked.location(), &self.document.sources))
        })?;
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

    fn applies(&self, condition: &str, ty: u16) -> bool {
        let name = self.def.types[ty as usize].name;
        condition == name || self.schema.is_subtype(condition, name)
    }

    fn number(&self, name: &str) -> Lowered<u16> {
        self.types
            .get(name)
            .copied()
            .ok_or_else(|| NoPlan::Tables(format!("no table for the type `{name}`")))
    }

    fn find(&self, ty: u16, name: &str) -> Lowered<(u16, &'static FieldDef)> {
        let def = &self.def.types[ty as usize];
        let place = def.fields.iter().position(|field| field.name == name);
        place
            .map(|i| (i as u16, &def.fields[i]))
            .ok_or_else(|| NoPlan::Tables(format!("no table entry for `{}.{name}`", def.name)))
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

/// Line and column of a place in the document, counted from 1.
pub(crate) fn place(
    span: Option<apollo_compiler::parser::SourceSpan>,
    sources: &SourceMap,
) -> Option<(u32, u32)> {
    let found = span?.line_column(sources)?;
    Some((found.line as u32, found.column as u32))
}
