//! What a merge makes of files that it made itself, that a user edited, under a schema that changed.

use super::super::*;
use super::{PROJECT, files};

/// `trait.method(params) -> answer`: a method as the schema has it.
fn method(line: &str) -> (String, WantedMethod) {
    let (path, rest) = line.split_once('(').unwrap();
    let (trait_name, name) = path.split_once('.').unwrap();
    let (params, returns) = rest.split_once(") -> ").unwrap();
    let mut list = vec![("cx".to_owned(), "&gw::Context".to_owned())];
    list.extend(
        params
            .split(", ")
            .filter_map(|p| p.split_once(": "))
            .map(|(name, ty)| (name.to_owned(), ty.to_owned())),
    );
    let signature = Signature {
        params: list,
        returns: returns.to_owned(),
    };
    let names: Vec<&str> = signature.params.iter().map(|(name, _)| &**name).collect();
    let coordinate = format!("{trait_name}.{name}");
    let text = format!(
        "async fn {name}(&self, cx: &gw::Context{}{params}) -> {returns} {{\n    let _ = ({});\n    Err(gw::Error::not_implemented(\"{coordinate}\"))\n}}\n",
        if params.is_empty() { "" } else { ", " },
        names.join(", "),
    );
    let method = WantedMethod {
        name: name.into(),
        coordinate,
        span: None,
        text,
        signature,
        formerly: Vec::new(),
        renamed_params: Vec::new(),
    };
    (trait_name.to_owned(), method)
}

/// A schema: a method a line; `old => Trait.new(…)` is one with a new name.
fn schema(lines: &str) -> Vec<WantedImpl> {
    let mut wanted: Vec<WantedImpl> = Vec::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (before, line) = match line.split_once(" => ") {
            Some((before, line)) => (Some(before), line),
            None => (None, line),
        };
        let (trait_name, mut method) = method(line);
        method.formerly.extend(before.map(str::to_owned));
        match wanted.iter_mut().find(|want| want.trait_name == trait_name) {
            Some(want) => want.methods.push(method),
            None => wanted.push(WantedImpl {
                trait_name,
                file: "src/resolvers/a.rs".into(),
                folder: "src/resolvers".into(),
                methods: vec![method],
            }),
        }
    }
    wanted
}

/// A project between two runs.
struct State {
    texts: BTreeMap<String, String>,
    lock: Lock,
}

impl State {
    /// After the first run.
    fn new(lines: &str) -> State {
        let texts = files(&[("src/lib.rs", "pub mod resolvers;\npub struct App;\n")]);
        let mut project = State {
            texts,
            lock: Lock::default(),
        };
        project.run(lines, &Choices::default());
        project
    }

    fn run(&mut self, lines: &str, choices: &Choices) -> Merge {
        let merge = super::super::merge(&self.texts, &schema(lines), &self.lock, choices, docs());
        assert_eq!(merge.gate, None);
        self.texts.extend(merge.files.clone());
        self.texts.retain(|path, _| !merge.deleted.contains(path));
        self.lock = crate::lock::parse(&crate::lock::print(&merge.lock));
        assert_eq!(self.lock, merge.lock, "a lock is what is read back");
        merge
    }

    fn a(&mut self) -> &mut String {
        self.texts.get_mut("src/resolvers/a.rs").unwrap()
    }

    fn edit(&mut self, from: &str, to: &str) {
        let a = self.a();
        assert!(a.contains(from), "{from}\n{a}");
        *a = a.replacen(from, to, 1);
    }
}

fn docs() -> Project<'static> {
    Project {
        docs: &|_, _| "//! Resolvers of `a.graphql`.".to_owned(),
        ..PROJECT
    }
}

/// What becomes of a user's method when its field changes: the user's text, the field before and after.
#[track_caller]
fn check(before: &str, after: &str, user: &str, expect: &str) {
    let mut project = State::new(before);
    let (from, to) = {
        let a = project.a();
        let from = a.find("    async fn").unwrap();
        let to = a.rfind("}\n}").unwrap() + 2;
        (from, to)
    };
    project.a().replace_range(from..to, user);
    let merge = project.run(after, &Choices::default());
    let rest = &project.a()[from..];
    assert_eq!(rest, format!("{expect}}}\n"));
    assert_eq!(merge.by_hand, vec![]);
}

