//! A schema and a schedule that change as projects do, a change at a time.

use graphwright_tests::random::dice::Dice;
use std::collections::BTreeMap;

/// The schema's types, `Query` first, and the jobs.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) types: Vec<Type>,
    pub(super) jobs: Vec<Job>,
    names: usize,
}

#[derive(Debug, Clone)]
pub(super) struct Type {
    pub(super) name: String,
    /// The SDL file that it stands in.
    file: usize,
    pub(super) fields: Vec<Field>,
    before: Option<String>,
}

/// A field with a stub.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) name: String,
    args: Vec<Arg>,
    answer: String,
    before: Option<String>,
    deprecated: bool,
    doc: bool,
}

#[derive(Debug, Clone)]
struct Arg {
    name: String,
    ty: String,
    before: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) name: String,
    args: Vec<(String, &'static str)>,
}

const ANSWERS: [&str; 6] = ["Int", "String!", "[ID!]!", "Float", "Boolean!", "[[Int]!]"];
const ARGS: [&str; 5] = ["Int", "String!", "[ID!]", "Int! = 3", "Boolean"];
const JOB_ARGS: [&str; 3] = ["Int!", "String", "ID"];
const FILES: [&str; 3] = ["shop", "people", "größe"];

impl World {
    pub(super) fn new(dice: &mut Dice) -> World {
        let mut world = World {
            types: Vec::new(),
            jobs: Vec::new(),
            names: 0,
        };
        for (name, file) in [("Query", 0), ("Book", 0), ("Author", 1)] {
            world.types.push(Type {
                name: name.to_owned(),
                file,
                fields: Vec::new(),
                before: None,
            });
            let last = world.types.len() - 1;
            for _ in 0..dice.from(1, 3) {
                world.add_field(last, dice);
            }
        }
        world.add_job(dice);
        world
    }

