//! Changed documents, and smaller ones.

use super::dice::Dice;

/// The tokens of a document, as far as changes need them: a run of blanks is one.
pub fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '@' | '-' | '.' | '+');
        let blank = |c: char| c.is_whitespace() || c == ',';
        let end = match first {
            '"' if rest.starts_with("\"\"\"") => rest[3..].find("\"\"\"").map(|at| at + 6),
            '"' => string_end(rest),
            c if word(c) => rest.find(|c| !word(c)),
            c if blank(c) => rest.find(|c| !blank(c)),
            c => Some(c.len_utf8()),
        };
        let (token, after) = rest.split_at(end.unwrap_or(rest.len()));
        tokens.push(token);
        rest = after;
    }
    tokens
}

fn string_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return Some(at + 1),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

/// The document with one to three changes of its tokens; `names` are some that the schema knows.
pub fn mutate(dice: &mut Dice, text: &str, names: &[String]) -> String {
    const LITERALS: &[&str] = &[
        "1", "1.5", "\"s\"", "true", "null", "ENUM", "$v0", "$v1", "-3",
    ];
    const PIECES: &[&str] = &[
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "!",
        ":",
        "...",
        " on ",
        "@skip(if: true)",
        "@nope",
        "$v9",
        "__typename",
        "&",
        "= 1",
    ];
    let mut tokens: Vec<String> = tokens(text).into_iter().map(str::to_owned).collect();
    for _ in 0..dice.from(1, 3) {
        if tokens.is_empty() {
            break;
        }
        let at = dice.below(tokens.len());
        let literal = |token: &String| {
            token.starts_with(|c: char| c.is_ascii_digit() || "\"-[$".contains(c))
                || ["true", "false", "null"].contains(&token.as_str())
        };
        let all = |tokens: &[String], kind: &dyn Fn(&String) -> bool| -> Vec<usize> {
            (0..tokens.len()).filter(|no| kind(&tokens[*no])).collect()
        };
        match dice.below(20) {
            0 => drop(tokens.remove(at)),
            1 => tokens.insert(at, dice.of(PIECES).to_string()),
            2 => {
                let other = dice.below(tokens.len());
                tokens.swap(at, other);
            }
            3 => tokens.insert(at, format!(" {} ", dice.of(names))),
            4..8 => {
                let all = all(&tokens, &literal);
                if let Some(no) = all.get(dice.below(all.len())) {
                    tokens[*no] = dice.of(LITERALS).to_string();
                }
            }
            // Names are where most rules look.
            _ => {
                let all = all(&tokens, &|token| {
                    token.starts_with(|c: char| c.is_alphabetic())
                });
                if let Some(no) = all.get(dice.below(all.len())) {
                    let other = all[dice.below(all.len())];
                    tokens[*no] = if dice.percent(50) {
                        tokens[other].clone()
                    } else {
                        dice.of(names).clone()
                    };
                }
            }
        }
    }
    tokens.concat()
}

/// The smallest text that can be reached by leaving tokens out while `still` holds, in at most `tries` questions.
pub fn shrink(text: &str, mut tries: usize, mut still: impl FnMut(&str) -> bool) -> String {
    let mut tokens: Vec<String> = tokens(text).into_iter().map(str::to_owned).collect();
    let mut size = tokens.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < tokens.len() && tries > 0 {
            let end = (at + size).min(tokens.len());
            let rest: String = tokens[..at]
                .iter()
                .chain(&tokens[end..])
                .map(String::as_str)
                .collect();
            tries -= 1;
            if still(&rest) {
                tokens.drain(at..end);
            } else {
                at += size.div_ceil(2);
            }
        }
        size /= 2;
    }
    tokens.concat()
}
