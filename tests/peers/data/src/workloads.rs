//! What the contenders are asked.
//!
//! In: nothing. Out: documents with variables. Must not know: any contender.

use serde_json::{Value, json};

/// One operation.
pub struct Workload {
    /// `W1` to `W5`, and which variant.
    pub name: &'static str,
    /// The document.
    pub text: String,
    /// The variables; null for none.
    pub variables: Value,
    /// How many leaves the answer has.
    pub leaves: usize,
    /// Whether it is also asked with a text that nobody has seen before.
    pub cold: bool,
}

/// All of them.
pub fn workloads() -> Vec<Workload> {
    let w2 = |name, field: &str| Workload {
        name,
        text: posts(field),
        variables: Value::Null,
        leaves: (crate::POSTS * 4 + crate::POSTS * crate::COMMENTS * 8) as usize,
        cold: name == "W2",
    };
    vec![
        Workload {
            name: "W1",
            text: "{ user { id name email age active } }".into(),
            variables: Value::Null,
            leaves: 5,
            cold: true,
        },
        w2("W2", "author"),
        w2("W2 @each", "author: authorEach"),
        w2("W2 owned rows", "author: authorOwned"),
        w2("W2 pending", "author: authorPending"),
        w2("W2 @each, pending", "author: authorEachPending"),
        w2("W2 by key", "author: authorLoaded"),
        Workload {
            name: "W3",
            text: "{ items { id name email age score active createdAt bio } }".into(),
            variables: Value::Null,
            leaves: crate::ITEMS as usize * 8,
            cold: false,
        },
        Workload {
            name: "W4",
            text: folders(),
            variables: Value::Null,
            leaves: 0,
            cold: true,
        },
        Workload {
            name: "W5",
            text: profiles(),
            variables: json!({ "first": 3, "full": true, "bare": false }),
            leaves: 200,
            cold: true,
        },
    ]
}

fn posts(author: &str) -> String {
    format!(
        "{{ posts {{ id title views published comments {{ id text likes createdAt \
         {author} {{ id name email reputation }} }} }} }}"
    )
}

fn folders() -> String {
    let mut selection = "...E".to_owned();
    for _ in 1..crate::DEPTH {
        selection = format!("...E ... on Folder {{ size entries {{ {selection} }} }}");
    }
    format!(
        "query Tree {{ tree {{ id name entries {{ {selection} }} }} }}\n\
         fragment E on Entry {{ __typename id name ... on File {{ bytes }} ...L }}\n\
         fragment L on Shortcut {{ to {{ __typename ... on File {{ id name bytes }} ... on Site {{ url }} }} }}"
    )
}

fn profiles() -> String {
    let mut text = "query Profiles($first: Int!, $full: Boolean!, $bare: Boolean!) {\n".to_owned();
    for (alias, id) in ["$first", "1", "2", "3", "4", "5", "6", "7"]
        .iter()
        .enumerate()
    {
        text += &format!(
            "  p{alias}: profile(id: {id}) {{ ...Who ...Where @include(if: $full) ...Numbers @skip(if: $bare) }}\n"
        );
    }
    text + "}\n\
        fragment Who on Profile { id firstName lastName nickname ...Contact }\n\
        fragment Contact on Profile { email phone active verified admin newsletter online }\n\
        fragment Where on Profile { street city country language joined }\n\
        fragment Numbers on Profile { age followers following posts likes logins rank level points }\n"
}
