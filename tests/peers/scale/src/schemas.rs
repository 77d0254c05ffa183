//! Large schemas: GitHub's, and made-up ones of any size.
//!
//! In: how many types. Out: SDL. Must not know: what is done with it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The package on npm that carries GitHub's public schema; its version is fixed, so that figures can be compared.
const PACKAGE: &str = "@octokit/graphql-schema@15.26.1";

/// GitHub's public schema, fetched once.
pub fn github(folder: &Path) -> Result<String, String> {
    let unpacked = folder.join("npm");
    let schema = unpacked.join("package/schema.graphql");
    if !schema.exists() {
        fs::create_dir_all(&unpacked).map_err(|e| format!("{}: {e}", unpacked.display()))?;
        let packed = command(&unpacked, "npm", &["pack", "--silent", PACKAGE])?;
        command(&unpacked, "tar", &["-xzf", packed.trim()])?;
    }
    let mut sdl = fs::read_to_string(&schema).map_err(|e| format!("{}: {e}", schema.display()))?;
    // Two fields are defined twice, which the specification forbids: the second ones get names of their own.
    for field in [
        "  repositoryDeployKeySetting:",
        "  repositoryDeployKeySettingOrganizations(",
    ] {
        let at = sdl
            .rfind(field)
            .ok_or_else(|| format!("there is no `{field}`"))?;
        sdl.insert_str(at + field.len() - 1, "Again");
    }
    Ok(sdl)
}

fn command(folder: &Path, program: &str, args: &[&str]) -> Result<String, String> {
    let output = Command::new(program)
        .args(args)
        .current_dir(folder)
        .output()
        .map_err(|e| format!("{program}: {e}"))?;
    if !output.status.success() {
        return Err(format!(
            "{program} {args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// How many types a schema defines.
pub fn count(sdl: &str) -> usize {
    let kinds = [
        "type ",
        "interface ",
        "union ",
        "enum ",
        "input ",
        "scalar ",
    ];
    sdl.lines()
        .filter(|line| kinds.iter().any(|kind| line.starts_with(kind)))
        .count()
}

/// A schema of so many types in the manner of public ones: three of five are objects of eight fields, two of which are
/// left to be written; the others are inputs, enums, interfaces and unions. All are described.
pub fn synthetic(types: usize) -> String {
    let objects = types * 3 / 5;
    let others = types - objects - 1;
    let mut sdl = String::from("\"Where everything begins.\"\ntype Query {\n");
    for i in (0..objects).step_by(10) {
        writeln!(
            sdl,
            "  \"The object number {i}.\"\n  object{i}(id: ID!): Object{i}"
        )
        .unwrap();
    }
    sdl.push_str("}\n");
    for i in 0..objects {
        object(&mut sdl, i, objects, others);
    }
    for i in 0..others {
        other(&mut sdl, i, others, objects);
    }
    sdl
}

fn object(sdl: &mut String, i: usize, objects: usize, others: usize) {
    // Of four other types that follow each other, the first is an interface, the second an enum, the third an input.
    let (face, kind, input) = (
        i % others / 4 * 4,
        i % others / 4 * 4 + 1,
        i % others / 4 * 4 + 2,
    );
    let (face, kind, input) = (
        face.min(others - 1),
        kind.min(others - 1),
        input.min(others - 1),
    );
    let (next, far) = ((i + 1) % objects, (i * 7 + 3) % objects);
    let implements = if face % 4 == 0 {
        format!(" implements Face{face}")
    } else {
        String::new()
    };
    let kind = if kind % 4 == 1 {
        format!("Kind{kind}")
    } else {
        "String".to_owned()
    };
    let filter = if input % 4 == 2 {
        format!("(first: Int! = 10, filter: Filter{input})")
    } else {
        "(first: Int! = 10)".to_owned()
    };
    writeln!(
        sdl,
        "\"\"\"\nThe object number {i}, with words as public schemas have them.\n\"\"\"\ntype Object{i}{implements} {{
  \"Its number.\"\n  id: ID!\n  \"What people call it.\"\n  name: String\n  \"What it is.\"\n  kind: {kind}!\n  scores: [Float!]!
  \"When it came.\"\n  since: String!\n  isOpen: Boolean!\n  \"The one behind it.\"\n  next: Object{next} @resolver\n  \"Those that are far away.\"\n  far{filter}: [Object{far}!]!\n}}"
    )
    .unwrap();
}

fn other(sdl: &mut String, i: usize, others: usize, objects: usize) {
    match i % 4 {
        0 => writeln!(sdl, "\"What has a number.\"\ninterface Face{i} {{ id: ID! name: String }}"),
        1 => writeln!(sdl, "\"A choice.\"\nenum Kind{i} {{ LOW_{i} MIDDLE HIGH }}"),
        2 => writeln!(sdl, "\"What to look for.\"\ninput Filter{i} {{ text: String! limit: Int = 5 not: Filter{i} }}"),
        _ => writeln!(sdl, "\"One of some.\"\nunion Any{i} = Object{} | Object{}", i % objects, (i + others) % objects),
    }
    .unwrap();
}
