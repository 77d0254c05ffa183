//! Generated values, against a second reading of their rules.

use super::{ask, data_of, generated};
use apollo_compiler::Schema;
use apollo_compiler::ast::Type;
use apollo_compiler::executable::{ExecutableDocument, Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use serde_json::{Map, Value, json};

/// FNV-1a of 32 bits, as <http://www.isthe.com/chongo/tech/comp/fnv/> gives it.
fn fnv(text: &str) -> u32 {
    text.bytes().fold(2_166_136_261_u64, |hash, byte| {
        (hash ^ u64::from(byte)) * 16_777_619 % (1 << 32)
    }) as u32
}

#[test]
fn the_hash_of_known_texts() {
    for (text, hash) in [
        ("", 0x811c_9dc5),
        ("a", 0xe40c_292c),
        ("foobar", 0xbf9c_f968),
    ] {
        assert_eq!(fnv(text), hash);
    }
}

const SDL: &str = "
  type Query {
    int: Int float: Float on: Boolean id: ID text: String! when: When mood: Mood
    ints: [Int] strict: [Int!]! deep: [[String]!] deeper: [[[Mood!]]]!
    user(name: String): User must: User!
    named: Named all: [Named] any: [Any!] pair: Pair
  }
  type Mutation { change: User }
  type User implements Named & Aged { id: ID! name: String age: Int when: When friends: [User] best: User! }
  type Cat implements Named { name: String lives: Int! owner: User }
  type Ant implements Named & Aged { name: String age: Int }
  interface Named { name: String }
  interface Aged { age: Int }
  union Any = User | Cat | Ant
  union Pair = Cat | User
  enum Mood { SAD HAPPY ANGRY }
  scalar When
";

const QUERIES: &[&str] = &[
    "{ int float on id text when mood }",
    "{ a: int b: int c: float d: on e: id f: text g: when h: mood }",
    "{ ints strict deep deeper }",
    "{ x1: deep x2: deeper x3: strict x4: ints }",
    "{ user { id name age when friends { name friends { id } } best { best { best { name } } } } must { friends { mood: when } } }",
    "{ named { __typename name ... on Cat { lives owner { id } } ... on Ant { age } } }",
    "{ all { name ...on User { friends { best { id } } } } any { __typename ... on User { id } ... on Cat { lives } ... on Ant { name } } pair { __typename } }",
    "{ q: all { __typename } r: all { __typename } s: any { __typename } t: pair { ... on Cat { kind: __typename } } }",
    "mutation { change { id name } again: change { id friends { name } } }",
];

#[tokio::test]
async fn values_are_what_the_rules_say() {
    let schema = Schema::parse_and_validate(SDL, "").unwrap();
    let mut kinds = std::collections::BTreeMap::<&str, usize>::new();
    for seed in ["0", "1", "a seed", "ä🦀", "", "42", "x/y", "7.7"] {
        for query in QUERIES {
            let document = ExecutableDocument::parse_and_validate(&schema, *query, "").unwrap();
            let operation = document.operations.get(None).unwrap();
            let rules = Rules {
                schema: &schema,
                seed,
            };
            let root = operation.object_type().as_str();
            let expect = rules.object(root, &operation.selection_set, &[]);
            let response = ask(generated(SDL, seed), query, json!({})).await;
            assert_eq!(data_of(&response), &expect, "{seed}: {query}");
            count(&expect, &mut kinds);
        }
    }
    // The queries come to everything that the rules tell apart.
    assert!(
        kinds["null"] > 20 && kinds["empty list"] > 20 && kinds["list"] > 60,
        "{kinds:?}"
    );
}

fn count(value: &Value, kinds: &mut std::collections::BTreeMap<&str, usize>) {
    let kind = match value {
        Value::Null => "null",
        Value::Array(items) if items.is_empty() => "empty list",
        Value::Array(_) => "list",
        _ => "other",
    };
    *kinds.entry(kind).or_default() += 1;
    match value {
        Value::Array(items) => items.iter().for_each(|item| count(item, kinds)),
        Value::Object(members) => members.values().for_each(|value| count(value, kinds)),
        _ => {}
    }
}

/// The rules once more: paths as texts, no engine.
struct Rules<'s> {
    schema: &'s Schema,
    seed: &'s str,
}

