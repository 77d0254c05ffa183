//! The text of statements: identifiers from static tables, everything else as bound parameters.
//!
//! In: conditions, tables, values. Out: a [`Statement`]. Must not know: where conditions come from, connections.

use super::cond::{Cmp, Cond, Operand};
use super::{ColumnType, FilterOp, Join, ModelDef, Value};

/// A statement with its bound values. The text comes from static tables only, never from a client.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Statement {
    /// The text, with numbered parameters (`?1`).
    pub text: String,
    /// The values, in the order of their numbers.
    pub binds: Vec<Value>,
}

/// The number of a table's alias in a statement: `t0`, `t1`, …
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Alias(u32);

/// A statement that is being written.
#[derive(Debug)]
pub(super) struct Sql {
    models: &'static [ModelDef],
    text: String,
    binds: Vec<Value>,
    aliases: u32,
}

impl Sql {
    pub(super) fn new(models: &'static [ModelDef]) -> Sql {
        Sql {
            models,
            text: String::with_capacity(256),
            binds: Vec::new(),
            aliases: 0,
        }
    }

    pub(super) fn done(self) -> Statement {
        Statement {
            text: self.text,
            binds: self.binds,
        }
    }

    /// A table's alias that is new in the statement.
    pub(super) fn alias(&mut self) -> Alias {
        self.aliases += 1;
        Alias(self.aliases - 1)
    }

    /// Fixed text.
    pub(super) fn push(&mut self, text: &'static str) -> &mut Sql {
        self.text.push_str(text);
        self
    }

    /// An identifier from the static tables, quoted.
    pub(super) fn name(&mut self, name: &'static str) -> &mut Sql {
        self.text.push('"');
        for part in name.split_inclusive('"') {
            self.text.push_str(part);
            if part.ends_with('"') {
                self.text.push('"');
            }
        }
        self.text.push('"');
        self
    }

    /// `t0`
    pub(super) fn alias_name(&mut self, alias: Alias) -> &mut Sql {
        self.text.push('t');
        self.text.push_str(itoa::Buffer::new().format(alias.0));
        self
    }

    /// `t0."city"`
    pub(super) fn column(&mut self, alias: Alias, column: &'static str) -> &mut Sql {
        self.alias_name(alias).push(".").name(column)
    }

    /// `"listing" AS t0`
    pub(super) fn table(&mut self, table: &'static str, alias: Alias) -> &mut Sql {
        self.name(table).push(" AS ").alias_name(alias)
    }

    /// A parameter.
    pub(super) fn bind(&mut self, value: Value) -> &mut Sql {
        self.binds.push(value);
        self.text.push('?');
        self.text
            .push_str(itoa::Buffer::new().format(self.binds.len()));
        self
    }

