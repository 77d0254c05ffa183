//! The manifest → jobs: defaults inherited, names looked up, arguments coerced.
//!
//! In: a manifest as written, and the schema. Out: jobs. Must not know: how a job is run.

mod coerce;

use super::scalars;
use crate::diagnostic::{Code, Diagnostics, suggest};
use crate::ir::{
    Backoff, InputValue, Job, Jobs, Overlap, Queue, Retry, Schedule, Schema, TypeKind,
};
use crate::parse::manifest::{At, JobDecl, Manifest, RetryDecl, ScheduleDecl, Settings};
use std::collections::BTreeMap;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// Lowers a manifest.
pub(super) fn jobs(manifest: &Manifest, schema: &Schema, diags: &mut Diagnostics) -> Jobs {
    let mut queues: Vec<Queue> = manifest
        .queues
        .iter()
        .map(|q| Queue {
            name: q.name.name.clone(),
            concurrency: q.concurrency.unwrap_or(10),
            poll: q.poll.unwrap_or(SECOND),
            paused: q.paused.unwrap_or(false),
        })
        .collect();
    if !queues.iter().any(|q| q.name == "default") {
        let default = Queue {
            name: "default".into(),
            concurrency: 10,
            poll: SECOND,
            paused: false,
        };
        queues.insert(0, default);
    }
    check_settings(&manifest.defaults, &queues, diags);
    let jobs = manifest
        .jobs
        .iter()
        .map(|decl| job(decl, &manifest.defaults, &queues, schema, diags))
        .collect();
    Jobs { queues, jobs }
}

fn job(
    decl: &JobDecl,
    defaults: &Settings,
    queues: &[Queue],
    schema: &Schema,
    diags: &mut Diagnostics,
) -> Job {
    let own = &decl.settings;
    check_settings(own, queues, diags);
    let args: Vec<InputValue> = decl
        .args
        .iter()
        .filter(|arg| arg_type(arg, schema, diags))
        .cloned()
        .collect();
    let timezone = own.timezone.as_ref().or(defaults.timezone.as_ref());
    let queue = own.queue.as_ref().or(defaults.queue.as_ref());
    Job {
        name: decl.name.clone(),
        description: decl.description.clone().unwrap_or_default(),
        enabled: own.enabled.or(defaults.enabled).unwrap_or(true),
        // An argument that was refused makes every schedule of the job look wrong.
        schedules: if args.len() == decl.args.len() {
            schedules(decl, &args, timezone, schema, diags)
        } else {
            Vec::new()
        },
        args,
        queue: queue.map_or_else(|| "default".to_owned(), |q| q.value.clone()),
        timeout: own.timeout.or(defaults.timeout).unwrap_or(5 * MINUTE),
        retry: retry(&own.retry, &defaults.retry, diags),
        overlap: own.overlap.or(defaults.overlap).unwrap_or(Overlap::Skip),
    }
}

fn check_settings(settings: &Settings, queues: &[Queue], diags: &mut Diagnostics) {
    if let Some(queue) = &settings.queue
        && !queues.iter().any(|q| q.name == queue.value)
    {
        let help = suggest(&queue.value, queues.iter().map(|q| q.name.as_str()));
        let help =
            help.unwrap_or_else(|| format!("declare it: `queues: {{{}: {{}}}}`", queue.value));
        diags
            .error(
                Code::JobQueue,
                queue.span,
                format!("unknown queue `{}`", queue.value),
            )
            .help(help);
    }
    if let Some(timezone) = &settings.timezone {
        check_timezone(timezone, diags);
    }
}

/// Looks a time zone up in the database that this program carries, so that the machine makes no difference.
fn check_timezone(timezone: &At<String>, diags: &mut Diagnostics) {
    let database = jiff::tz::TimeZoneDatabase::bundled();
    let names: Vec<String> = database.available().map(|name| name.to_string()).collect();
    if names.contains(&timezone.value) {
        return;
    }
    let wanted = timezone.value.as_str();
    let city = names.iter().find(|name| {
        name.rsplit('/')
            .next()
            .is_some_and(|city| city.eq_ignore_ascii_case(&wanted.replace(' ', "_")))
    });
    let help = match (city, suggest(wanted, names.iter().map(String::as_str))) {
        (Some(name), _) => format!("did you mean `{name}`?"),
        (None, Some(help)) => help,
        (None, None) => "names of the IANA database, such as `Europe/Berlin`".to_owned(),
    };
    diags
        .error(
            Code::JobTimezone,
            timezone.span,
            format!("unknown time zone `{wanted}`"),
        )
        .help(help);
}

