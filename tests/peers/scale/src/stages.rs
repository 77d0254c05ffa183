//! Where the time goes: the stages one by one, in one process.
//!
//! In: SDL. Out: a table. Must not know: what the stages do.

use graphwright_codegen::diagnostic::Diagnostics;
use graphwright_codegen::options::Options;
use graphwright_codegen::plan::Settings;
use graphwright_codegen::source::FileId;
use graphwright_codegen::{Inputs, emit, lower, migrate, parse, pipeline, plan, print, validate};
use std::time::Instant;

/// Prints the least of three runs of each stage.
pub fn print(sdl: &str) {
    let mut best: Vec<(&str, f64)> = Vec::new();
    for _ in 0..3 {
        let run = run(sdl);
        if best.is_empty() {
            best = run;
        } else {
            best.iter_mut()
                .zip(run)
                .for_each(|(a, b)| a.1 = a.1.min(b.1));
        }
    }
    println!("| stage | milliseconds |\n|---|---|");
    best.iter()
        .for_each(|(stage, milliseconds)| println!("| {stage} | {milliseconds:.1} |"));
    println!();
}

type Times = Vec<(&'static str, f64)>;

fn timed<T>(times: &mut Times, stage: &'static str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    times.push((stage, start.elapsed().as_secs_f64() * 1e3));
    done
}

fn run(sdl: &str) -> Times {
    let mut times = Times::new();
    let mut inputs = Inputs::default();
    inputs.add_schema("schema/schema.graphql", sdl);
    let (options, mut diags) = (Options::default(), Diagnostics::default());
    let file = FileId(0);
    let document = timed(&mut times, "parse", || {
        parse::document(file, inputs.sources.file(file), &mut diags)
    });
    let ir = timed(&mut times, "lower", || {
        lower::lower(&inputs.sources, &[document], None, &mut diags)
    });
    let Some(ir) = timed(&mut times, "validate", || {
        validate::validate(ir, &mut diags)
    }) else {
        println!("{}", diags.render(&inputs.sources, false));
        return times;
    };
    let sdl = timed(&mut times, "print the public SDL", || {
        print::sdl(&ir.schema)
    });
    let files = migrate::migrate(&ir, &inputs.migrations, &options, &mut diags);
    let settings = Settings {
        options: &options,
        sources: &inputs.sources,
        sdl,
        migrations: migrate::names(&inputs.migrations, &files),
    };
    let plan = timed(&mut times, "plan", || {
        plan::plan(&ir, &settings, &mut diags)
    });
    let text = timed(&mut times, "emit", || emit::generate(&plan));
    let output = timed(&mut times, "all but emit, stubs new", || {
        pipeline::inspect(&inputs, &options)
    });
    for (path, text) in &output.files {
        if path.ends_with(".rs") {
            inputs.rust.insert(path.clone(), text.clone());
        } else {
            inputs.lock.clone_from(text);
        }
    }
    let again = timed(&mut times, "all but emit, stubs there", || {
        pipeline::inspect(&inputs, &options)
    });
    let (first, second) = (output.files.len(), again.files.len());
    println!(
        "{} bytes are generated; {first} files of the package, then {second}\n",
        text.len()
    );
    times
}