#[test]
fn an_argument_comes() {
    let (one, two) = (
        "Query.a(x: i32) -> gw::Result<i32>",
        "Query.a(x: i32, y: String) -> gw::Result<i32>",
    );
    let check = |user: &str, expect: &str| check(one, two, user, expect);
    check(
        "    async fn a(&self, _cx: &gw::Context, mut x: i32) -> gw::Result<i32> { x += 1; Ok(x) }\n",
        "    async fn a(&self, _cx: &gw::Context, mut x: i32, y: String) -> gw::Result<i32> { x += 1; Ok(x) }\n",
    );
    check(
        "    async fn a(&self, _: &gw::Context, x: i32,) -> gw::Result<i32> { Ok(x) }\n",
        "    async fn a(&self, _: &gw::Context, x: i32, y: String) -> gw::Result<i32> { Ok(x) }\n",
    );
    check(
        "    async fn a(\n        &self, // this\n        cx: &gw::Context,\n        x: i32, // ex\n    ) -> gw::Result<i32> {\n        Ok(x)\n    }\n",
        "    async fn a(\n        &self, // this\n        cx: &gw::Context,\n        x: i32, // ex\n        y: String,\n    ) -> gw::Result<i32> {\n        Ok(x)\n    }\n",
    );
    let first = "Query.a(w: bool, x: i32) -> gw::Result<i32>";
    super::histories::check(
        one,
        first,
        "    async fn a(&self, cx: &gw::Context, x: i32) -> gw::Result<i32> { Ok(x) }\n",
        "    async fn a(&self, cx: &gw::Context, w: bool, x: i32) -> gw::Result<i32> { Ok(x) }\n",
    );
}

#[test]
fn an_argument_goes() {
    let (two, one) = (
        "Query.a(x: i32, y: String) -> gw::Result<i32>",
        "Query.a(y: String) -> gw::Result<i32>",
    );
    check(
        two,
        one,
        "    async fn a(&self, cx: &gw::Context, x: i32, y: String) -> gw::Result<i32> { Ok(x) }\n",
        "    async fn a(&self, cx: &gw::Context, y: String) -> gw::Result<i32> { Ok(x) }\n",
    );
    check(
        two,
        "Query.a(x: i32) -> gw::Result<i32>",
        "    async fn a(&self, cx: &gw::Context, x: i32, y: String) -> gw::Result<i32> { Ok(x) }\n",
        "    async fn a(&self, cx: &gw::Context, x: i32) -> gw::Result<i32> { Ok(x) }\n",
    );
    check(
        two,
        "Query.a() -> gw::Result<i32>",
        "    async fn a(\n\t&self,\n\tcx: &gw::Context,\n\tx: i32,\n\t#[expect(unused)]\n\ty: String\n\t) -> gw::Result<i32> { Ok(x) }\n",
        "    async fn a(\n\t&self,\n\tcx: &gw::Context\n\t) -> gw::Result<i32> { Ok(x) }\n",
    );
    // Comments stay, whatever they are about.
    check(
        two,
        "Query.a() -> gw::Result<i32>",
        "    async fn a(\n\t&self,\n\tcx: &gw::Context, // the context\n\tx: i32, // gone\n\t/* as well */ y: String // and this\n\t) -> gw::Result<i32> { Ok(x) }\n",
        "    async fn a(\n\t&self,\n\tcx: &gw::Context, // the context\n\t// gone\n\t/* as well */ // and this\n\t) -> gw::Result<i32> { Ok(x) }\n",
    );
    check(
        two,
        "Query.a(x: i32) -> gw::Result<i32>",
        "    async fn a(&self, cx: &gw::Context, x: i32, /* y */ y: String) -> gw::Result<i32> { Ok(x) }\n",
        "    async fn a(&self, cx: &gw::Context, x: i32, /* y */ ) -> gw::Result<i32> { Ok(x) }\n",
    );
}

#[test]
fn arguments_and_answers_change_their_types() {
    let (one, two) = (
        "Query.a(x: i32, y: Vec<i32>) -> gw::Result<i32>",
        "Query.a(x: String, y: Vec<String>) -> gw::Result<Vec<i32>>",
    );
    check(
        one,
        two,
        "    async fn a(&self, cx: &gw::Context, mut x:i32, (y): Vec< i32 >) -> gw::Result<i32> { Ok(x) }\n",
        "    async fn a(&self, cx: &gw::Context, mut x:String, (y): Vec<String>) -> gw::Result<Vec<i32>> { Ok(x) }\n",
    );
}

