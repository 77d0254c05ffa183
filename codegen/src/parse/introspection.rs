//! The answer to the introspection query → SDL.
//!
//! In: JSON, as a server answers it or a tool has written it to a file. Out: the text of a schema that has the same
//! types, as far as introspection tells: which directives stand where it does not.
//! Must not know: where the JSON comes from.

use serde_json::Value;

/// What asks for everything that [`introspected`] can read (section 4 of the specification).
pub const INTROSPECTION_QUERY: &str = "query IntrospectionQuery { __schema { description queryType { name } mutationType { name } subscriptionType { name } types { ...T } directives { name description isRepeatable locations args(includeDeprecated: true) { ...I } } } } fragment T on __Type { kind name description specifiedByURL isOneOf fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...I } type { ...R } isDeprecated deprecationReason } inputFields(includeDeprecated: true) { ...I } interfaces { name } enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { name } } fragment I on __InputValue { name description type { ...R } defaultValue isDeprecated deprecationReason } fragment R on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";

/// The same for servers that follow the specification of 2018.
pub const OLD_INTROSPECTION_QUERY: &str = "query IntrospectionQuery { __schema { queryType { name } mutationType { name } subscriptionType { name } types { ...T } directives { name description locations args { ...I } } } } fragment T on __Type { kind name description fields(includeDeprecated: true) { name description args { ...I } type { ...R } isDeprecated deprecationReason } inputFields { ...I } interfaces { name } enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { name } } fragment I on __InputValue { name description type { ...R } defaultValue } fragment R on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";

/// The schema in SDL. `{ "data": { "__schema": … } }` and `{ "__schema": … }` are both understood.
///
/// # Errors
/// What is wrong with the JSON, as a sentence without a full stop.
pub fn introspected(json: &str) -> Result<String, String> {
    let answer: Value =
        serde_json::from_str(json).map_err(|error| format!("this is no JSON: {error}"))?;
    let schema = match (&answer["data"]["__schema"], &answer["__schema"]) {
        (found @ Value::Object(_), _) | (_, found @ Value::Object(_)) => found,
        _ => return Err(no_schema(&answer)),
    };
    let mut parts = vec![roots(schema)?];
    for directive in list(schema, "directives") {
        let name = text(directive, "name")?;
        if ![
            "skip",
            "include",
            "deprecated",
            "specifiedBy",
            "oneOf",
            "defer",
            "stream",
        ]
        .contains(&name)
        {
            parts.push(directive_definition(directive, name)?);
        }
    }
    for ty in list(schema, "types") {
        let name = text(ty, "name")?;
        let builtin = ["Int", "Float", "String", "Boolean", "ID"].contains(&name);
        if !builtin && !name.starts_with("__") {
            parts.push(definition(ty, name)?);
        }
    }
    Ok(parts.join("\n\n") + "\n")
}

fn no_schema(answer: &Value) -> String {
    match answer["errors"][0]["message"].as_str() {
        Some(message) => format!("the answer is an error: {message}"),
        None => {
            "there is no `__schema` in it, as the answer to the introspection query has".to_owned()
        }
    }
}

fn roots(schema: &Value) -> Result<String, String> {
    let mut lines = String::new();
    for (operation, key) in [
        ("query", "queryType"),
        ("mutation", "mutationType"),
        ("subscription", "subscriptionType"),
    ] {
        if schema[key].is_object() {
            lines.push_str(&format!("  {operation}: {}\n", text(&schema[key], "name")?));
        }
    }
    Ok(format!("{}schema {{\n{lines}}}", description(schema, "")))
}

fn directive_definition(directive: &Value, name: &str) -> Result<String, String> {
    let locations: Vec<&str> = list(directive, "locations")
        .filter_map(Value::as_str)
        .collect();
    Ok(format!(
        "{}directive @{name}{}{} on {}",
        description(directive, ""),
        arguments(directive)?,
        match directive["isRepeatable"] == true {
            true => " repeatable",
            false => "",
        },
        locations.join(" | ")
    ))
}

fn definition(ty: &Value, name: &str) -> Result<String, String> {
    let head = description(ty, "");
    Ok(head
        + &match text(ty, "kind")? {
            "SCALAR" => match ty["specifiedByURL"].as_str() {
                Some(url) => format!("scalar {name} @specifiedBy(url: {})", quoted(url)),
                None => format!("scalar {name}"),
            },
            "OBJECT" => format!("type {name}{}{}", implements(ty)?, fields(ty)?),
            "INTERFACE" => format!("interface {name}{}{}", implements(ty)?, fields(ty)?),
            "UNION" => format!("union {name} = {}", names(ty, "possibleTypes")?.join(" | ")),
            "ENUM" => {
                let values = list(ty, "enumValues").map(|value| {
                    let name = text(value, "name")?;
                    Ok(format!(
                        "{}  {name}{}\n",
                        description(value, "  "),
                        deprecated(value)
                    ))
                });
                format!(
                    "enum {name} {{\n{}}}",
                    values.collect::<Result<String, String>>()?
                )
            }
            "INPUT_OBJECT" => {
                let inputs = list(ty, "inputFields").map(|input| {
                    Ok(format!(
                        "{}  {}\n",
                        description(input, "  "),
                        input_value(input)?
                    ))
                });
                let inputs: String = inputs.collect::<Result<_, String>>()?;
                let one_of = match ty["isOneOf"] == true {
                    true => " @oneOf",
                    false => "",
                };
                format!("input {name}{one_of} {{\n{inputs}}}")
            }
            other => {
                return Err(format!(
                    "`{name}` is of a kind that there is not: `{other}`"
                ));
            }
        })
}

