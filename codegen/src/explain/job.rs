//! A job of the manifest, and the jobs that have to do with a type.

use super::{Explanation, Unknown, World, field, listed};
use crate::diagnostic::closest;
use crate::ir::{Backoff, Job, Overlap, Timing, TypeKind};
use std::collections::BTreeSet;
use std::time::Duration;

pub(super) fn explain(world: World<'_>, name: &str) -> Result<Explanation, Unknown> {
    let jobs = &world.ir.jobs.jobs;
    let Some(job) = jobs.iter().find(|job| job.name.name == name) else {
        let names: Vec<&str> = jobs.iter().map(|job| &*job.name.name).collect();
        return Err(Unknown {
            message: format!("there is no job `{name}`"),
            help: match closest(name, names.iter().copied()) {
                Some(near) => format!("did you mean `jobs.{near}`?"),
                None if names.is_empty() => "the manifest has no jobs".to_owned(),
                None => format!("there is {}", listed(&names)),
            },
        });
    };
    Ok(whole(world, job))
}

fn whole(world: World<'_>, job: &Job) -> Explanation {
    let name = &job.name.name;
    let args: Vec<String> = job.args.iter().map(field::input).collect();
    let signature = format!("jobs.{name}({})", args.join(", "));
    let mut found = Explanation::new(format!("jobs.{name}"), "a job", signature);
    found.description = (!job.description.is_empty()).then(|| job.description.clone());
    found.place = world.place(job.name.span);
    found.fact("stub", field::stands(world, &stub(world, name)));
    if let Some(method) = field::stub_method(world, &stub(world, name)) {
        found.fact("signature", method.signature.clone());
    }
    if !job.enabled {
        found.fact("schedule", "none fires: the job is disabled");
    }
    for schedule in &job.schedules {
        let when = match &schedule.timing {
            Timing::Cron(expression) => format!("`{expression}`"),
            Timing::Every(every) => format!("every {}", shown(*every)),
        };
        found.fact(
            "schedule",
            format!("{} {when} ({})", schedule.id, schedule.timezone),
        );
    }
    if job.schedules.is_empty() {
        found.fact("schedule", "none: it runs when it is enqueued");
    }
    found.fact("queue", job.queue.clone());
    found.fact("timeout", shown(job.timeout));
    let retry = &job.retry;
    let waits = match retry.backoff {
        Backoff::Exponential => "doubling",
        Backoff::Linear => "growing evenly",
        Backoff::Fixed => "all the same",
    };
    found.fact(
        "attempts",
        format!(
            "{} at most; waits of {} to {}, {waits}",
            retry.max_attempts,
            shown(retry.base),
            shown(retry.max)
        ),
    );
    found.fact(
        "overlap",
        match job.overlap {
            Overlap::Skip => "a tick is skipped while a run is under way",
            Overlap::Allow => "runs may overlap",
        },
    );
    found
}

/// The coordinate of its stub.
fn stub(world: World<'_>, name: &str) -> String {
    let jobs = world.plan.stubs.iter().filter(|stub| stub.of == name);
    let mut methods = jobs.flat_map(|stub| &stub.methods);
    methods
        .next()
        .map_or_else(|| format!("jobs.{name}"), |method| method.gql.clone())
}

/// Says which jobs take a type as an argument, directly or inside of an input.
pub(super) fn touching(world: World<'_>, ty: &str, found: &mut Explanation) {
    let jobs = world.ir.jobs.jobs.iter().filter(|job| {
        let mut reached = BTreeSet::new();
        for arg in &job.args {
            reach(world, arg.ty.name(), &mut reached);
        }
        reached.contains(ty)
    });
    // What every schema has says nothing.
    if crate::ir::Schema::is_builtin_scalar(ty) {
        return;
    }
    for job in jobs {
        let name = &job.name.name;
        found.fact("job", format!("`jobs.{name}` takes `{ty}` as an argument"));
    }
}

fn reach<'a>(world: World<'a>, ty: &'a str, reached: &mut BTreeSet<&'a str>) {
    if !reached.insert(ty) {
        return;
    }
    if let Some(TypeKind::Input { fields, .. }) = world.ir.schema.types.get(ty).map(|ty| &ty.kind) {
        for field in fields {
            reach(world, field.ty.name(), reached);
        }
    }
}

fn shown(time: Duration) -> String {
    match time.as_secs() {
        0 => format!("{} ms", time.as_millis()),
        s if s % 86_400 == 0 => format!("{} d", s / 86_400),
        s if s % 3_600 == 0 => format!("{} h", s / 3_600),
        s if s % 60 == 0 => format!("{} min", s / 60),
        s => format!("{s} s"),
    }
}