impl Rules<'_> {
    fn object(&self, ty: &str, set: &SelectionSet, path: &[String]) -> Value {
        let mut members = Map::new();
        self.fields(ty, set, path, &mut members);
        Value::Object(members)
    }

    fn fields(
        &self,
        ty: &str,
        set: &SelectionSet,
        path: &[String],
        members: &mut Map<String, Value>,
    ) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) if field.name == "__typename" => {
                    members.insert(field.response_key().to_string(), json!(ty));
                }
                Selection::Field(field) => {
                    let key = field.response_key().to_string();
                    let path = [path, std::slice::from_ref(&key)].concat();
                    let def = &self.schema.type_field(ty, &field.name).unwrap().ty;
                    members.insert(key, self.value(def, &field.selection_set, &path));
                }
                Selection::InlineFragment(inline) => {
                    if inline.type_condition.as_ref().is_none_or(|name| name == ty) {
                        self.fields(ty, &inline.selection_set, path, members);
                    }
                }
                Selection::FragmentSpread(_) => panic!("the queries have none"),
            }
        }
    }

    fn value(&self, ty: &Type, set: &SelectionSet, path: &[String]) -> Value {
        let h = fnv(&format!("{}/{}", self.seed, path.join(".")));
        if !ty.is_non_null() && path.len() >= 2 && h.is_multiple_of(7) {
            return Value::Null;
        }
        let item = match ty {
            Type::List(item) | Type::NonNullList(item) => item,
            Type::Named(name) | Type::NonNullNamed(name) => return self.named(name, h, set, path),
        };
        let item = |i: u32| self.value(item, set, &[path, &[i.to_string()]].concat());
        (0..h % 4).map(item).collect()
    }

    fn named(&self, name: &str, h: u32, set: &SelectionSet, path: &[String]) -> Value {
        match (name, &self.schema.types[name]) {
            ("Int", _) => json!(h % 1000),
            ("Float", _) => json!(f64::from(h % 1000) + 0.5),
            ("Boolean", _) => json!(h.is_multiple_of(2)),
            ("ID", _) => json!(format!("id-{h}")),
            ("String", _) => json!(format!("s-{h}")),
            (_, ExtendedType::Scalar(_)) => json!(format!("{name}-{h}")),
            (_, ExtendedType::Enum(def)) => {
                json!(
                    def.values
                        .keys()
                        .nth(h as usize % def.values.len())
                        .unwrap()
                        .as_str()
                )
            }
            (_, ExtendedType::Object(_)) => self.object(name, set, path),
            _ => {
                let mut possible: Vec<&str> = ["User", "Cat", "Ant"]
                    .into_iter()
                    .filter(|object| self.schema.is_subtype(name, object))
                    .collect();
                possible.sort_unstable();
                self.object(possible[h as usize % possible.len()], set, path)
            }
        }
    }
}

/// Worked out outside of this program, so that no reading of the rules is trusted alone.
#[tokio::test]
async fn values_worked_out_by_hand() {
    for (text, hash) in [
        ("0/int", 3_448_775_057),
        ("0/float", 2_976_711_258),
        ("0/on", 1_486_492_585),
        ("0/id", 1_116_399_229),
        ("0/text", 1_200_770_487),
        ("0/when", 2_595_336_056),
        ("0/mood", 3_291_533_875),
        ("0/ints", 2_078_627_526),
        ("0/ints.0", 172_681_624),
        ("0/ints.1", 189_459_243),
        ("1/ints", 929_768_331),
        ("1/ints.0", 1_597_502_749),
        ("1/ints.1", 1_580_725_130),
        ("1/ints.2", 1_563_947_511), // 7 times 223,421,073
    ] {
        assert_eq!(fnv(text), hash, "{text}");
    }
    let query = "{ int float on id text when mood ints }";
    let expect = json!({
        "int": 57, "float": 258.5, "on": false, "id": "id-1116399229", "text": "s-1200770487",
        "when": "When-2595336056", "mood": "HAPPY", "ints": [624, 243],
    });
    let response = ask(generated(SDL, "0"), query, json!({})).await;
    assert_eq!(data_of(&response), &expect);
    let response = ask(generated(SDL, "1"), "{ ints }", json!({})).await;
    assert_eq!(data_of(&response), &json!({"ints": [749, 130, null]}));
}

#[tokio::test]
async fn an_interface_of_nothing_is_an_error_at_its_field() {
    let sdl = "type Query { a: Nobody b: Int } interface Nobody { id: ID }";
    let response = ask(generated(sdl, "0"), "{ a { id } b }", json!({})).await;
    assert_eq!(response["data"]["a"], json!(null));
    assert_eq!(response["errors"][0]["path"], json!(["a"]));
    assert_eq!(
        response["errors"][0]["message"],
        "no object type is a `Nobody`"
    );
}
