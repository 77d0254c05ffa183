//! Documents: from the text of a request to its plan, and the plans that are kept.
//!
//! In: text, operation name. Out: a shared plan, or errors for the client. Must not know: variables, applications.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, RwLock};

use apollo_compiler::parser::Parser;
use apollo_compiler::response::JsonMap;
use apollo_compiler::schema::Implementers;
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{ExecutableDocument, Name, Schema};

use crate::engine::coerce::Types;
use crate::engine::introspect::{self, Asked, Introspection, one_of};
use crate::engine::limits::{self, Limits};
use crate::engine::lower::{NoPlan, lower};
use crate::engine::plan::Plan;
use crate::engine::response::Problem;
use crate::engine::schema::SchemaDef;
use crate::error::Code;

/// A schema, ready to plan documents.
#[derive(Debug)]
pub(crate) struct Documents {
    pub(crate) schema: Valid<Schema>,
    pub(crate) implementers: apollo_compiler::collections::HashMap<Name, Implementers>,
    pub(crate) limits: Limits,
    def: &'static SchemaDef,
    bound: &'static [&'static str],
    types: HashMap<&'static str, u16>,
    cache: RwLock<Cache>,
    hasher: RandomState,
}

/// Two generations of plans: when the young one is full, the old one is dropped and the young one grows old.
#[derive(Debug, Default)]
struct Cache {
    young: HashMap<u64, Arc<Kept>>,
    old: HashMap<u64, Arc<Kept>>,
    /// What the young ones count as: see [`weight`].
    weight: usize,
}

/// As how many plans a plan counts, by its memory: an ordinary one is one, one of thousands of fields or with a whole
/// schema's introspection is hundreds.
fn weight(text: &str, plan: &Plan) -> usize {
    const ORDINARY: usize = 16 << 10;
    const FIELD: usize = 256;
    let introspection = match &plan.introspection {
        Introspection::None => 0,
        Introspection::Rendered(values) => values.iter().map(|bytes| bytes.len()).sum(),
        Introspection::PerRequest(_) => text.len() * 8,
    };
    1 + (text.len() + plan.fields.len() * FIELD + introspection) / ORDINARY
}

#[derive(Debug)]
struct Kept {
    text: Box<str>,
    operation: Option<Box<str>>,
    plan: Arc<Plan>,
}

