//! A short run of the program `fuzz`; `FUZZ_SECONDS` makes it longer.

use std::process::Command;

#[test]
fn hostile_input_is_answered() {
    let seconds = std::env::var("FUZZ_SECONDS").unwrap_or_else(|_| "20".to_owned());
    let run = Command::new(env!("CARGO_BIN_EXE_fuzz"))
        .args(["--seconds", &seconds, "--seed", "1"])
        .output()
        .unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&run.stderr),
    );
    println!("{out}");
    assert!(run.status.success(), "{out}\n{err}");
    let last = out.lines().last().unwrap_or_default();
    let executions: u64 = last
        .split(' ')
        .next()
        .and_then(|word| word.parse().ok())
        .unwrap_or_default();
    assert!(executions >= 100, "{out}\n{err}");
}