    /// A list as one parameter: `json_each(?1) AS k`, one text for any number of values. See [`Sql::item`].
    pub(super) fn items<'v>(&mut self, values: impl Iterator<Item = &'v Value>) -> &mut Sql {
        let json = json_list(values);
        self.push("json_each(").bind(Value::Text(json)).push(")")
    }

    /// The value of an item of [`Sql::items`] under the name `k`, in the form that a column of the type compares with.
    pub(super) fn item(&mut self, ty: ColumnType) -> &mut Sql {
        self.push(if is_blob(ty) {
            "unhex(k.value)"
        } else {
            "k.value"
        })
    }

    /// The condition, in parentheses where it needs them.
    pub(super) fn cond(&mut self, model: &'static ModelDef, alias: Alias, cond: &Cond) {
        match cond {
            Cond::Const(Some(true)) => {
                self.push("1");
            }
            Cond::Const(Some(false)) => {
                self.push("0");
            }
            Cond::Const(None) => {
                self.push("NULL");
            }
            Cond::All(conds) => self.joined(model, alias, conds, " AND "),
            Cond::Any(conds) => self.joined(model, alias, conds, " OR "),
            Cond::Not(cond) => {
                self.push("NOT (").cond(model, alias, cond);
                self.push(")");
            }
            Cond::NotTrue(cond) => {
                self.push("(").cond(model, alias, cond);
                self.push(") IS NOT TRUE");
            }
            Cond::Where(rule, cond) => {
                self.push("CASE WHEN ").cond(model, alias, rule);
                self.push(" THEN ").cond(model, alias, cond);
                self.push(" ELSE 0 END");
            }
            Cond::Truth(operand) => self.operand(model, alias, operand),
            Cond::Compare(a, op, b) => {
                self.operand(model, alias, a);
                self.push(match op {
                    Cmp::Eq => " = ",
                    Cmp::Ne => " <> ",
                    Cmp::Lt => " < ",
                    Cmp::Le => " <= ",
                    Cmp::Gt => " > ",
                    Cmp::Ge => " >= ",
                });
                self.operand(model, alias, b);
            }
            Cond::Null(operand, yes) => {
                self.operand(model, alias, operand);
                self.push(if *yes { " IS NULL" } else { " IS NOT NULL" });
            }
            Cond::In(operand, values, yes) => self.one_of(model, alias, operand, values, *yes),
            Cond::Text(operand, op, text) => self.text_test(model, alias, operand, *op, text),
            Cond::Exists(relation, cond, yes) => self.exists(model, alias, *relation, cond, *yes),
        }
    }

    fn joined(&mut self, model: &'static ModelDef, alias: Alias, conds: &[Cond], by: &'static str) {
        self.push("(");
        for (i, cond) in conds.iter().enumerate() {
            if i > 0 {
                self.push(by);
            }
            self.cond(model, alias, cond);
        }
        self.push(")");
    }

    fn one_of(
        &mut self,
        model: &'static ModelDef,
        alias: Alias,
        operand: &Operand,
        values: &[Value],
        yes: bool,
    ) {
        self.operand(model, alias, operand);
        self.push(if yes {
            " IN (SELECT "
        } else {
            " NOT IN (SELECT "
        });
        let blob = values.iter().any(|v| matches!(v, Value::Blob(_)));
        self.push(if blob { "unhex(value)" } else { "value" })
            .push(" FROM ")
            .items(values.iter())
            .push(")");
    }

    fn text_test(
        &mut self,
        model: &'static ModelDef,
        alias: Alias,
        operand: &Operand,
        op: FilterOp,
        text: &str,
    ) {
        let value = Value::Text(text.to_owned());
        match op {
            FilterOp::Contains => {
                self.push("instr(").operand(model, alias, operand);
                self.push(", ").bind(value).push(") > 0");
            }
            FilterOp::Icontains => {
                self.push("instr(lower(").operand(model, alias, operand);
                self.push("), lower(").bind(value).push(")) > 0");
            }
            FilterOp::EndsWith => {
                self.push("substr(").operand(model, alias, operand);
                self.push(", -")
                    .bind(Value::Int(text.chars().count() as i64))
                    .push(") = ")
                    .bind(value);
            }
            // An index serves a range, which LIKE and substr() do not become.
            _ => {
                self.push("(").operand(model, alias, operand);
                self.push(" >= ").bind(value);
                if let Some(end) = after_prefix(text) {
                    self.push(" AND ").operand(model, alias, operand);
                    self.push(" < ").bind(Value::Text(end));
                }
                self.push(")");
            }
        }
    }

    fn exists(
        &mut self,
        model: &'static ModelDef,
        alias: Alias,
        relation: u16,
        cond: &Cond,
        yes: bool,
    ) {
        let relation = &model.relations[usize::from(relation)];
        let target = &self.models[usize::from(relation.target)];
        self.push(if yes {
            "EXISTS (SELECT 1 FROM "
        } else {
            "NOT EXISTS (SELECT 1 FROM "
        });
        let inner = self.alias();
        match relation.join {
            Join::BelongsTo { column } => {
                self.table(target.table, inner)
                    .push(" WHERE ")
                    .column(inner, target.id().column);
                self.push(" = ")
                    .column(alias, model.columns[usize::from(column)].column);
            }
            Join::Has { column } => {
                self.table(target.table, inner)
                    .push(" WHERE ")
                    .column(inner, target.columns[usize::from(column)].column);
                self.push(" = ").column(alias, model.id().column);
            }
            Join::Through { table, own, other } => {
                let between = self.alias();
                self.table(table, between)
                    .push(" JOIN ")
                    .table(target.table, inner)
                    .push(" ON ")
                    .column(inner, target.id().column);
                self.push(" = ")
                    .column(between, other)
                    .push(" WHERE ")
                    .column(between, own)
                    .push(" = ")
                    .column(alias, model.id().column);
            }
        }
        if !cond.is_always() {
            self.push(" AND ").cond(target, inner, cond);
        }
        self.push(")");
    }

    fn operand(&mut self, model: &'static ModelDef, alias: Alias, operand: &Operand) {
        match operand {
            Operand::Value(value) => {
                self.bind(value.clone());
            }
            Operand::Column { path, column } => self.path_column(model, alias, path, *column),
            Operand::Bool(cond) => {
                self.push("(").cond(model, alias, cond);
                self.push(")");
            }
        }
    }

    /// A column at the end of a path of to-one relations, as a sub-select. The rows on the way are not filtered by
    /// their own rules: a rule may look at what its reader may not.
    fn path_column(
        &mut self,
        model: &'static ModelDef,
        alias: Alias,
        path: &'static [u16],
        column: u16,
    ) {
        let Some((first, rest)) = path.split_first() else {
            self.column(alias, model.columns[usize::from(column)].column);
            return;
        };
        let mut before = &model.relations[usize::from(*first)];
        let mut target = &self.models[usize::from(before.target)];
        if let (true, true, Join::BelongsTo { column: key }) =
            (rest.is_empty(), column == target.id, before.join)
        {
            self.column(alias, model.columns[usize::from(key)].column);
            return;
        }
        let outer = self.alias();
        let mut inner = outer;
        let mut joins: Vec<(&'static ModelDef, Alias, &'static ModelDef, Alias, Join)> = Vec::new();
        for step in rest {
            let next = &target.relations[usize::from(*step)];
            let next_target = &self.models[usize::from(next.target)];
            let next_alias = self.alias();
            joins.push((target, inner, next_target, next_alias, next.join));
            (target, inner) = (next_target, next_alias);
        }
        self.push("(SELECT ")
            .column(inner, target.columns[usize::from(column)].column);
        let first_target = &self.models[usize::from(before.target)];
        self.push(" FROM ").table(first_target.table, outer);
        for (from, from_alias, to, to_alias, join) in joins {
            self.push(" JOIN ").table(to.table, to_alias).push(" ON ");
            self.joined_by_key(from, from_alias, to, to_alias, join);
        }
        self.push(" WHERE ");
        before = &model.relations[usize::from(*first)];
        self.joined_by_key(model, alias, first_target, outer, before.join);
        self.push(")");
    }

    fn joined_by_key(
        &mut self,
        from: &'static ModelDef,
        from_alias: Alias,
        to: &'static ModelDef,
        to_alias: Alias,
        join: Join,
    ) {
        match join {
            Join::Has { column } => {
                self.column(to_alias, to.columns[usize::from(column)].column);
                self.push(" = ").column(from_alias, from.id().column);
            }
            Join::BelongsTo { column } => {
                self.column(to_alias, to.id().column);
                self.push(" = ")
                    .column(from_alias, from.columns[usize::from(column)].column);
            }
            // The generator refuses to-many relations in a path; should one come here, it leads nowhere.
            Join::Through { .. } => {
                self.push("0");
            }
        }
    }
}

