//! The case `columns`: its migration applied to SQLite, and a value of every type written and read back.

use crate::columns::App;
use graphwright::testing::Client;
use serde_json::{Value, json};

/// Creates a row, and reads the list of all: both answer the row.
async fn round_trip(ty: &str, list: &str, input: &Value, fields: &str) -> Value {
    let client = Client::new(App).await.unwrap();
    let create = format!(
        "mutation($input: Create{ty}Input!) {{ row: create{ty}(input: $input) {{ {fields} }} }}"
    );
    let made = client
        .query(create)
        .variables(json!({ "input": input }))
        .await
        .ok()
        .path("row")
        .clone();
    let read = client
        .query(format!("{{ {list} {{ nodes {{ {fields} }} }} }}"))
        .await;
    assert_eq!(*read.ok().path(&format!("{list}.nodes.0")), made);
    made
}

fn names(row: &Value) -> String {
    let names: Vec<&str> = row
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    names.join(" ")
}

#[tokio::test]
async fn a_value_of_every_type_comes_back() {
    let input = json!({
        "string": "a'b\u{1F600}", "int": -2147483648, "float": 0.1, "boolean": true,
        "bigInt": "9223372036854775807", "bytes": "AP8=", "date": "2024-02-29",
        "dateTime": "2026-01-31T12:00:00.123456Z", "decimal": "12.50", "duration": "PT1H30M",
        "email": "a@example.org", "json": { "b": [1, null, "x"], "a": 1.5 }, "time": "12:30:00",
        "uuid": "01890a5d-ac96-774b-bcce-b302099a8057", "url": "https://example.org/a?b=c",
        "color": "GREEN", "code": "any",
    });
    assert_eq!(
        round_trip("Everything", "everything", &input, &names(&input)).await,
        input
    );
}

#[tokio::test]
async fn a_default_of_every_type_is_stored() {
    let expected = json!({
        "name": "n", "string": "it's", "int": -2147483648, "float": 1.5, "boolean": true,
        "bigInt": "9007199254740993", "date": "2026-01-31", "dateTime": "2026-01-31T12:00:00Z",
        "decimal": "12.50", "duration": "PT1H30M", "email": "a@example.org", "json": { "a": [1, null] },
        "time": "12:30:00", "uuid": "01890a5d-ac96-774b-bcce-b302099a8057", "url": "https://example.org/",
        "color": "GREEN", "absent": null,
    });
    let input = json!({ "name": "n" });
    assert_eq!(
        round_trip("Defaults", "defaults", &input, &names(&expected)).await,
        expected
    );
}
