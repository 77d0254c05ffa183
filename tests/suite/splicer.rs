//! A short run of the fuzzer's second target: files of stubs, as people and bad luck leave them, through the merge.
//!
//! `cargo run --release -p graphwright-tests --bin fuzz -- --target splicer --seconds 600` runs longer.

use graphwright_tests::splicer::{Case, Done};

#[test]
fn whatever_a_file_holds_nothing_is_lost() {
    let (mut edited, mut refused) = (0, 0);
    for number in 0..250 {
        let case = Case::make(1, number);
        match case.check() {
            Ok(Done::Edited) => edited += 1,
            Ok(Done::Refused) => refused += 1,
            Ok(Done::Nothing) => {}
            Err(why) => panic!("number {number}: {why}\n{case:#?}\n{}", case.text),
        }
    }
    println!("250 files: {edited} edited, {refused} left alone with a report");
    assert!(
        edited > 80 && refused > 40,
        "{edited} edited, {refused} refused"
    );
}