    fn fresh(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    fn answer(&self, dice: &mut Dice) -> String {
        match dice.below(self.types.len() + 4) {
            n if n > 0 && n < self.types.len() => self.types[n].name.clone(),
            _ => (*dice.of(&ANSWERS)).to_owned(),
        }
    }

    fn arg(&mut self, dice: &mut Dice) -> Arg {
        Arg {
            name: self.fresh("arg"),
            ty: (*dice.of(&ARGS)).to_owned(),
            before: None,
        }
    }

    fn add_field(&mut self, ty: usize, dice: &mut Dice) {
        let mut field = Field {
            name: self.fresh("field"),
            args: Vec::new(),
            answer: self.answer(dice),
            before: None,
            deprecated: false,
            doc: dice.percent(30),
        };
        for _ in 0..dice.below(3) {
            field.args.push(self.arg(dice));
        }
        let at = dice.below(self.types[ty].fields.len() + 1);
        self.types[ty].fields.insert(at, field);
    }

    fn add_job(&mut self, dice: &mut Dice) {
        let name = self.fresh("job");
        let args = match dice.percent(50) {
            true => vec![(self.fresh("arg"), *dice.of(&JOB_ARGS))],
            false => Vec::new(),
        };
        self.jobs.push(Job { name, args });
    }

    /// What was renamed is known by its new name from now on.
    pub(super) fn settle(&mut self) {
        for ty in &mut self.types {
            ty.before = None;
            for field in &mut ty.fields {
                field.before = None;
                field.args.iter_mut().for_each(|arg| arg.before = None);
            }
        }
    }

    /// Some change. What is renamed by the command's flag rather than by a directive goes into `flags`.
    pub(super) fn change(&mut self, dice: &mut Dice, flags: &mut BTreeMap<String, String>) {
        let ty = dice.below(self.types.len());
        let count = self.types[ty].fields.len();
        let i = dice.below(count);
        match dice.below(20) {
            0..=3 => self.add_field(ty, dice),
            4 | 5 if count > 1 => drop(self.types[ty].fields.remove(i)),
            6 => self.rename_field(ty, i, dice, flags),
            7 | 8 => self.types[ty].fields[i].answer = self.answer(dice),
            9 | 10 => {
                let arg = self.arg(dice);
                let args = &mut self.types[ty].fields[i].args;
                args.insert(dice.below(args.len() + 1), arg);
            }
            11 => drop(self.types[ty].fields[i].args.pop()),
            12 => self.change_arg(ty, i, dice),
            13 => {
                let field = self.types[ty].fields.remove(i);
                self.types[ty].fields.insert(dice.below(count), field);
            }
            14 => {
                let field = &mut self.types[ty].fields[i];
                (field.deprecated, field.doc) = (!field.deprecated, !field.doc);
            }
            15 => self.types[ty].file = dice.below(FILES.len()),
            16 => self.add_type(dice),
            17 if ty > 0 && dice.percent(50) => self.remove_type(ty),
            17 if ty > 0 => self.rename_type(ty, dice, flags),
            18 if self.jobs.len() > 2 => drop(self.jobs.remove(0)),
            18 => self.add_job(dice),
            _ => self.change_job(dice, flags),
        }
    }

    fn rename_field(
        &mut self,
        ty: usize,
        i: usize,
        dice: &mut Dice,
        flags: &mut BTreeMap<String, String>,
    ) {
        let name = self.fresh("field");
        let owner = self.types[ty].name.clone();
        let renamed = self.types[ty].before.is_some();
        let field = &mut self.types[ty].fields[i];
        // A second name in one step would hide the first.
        if renamed || field.before.is_some() {
            return;
        }
        let before = std::mem::replace(&mut field.name, name);
        match dice.percent(50) {
            true => field.before = Some(before),
            false => {
                flags.insert(
                    format!("{owner}.{before}"),
                    format!("{owner}.{}", field.name),
                );
            }
        }
    }

    fn change_arg(&mut self, ty: usize, i: usize, dice: &mut Dice) {
        let name = self.fresh("arg");
        let args = &mut self.types[ty].fields[i].args;
        let count = args.len();
        match (dice.below(3), args.first_mut()) {
            (_, None) => {}
            (0, Some(arg)) => arg.ty = (*dice.of(&ARGS)).to_owned(),
            (1, Some(arg)) if arg.before.is_none() => {
                arg.before = Some(std::mem::replace(&mut arg.name, name));
            }
            _ => args.rotate_left(dice.below(count)),
        }
    }

    fn add_type(&mut self, dice: &mut Dice) {
        let name = self.fresh("Type");
        self.types.push(Type {
            name,
            file: dice.below(FILES.len()),
            fields: Vec::new(),
            before: None,
        });
        self.add_field(self.types.len() - 1, dice);
    }

    fn remove_type(&mut self, ty: usize) {
        let gone = self.types.remove(ty);
        let fields = self.types.iter_mut().flat_map(|ty| &mut ty.fields);
        for field in fields.filter(|field| field.answer == gone.name) {
            field.answer = "Int".to_owned();
        }
    }

    fn rename_type(&mut self, ty: usize, dice: &mut Dice, flags: &mut BTreeMap<String, String>) {
        let name = self.fresh("Type");
        let own = &self.types[ty];
        let names_old = flags
            .keys()
            .any(|key| key.starts_with(&format!("{}.", own.name)));
        if own.before.is_some() || names_old || own.fields.iter().any(|f| f.before.is_some()) {
            return;
        }
        let before = std::mem::replace(&mut self.types[ty].name, name.clone());
        let fields = self.types.iter_mut().flat_map(|ty| &mut ty.fields);
        for field in fields.filter(|field| field.answer == before) {
            field.answer.clone_from(&name);
        }
        match dice.percent(50) {
            true => self.types[ty].before = Some(before),
            false => drop(flags.insert(before, name)),
        }
    }

    fn change_job(&mut self, dice: &mut Dice, flags: &mut BTreeMap<String, String>) {
        let (arg, name) = (self.fresh("arg"), self.fresh("job"));
        let at = dice.below(self.jobs.len());
        let Some(job) = self.jobs.get_mut(at) else {
            return;
        };
        match dice.below(3) {
            0 => job.args.push((arg, *dice.of(&JOB_ARGS))),
            1 => drop(job.args.pop()),
            _ if flags.values().any(|now| *now == job.name) => {}
            _ => {
                let before = std::mem::replace(&mut job.name, name.clone());
                flags.insert(before, name);
            }
        }
    }

    /// The SDL files, by name.
    pub(super) fn sdl(&self) -> BTreeMap<String, String> {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for ty in &self.types {
            let file = files
                .entry(format!("schema/{}.graphql", FILES[ty.file]))
                .or_default();
            let former = renamed(&ty.before);
            *file += &format!("type {}{former} {{\n", ty.name);
            if ty.name != "Query" {
                *file += "  id: ID!\n";
            }
            for field in &ty.fields {
                *file += &field.sdl(ty.name != "Query");
            }
            *file += "}\n\n";
        }
        files
    }

    /// `jobs.yaml`.
    pub(super) fn manifest(&self) -> String {
        let mut text = "version: 1\njobs:\n".to_owned();
        for job in &self.jobs {
            let args: Vec<String> = job
                .args
                .iter()
                .map(|(name, ty)| format!("{name}: {ty}"))
                .collect();
            text += &format!(
                "  {}:\n    args: {{{}}}\n    enabled: false\n",
                job.name,
                args.join(", ")
            );
        }
        text
    }

    /// Every coordinate that has a stub.
    pub(super) fn coordinates(&self) -> Vec<String> {
        let fields = |ty: &Type| -> Vec<String> {
            ty.fields
                .iter()
                .map(|field| format!("{}.{}", ty.name, field.name))
                .collect()
        };
        let jobs = self.jobs.iter().map(|job| job.name.clone());
        self.types.iter().flat_map(fields).chain(jobs).collect()
    }
}

impl Field {
    fn sdl(&self, resolver: bool) -> String {
        let args: Vec<String> = self
            .args
            .iter()
            .map(|arg| format!("{}: {}{}", arg.name, arg.ty, renamed(&arg.before)))
            .collect();
        let args = match args.is_empty() {
            true => String::new(),
            false => format!("({})", args.join(", ")),
        };
        let doc = if self.doc { "  \"About this.\"\n" } else { "" };
        let resolver = if resolver { " @resolver" } else { "" };
        let former = renamed(&self.before);
        let deprecated = if self.deprecated { " @deprecated" } else { "" };
        format!(
            "{doc}  {}{args}: {}{resolver}{former}{deprecated}\n",
            self.name, self.answer
        )
    }
}

fn renamed(before: &Option<String>) -> String {
    before.as_ref().map_or(String::new(), |name| {
        format!(" @renamedFrom(name: \"{name}\")")
    })
}
