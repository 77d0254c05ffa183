//! "Did you mean": the known name that is closest to a mistyped one.
//!
//! In: a name and the names that would have been right. Out: one of these, if it is close enough to be meant.
//! Must not know: what the names stand for.

/// The candidate closest to `name`, if a typing error can explain the difference.
///
/// Case is ignored first; then up to a third of the letters may be wrong, missing, too many, or swapped with a neighbour.
/// Among equals the first wins.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = name.to_lowercase().chars().collect();
    let limit = wanted.len().max(3) / 3;
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let letters: Vec<char> = candidate.to_lowercase().chars().collect();
        let distance = distance(&wanted, &letters);
        if candidate != name && distance <= limit && best.is_none_or(|(least, _)| distance < least)
        {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// `` did you mean `x`? `` with the [`closest`] candidate, for a diagnostic's help.
pub fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    closest(name, candidates).map(|found| format!("did you mean `{found}`?"))
}

/// Damerau and Levenshtein's distance with swaps of neighbours.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let mut least = (last[j - 1] + usize::from(a[i - 1] != b[j - 1]))
                .min(last[j] + 1)
                .min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn typing_errors_are_recognised() {
        let check = |name: &str, expect: Option<&str>| {
            assert_eq!(
                closest(name, ["User", "Listing", "Review", "id"]),
                expect,
                "{name}"
            );
        };
        check("Usr", Some("User"));
        check("user", Some("User"));
        check("Lisitng", Some("Listing"));
        check("Reviews", Some("Review"));
        check("ID", Some("id"));
        check("Booking", None);
        check("x", None);
        check("", None);
    }
}
