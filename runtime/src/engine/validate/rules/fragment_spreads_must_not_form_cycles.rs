//! Fragment Spreads Must Not Form Cycles:
//! <https://spec.graphql.org/September2025/#sec-Fragment-Spreads-Must-Not-Form-Cycles>

use crate::engine::validate::Context;
use crate::engine::validate::walked::{SpreadOf, Walked};

/// How far a fragment is looked into.
#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    OnTheWay,
    Done,
}

/// Depth first, without recursion: a document may chain thousands of fragments. Each spread that leads back to a fragment
/// on the way to it is a mistake.
pub(in crate::engine::validate) fn check(cx: &mut Context<'_, '_>, walked: &Walked<'_, '_>) {
    let document = cx.document;
    let mut states = vec![State::New; document.fragments.len()];
    let mut way: Vec<(usize, std::slice::Iter<'_, SpreadOf>)> = Vec::new();
    for start in 0..states.len() {
        if states[start] != State::New {
            continue;
        }
        states[start] = State::OnTheWay;
        way.push((start, walked.spreads_of_fragment(start).iter()));
        while let Some((at, spreads)) = way.last_mut() {
            let Some(spread) = spreads.next() else {
                states[*at] = State::Done;
                way.pop();
                continue;
            };
            let to = spread.fragment as usize;
            match states[to] {
                State::Done => {}
                State::New => {
                    states[to] = State::OnTheWay;
                    way.push((to, walked.spreads_of_fragment(to).iter()));
                }
                State::OnTheWay => {
                    let name = document.fragments[to].name;
                    let names = way.iter().rev().take_while(|(no, _)| *no != to);
                    let through: Vec<_> = names
                        .map(|(no, _)| format!("`{}`", document.fragments[*no].name))
                        .collect();
                    let message = describe(&name, &through);
                    cx.found.add(spread.at, message);
                }
            }
        }
    }
}

/// `through`: from the fragment that closes the ring backwards.
fn describe(name: &str, through: &[String]) -> String {
    /// A ring of hundreds of fragments is not told in full.
    const TOLD: usize = 5;
    let mut message = format!("the fragment `{name}` contains itself");
    if !through.is_empty() {
        let told: Vec<_> = through.iter().rev().take(TOLD).cloned().collect();
        let more = if through.len() > TOLD {
            " and others"
        } else {
            ""
        };
        message.push_str(&format!(", through {}{more}", told.join(", ")));
    }
    message
}