fn retry(own: &RetryDecl, defaults: &RetryDecl, diags: &mut Diagnostics) -> Retry {
    let retry = Retry {
        max_attempts: own.max_attempts.or(defaults.max_attempts).unwrap_or(10),
        backoff: own
            .backoff
            .or(defaults.backoff)
            .unwrap_or(Backoff::Exponential),
        base: own.base.or(defaults.base).unwrap_or(5 * SECOND),
        max: own.max.or(defaults.max).unwrap_or(60 * MINUTE),
        jitter: own.jitter.or(defaults.jitter).unwrap_or(0.1),
    };
    if let Some(span) = own.span.filter(|_| own.base.is_some() || own.max.is_some())
        && retry.base > retry.max
    {
        let message = format!(
            "the first wait, {:?}, is longer than the longest, {:?}",
            retry.base, retry.max
        );
        diags
            .error(Code::JobRetry, span, message)
            .help("raise `max`, or lower `base`");
    }
    retry
}

/// Whether an argument has a type that inputs can have.
fn arg_type(arg: &InputValue, schema: &Schema, diags: &mut Diagnostics) -> bool {
    let name = arg.ty.name();
    if Schema::is_builtin_scalar(name)
        || scalars::is_known(name) && name != "Upload"
        || schema.broken.contains(name)
    {
        return true;
    }
    let message = match schema.types.get(name).map(|ty| &ty.kind) {
        Some(TypeKind::Scalar | TypeKind::Enum { .. } | TypeKind::Input { .. })
            if name != "Upload" =>
        {
            return true;
        }
        Some(_) => {
            let message = format!("`{name}` cannot be an argument: it is not an input type");
            diags.error(Code::JobArgType, arg.ty_span, message).help(
                "arguments are scalars, enums, inputs and lists of them; of a row, give its `ID!`",
            );
            return false;
        }
        None => format!("unknown type `{name}` of the argument `{}`", arg.name),
    };
    let input = |ty: &&crate::ir::Type| {
        matches!(
            ty.kind,
            TypeKind::Scalar | TypeKind::Enum { .. } | TypeKind::Input { .. }
        )
    };
    let known = schema
        .types
        .values()
        .filter(input)
        .map(|ty| ty.name.as_str());
    let known = known
        .chain(["ID", "Int", "Float", "String", "Boolean"])
        .chain(scalars::names());
    let help = suggest(name, known);
    if schema.query.is_none() && help.is_none() {
        // A manifest that is looked at by itself, or a schema that has greater mistakes.
        diags
            .warn(Code::JobArgType, arg.ty_span, message)
            .help("what the schema defines is known with `--schema FILE…`");
    } else {
        diags
            .error(Code::JobArgType, arg.ty_span, message)
            .help_opt(help);
    }
    false
}

fn schedules(
    decl: &JobDecl,
    args: &[InputValue],
    timezone: Option<&At<String>>,
    schema: &Schema,
    diags: &mut Diagnostics,
) -> Vec<Schedule> {
    let defaults = coerce::defaults(args, schema, diags);
    let mut seen = BTreeMap::new();
    let mut made = Vec::new();
    for (number, schedule) in decl.schedules.iter().enumerate() {
        if let Some(own) = &schedule.timezone {
            check_timezone(own, diags);
        }
        if let Some(id) = &schedule.id
            && let Some(first) = seen.insert(id.name.clone(), id.span)
        {
            let message = format!(
                "two schedules of `{}` have the id `{}`",
                decl.name.name, id.name
            );
            diags
                .error(Code::ScheduleId, id.span, message)
                .note(first, "the first is here")
                .help("rename one of them");
        }
        let timezone = schedule.timezone.as_ref().or(timezone);
        made.push(Schedule {
            id: schedule_id(decl, schedule, number),
            span: schedule.span,
            timing: schedule.timing.value.clone(),
            timezone: timezone.map_or_else(|| "UTC".to_owned(), |t| t.value.clone()),
            args: coerce::args(decl, schedule, args, &defaults, schema, diags),
        });
    }
    made
}

fn schedule_id(decl: &JobDecl, schedule: &ScheduleDecl, number: usize) -> String {
    let job = &decl.name.name;
    match &schedule.id {
        Some(id) => format!("{job}#{}", id.name),
        None if decl.schedules.len() == 1 => job.clone(),
        None => format!("{job}#{}", number + 1),
    }
}
