//! The `graphwright` command.

fn main() -> std::process::ExitCode {
    graphwright_codegen::cli::main()
}