/// The column types that SQLite holds as a BLOB; JSON carries them as hexadecimal digits.
pub(super) fn is_blob(ty: ColumnType) -> bool {
    matches!(
        ty,
        ColumnType::IdUuid | ColumnType::Uuid | ColumnType::Bytes
    )
}

/// The values as a JSON array; NULL stays null, bytes become hexadecimal digits.
pub(super) fn json_list<'v>(values: impl Iterator<Item = &'v Value>) -> String {
    let mut out = vec![b'['];
    for value in values {
        match value {
            Value::Null => out.extend_from_slice(b"null"),
            Value::Int(n) => out.extend_from_slice(itoa::Buffer::new().format(*n).as_bytes()),
            Value::Real(n) => out.extend_from_slice(zmij::Buffer::new().format(*n).as_bytes()),
            Value::Text(s) => super::value::write_string(s, &mut out),
            Value::Blob(bytes) => {
                out.push(b'"');
                for b in bytes {
                    out.push(b"0123456789abcdef"[usize::from(b >> 4)]);
                    out.push(b"0123456789abcdef"[usize::from(b & 15)]);
                }
                out.push(b'"');
            }
        }
        out.push(b',');
    }
    if out.len() > 1 {
        out.pop();
    }
    out.push(b']');
    String::from_utf8(out).expect("JSON written from text is UTF-8")
}

/// The least text that is greater than every text with the prefix; `None` if there is none.
fn after_prefix(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        let next = match last {
            '\u{D7FF}' => Some('\u{E000}'),
            char::MAX => None,
            c => char::from_u32(c as u32 + 1),
        };
        if let Some(next) = next {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}
