//! What a merge makes of files that it made itself, that a user edited, under a schema that changed.

use super::super::*;
use super::{PROJECT, files};

/// `trait.method(params) -> answer`: a method as the schema has it.
fn method(line: &str) -> (String, WantedMethod) {
    let (path, rest) = line.split_once('(').unwrap();
    let (trait_name, name) = path.split_once('.').unwrap();
    let (params, returns) = rest.split_once(") -> ").unwrap();
    let mut list = vec![("cx".to_owned(), "&gw::Context".to_owned())];
    list.extend(params.split(", ").filter_map(|p| p.split_once(": ")).map(|(name, ty)| (name.to_owned(), ty.to_owned())));
    let signature = Signature { params: list, returns: returns.to_owned() };
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
        let mut project = State { texts, lock: Lock::default() };
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
    Project { docs: &|_, _| "//! Resolvers of `a.graphql`.".to_owned(), ..PROJECT }
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
    let (one, two) = ("Query.a(x: i32) -> gw::Result<i32>", "Query.a(x: i32, y: String) -> gw::Result<i32>");
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
    let (two, one) = ("Query.a(x: i32, y: String) -> gw::Result<i32>", "Query.a(y: String) -> gw::Result<i32>");
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
        "    async fn a(\n\t&self,\n\tcx: &gw::Context,\n\tx: i32, // gone\n\t#[expect(unused)]\n\ty: String\n\t) -> gw::Result<i32> { Ok(x) }\n",
        "    async fn a(\n\t&self,\n\tcx: &gw::Context\n\t) -> gw::Result<i32> { Ok(x) }\n",
    );
}

#[test]
fn arguments_and_answers_change_their_types() {
    let (one, two) = ("Query.a(x: i32, y: Vec<i32>) -> gw::Result<i32>", "Query.a(x: String, y: Vec<String>) -> gw::Result<Vec<i32>>");
    check(
        one,
        two,
        "    async fn a(&self, cx: &gw::Context, mut x:i32, (y): Vec< i32 >) -> gw::Result<i32> { Ok(x) }\n",
        "    async fn a(&self, cx: &gw::Context, mut x:String, (y): Vec<String>) -> gw::Result<Vec<i32>> { Ok(x) }\n",
    );
}

#[test]
fn what_the_user_wrote_otherwise_is_left_to_rustc() {
    let (one, two) = ("Query.a(x: i32) -> gw::Result<i32>", "Query.a(x: String) -> gw::Result<bool>");
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
    let mut project = State::new("Query.a(x: i32) -> gw::Result<i32>\nQuery.b() -> gw::Result<i32>");
    project.edit("    Err(gw::Error::not_implemented(\"Query.b\"))", "    Ok(1)");
    project.run("Query.a() -> gw::Result<String>\nQuery.b(c: i32) -> gw::Result<i32>", &Choices::default());
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

const TWO: &str = "Query.a() -> gw::Result<i32>\nQuery.b() -> gw::Result<i32>\nBook.c() -> gw::Result<i32>";

#[test]
fn an_untouched_stub_goes_with_its_field() {
    let mut project = State::new(TWO);
    let merge = project.run("Query.b() -> gw::Result<i32>\nBook.c() -> gw::Result<i32>", &Choices::default());
    assert_eq!(merge.changed.iter().map(|c| &c.how).collect::<Vec<_>>(), [&How::Deleted]);
    let a = project.a();
    assert!(a.contains("impl gw::Query for App {\n    async fn b("), "{a}");
    assert!(!a.contains("fn a("), "{a}");
    // With its trait the block goes, too, and with the last block the file.
    project.run("Query.b() -> gw::Result<i32>", &Choices::default());
    assert!(project.a().ends_with("    }\n}\n") && !project.a().contains("Book"), "{}", project.a());
    let merge = project.run("", &Choices::default());
    assert_eq!(merge.deleted, BTreeSet::from(["src/resolvers/a.rs".to_owned()]));
    assert!(!project.texts["src/resolvers/mod.rs"].contains("mod a"), "{:?}", project.texts);
    assert_eq!(project.lock, Lock::default());
}

#[test]
fn an_edited_stub_outlives_its_field() {
    let mut project = State::new(TWO);
    project.edit("        Err(gw::Error::not_implemented(\"Query.a\"))", "        // mine\n        Ok(7)");
    let before = project.a().clone();
    let less = "Query.b() -> gw::Result<i32>\nBook.c() -> gw::Result<i32>";
    for _ in 0..2 {
        let merge = project.run(less, &Choices::default());
        assert_eq!(*project.a(), before);
        let [kept] = &merge.kept[..] else { panic!("{:?}", merge.kept) };
        assert_eq!((&*kept.coordinate, &*kept.place, &kept.like), ("Query.a", "src/resolvers/a.rs:7", &None));
    }
    // A new field of the same shape may be the same one.
    let merge = project.run(&format!("{less}\nQuery.z() -> gw::Result<i32>"), &Choices::default());
    assert_eq!(merge.kept[0].like.as_deref(), Some("Query.z"));

    let choices = Choices { detach: BTreeSet::from(["Query.a".into()]), ..Choices::default() };
    let merge = project.run(less, &choices);
    assert!(merge.changed.iter().any(|c| c.how == How::Detached), "{:?}", merge.changed);
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
    let choices = Choices { delete: BTreeSet::from(["Query.a".into()]), ..Choices::default() };
    project.run("Query.b() -> gw::Result<i32>", &choices);
    assert!(!project.a().contains("Ok(7)") && project.a().contains("fn b("), "{}", project.a());
}

#[test]
fn a_field_gets_a_new_name() {
    let mut project = State::new(TWO);
    project.edit("        Err(gw::Error::not_implemented(\"Query.a\"))", "        Ok(self.a_of(cx)) // a");
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
    project.edit("        Err(gw::Error::not_implemented(\"Book.c\"))", "        Ok(7)");
    project.edit("impl gw::Book for App", "/// Of paper.\nimpl gw::Book for App");
    project.run("Query.a() -> gw::Result<i32>\nQuery.b() -> gw::Result<i32>\nBook.c => Tome.c() -> gw::Result<i32>", &Choices::default());
    let a = project.a();
    assert!(a.contains("/// Of paper.\nimpl gw::Tome for App {\n    async fn c("), "{a}");
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
        let [hand] = &merge.by_hand[..] else { panic!("{:?}", merge.by_hand) };
        assert_eq!(hand.patch, "async fn a(&self, cx: &gw::Context, x: i32) -> gw::Result<i32>");
    }
    project.edit("cx: &gw::Context)", "cx: &gw::Context, x: i32)");
}
