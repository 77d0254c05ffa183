//! Generates the server from `schema/` and `jobs.yaml`.
fn main() {
    graphwright_codegen::build();
}
