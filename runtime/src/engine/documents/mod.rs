//! Documents: from the text of a request to its plan, and the plans that are kept.
//!
//! In: text, operation name. Out: a shared plan, or errors for the client. Must not know: variables, applications.

mod plans;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::engine::cache;
use crate::engine::coerce::Values;
use crate::engine::cost;
use crate::engine::hints::Hints;
use crate::engine::introspection::{self, Asked, Bounds, Introspection};
use crate::engine::limits::{self, Limits};
use crate::engine::lower::{NoPlan, lower};
use crate::engine::plan::Plan;
use crate::engine::response::Problem;
use crate::engine::schema::{Schema, SchemaDef};
use crate::engine::syntax::ast::{Document, Operation};
use crate::engine::syntax::{self, Mistake};
use crate::engine::validate::validate;
use crate::error::Code;

use plans::Cache;

/// A schema, ready to plan documents.
#[derive(Debug)]
pub(crate) struct Documents {
    pub(crate) schema: Schema,
    pub(crate) limits: Limits,
    def: &'static SchemaDef,
    hints: Hints,
    cache: Cache,
}

impl Documents {
    /// Reads the schema; the error is the generator's fault. For `bound` see [`Schema::new`].
    pub(crate) fn new(
        def: &'static SchemaDef,
        bound: &'static [&'static str],
        limits: Limits,
    ) -> Result<Self, String> {
        let cache = Cache::new(limits.plans);
        Ok(Documents {
            schema: Schema::new(def, bound)?,
            limits,
            hints: Hints::new(def),
            def,
            cache,
        })
    }

    /// The plan of a text, from the cache or made now.
    pub(crate) fn plan(
        &self,
        text: &str,
        operation: Option<&str>,
    ) -> Result<Arc<Plan>, Vec<Problem>> {
        if let Some(plan) = self.cache.get(text, operation) {
            return Ok(plan);
        }
        let plan = Arc::new(self.make(text, operation)?);
        self.cache.put(operation, Arc::clone(&plan));
        Ok(plan)
    }

    /// The plan of a text that was planned before, with what it defers, for the values of one request; `None` if it
    /// defers nothing then. It is not kept: it depends on the values.
    pub(crate) fn deferring(
        &self,
        text: &str,
        operation: Option<&str>,
        values: &Values,
    ) -> Option<Plan> {
        let document = self.read(text).ok()?;
        let asked = choose(&document, operation).ok()?;
        let budget = self.limits.fields;
        let lowered = lower(
            &self.schema,
            self.def,
            &document,
            asked,
            budget,
            Some(values),
        );
        let (mut plan, keys) = lowered.ok()?;
        if plan.groups == 0 || !keys.is_empty() {
            return None;
        }
        plan.tally = cost::tally(&self.hints, self.def, &plan, self.limits.list);
        Some(plan)
    }

    fn make(&self, text: &str, operation: Option<&str>) -> Result<Plan, Vec<Problem>> {
        let document = self.read(text)?;
        let problems = validate(&self.schema, &document, self.limits.introspection);
        if !problems.is_empty() {
            return Err(problems);
        }
        let asked = choose(&document, operation)?;
        let (mut plan, keys) = lower(
            &self.schema,
            self.def,
            &document,
            asked,
            self.limits.fields,
            None,
        )
        .map_err(|no| vec![self.no_plan(no)])?;
        plan.tally = cost::tally(&self.hints, self.def, &plan, self.limits.list);
        plan.keeping = cache::keeping(&self.hints, &plan);
        if !keys.is_empty() {
            let asked = Asked {
                document: &document,
                operation: asked,
                keys: &keys,
            };
            plan.introspection = self.introspection(asked).map_err(|no| vec![no])?;
        }
        Ok(plan)
    }

    /// Syntax and limits.
    fn read<'d>(&self, text: &'d str) -> Result<Document<'d>, Vec<Problem>> {
        let limit = |message: String| vec![Problem::new(Code::LimitExceeded, message)];
        let Limits { bytes, tokens, .. } = self.limits;
        if text.len() > bytes {
            return Err(limit(format!("the document has more than {bytes} bytes")));
        }
        let document = syntax::parse(text, tokens).map_err(|mistake| {
            let Mistake { message, at, .. } = *mistake;
            if mistake.too_long {
                return limit(format!("the document has more than {tokens} tokens"));
            }
            let problem = Problem::new(Code::ParseFailed, format!("syntax error: {message}"));
            vec![problem.at(Some(syntax::place(text, at)))]
        })?;
        limits::check(&document, &self.limits).map_err(limit)?;
        Ok(document)
    }

    fn introspection(&self, asked: Asked<'_, '_>) -> Result<Introspection, Problem> {
        if !self.limits.introspection {
            return Err(Problem::new(
                Code::ValidationFailed,
                "introspection is switched off",
            ));
        }
        if !asked.operation.variables.is_empty() {
            return Ok(Introspection::PerRequest(Box::new(asked.keep())));
        }
        introspection::render(&self.schema, asked, &|_| None, self.bounds())
            .map(Introspection::Rendered)
            .map_err(|message| Problem::new(Code::LimitExceeded, message))
    }

    /// What an answer of introspection may cost.
    pub(crate) fn bounds(&self) -> Bounds {
        Bounds {
            bytes: self.limits.response,
            fields: self.limits.fields,
        }
    }

    fn no_plan(&self, no: NoPlan) -> Problem {
        match no {
            NoPlan::TooLarge => Problem::new(
                Code::LimitExceeded,
                format!(
                    "the operation asks for more than {} fields",
                    self.limits.fields
                ),
            ),
            NoPlan::Literal(message, location) => {
                Problem::new(Code::ValidationFailed, message).at(Some(location))
            }
            NoPlan::Tables(message) => {
                tracing::error!(message, "the schema's tables do not fit its SDL");
                Problem::new(Code::Internal, "internal error")
            }
        }
    }
}

/// The operation of that name, or the only one: <https://spec.graphql.org/September2025/#GetOperation()>
fn choose<'a, 'd>(
    document: &'a Document<'d>,
    name: Option<&str>,
) -> Result<&'a Operation<'d>, Vec<Problem>> {
    let refuse = |message| Err(vec![Problem::new(Code::BadRequest, message)]);
    match (name, document.operations.as_slice()) {
        (None, [one]) => Ok(one),
        (None, []) => refuse("the document has no operation".to_owned()),
        (None, _) => {
            refuse("the document has several operations: `operationName` must say which".to_owned())
        }
        (Some(name), all) => {
            let is_asked = |asked: &&Operation<'_>| asked.name.is_some_and(|known| known == name);
            match all.iter().find(is_asked) {
                Some(asked) => Ok(asked),
                None => refuse(format!("the document has no operation `{name}`")),
            }
        }
    }
}

/// For tests of the cache.
#[cfg(test)]
impl Documents {
    pub(crate) fn plans_kept(&self) -> usize {
        self.cache.len()
    }
}
