//! The table, for people and for machines.
//!
//! In: rows. Out: text. Must not know: how they were measured.

use std::fmt::Write as _;

use serde_json::json;

use crate::contenders::{Kind, PEERS, Row};

/// The fastest row of these kinds in a workload.
pub fn fastest<'a>(rows: &'a [Row], workload: &str, kinds: &[Kind]) -> Option<&'a Row> {
    rows.iter()
        .filter(|row| row.workload == workload && kinds.contains(&row.kind))
        .min_by(|a, b| a.nanos.total_cmp(&b.nanos))
}

/// A table for people.
pub fn text(rows: &[Row]) -> String {
    let mut out = format!(
        "{:<22} {:<26} {:>10} {:>8} {:>11} {:>9} {:>8} {:>8} {:>9} {:>9}\n",
        "workload",
        "contender",
        "us",
        "ns/leaf",
        "x the peer",
        "of serde",
        "of hand",
        "allocs",
        "allocated",
        "answer"
    );
    let mut last = "";
    for row in rows {
        if row.workload != last {
            out.push('\n');
            last = &row.workload;
        }
        let ratio =
            |kinds| fastest(rows, &row.workload, kinds).map(|found| row.nanos / found.nanos);
        let times = |ratio: Option<f64>| ratio.map_or("-".into(), |ratio| format!("{ratio:.2}"));
        let faster = ratio(PEERS).map(|ratio| 1.0 / ratio);
        let leaf = (row.leaves > 0).then(|| row.nanos / row.leaves as f64);
        let _ = writeln!(
            out,
            "{:<22} {:<26} {:>10.2} {:>8} {:>11} {:>9} {:>8} {:>8} {:>9} {:>9}",
            row.workload,
            row.contender,
            row.nanos / 1e3,
            leaf.map_or("-".into(), |leaf| format!("{leaf:.1}")),
            times(faster),
            times(ratio(&[Kind::Serde])),
            times(ratio(&[Kind::Hand])),
            row.allocations,
            row.bytes,
            row.size,
        );
    }
    out
}

/// The same for machines.
pub fn json(rows: &[Row]) -> serde_json::Value {
    let row = |row: &Row| {
        json!({
            "workload": row.workload,
            "contender": row.contender,
            "nanos": row.nanos,
            "allocations": row.allocations,
            "bytesAllocated": row.bytes,
            "bytesAnswered": row.size,
        })
    };
    rows.iter().map(row).collect()
}
