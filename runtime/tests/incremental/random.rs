//! Operations that a seed makes, with `@defer` and `@stream` at every level: in parts they answer what they answer at once.
//!
//! Resolvers stand at every level of the sketch, so parts open parts, lists are streamed in lists, and what two fragments
//! ask for meets.

use super::dice::Dice;
use super::*;

/// A field, the type below it, and whether it is a list.
type Field = (&'static str, &'static str, bool);

fn fields(ty: &str) -> &'static [Field] {
    match ty {
        "Query" => &[
            ("hello", "", false),
            ("nodes(ids: [1, 2, \"a4\", 5])", "Node", true),
            ("book(pick: { id: 1 })", "Book", false),
            ("search(text: \"x\", first: 3)", "SearchResult", true),
            ("shelves", "Shelf", true),
        ],
        "Book" => &[
            ("id", "", false),
            ("title", "", false),
            ("author", "Author", false),
            ("author", "Author", false),
            ("reviews", "Review", true),
            ("cover", "Image", false),
        ],
        "Author" => &[
            ("id", "", false),
            ("name", "", false),
            ("books", "Book", true),
            ("boss", "Author", false),
        ],
        "Review" => &[("stars", "", false), ("text", "", false)],
        "Image" => &[("url", "", false), ("photographer", "Author", false)],
        "Shelf" => &[
            ("label", "", false),
            ("keeper", "Author", false),
            ("favourites", "Book", true),
        ],
        _ => &[("__typename", "", false)],
    }
}

struct Maker {
    dice: Dice,
    /// Labels and keys must be different.
    count: usize,
}

impl Maker {
    fn later(&mut self, name: &str) -> String {
        self.count += 1;
        match self.dice.below(4) {
            0 => format!("@{name}(label: \"L{}\")", self.count),
            1 => format!("@{name}(if: $v{})", self.dice.below(2)),
            2 if name == "stream" => format!("@stream(initialCount: {})", self.dice.below(4)),
            _ => format!("@{name}"),
        }
    }

    fn selection(&mut self, ty: &str, depth: usize) -> String {
        let mut parts = Vec::new();
        for _ in 0..=self.dice.below(4) {
            parts.push(match self.dice.below(3) {
                0 if depth > 0 => self.fragment(ty, depth),
                _ => self.field(ty, depth),
            });
        }
        format!("{{ {} }}", parts.join(" "))
    }

    fn field(&mut self, ty: &str, depth: usize) -> String {
        let all = fields(ty);
        let (name, below, is_list) = all[self.dice.below(all.len())];
        if below.is_empty() {
            return name.to_owned();
        }
        if depth == 0 {
            return "__typename".to_owned();
        }
        let selection = self.selection(below, depth - 1);
        if is_list && self.dice.below(2) == 0 {
            // What is streamed is asked for once.
            let stream = self.later("stream");
            return format!("s{}: {name} {stream} {selection}", self.count);
        }
        format!("{name} {selection}")
    }

    fn fragment(&mut self, ty: &str, depth: usize) -> String {
        let on = match ty {
            "Node" | "SearchResult" => ["Book", "Author"][self.dice.below(2)],
            ty => ty,
        };
        let later = match self.dice.below(4) {
            0 => String::new(),
            _ => self.later("defer"),
        };
        format!("... on {on} {later} {}", self.selection(on, depth - 1))
    }
}

#[tokio::test(start_paused = true)]
async fn parts_are_what_comes_at_once() {
    let limits = || Limits {
        aliases: 10_000,
        root_fields: 10_000,
        cost: u64::MAX,
        fields: 1_000_000,
        ..Limits::default()
    };
    let (mut later, mut compared) = (0, 0);
    for seed in 0..400 {
        let mut maker = Maker {
            dice: Dice::new(seed),
            count: 0,
        };
        let body = maker.selection("Query", 5);
        let switches = "a: __typename @skip(if: $v0) b: __typename @skip(if: $v1)";
        let query = format!(
            "query ($v0: Boolean = true, $v1: Boolean = false) {{ {switches} ... {body} }}"
        );
        let server = || Server::with_limits(App::default(), Services::new(), limits()).unwrap();
        let asked = request(&query, json!({}), false);
        let whole = server().execute(None, "r1", &asked).await;
        let whole: Value = serde_json::from_slice(&whole.body).unwrap();
        assert!(whole.get("data").is_some(), "seed {seed}: {query}\n{whole}");
        let parts = payloads_of(&server(), &query, json!({})).await;
        fits(&parts).unwrap_or_else(|why| panic!("seed {seed}: {why}\n{query}\n{parts:#?}"));
        later += parts.len() - 1;
        // A part that fails as a whole is missing; at once, its null goes further up.
        let fail = |part: &Value| {
            let mut completed = part["completed"].as_array().into_iter().flatten();
            completed.any(|one| one["errors"].is_array())
        };
        if !whole["data"].is_null() && !parts.iter().any(fail) {
            compared += 1;
            let found = merged(&parts);
            assert_eq!(found, whole["data"], "seed {seed}: {query}\n{parts:#?}");
        }
    }
    assert!(later > 400 && compared > 250, "{later} {compared}");
}

/// Whether everything is announced once, delivered while it is open, and completed in the end.
fn fits(parts: &[Value]) -> Result<(), String> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let (mut open, mut known) = (Vec::new(), Vec::new());
    for (no, part) in parts.iter().enumerate() {
        for pending in list(&part["pending"]) {
            let id = pending["id"].clone();
            if known.contains(&id) {
                return Err(format!("{id} is announced twice"));
            }
            known.push(id.clone());
            open.push(id);
        }
        for one in list(&part["incremental"]) {
            if !open.contains(&one["id"]) {
                return Err(format!("{one} is not open"));
            }
        }
        for one in list(&part["completed"]) {
            let place = open.iter().position(|id| *id == one["id"]);
            open.remove(place.ok_or_else(|| format!("{one} is not open"))?);
        }
        let more = part["hasNext"] == true;
        if more != (no + 1 < parts.len()) {
            return Err(format!("part {no}: hasNext"));
        }
    }
    match open.is_empty() {
        true => Ok(()),
        false => Err(format!("never completed: {open:?}")),
    }
}
