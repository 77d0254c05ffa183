//! What the figures should be, and whether they are.
//!
//! In: rows. Out: a line for each goal. Must not know: how they were measured.

use std::fmt::Write as _;

use crate::contenders::{Kind, PEERS, Row};
use crate::table::fastest;

/// At least or at most so much.
enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

/// One goal: our figure against that of the fastest of some kinds.
struct Goal {
    says: &'static str,
    workload: &'static str,
    against: &'static [Kind],
    bound: Bound,
}

const GOALS: &[Goal] = &[
    goal(
        "W1 warm: times the fastest peer with futures",
        "W1",
        &[Kind::Peer],
        Bound::AtLeast(20.0),
    ),
    goal(
        "W1 warm: times the fastest peer, without futures too",
        "W1",
        PEERS,
        Bound::AtLeast(20.0),
    ),
    goal(
        "W2: times the fastest peer",
        "W2",
        PEERS,
        Bound::AtLeast(15.0),
    ),
    goal(
        "W3: times the fastest peer",
        "W3",
        PEERS,
        Bound::AtLeast(15.0),
    ),
    goal(
        "W2: of serde_json's time",
        "W2",
        &[Kind::Serde],
        Bound::AtMost(1.0),
    ),
    goal(
        "W3: of serde_json's time",
        "W3",
        &[Kind::Serde],
        Bound::AtMost(1.0),
    ),
    goal(
        "W2: of the time by hand",
        "W2",
        &[Kind::Hand],
        Bound::AtMost(1.5),
    ),
    goal(
        "W3: of the time by hand",
        "W3",
        &[Kind::Hand],
        Bound::AtMost(1.5),
    ),
    goal(
        "W1 cold: times the fastest peer",
        "W1, cold",
        PEERS,
        Bound::AtLeast(1.0),
    ),
    goal(
        "W2 cold: times the fastest peer",
        "W2, cold",
        PEERS,
        Bound::AtLeast(1.0),
    ),
    goal(
        "W4 cold: times the fastest peer",
        "W4, cold",
        PEERS,
        Bound::AtLeast(1.0),
    ),
    goal(
        "W5 cold: times the fastest peer",
        "W5, cold",
        PEERS,
        Bound::AtLeast(1.0),
    ),
];

const fn goal(
    says: &'static str,
    workload: &'static str,
    against: &'static [Kind],
    bound: Bound,
) -> Goal {
    Goal {
        says,
        workload,
        against,
        bound,
    }
}

/// How many allocations W2 may make: it has 1,100 rows, and four positions.
const ALLOCATIONS: u64 = 60;

/// A line for each goal that was measured.
pub fn text(rows: &[Row]) -> String {
    let mut out = String::new();
    for goal in GOALS {
        let ours = fastest(rows, goal.workload, &[Kind::Ours]);
        let (Some(ours), Some(theirs)) = (ours, fastest(rows, goal.workload, goal.against)) else {
            continue;
        };
        let (value, reached, wanted) = match goal.bound {
            Bound::AtLeast(least) => {
                let value = theirs.nanos / ours.nanos;
                (value, value >= least, format!(">= {least}"))
            }
            Bound::AtMost(most) => {
                let value = ours.nanos / theirs.nanos;
                (value, value <= most, format!("<= {most}"))
            }
        };
        line(
            &mut out,
            reached,
            goal.says,
            &format!("{value:.2} (wanted {wanted}; {})", theirs.contender),
        );
    }
    if let Some(ours) = fastest(rows, "W2", &[Kind::Ours]) {
        let count = ours.allocations;
        let says = format!("{count} (wanted <= {ALLOCATIONS})");
        line(
            &mut out,
            count <= ALLOCATIONS,
            "W2: allocations, by positions and not by rows",
            &says,
        );
    }
    out
}

/// One goal's line.
pub fn line(out: &mut String, reached: bool, goal: &str, figure: &str) {
    let verdict = if reached {
        "reached    "
    } else {
        "not reached"
    };
    let _ = writeln!(out, "{verdict}  {goal}: {figure}");
}