impl Documents {
    /// Reads the schema; the error is the generator's fault. For `bound` see [`Types`].
    pub(crate) fn new(
        def: &'static SchemaDef,
        bound: &'static [&'static str],
        limits: Limits,
    ) -> Result<Self, String> {
        let mut sdl = def.sdl.to_owned();
        if sdl.contains("@oneOf") && !sdl.contains("directive @oneOf") {
            sdl.push_str("\ndirective @oneOf on INPUT_OBJECT\n");
        }
        sdl.push_str(one_of::SDL);
        let schema = Schema::parse_and_validate(sdl, "schema.graphql")
            .map_err(|found| found.errors.to_string())?;
        Ok(Documents {
            implementers: schema.implementers_map(),
            schema,
            limits,
            types: def
                .types
                .iter()
                .enumerate()
                .map(|(i, ty)| (ty.name, i as u16))
                .collect(),
            def,
            bound,
            cache: RwLock::default(),
            hasher: RandomState::new(),
        })
    }

    /// What values of clients must fit.
    pub(crate) fn inputs(&self) -> Types<'_> {
        Types {
            schema: &self.schema,
            bound: self.bound,
        }
    }

    /// The plan of a text, from the cache or made now.
    pub(crate) fn plan(
        &self,
        text: &str,
        operation: Option<&str>,
    ) -> Result<Arc<Plan>, Vec<Problem>> {
        let key = self.hasher.hash_one((text, operation));
        if let Some(plan) = self.kept(key, text, operation) {
            return Ok(plan);
        }
        let plan = Arc::new(self.make(text, operation)?);
        let kept = Kept {
            text: text.into(),
            operation: operation.map(Into::into),
            plan: Arc::clone(&plan),
        };
        self.keep(key, Arc::new(kept));
        Ok(plan)
    }

    fn kept(&self, key: u64, text: &str, operation: Option<&str>) -> Option<Arc<Plan>> {
        let fits =
            |kept: &&Arc<Kept>| &*kept.text == text && kept.operation.as_deref() == operation;
        let cache = self
            .cache
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(kept) = cache.young.get(&key).filter(fits) {
            return Some(Arc::clone(&kept.plan));
        }
        let kept = Arc::clone(cache.old.get(&key).filter(fits)?);
        drop(cache);
        let plan = Arc::clone(&kept.plan);
        self.keep(key, kept);
        Some(plan)
    }

    fn keep(&self, key: u64, kept: Arc<Kept>) {
        let mut cache = self
            .cache
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let (most, weight) = (
            self.limits.plans.div_ceil(2),
            weight(&kept.text, &kept.plan),
        );
        if weight > most {
            return;
        }
        if cache.weight + weight > most {
            cache.old = std::mem::take(&mut cache.young);
            cache.weight = 0;
        }
        if cache.young.insert(key, kept).is_none() {
            cache.weight += weight;
        }
    }

    fn make(&self, text: &str, operation: Option<&str>) -> Result<Plan, Vec<Problem>> {
        let document = self.read(text)?;
        let asked = document
            .operations
            .get(operation)
            .map_err(|error| vec![Problem::new(Code::BadRequest, error.message().to_string())])?;
        let (mut plan, keys) = lower(
            self.inputs(),
            self.def,
            &self.types,
            &document,
            asked,
            self.limits.fields,
        )
        .map_err(|no| vec![self.no_plan(no)])?;
        if !keys.is_empty() {
            let operation = operation.map(Name::new).transpose().ok().flatten();
            let constant = asked.variables.is_empty();
            plan.introspection = self
                .introspection(
                    Asked {
                        document: one_of::ask_for_names(&self.schema, document),
                        operation,
                        keys,
                    },
                    constant,
                )
                .map_err(|problem| vec![problem])?;
        }
        Ok(plan)
    }

    /// Limits, syntax, validation.
    fn read(&self, text: &str) -> Result<Valid<ExecutableDocument>, Vec<Problem>> {
        let limit = |message: String| vec![Problem::new(Code::LimitExceeded, message)];
        if text.len() > self.limits.bytes {
            return Err(limit(format!(
                "the document has more than {} bytes",
                self.limits.bytes
            )));
        }
        let mut parser = Parser::new()
            .token_limit(self.limits.tokens)
            .recursion_limit(200);
        let syntax = parser.parse_ast(text, "").map_err(|found| {
            if parser.tokens_reached() > self.limits.tokens {
                return limit(format!(
                    "the document has more than {} tokens",
                    self.limits.tokens
                ));
            }
            problems(Code::ParseFailed, &found.errors)
        })?;
        limits::check(&syntax, &self.limits).map_err(limit)?;
        syntax
            .to_executable_validate(&self.schema)
            .map_err(|found| problems(Code::ValidationFailed, &found.errors))
    }

    fn introspection(&self, asked: Asked, constant: bool) -> Result<Introspection, Problem> {
        if !self.limits.introspection {
            return Err(Problem::new(
                Code::ValidationFailed,
                "introspection is switched off",
            ));
        }
        if !constant {
            return Ok(Introspection::PerRequest(Box::new(asked)));
        }
        let rendered = introspect::render(&self.schema, &self.implementers, &asked, JsonMap::new());
        rendered
            .map(Introspection::Rendered)
            .map_err(|message| Problem::new(Code::LimitExceeded, message))
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
                Problem::new(Code::ValidationFailed, message).at(location)
            }
            NoPlan::Tables(message) => {
                tracing::error!(message, "the schema's tables do not fit its SDL");
                Problem::new(Code::Internal, "internal error")
            }
        }
    }
}

fn problems(code: Code, found: &DiagnosticList) -> Vec<Problem> {
    /// A document with thousands of mistakes needs no thousands of errors.
    const MOST: usize = 50;
    let problem = |diagnostic: apollo_compiler::diagnostic::Diagnostic<'_, _>| {
        let json = diagnostic.to_json();
        let location = json
            .locations
            .first()
            .map(|place| (place.line as u32, place.column as u32));
        Problem::new(code.clone(), json.message).at(location)
    };
    found.iter().take(MOST).map(problem).collect()
}

/// For tests of the cache.
#[cfg(test)]
impl Documents {
    pub(crate) fn plans_kept(&self) -> usize {
        let cache = self.cache.read().unwrap();
        cache.young.len() + cache.old.len()
    }
}
