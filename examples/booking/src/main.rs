//! `cargo run -p booking` serves the booking service; `-- --help` says what else it does.

use std::process::ExitCode;

use booking::App;

const TRY: &str = r#"  { listings(first: 3, filter: {region: {eq: EUROPE}}) { nodes { title city price host { name } averageRating } } }
  mutation { login(email: "guest@example.com", password: "correct horse") { token } }
  The seeded people are host@, ben@, guest@ and admin@example.com, all with the password `correct horse`."#;

fn main() -> ExitCode {
    graphwright::app(App::from_env())
        .seed(booking::seed)
        .welcome(TRY)
        .run()
}
