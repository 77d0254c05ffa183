//! What a released package holds.

use std::process::Command;

#[test]
fn the_generators_package_holds_its_templates() {
    let output = Command::new(env!("CARGO"))
        .args([
            "package",
            "--list",
            "--offline",
            "--allow-dirty",
            "-p",
            "graphwright-codegen",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let listed = String::from_utf8(output.stdout).unwrap().replace('\\', "/");
    for template in [
        "askama.toml",
        "templates/stubs/file.rs.jinja",
        "templates/stubs/mod.rs.jinja",
        "templates/new/Cargo.toml.jinja",
        "templates/new/src/resolvers/hello.rs.jinja",
        "templates/new/schema/note.graphql.jinja",
        "src/lower/directives.graphql",
        "src/explain/codes.md",
        "src/guide/commands.md",
    ] {
        assert!(
            listed.lines().any(|line| line == template),
            "{template} is not in the package:\n{listed}"
        );
    }
}
