//! Jobs: their table, what makes a struct the arguments of a job, and which trait runs which job.
//!
//! In: jobs of the plan. Out: items. Must not know: queues, clocks.

use crate::plan::tables::{Backoff, Overlap, Queue, Retry, Schedule, Timing};
use crate::plan::{Job, Jobs, Plan, ident};
use proc_macro2::TokenStream;
use quote::quote;
use std::time::Duration;

/// The table of queues and jobs.
pub(super) fn table(jobs: &Jobs) -> TokenStream {
    let (queues, rows) = (jobs.queues.iter().map(queue), jobs.jobs.iter().map(row));
    quote! {
        static JOBS: __gw::jobs::JobsDef = __gw::jobs::JobsDef { queues: &[#(#queues),*], jobs: &[#(#rows),*] };
    }
}

/// `JobArgs` of every arguments' struct.
pub(super) fn args(jobs: &Jobs) -> Vec<TokenStream> {
    let impls = jobs.jobs.iter().map(|job| {
        let (args, name) = (ident(&job.args_name), &job.def.name.name);
        quote! {
            impl __gw::JobArgs for super::types::#args {
                const JOB: &'static ::core::primitive::str = #name;
            }
        }
    });
    impls.collect()
}

/// `Application::run_job`, if there are jobs.
pub(super) fn dispatch(plan: &Plan) -> TokenStream {
    if plan.jobs.jobs.is_empty() {
        return TokenStream::new();
    }
    let arms = plan.jobs.jobs.iter().map(|job| {
        let (name, t) = (&job.def.name.name, ident(&job.trait_name));
        let defaults = if job.defaults.is_empty() {
            quote! { "{}" }
        } else {
            let text = serde_json::Value::Object(job.defaults.clone()).to_string();
            quote! { #text }
        };
        quote! { #name => super::traits::#t::run(self, cx, __gw::job_args(args, #defaults)?).await }
    });
    quote! {
        fn run_job<'a>(
            &'a self,
            name: &'a ::core::primitive::str,
            cx: &'a __gw::JobContext,
            args: __gw::serde_json::Value,
        ) -> __gw::BoxFuture<'a, __gw::JobResult> {
            ::std::boxed::Box::pin(async move {
                match name {
                    #(#arms,)*
                    _ => __gw::unknown_job(name),
                }
            })
        }
    }
}

fn queue(queue: &Queue) -> TokenStream {
    let Queue {
        name,
        concurrency,
        paused,
        ..
    } = queue;
    let poll = duration(queue.poll);
    quote! { __gw::jobs::QueueDef { name: #name, concurrency: #concurrency, poll: #poll, paused: #paused } }
}

fn row(job: &Job) -> TokenStream {
    let def = &job.def;
    let (name, description, enabled, queue) =
        (&def.name.name, &def.description, def.enabled, &def.queue);
    let args = def.args.iter().map(|arg| {
        let (name, ty) = (&arg.name, arg.ty.to_string());
        quote! { (#name, #ty) }
    });
    let (schedules, timeout, retry) = (
        def.schedules.iter().map(schedule),
        duration(def.timeout),
        retry(def.retry),
    );
    let overlap = match def.overlap {
        Overlap::Skip => quote! { Skip },
        Overlap::Allow => quote! { Allow },
    };
    quote! {
        __gw::jobs::JobDef {
            name: #name,
            description: #description,
            enabled: #enabled,
            args: &[#(#args),*],
            schedules: &[#(#schedules),*],
            queue: #queue,
            timeout: #timeout,
            retry: #retry,
            overlap: __gw::jobs::Overlap::#overlap,
        }
    }
}

fn retry(retry: Retry) -> TokenStream {
    let Retry {
        max_attempts,
        jitter,
        ..
    } = retry;
    let (base, max) = (duration(retry.base), duration(retry.max));
    let backoff = match retry.backoff {
        Backoff::Exponential => quote! { Exponential },
        Backoff::Linear => quote! { Linear },
        Backoff::Fixed => quote! { Fixed },
    };
    quote! {
        __gw::jobs::RetryDef {
            max_attempts: #max_attempts,
            backoff: __gw::jobs::Backoff::#backoff,
            base: #base,
            max: #max,
            jitter: #jitter,
        }
    }
}

fn schedule(schedule: &Schedule) -> TokenStream {
    let (id, timezone) = (&schedule.id, &schedule.timezone);
    let args = serde_json::Value::Object(schedule.args.clone()).to_string();
    let timing = match &schedule.timing {
        Timing::Cron(expression) => quote! { Cron(#expression) },
        Timing::Every(step) => {
            let step = duration(*step);
            quote! { Every(#step) }
        }
    };
    quote! {
        __gw::jobs::ScheduleDef { id: #id, timing: __gw::jobs::Timing::#timing, timezone: #timezone, args: #args }
    }
}

fn duration(duration: Duration) -> TokenStream {
    let (seconds, nanos) = (duration.as_secs(), duration.subsec_nanos());
    quote! { ::core::time::Duration::new(#seconds, #nanos) }
}
