//! Introspection of a large schema: GitHub's, fetched from npm when it is wanted, never kept in the repository.
//!
//! In: the network. Out: a line of figures, and a goal. Must not know: how introspection is answered.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;

use graphwright::engine::response::Request;
use graphwright::mock::{self, Mock, Schema};
use graphwright::{Server, Services};

use crate::goals;
use crate::measure::{Figures, thread_cpu};
use crate::options::Options;

/// The package that holds the schema, and a version of it without duplicate fields.
const PACKAGE: &str = "@octokit/graphql-schema@15.0.0";

/// The query that GraphiQL and code generators send.
const INTROSPECTION: &str = "
query Introspection {
  __schema {
    description
    queryType { name }
    mutationType { name }
    subscriptionType { name }
    types { ...Type }
    directives {
      name description isRepeatable locations
      args(includeDeprecated: true) { ...Input }
    }
  }
}
fragment Type on __Type {
  kind name description specifiedByURL isOneOf
  fields(includeDeprecated: true) {
    name description
    args(includeDeprecated: true) { ...Input }
    type { ...Ref }
    isDeprecated deprecationReason
  }
  inputFields(includeDeprecated: true) { ...Input }
  interfaces { ...Ref }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...Ref }
}
fragment Input on __InputValue { name description type { ...Ref } defaultValue isDeprecated deprecationReason }
fragment Ref on __Type {
  kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } }
}
";

/// Asks for everything, cold once and then warm.
pub fn run(options: &Options) -> ExitCode {
    let sdl = match schema() {
        Ok(sdl) => sdl,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    };
    let start = thread_cpu();
    let schema = Schema::parse(&sdl).expect("GitHub's schema");
    let services = Arc::new(Services::new());
    let server = Server::with_limits(Mock::generated(schema, "1"), services, mock::limits())
        .expect("GitHub's schema");
    let read = thread_cpu() - start;
    let runtime = crate::contenders::runtime();
    let request = Request {
        query: INTROSPECTION.to_owned(),
        ..Request::default()
    };
    let ask = |times: u64| {
        runtime.block_on(async {
            let mut last = Vec::new();
            for _ in 0..times {
                last = server.execute(None, "bench", &request).await.body;
            }
            last
        })
    };
    let start = thread_cpu();
    let first = ask(1);
    let cold = thread_cpu() - start;
    assert!(
        !first.starts_with(b"{\"errors\"") && first.len() > 1 << 20,
        "{}",
        String::from_utf8_lossy(&first[..first.len().min(300)])
    );
    let mut figures = Figures::new(&ask, 20e6);
    for _ in 0..if options.quick { 5 } else { 31 } {
        figures.sample(&ask);
    }
    let warm = figures.median();
    println!(
        "GitHub's schema ({} kB of SDL): read {:.1} ms; introspection ({} kB) cold {:.2} ms, warm {:.3} ms, {} allocations",
        sdl.len() / 1000,
        read / 1e6,
        figures.size / 1000,
        cold / 1e6,
        warm / 1e6,
        figures.allocations
    );
    let mut text = String::new();
    let figure = format!("{:.3} ms (wanted < 10 ms)", warm / 1e6);
    goals::line(
        &mut text,
        warm < 10e6,
        "introspection of GitHub's schema, warm",
        &figure,
    );
    print!("{text}");
    ExitCode::SUCCESS
}

/// The SDL, from the target folder or from npm.
fn schema() -> Result<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/github");
    let file = folder.join("package/schema.graphql");
    if !file.exists() {
        fetch(&folder)?;
    }
    std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))
}

fn fetch(folder: &PathBuf) -> Result<(), String> {
    let said = |what: &str, error: &dyn std::fmt::Display| format!("{what}: {error}");
    std::fs::create_dir_all(folder).map_err(|error| said("the target folder", &error))?;
    let packed = Command::new("npm")
        .args(["pack", "--silent", PACKAGE])
        .current_dir(folder)
        .output()
        .map_err(|error| said("npm", &error))?;
    let name = String::from_utf8_lossy(&packed.stdout).trim().to_owned();
    if !packed.status.success() || name.is_empty() {
        return Err(said("npm pack", &String::from_utf8_lossy(&packed.stderr)));
    }
    let unpacked = Command::new("tar")
        .args(["xzf", &name, "package/schema.graphql"])
        .current_dir(folder)
        .status()
        .map_err(|error| said("tar", &error))?;
    match unpacked.success() {
        true => Ok(()),
        false => Err(format!("tar could not unpack {name}")),
    }
}
