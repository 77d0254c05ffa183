//! Names of tables and columns, where the user has not chosen them.
//!
//! In: GraphQL names. Out: snake_case, in the plural for tables. Must not know: SQL, Rust's names.

/// `startsOn` → `starts_on`, `HTTPServer` → `http_server`; digits stay with what they follow.
pub(super) fn snake(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (i, c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| chars[i]);
        let after_lower = before.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let ends_acronym = before.is_some_and(|b| b.is_ascii_uppercase())
            && chars.get(i + 1).is_some_and(char::is_ascii_lowercase);
        if c.is_ascii_uppercase() && (after_lower || ends_acronym) {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// The table of a type: `LineItem` → `line_items`, `Category` → `categories`, `Box` → `boxes`.
pub(super) fn table(type_name: &str) -> String {
    let one = snake(type_name);
    let vowel_before = |tail: usize| {
        one.len() > tail && one[..one.len() - tail].ends_with(['a', 'e', 'i', 'o', 'u'])
    };
    if one.ends_with('y') && !vowel_before(1) {
        format!("{}ies", &one[..one.len() - 1])
    } else if one.ends_with("person") {
        format!("{}people", &one[..one.len() - 6])
    } else if one.ends_with("child") {
        one + "ren"
    } else if one.ends_with("ss")
        || one.ends_with(['x', 'z'])
        || one.ends_with("ch")
        || one.ends_with("sh")
        || one.ends_with("us")
    {
        one + "es"
    } else if one.ends_with('s') {
        one
    } else {
        one + "s"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (name, expect) in [
            ("startsOn", "starts_on"),
            ("id", "id"),
            ("HTTPServer", "http_server"),
            ("line2Of3", "line2_of3"),
            ("a_b", "a_b"),
            ("createdAt", "created_at"),
        ] {
            assert_eq!(snake(name), expect);
        }
        for (name, expect) in [
            ("User", "users"),
            ("LineItem", "line_items"),
            ("Category", "categories"),
            ("Day", "days"),
            ("Box", "boxes"),
            ("Address", "addresses"),
            ("Status", "statuses"),
            ("News", "news"),
            ("Branch", "branches"),
            ("Person", "people"),
            ("Child", "children"),
        ] {
            assert_eq!(table(name), expect);
        }
    }
}
