//! `cargo run -p hello`, then http://127.0.0.1:8000/graphql in a browser.

fn main() -> std::process::ExitCode {
    graphwright::app(hello::App::new())
        .welcome("{ books { title author { name books { title } } } }")
        .run()
}