#[test]
fn a_type_with_a_comment_inside_is_its_users() {
    check(
        "Query.a(x: Vec<i32>) -> gw::Result<i32>",
        "Query.a(x: Vec<String>) -> gw::Result<bool>",
        "    async fn a(&self, cx: &gw::Context, x: Vec<i32 /* cents */>) -> gw::Result<i32> { Ok(1) }\n",
        "    async fn a(&self, cx: &gw::Context, x: Vec<i32 /* cents */>) -> gw::Result<bool> { Ok(1) }\n",
    );
}

#[test]
fn what_the_user_wrote_otherwise_is_left_to_rustc() {
    let (one, two) = (
        "Query.a(x: i32) -> gw::Result<i32>",
        "Query.a(x: String) -> gw::Result<bool>",
    );
    check(
        one,
        two,
        "    async fn a(&self, cx: &gw::Context, x: Number) -> Answer { Ok(x) }\n",
        "    async fn a(&self, cx: &gw::Context, x: Number) -> Answer { Ok(x) }\n",
    );
    check(
        one,
        two,
        "    fn a(&self, cx: &gw::Context, x: i32) -> impl Future<Output = gw::Result<i32>> + Send { async { Ok(x) } }\n",
        "    fn a(&self, cx: &gw::Context, x: String) -> impl Future<Output = gw::Result<i32>> + Send { async { Ok(x) } }\n",
    );
}

#[test]
fn an_answer_begins_to_borrow_and_ends() {
    let owned = "Query.a(x: i32) -> gw::Result<Vec<gw::Book>>";
    let borrowed = "Query.a(x: i32) -> gw::Result<&'r [gw::Book]>";
    let user = |generics: &str, this: &str, answer: &str| {
        format!(
            "    async fn a{generics}({this}, cx: &gw::Context, x: i32) -> gw::Result<{answer}> {{ ok() }}\n"
        )
    };
    let (before, after) = (
        user("", "&self", "Vec<gw::Book>"),
        user("<'r>", "&'r self", "&'r [gw::Book]"),
    );
    check(owned, borrowed, &before, &after);
    check(borrowed, owned, &after, &before);
}

#[test]
fn arguments_change_places() {
    check(
        "Query.a(x: i32, y: String) -> gw::Result<i32>",
        "Query.a(y: Vec<u8>, x: i32, z: bool) -> gw::Result<i32>",
        "    async fn a(&self, cx: &gw::Context, /* the x */ mut x: i32, #[expect(unused)] y: String) -> gw::Result<i32> { Ok(x) }\n",
        "    async fn a(&self, cx: &gw::Context, /* the x */ #[expect(unused)] y: Vec<u8>, mut x: i32, z: bool) -> gw::Result<i32> { Ok(x) }\n",
    );
}

#[test]
fn one_argument_for_another() {
    check(
        "Query.a(x: i32, y: String) -> gw::Result<i32>",
        "Query.a(x: i32, z: bool) -> gw::Result<i32>",
        "    async fn a(&self, cx: &gw::Context, x: i32, y: String) -> gw::Result<i32> { Ok(x) }\n",
        "    async fn a(&self, cx: &gw::Context, x: i32, z: bool) -> gw::Result<i32> { Ok(x) }\n",
    );
}

