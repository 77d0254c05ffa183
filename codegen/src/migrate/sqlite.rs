//! Tables as SQLite's SQL.
//!
//! In: a [`Snapshot`]. Out: the text of a migration. Must not know: the IR.
//!
//! Tables are STRICT: SQLite then holds a column to its type. Whatever a column's type cannot say, a CHECK does.

use super::tables::{ColumnState, IndexState, Snapshot, TableState};

/// The migration that creates everything.
pub(super) fn create(snapshot: &Snapshot) -> String {
    let mut parts = vec![
        "-- The tables of the schema's models. Applied once; change it only before that."
            .to_owned(),
    ];
    for table in &snapshot.tables {
        parts.push(create_table(table));
        let indexes: Vec<String> = table
            .indexes
            .iter()
            .map(|index| create_index(&table.name, index))
            .collect();
        if !indexes.is_empty() {
            parts.push(indexes.join("\n"));
        }
    }
    parts.join("\n\n") + "\n"
}

fn create_table(table: &TableState) -> String {
    let single = (table.primary_key.len() == 1).then(|| table.primary_key[0].as_str());
    let mut lines: Vec<String> = table
        .columns
        .iter()
        .map(|column| {
            let key = single == Some(column.name.as_str());
            format!("  {}", define(column, key, table.counted))
        })
        .collect();
    if single.is_none() {
        lines.push(format!("  PRIMARY KEY ({})", names(&table.primary_key)));
    }
    for column in &table.columns {
        if let Some(target) = &column.references {
            lines.push(format!(
                "  FOREIGN KEY ({}) REFERENCES {} ({}) ON DELETE {}",
                quote(&column.name),
                quote(&target.table),
                quote(&target.column),
                target.on_delete.to_uppercase()
            ));
        }
    }
    // A key of several columns is found in the table itself.
    let rowid = if single.is_none() {
        ", WITHOUT ROWID"
    } else {
        ""
    };
    format!(
        "CREATE TABLE {} (\n{}\n) STRICT{rowid};",
        quote(&table.name),
        lines.join(",\n")
    )
}

fn create_index(table: &str, index: &IndexState) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    format!(
        "CREATE {unique}INDEX {} ON {} ({});",
        quote(&index.name),
        quote(table),
        names(&index.columns)
    )
}

fn define(column: &ColumnState, key: bool, counted: bool) -> String {
    let name = quote(&column.name);
    let mut text = format!("{name} {}", affinity(&column.ty));
    if key {
        text.push_str(" PRIMARY KEY");
    }
    if key && counted {
        // Without AUTOINCREMENT the key of a deleted row may be given again.
        text.push_str(" AUTOINCREMENT");
    }
    if !column.nullable {
        text.push_str(" NOT NULL");
    }
    if let Some(default) = default(column) {
        text.push_str(&format!(" DEFAULT {default}"));
    }
    for check in checks(column, &name) {
        text.push_str(&format!(" CHECK ({check})"));
    }
    text
}

fn affinity(ty: &str) -> &'static str {
    match ty {
        "float" => "REAL",
        "id-uuid" | "uuid" | "bytes" => "BLOB",
        "id-text" | "text" | "enum" | "date" | "time" | "json" => "TEXT",
        _ => "INTEGER",
    }
}

fn checks(column: &ColumnState, name: &str) -> Vec<String> {
    let mut checks = Vec::new();
    match column.ty.as_str() {
        "id-uuid" | "uuid" => checks.push(format!("length({name}) = 16")),
        "boolean" => checks.push(format!("{name} IN (0, 1)")),
        "int" => checks.push(format!("{name} BETWEEN {} AND {}", i32::MIN, i32::MAX)),
        "json" => checks.push(format!("json_valid({name})")),
        "enum" => {
            let values: Vec<String> = column.values.iter().map(|value| text(value)).collect();
            checks.push(format!("{name} IN ({})", values.join(", ")));
        }
        _ => {}
    }
    let scale = scale(&column.ty);
    checks.extend(
        column
            .min
            .map(|min| format!("{name} >= {}", number(min, scale))),
    );
    checks.extend(
        column
            .max
            .map(|max| format!("{name} <= {}", number(max, scale))),
    );
    checks.extend(
        column
            .min_length
            .map(|min| format!("length({name}) >= {min}")),
    );
    checks.extend(
        column
            .max_length
            .map(|max| format!("length({name}) <= {max}")),
    );
    checks
}

/// The constant that a statement may leave out; other defaults are the program's to fill in.
fn default(column: &ColumnState) -> Option<String> {
    use serde_json::Value;
    match (column.ty.as_str(), column.default.as_ref()?) {
        ("boolean", Value::Bool(value)) => Some(u8::from(*value).to_string()),
        ("int" | "bigint" | "id-int", Value::Number(value)) => Some(value.to_string()),
        ("float", Value::Number(value)) => Some(value.to_string()),
        ("text" | "id-text" | "enum" | "date" | "time", Value::String(value)) => Some(text(value)),
        (ty, Value::Number(value)) if ty.starts_with("decimal") => {
            Some(number(value.as_f64()?, scale(ty)))
        }
        (ty, Value::String(value)) if ty.starts_with("decimal") => scaled(value, scale(ty)),
        _ => None,
    }
}

/// Digits after the point that a scaled integer holds; 0 for all other types.
fn scale(ty: &str) -> u32 {
    ty.strip_prefix("decimal(")
        .and_then(|rest| rest.strip_suffix(')'))
        .and_then(|n| n.parse().ok())
        .unwrap_or(0)
}

/// A bound in the column's unit, without a fraction where it has none.
fn number(value: f64, scale: u32) -> String {
    let scaled = value * 10f64.powi(scale as i32);
    // Products such as 0.1 × 100 miss the whole number by a few units of the last place.
    let whole = scaled.round();
    if (scaled - whole).abs() < 1e-9 * scaled.abs().max(1.0) {
        format!("{whole:.0}")
    } else {
        scaled.to_string()
    }
}

/// `12.5` with two digits is `1250`; nothing if it does not fit.
fn scaled(value: &str, scale: u32) -> Option<String> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let missing = (scale as usize).checked_sub(fraction.len())?;
    let digits: i64 = format!("{whole}{fraction}{}", "0".repeat(missing))
        .parse()
        .ok()?;
    Some(digits.to_string())
}

fn names(columns: &[String]) -> String {
    columns
        .iter()
        .map(|name| quote(name))
        .collect::<Vec<_>>()
        .join(", ")
}

fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::{number, scaled};

    #[test]
    fn decimals_are_scaled_exactly() {
        assert_eq!(number(0.1, 2), "10");
        assert_eq!(number(1.005, 2), "100.49999999999999");
        assert_eq!(number(-3.0, 0), "-3");
        assert_eq!(number(0.5, 0), "0.5");
        assert_eq!(scaled("12.5", 2).as_deref(), Some("1250"));
        assert_eq!(scaled("-0.05", 2).as_deref(), Some("-5"));
        assert_eq!(scaled("1.005", 2), None);
        assert_eq!(scaled("7", 0).as_deref(), Some("7"));
    }
}