fn implements(ty: &Value) -> Result<String, String> {
    let names = names(ty, "interfaces")?;
    Ok(match names.is_empty() {
        true => String::new(),
        false => format!(" implements {}", names.join(" & ")),
    })
}

fn fields(ty: &Value) -> Result<String, String> {
    let lines = list(ty, "fields").map(|field| {
        Ok(format!(
            "{}  {}{}: {}{}\n",
            description(field, "  "),
            text(field, "name")?,
            arguments(field)?,
            type_ref(&field["type"])?,
            deprecated(field)
        ))
    });
    Ok(format!(
        " {{\n{}}}",
        lines.collect::<Result<String, String>>()?
    ))
}

fn arguments(of: &Value) -> Result<String, String> {
    let args: Vec<String> = list(of, "args")
        .map(|arg| {
            let docs = match arg["description"].as_str() {
                Some(text) => quoted(text) + " ",
                None => String::new(),
            };
            Ok(docs + &input_value(arg)?)
        })
        .collect::<Result<_, String>>()?;
    Ok(match args.is_empty() {
        true => String::new(),
        false => format!("({})", args.join(", ")),
    })
}

fn input_value(input: &Value) -> Result<String, String> {
    let default = match input["defaultValue"].as_str() {
        Some(value) => format!(" = {value}"),
        None => String::new(),
    };
    Ok(format!(
        "{}: {}{default}{}",
        text(input, "name")?,
        type_ref(&input["type"])?,
        deprecated(input)
    ))
}

fn type_ref(ty: &Value) -> Result<String, String> {
    Ok(match ty["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", type_ref(&ty["ofType"])?),
        Some("LIST") => format!("[{}]", type_ref(&ty["ofType"])?),
        _ => text(ty, "name")?.to_owned(),
    })
}

fn deprecated(of: &Value) -> String {
    match (of["isDeprecated"] == true, of["deprecationReason"].as_str()) {
        (true, Some(reason)) => format!(" @deprecated(reason: {})", quoted(reason)),
        (true, None) => " @deprecated".to_owned(),
        (false, _) => String::new(),
    }
}

fn description(of: &Value, indent: &str) -> String {
    match of["description"].as_str() {
        Some(text) => format!("{indent}{}\n", quoted(text)),
        None => String::new(),
    }
}

/// The escapes of JSON's strings are GraphQL's, too.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn list<'a>(of: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    of[key].as_array().into_iter().flatten()
}

fn names<'a>(of: &'a Value, key: &str) -> Result<Vec<&'a str>, String> {
    list(of, key).map(|one| text(one, "name")).collect()
}

fn text<'a>(of: &'a Value, key: &str) -> Result<&'a str, String> {
    let missing = || {
        let mut shown = of.to_string();
        if let Some((end, _)) = shown.char_indices().nth(80) {
            shown.truncate(end);
            shown.push('…');
        }
        format!("`{key}` is missing in {shown}")
    };
    of[key].as_str().ok_or_else(missing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(schema: Value, expect: Result<&str, &str>) {
        let found = introspected(&json!({ "data": { "__schema": schema } }).to_string());
        assert_eq!(found.as_deref().map_err(String::as_str), expect);
    }

    #[test]
    fn an_old_server_says_less() {
        // No `args`, `isRepeatable`, `specifiedByURL`: what the specification did not have in 2018.
        check(
            json!({
                "queryType": { "name": "Query" },
                "types": [
                    { "kind": "OBJECT", "name": "Query", "fields": [
                        { "name": "a", "type": { "kind": "NON_NULL", "ofType": { "kind": "LIST", "ofType": { "kind": "SCALAR", "name": "Int" } } } },
                        { "name": "b", "args": [{ "name": "n", "description": "How \"many\"\n", "type": { "name": "Int" }, "defaultValue": "3" }],
                          "type": { "name": "Int" }, "isDeprecated": true, "deprecationReason": null },
                    ] },
                    { "kind": "SCALAR", "name": "Int" },
                    { "kind": "OBJECT", "name": "__Type", "fields": [] },
                ],
                "directives": [{ "name": "skip", "locations": ["FIELD"] }, { "name": "d", "locations": ["FIELD", "QUERY"] }],
            }),
            Ok(
                "schema {\n  query: Query\n}\n\ndirective @d on FIELD | QUERY\n\ntype Query {\n  a: [Int]!\n  b(\"How \\\"many\\\"\\n\" n: Int = 3): Int @deprecated\n}\n",
            ),
        );
    }

    #[test]
    fn what_is_no_schema_is_told() {
        let told = |text: &str| introspected(text).unwrap_err();
        assert!(told("{").starts_with("this is no JSON: "));
        assert_eq!(
            told("{\"errors\": [{\"message\": \"introspection is off\"}]}"),
            "the answer is an error: introspection is off"
        );
        assert!(told("[]").starts_with("there is no `__schema` in it"));
        check(
            json!({ "types": [{ "name": "A", "kind": "THING" }] }),
            Err("`A` is of a kind that there is not: `THING`"),
        );
        check(
            json!({ "types": [{ "kind": "SCALAR" }] }),
            Err("`name` is missing in {\"kind\":\"SCALAR\"}"),
        );
    }
}