#[test]
fn an_untouched_stub_is_written_anew() {
    let mut project =
        State::new("Query.a(x: i32) -> gw::Result<i32>\nQuery.b() -> gw::Result<i32>");
    project.edit(
        "    Err(gw::Error::not_implemented(\"Query.b\"))",
        "    Ok(1)",
    );
    project.run(
        "Query.a() -> gw::Result<String>\nQuery.b(c: i32) -> gw::Result<i32>",
        &Choices::default(),
    );
    assert_eq!(
        *project.a(),
        "\
//! Resolvers of `a.graphql`.

use crate::App;
use crate::generated as gw;

impl gw::Query for App {
    async fn a(&self, cx: &gw::Context) -> gw::Result<String> {
        let _ = (cx);
        Err(gw::Error::not_implemented(\"Query.a\"))
    }

    async fn b(&self, cx: &gw::Context, c: i32) -> gw::Result<i32> {
        let _ = (cx);
        Ok(1)
    }
}
"
    );
}

const TWO: &str =
    "Query.a() -> gw::Result<i32>\nQuery.b() -> gw::Result<i32>\nBook.c() -> gw::Result<i32>";

#[test]
fn an_untouched_stub_goes_with_its_field() {
    let mut project = State::new(TWO);
    let merge = project.run(
        "Query.b() -> gw::Result<i32>\nBook.c() -> gw::Result<i32>",
        &Choices::default(),
    );
    assert_eq!(
        merge.changed.iter().map(|c| &c.how).collect::<Vec<_>>(),
        [&How::Deleted]
    );
    let a = project.a();
    assert!(
        a.contains("impl gw::Query for App {\n    async fn b("),
        "{a}"
    );
    assert!(!a.contains("fn a("), "{a}");
    // With its trait the block goes, too, and with the last block the file.
    project.run("Query.b() -> gw::Result<i32>", &Choices::default());
    assert!(
        project.a().ends_with("    }\n}\n") && !project.a().contains("Book"),
        "{}",
        project.a()
    );
    let merge = project.run("", &Choices::default());
    assert_eq!(
        merge.deleted,
        BTreeSet::from(["src/resolvers/a.rs".to_owned()])
    );
    assert!(
        !project.texts["src/resolvers/mod.rs"].contains("mod a"),
        "{:?}",
        project.texts
    );
    assert_eq!(project.lock, Lock::default());
}

#[test]
fn an_edited_stub_outlives_its_field() {
    let mut project = State::new(TWO);
    project.edit(
        "        Err(gw::Error::not_implemented(\"Query.a\"))",
        "        // mine\n        Ok(7)",
    );
    let before = project.a().clone();
    let less = "Query.b() -> gw::Result<i32>\nBook.c() -> gw::Result<i32>";
    for _ in 0..2 {
        let merge = project.run(less, &Choices::default());
        assert_eq!(*project.a(), before);
        let [kept] = &merge.kept[..] else {
            panic!("{:?}", merge.kept)
        };
        assert_eq!(
            (&*kept.coordinate, &*kept.place, &kept.like),
            ("Query.a", "src/resolvers/a.rs:7", &None)
        );
    }
    // A new field of the same shape may be the same one.
    let merge = project.run(
        &format!("{less}\nQuery.z() -> gw::Result<i32>"),
        &Choices::default(),
    );
    assert_eq!(merge.kept[0].like.as_deref(), Some("Query.z"));

    let choices = Choices {
        detach: BTreeSet::from(["Query.a".into()]),
        ..Choices::default()
    };
    let merge = project.run(less, &choices);
    assert!(
        merge.changed.iter().any(|c| c.how == How::Detached),
        "{:?}",
        merge.changed
    );
    let a = project.a().clone();
    let inherent = "\n\nimpl App {\n    async fn a(&self, cx: &gw::Context) -> gw::Result<i32> {\n        let _ = (cx);\n        // mine\n        Ok(7)\n    }\n}\n";
    assert!(a.contains(inherent), "{a}");
    assert_eq!(project.run(less, &Choices::default()).kept, vec![]);
    assert_eq!(*project.a(), a);
}

#[test]
fn an_edited_stub_goes_when_its_user_says_so() {
    let mut project = State::new("Query.a() -> gw::Result<i32>");
    project.edit("Err(gw::Error::not_implemented(\"Query.a\"))", "Ok(7)");
    let choices = Choices {
        delete: BTreeSet::from(["Query.a".into()]),
        ..Choices::default()
    };
    project.run("Query.b() -> gw::Result<i32>", &choices);
    assert!(
        !project.a().contains("Ok(7)") && project.a().contains("fn b("),
        "{}",
        project.a()
    );
}

#[test]
fn a_field_gets_a_new_name() {
    let mut project = State::new(TWO);
    project.edit(
        "        Err(gw::Error::not_implemented(\"Query.a\"))",
        "        Ok(self.a_of(cx)) // a",
    );
    let merge = project.run(
        "Query.b() -> gw::Result<i32>\nQuery.a => Query.first(n: i32) -> gw::Result<i32>\nBook.c => Book.d() -> gw::Result<i32>",
        &Choices::default(),
    );
    assert_eq!(merge.kept, vec![]);
    let a = project.a();
    assert!(a.contains("async fn first(&self, cx: &gw::Context, n: i32) -> gw::Result<i32> {\n        let _ = (cx);\n        Ok(self.a_of(cx)) // a\n"), "{a}");
    // Nobody had touched the other: it is as if it had always been called so.
    assert!(a.contains("async fn d(&self, cx: &gw::Context) -> gw::Result<i32> {\n        let _ = (cx);\n        Err(gw::Error::not_implemented(\"Book.d\"))"), "{a}");
}

#[test]
fn a_type_gets_a_new_name() {
    let mut project = State::new(TWO);
    project.edit(
        "        Err(gw::Error::not_implemented(\"Book.c\"))",
        "        Ok(7)",
    );
    project.edit(
        "impl gw::Book for App",
        "/// Of paper.\nimpl gw::Book for App",
    );
    project.run("Query.a() -> gw::Result<i32>\nQuery.b() -> gw::Result<i32>\nBook.c => Tome.c() -> gw::Result<i32>", &Choices::default());
    let a = project.a();
    assert!(
        a.contains("/// Of paper.\nimpl gw::Tome for App {\n    async fn c("),
        "{a}"
    );
    assert!(a.contains("Ok(7)") && !a.contains("Book"), "{a}");
}

#[test]
fn a_method_that_a_cfg_doubles_is_left_to_its_user() {
    let mut project = State::new("Query.a() -> gw::Result<i32>");
    project.edit("    async fn a(", "    #[cfg(unix)]\n    async fn a(");
    let before = project.a().clone();
    for _ in 0..2 {
        let merge = project.run("Query.a(x: i32) -> gw::Result<i32>", &Choices::default());
        assert_eq!(*project.a(), before);
        let [hand] = &merge.by_hand[..] else {
            panic!("{:?}", merge.by_hand)
        };
        assert_eq!(
            hand.patch,
            "async fn a(&self, cx: &gw::Context, x: i32) -> gw::Result<i32>"
        );
    }
    project.edit("cx: &gw::Context)", "cx: &gw::Context, x: i32)");
}

/// A field as the schema has it at some time.
#[derive(Clone, PartialEq)]
struct Field {
    name: String,
    args: Vec<(String, &'static str)>,
    answer: &'static str,
    before: Option<String>,
}

/// A random schema with its history, and the user who works on the files meanwhile.
struct Play {
    dice: super::Dice,
    state: State,
    /// The fields by trait.
    fields: BTreeMap<String, Vec<Field>>,
    names: usize,
    /// Marks that the user left in bodies, by coordinate.
    marks: BTreeMap<String, String>,
    edits: usize,
}

const TYPES: [&str; 4] = ["i32", "gw::Nullable<String>", "Vec<gw::Id>", "gw::Book"];

impl Play {
    fn new(seed: u64) -> Play {
        let texts = files(&[("src/lib.rs", "pub mod resolvers;\npub struct App;\n")]);
        let mut play = Play {
            dice: super::Dice(seed),
            state: State {
                texts,
                lock: Lock::default(),
            },
            fields: BTreeMap::new(),
            names: 0,
            marks: BTreeMap::new(),
            edits: 0,
        };
        for ty in ["Query", "Book", "Größe"] {
            play.fields.insert(ty.to_owned(), Vec::new());
            for _ in 0..3 {
                play.change_of(ty, 0);
            }
        }
        play
    }

    fn fresh(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    fn change(&mut self) {
        let types: Vec<String> = self.fields.keys().cloned().collect();
        let ty = types[self.dice.roll(types.len())].clone();
        let kind = self.dice.roll(8);
        self.change_of(&ty, kind);
    }

    fn change_of(&mut self, ty: &str, kind: usize) {
        let count = self.fields[ty].len();
        let i = self.dice.roll(count.max(1));
        let arg = (self.fresh("arg"), TYPES[self.dice.roll(TYPES.len())]);
        let answer = TYPES[self.dice.roll(TYPES.len())];
        let (name, moved) = (self.fresh("field"), self.dice.roll(count.max(1)));
        let fields = self.fields.get_mut(ty).unwrap();
        match kind {
            0 | 1 => fields.insert(
                moved.min(count),
                Field {
                    name,
                    args: vec![arg],
                    answer,
                    before: None,
                },
            ),
            _ if count == 0 => {}
            2 if count > 1 => drop(fields.remove(i)),
            3 => fields[i].args.insert(0, arg),
            4 => fields[i].args.push(arg),
            5 => drop(fields[i].args.pop()),
            6 => {
                fields[i].answer = answer;
                fields[i].args.reverse();
                if let Some(first) = fields[i].args.first_mut() {
                    first.1 = arg.1;
                }
            }
            _ => {
                let field = &mut fields[i];
                field.before = Some(std::mem::replace(&mut field.name, name));
            }
        }
    }

    fn lines(&self) -> String {
        let mut out = String::new();
        for (ty, fields) in &self.fields {
            for field in fields {
                if let Some(before) = &field.before {
                    out += &format!("{ty}.{before} => ");
                }
                let args: Vec<String> = field
                    .args
                    .iter()
                    .map(|(name, ty)| format!("{name}: {ty}"))
                    .collect();
                out += &format!(
                    "{ty}.{}({}) -> gw::Result<{}>\n",
                    field.name,
                    args.join(", "),
                    field.answer
                );
            }
        }
        out
    }

    /// The user works on the file.
    fn edit(&mut self) {
        self.edits += 1;
        let what = self.dice.roll(9);
        let mark = self.fresh("// mark é ") + ";";
        let text = self.state.a().clone();
        let bodies: Vec<(usize, String)> = text
            .match_indices("not_implemented(\"")
            .map(|(at, _)| (at, owner(&text, at)))
            .collect();
        let a = self.state.a();
        match what {
            // A body of one's own.
            0..=2 if !bodies.is_empty() => {
                let (at, coordinate) = &bodies[self.dice.roll(bodies.len())];
                let start = text[..*at].rfind("Err(").unwrap();
                let end = start + text[start..].find('\n').unwrap();
                let body = format!("self.own(\"}}{{\") {mark}\n");
                a.replace_range(start..end, body.trim_end());
                self.marks.insert(coordinate.clone(), mark);
            }
            // Comments and helpers around.
            3 => a.push_str(&format!("\n{mark}\nfn helper_{}() {{}}\n", self.names)),
            4 => a.insert_str(text.find("impl ").unwrap_or(0), &format!("{mark}\n")),
            // Other names for what is not used.
            5 => *a = text.replacen("cx: &gw::Context", "_cx: &gw::Context", 1),
            6 => {
                *a = text.replacen(
                    "(&self, cx: &gw::Context",
                    "(\n        &self,\n        cx: &gw::Context",
                    1,
                )
            }
            // Other line endings, here or there.
            7 if !text.contains('\r') && self.dice.roll(6) == 0 => *a = text.replace('\n', "\r\n"),
            _ => *a = text.replacen("    async fn", &format!("    {mark}\n    async fn"), 1),
        }
    }
}

/// The method around a place.
fn owner(text: &str, at: usize) -> String {
    let last = |before: &str| {
        let found = text[..at].rfind(before).unwrap() + before.len();
        let end = text[found..].find([' ', '(']).unwrap();
        text[found..found + end].to_owned()
    };
    format!("{}.{}", last("impl gw::"), last("async fn "))
}

#[test]
fn histories_lose_nothing() {
    let (mut runs, mut edits) = (0, 0);
    // Thousands, when somebody has the time: GRAPHWRIGHT_HISTORIES=5000 cargo test --release -p graphwright-codegen histories
    let histories = std::env::var("GRAPHWRIGHT_HISTORIES").map_or(100, |n| n.parse().unwrap());
    for seed in 0..histories {
        let mut play = Play::new(seed);
        play.state.run(&play.lines(), &Choices::default());
        for _ in 0..12 {
            for _ in 0..play.dice.roll(3) {
                play.edit();
            }
            for _ in 0..1 + play.dice.roll(3) {
                play.change();
            }
            let before = play.state.texts.clone();
            // The gate within checks bytes outside of edits, and that a second run has none.
            let merge = play.state.run(&play.lines(), &Choices::default());
            runs += 1;
            for fields in play.fields.values_mut() {
                fields.iter_mut().for_each(|field| field.before = None);
            }
            let after = &play.state.texts["src/resolvers/a.rs"];
            let told = |c: &str| {
                merge.kept.iter().any(|k| k.coordinate == c)
                    || merge
                        .by_hand
                        .iter()
                        .any(|h| h.coordinates.iter().any(|h| h == c))
            };
            assert_eq!(scan::syntax_error(after), None, "seed {seed}\n{after}");
            let mut moved = Vec::new();
            for (coordinate, mark) in &play.marks {
                assert!(
                    after.contains(mark),
                    "seed {seed}: the body of {coordinate} is lost\n{}\n----\n{after}",
                    before["src/resolvers/a.rs"]
                );
                let renamed = merge
                    .changed
                    .iter()
                    .find(|c| c.how == How::Renamed(coordinate.clone()));
                let now = renamed.map_or(coordinate, |c| &c.coordinate);
                let (ty, name) = now.split_once('.').unwrap();
                let wanted = play.fields[ty].iter().any(|f| f.name == name);
                // It serves its field, or its user hears of it.
                let body = after.find(mark).unwrap();
                let head = after[..body].rfind("async fn ").unwrap();
                let stands = after[head..].starts_with(&format!("async fn {name}("));
                assert!(
                    stands && wanted || told(coordinate),
                    "seed {seed}: {coordinate}, now {now}\n{after}"
                );
                moved.push((coordinate.clone(), now.clone(), mark.clone()));
            }
            for (old, now, mark) in moved {
                play.marks.remove(&old);
                play.marks.insert(now, mark);
            }
            // Every field has exactly one method with its number of parameters.
            for (ty, fields) in &play.fields {
                for field in fields {
                    let coordinate = format!("{ty}.{}", field.name);
                    let heads = after.matches(&format!("async fn {}(", field.name)).count();
                    assert!(
                        heads == 1 || told(&coordinate),
                        "seed {seed}: {coordinate} {heads} times\n{after}"
                    );
                }
            }
            let comments = |text: &str| -> Vec<String> {
                text.lines()
                    .filter(|l| l.trim().starts_with("//"))
                    .map(|l| l.trim().to_owned())
                    .collect()
            };
            assert_eq!(
                comments(&before["src/resolvers/a.rs"]),
                comments(after),
                "seed {seed}"
            );
        }
        edits += play.edits as u64;
    }
    assert!(
        runs == histories * 12 && edits > runs / 2,
        "{runs} runs, {edits} edits"
    );
}

/// What becomes of a method of one side of a merge, under the other side's lock, once the user says that it is to follow.
#[track_caller]
fn follows(before: &str, after: &str, user: &str, expect: &str) {
    let mut project = State::new(before);
    let a = project.a();
    let (from, to) = (
        a.find("    async fn").unwrap(),
        a.rfind("}\n}").unwrap() + 2,
    );
    a.replace_range(from..to, user);
    project.lock = State::new(after).lock;
    let text = project.a().clone();
    let told = project.run(after, &Choices::default());
    assert_eq!(*project.a(), text, "nothing is touched unasked");
    let [behind] = &told.behind[..] else {
        panic!("{told:?}");
    };
    let follow = [behind.coordinate.clone()].into();
    let choices = Choices {
        follow,
        ..Choices::default()
    };
    let merge = project.run(after, &choices);
    assert_eq!(project.a()[from..], format!("{expect}}}\n"));
    assert_eq!(behind.can_follow, user != expect);
    assert_eq!(merge.behind.len(), usize::from(user == expect));
}

#[test]
fn a_method_of_one_side_follows_when_it_is_told_to() {
    let (one, two) = (
        "Query.a(x: i32, y: i32) -> gw::Result<i32>",
        "Query.a(y: Vec<i32>) -> gw::Result<Option<i32>>",
    );
    follows(
        one,
        two,
        "    async fn a(&self, _: &gw::Context, x: i32, mut y: i32) -> gw::Result<i32> { Ok(x + y) }\n",
        "    async fn a(&self, _: &gw::Context, mut y: Vec<i32>) -> gw::Result<Option<i32>> { Ok(x + y) }\n",
    );
    // An alias may well be right, and stays.
    follows(
        one,
        "Query.a(x: i32, y: i32, z: bool) -> gw::Result<i32>",
        "    async fn a(\n        &self,\n        _: &gw::Context,\n        x: Count, // of pages\n        y: i32,\n    ) -> Answer {\n        x\n    }\n",
        "    async fn a(\n        &self,\n        _: &gw::Context,\n        x: Count, // of pages\n        y: i32,\n        z: bool,\n    ) -> Answer {\n        x\n    }\n",
    );
    // Another name stands where it stood.
    follows(
        "Query.a(x: i32) -> gw::Result<i32>",
        "Query.a(x: Vec<i32>) -> gw::Result<i32>",
        "    async fn a(&self, c: &gw::Context, pages: i32) -> gw::Result<i32> { Ok(pages) }\n",
        "    async fn a(&self, c: &gw::Context, pages: Vec<i32>) -> gw::Result<i32> { Ok(pages) }\n",
    );
    // So does one that is not used yet.
    let (book, more) = (
        "Book.a(parents: &[&gw::Book], x: i32) -> gw::Result<i32>",
        "Book.a(parents: &[&gw::Book], x: i32, y: bool) -> gw::Result<i32>",
    );
    follows(
        book,
        more,
        "    async fn a(&self, _: &gw::Context, books: &[&gw::Book], _x: Count) -> gw::Result<i32> { 1 }\n",
        "    async fn a(&self, _: &gw::Context, books: &[&gw::Book], _x: Count, y: bool) -> gw::Result<i32> { 1 }\n",
    );
    for unclear in [
        // Whether `first` is `x`, which the body reads, is the user's to say.
        "    async fn a(&self, _: &gw::Context, books: &[&gw::Book], first: i32) -> gw::Result<i32> { first }\n",
        "    async fn a(&self, _: &gw::Context, n: i32, books: &[&gw::Book]) -> gw::Result<i32> { n }\n",
        "    async fn a(&self, _: &gw::Context, books: &[&gw::Book], x: i32, _x: i32) -> gw::Result<Vec<i32>> { x }\n",
        // A comment inside of a type stays.
        "    async fn a(&self, _: &gw::Context, books: &[&gw::Book], x: Vec</* c */ i32>) -> gw::Result<i32> { 1 }\n",
    ] {
        follows(book, more, unclear, unclear);
    }
    let swapped = "    async fn a(&self, _: &gw::Context, limit: i32, t: Vec<i32>) -> gw::Result<i32> { limit }\n";
    let tags = "Query.a(tags: Vec<i32>, offset: bool) -> gw::Result<i32>";
    follows(one, tags, swapped, swapped);
    // Nobody can say which parameter it is.
    let unclear = "    async fn a(&self, cx: &gw::Context, _: i32, (y, z): (i32, i32), q: u8) -> gw::Result<i32> { 1 }\n";
    follows(one, two, unclear, unclear);
}

#[test]
fn a_method_with_other_parameters_follows_when_it_is_told_to() {
    let mut project = State::new("Query.a(x: i32) -> gw::Result<i32>");
    project.edit(", x: i32)", ")");
    let after = "Query.a(x: i32, y: bool) -> gw::Result<i32>";
    let told = project.run(after, &Choices::default());
    assert_eq!((told.by_hand.len(), told.behind.len()), (1, 0));
    let choices = Choices {
        follow: ["Query.a".to_owned()].into(),
        ..Choices::default()
    };
    let merge = project.run(after, &choices);
    assert_eq!((merge.by_hand.len(), merge.behind.len()), (0, 0));
    let a = project.a();
    assert!(
        a.contains("(&self, cx: &gw::Context, x: i32, y: bool)"),
        "{a}"
    );
}

#[test]
fn whatever_follows_when_told_keeps_its_body_and_is_in_step_then() {
    const TYPES: [&str; 7] = [
        "i32",
        "bool",
        "String",
        "Vec<i32>",
        "Option<String>",
        "Vec<gw::Book>",
        "Option<gw::Nullable<i32>>",
    ];
    let mut followed = 0;
    for seed in 0..500 {
        let mut dice = super::Dice(seed);
        let mut some = |names: &[&str], types: &[&str]| -> String {
            let mut params = Vec::new();
            for name in names {
                if dice.roll(3) > 0 {
                    let at = dice.roll(params.len() + 1);
                    params.insert(at, format!("{name}: {}", types[dice.roll(types.len())]));
                }
            }
            params.join(", ")
        };
        let wanted = some(&["x", "y", "z"], &TYPES);
        let after = format!("Query.a({wanted}) -> gw::Result<i32>");
        let aliases = [&TYPES[..], &["Count", "gw::Nullable<bool>"]].concat();
        let own = some(&["x", "mut y", "_z", "other", "_"], &aliases);
        let answer = ["gw::Result<i32>", "gw::Result<Vec<i32>>", "Answer"][dice.roll(3)];
        let mut project = State::new(&after);
        let old = format!("cx: &gw::Context, {own}) -> {answer} {{");
        let a = project.a();
        let (head, body) = (a.find("cx: &gw").unwrap(), a.find("let _ =").unwrap());
        a.replace_range(head..body, &format!("{old} // mine\n"));
        let text = project.a().clone();
        let told = project.run(&after, &Choices::default());
        assert_eq!(
            *project.a(),
            text,
            "seed {seed}: nothing is touched unasked"
        );
        let follow = Choices {
            follow: ["Query.a".to_owned()].into(),
            ..Choices::default()
        };
        let merge = project.run(&after, &follow);
        let now = project.a().clone();
        let body = |text: &str| text[text.find("// mine").unwrap()..].to_owned();
        assert_eq!(body(&now), body(&text), "seed {seed}");
        let can = told.behind.first().is_some_and(|behind| behind.can_follow);
        assert_eq!(now != text, can, "seed {seed}\n{text}\n{now}");
        assert!(
            !can || merge.behind.is_empty(),
            "seed {seed}\n{text}\n{now}"
        );
        followed += usize::from(can);
    }
    assert!(followed > 100, "{followed}");
}
