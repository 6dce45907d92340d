//! One document: its examples, its instances and what was spoiled of them, each through the judge and through the types.

use std::collections::HashMap;

use callwright_codegen::diagnostic::{FileId, Files, Pointer};
use callwright_codegen::document::local;
use callwright_codegen::source::Tree;
use callwright_codegen::{Client, SchemaTypes};
use serde_json::Value;

use super::chance::Seeded;
use super::collect::{Example, Found, collect, holds_json};
use super::compare::difference;
use super::failure::Failure as Stop;
use super::instance::Maker;
use super::judge::{Judge, reads_pattern};
use super::mutate::mutations;
use super::program::{Answer, Program};
use super::report::{Failure, Fault, Record};
use super::translate::{Direction, Translation};

/// A document, and which types its schemas have.
pub(crate) struct Subject {
    tree: Tree,
    files: Files,
    types: HashMap<(FileId, Pointer), SchemaTypes>,
}

/// How much is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) seed: u64,
    pub(crate) instances: usize,
}

/// Changes of each valid value.
const MUTATIONS: usize = 4;
/// Attempts at each instance, since the judge may object.
const ATTEMPTS: usize = 4;
/// Failures of a document that are kept; the counts are of all.
const MAX_FAILURES: usize = 2_000;

impl Subject {
    /// `client` was generated from the same text as `tree`.
    pub(crate) fn new(tree: Tree, files: Files, client: &Client) -> Self {
        let mut types = HashMap::new();
        for schema in client.round_trips.iter().flat_map(|trips| &trips.schemas) {
            // What lowering copied has several types, which are alike.
            types
                .entry(schema.place.clone())
                .or_insert_with(|| schema.clone());
        }
        Self { tree, files, types }
    }

    /// The types of the schema at a pointer into the bundled document, or of the one that it refers to. Beside a media type
    /// that the client does not ask for, those of the JSON that it asks for: what comes instead is read as that.
    fn types_of(&self, pointer: &str) -> Option<&SchemaTypes> {
        self.own_types_of(pointer).or_else(|| {
            let (before, rest) = pointer.split_once("/content/")?;
            let (asked, after) = rest.split_once('/')?;
            let content = super::translate::target(&self.tree.root, &format!("{before}/content"))?;
            let others = content
                .as_object()?
                .keys()
                .filter(|media| holds_json(media));
            others
                .map(|media| media.replace('~', "~0").replace('/', "~1"))
                .filter(|media| media != asked)
                .find_map(|media| self.own_types_of(&format!("{before}/content/{media}/{after}")))
        })
    }

    fn own_types_of(&self, pointer: &str) -> Option<&SchemaTypes> {
        let mut pointer = Pointer::from(pointer);
        for _ in 0..64 {
            if let Some(types) = self.types.get(&self.tree.origins.author(&pointer)) {
                return Some(types);
            }
            let schema = super::translate::target(&self.tree.root, pointer.as_str())?;
            pointer = local(schema.get("$ref")?.as_str()?)?;
        }
        None
    }

    fn place(&self, pointer: &str) -> String {
        let (file, pointer) = self.tree.origins.author(&Pointer::from(pointer));
        let location = self.files.locate(file, &pointer);
        format!("{}:{}", location.file, location.line)
    }
}

/// Runs everything of one document; `number` is that of its module in the program.
pub(crate) fn run(
    subject: &Subject,
    program: &mut Program,
    number: usize,
    effort: Effort,
    record: &mut Record,
) -> Result<(), Stop> {
    let found = collect(&subject.tree);
    for (_, reason) in &found.others {
        *record.passed_over.entry((*reason).to_owned()).or_default() += 1;
    }
    let orders = Orders::new(subject, &found, record);
    let judges = match orders.judges() {
        Ok(judges) => judges,
        Err(reason) => {
            record.failed = Some(format!("the judge refuses the schemas: {reason}"));
            return Ok(());
        }
    };
    let mut run = Run {
        subject,
        program,
        number,
        record,
        chance: Seeded::named(effort.seed, ""),
    };
    for (example, order) in &orders.examples {
        run.example(&judges[&order.direction], example, order)?;
    }
    for order in &orders.schemas {
        run.schema(&judges[&order.direction], order, effort)?;
    }
    Ok(())
}

/// A type that values of a schema pass, one way.
struct Order {
    schema: String,
    direction: Direction,
    /// The name of the schema with the judge of this direction.
    name: String,
    ty: usize,
    folds: bool,
}

struct Orders<'d> {
    examples: Vec<(&'d Example<'d>, Order)>,
    schemas: Vec<Order>,
    translations: HashMap<Direction, Translation<'d>>,
}

impl<'d> Orders<'d> {
    fn new(subject: &'d Subject, found: &'d Found<'d>, record: &mut Record) -> Self {
        let mut orders = Self {
            examples: Vec::new(),
            schemas: Vec::new(),
            translations: HashMap::new(),
        };
        for example in &found.examples {
            let Some(types) = subject.types_of(&example.schema) else {
                let reason = "the schema has no type of its own".to_owned();
                *record.passed_over.entry(reason).or_default() += 1;
                continue;
            };
            let made = orders.of(subject, &example.schema, types, example.direction);
            orders
                .examples
                .extend(made.into_iter().map(|order| (example, order)));
        }
        for schema in &found.schemas {
            if let Some(types) = subject.types_of(schema) {
                let made = orders.of(subject, schema, types, None);
                orders.schemas.extend(made);
            }
        }
        orders
    }

    /// The types of a schema for values that travel one way, or any.
    fn of(
        &mut self,
        subject: &'d Subject,
        schema: &str,
        types: &SchemaTypes,
        direction: Option<Direction>,
    ) -> Vec<Order> {
        let response = types.response.map(|ty| (Direction::Response, ty));
        let request = types.request.map(|ty| (Direction::Request, ty));
        let chosen: Vec<(Direction, usize)> = match direction {
            Some(Direction::Response) => response.or(request).into_iter().collect(),
            Some(Direction::Request) => request.or(response).into_iter().collect(),
            None if types.response == types.request => response.into_iter().collect(),
            None => response.into_iter().chain(request).collect(),
        };
        chosen
            .into_iter()
            .map(|(direction, ty)| {
                let root = &subject.tree.root;
                let translation = self
                    .translations
                    .entry(direction)
                    .or_insert_with(|| Translation::new(root, direction, reads_pattern));
                Order {
                    schema: schema.to_owned(),
                    direction,
                    name: translation.name(schema),
                    ty,
                    folds: direction == Direction::Response && types.folds,
                }
            })
            .collect()
    }

    fn judges(&self) -> Result<HashMap<Direction, Judge>, String> {
        self.translations
            .iter()
            .map(|(direction, translation)| Ok((*direction, Judge::new(translation.document())?)))
            .collect()
    }
}

struct Run<'a> {
    subject: &'a Subject,
    program: &'a mut Program,
    number: usize,
    record: &'a mut Record,
    chance: Seeded,
}

/// What came of a valid value.
#[derive(Clone, Copy)]
struct Passed {
    unknowns: usize,
    is_lossless: bool,
}

impl Run<'_> {
    fn example(&mut self, judge: &Judge, example: &Example<'_>, order: &Order) -> Result<(), Stop> {
        self.record.examples.judged += 1;
        let Some(value) = self.meant(judge, example, order) else {
            return Ok(());
        };
        self.record.examples.valid += 1;
        let passed = self.valid(judge, order, &value, &example.pointer, None)?;
        if let Some((passed, undeclared)) = passed {
            let counts = &mut self.record.examples;
            counts.decoded += 1;
            counts.lossless += usize::from(passed.is_lossless);
            counts.undeclared_keys += undeclared;
            self.chance = Seeded::named(0, &example.pointer);
            self.spoiled(judge, order, &value, passed, &example.pointer)?;
        }
        Ok(())
    }

    /// The value of an example that the judge calls valid; it may be given as text.
    fn meant(&mut self, judge: &Judge, example: &Example<'_>, order: &Order) -> Option<Value> {
        let objections = judge.objections(&order.name, example.value);
        if objections.is_empty() {
            return Some(example.value.clone());
        }
        let text = example.value.as_str();
        let text = text.and_then(|text| serde_json::from_str::<Value>(text).ok());
        let text = text.filter(|text| !text.is_string() && judge.is_valid(&order.name, text));
        if text.is_none() {
            let said: Vec<String> = objections
                .iter()
                .take(3)
                .map(|objection| format!("{} {}", objection.path, objection.message))
                .collect();
            let said = said.join("; ");
            self.fail(
                Fault::Invalid,
                &example.pointer,
                order,
                said.trim().to_owned(),
                None,
            );
        }
        text
    }

    fn schema(&mut self, judge: &Judge, order: &Order, effort: Effort) -> Result<(), Stop> {
        self.chance = Seeded::named(effort.seed, &order.schema);
        let schema = judge.definition(&order.name);
        let mut made: Vec<Value> = Vec::new();
        for _ in 0..effort.instances * ATTEMPTS {
            if made.len() == effort.instances {
                break;
            }
            let instance = Maker::new(judge.document(), &mut self.chance).instance(schema);
            let Some(instance) = instance.filter(|instance| !made.contains(instance)) else {
                continue;
            };
            self.record.instances.judged += 1;
            match judge.objections(&order.name, &instance).first() {
                None => made.push(instance),
                Some(objection) => {
                    let keyword = objection.keyword.clone();
                    *self.record.discarded.entry(keyword).or_default() += 1;
                }
            }
        }
        for instance in made {
            self.record.instances.valid += 1;
            let passed = self.valid(judge, order, &instance, &order.schema, Some(&instance))?;
            if let Some((passed, undeclared)) = passed {
                let counts = &mut self.record.instances;
                counts.decoded += 1;
                counts.lossless += usize::from(passed.is_lossless);
                counts.undeclared_keys += undeclared;
                self.spoiled(judge, order, &instance, passed, &order.schema)?;
            }
        }
        Ok(())
    }

    /// Passes a valid value; what became of it, and how many keys without a declaration were dropped.
    fn valid(
        &mut self,
        judge: &Judge,
        order: &Order,
        value: &Value,
        pointer: &str,
        shown: Option<&Value>,
    ) -> Result<Option<(Passed, usize)>, Stop> {
        match self.program.pass(self.number, order.ty, value)? {
            Answer::Refused(reason) => {
                self.fail(Fault::Refused, pointer, order, reason, shown);
                Ok(None)
            }
            Answer::Broken(reason) => {
                self.fail(Fault::Broken, pointer, order, reason, shown);
                Ok(None)
            }
            Answer::Passed {
                value: back,
                unknowns,
                shown: kept,
            } => {
                let schema = judge.definition(&order.name);
                let found = difference(judge, &[schema], value, &back, order.folds);
                let is_lossless = found.losses.is_empty();
                if !is_lossless {
                    let said = found.losses[..found.losses.len().min(3)].join("; ");
                    self.fail(Fault::Lossy, pointer, order, said, shown);
                } else if unknowns > 0 {
                    let said = format!("{unknowns} parts of it are `Unknown`, first …{kept}…");
                    self.fail(Fault::Unknown, pointer, order, said, shown);
                }
                let passed = Passed {
                    unknowns,
                    is_lossless,
                };
                Ok(Some((passed, found.undeclared)))
            }
        }
    }

    /// Spoils a valid value in some places, one at a time.
    fn spoiled(
        &mut self,
        judge: &Judge,
        order: &Order,
        value: &Value,
        before: Passed,
        pointer: &str,
    ) -> Result<(), Stop> {
        if before.unknowns > 0 {
            // Kept as it is already, whatever is in it.
            return Ok(());
        }
        let schema = judge.definition(&order.name);
        for mutation in mutations(judge, schema, value, MUTATIONS, &mut self.chance) {
            let objections = judge.objections(&order.name, &mutation.value);
            let Some(objection) = objections.iter().find(|objection| objection.of_type) else {
                continue;
            };
            // Null is read as the absence of what is optional.
            if let Some(absent) = &mutation.absent
                && judge.is_valid(&order.name, absent)
            {
                continue;
            }
            self.record.mutations += 1;
            let reason = match self.program.pass(self.number, order.ty, &mutation.value)? {
                Answer::Refused(_) => continue,
                Answer::Broken(reason) => {
                    self.fail(Fault::Broken, pointer, order, reason, Some(&mutation.value));
                    continue;
                }
                Answer::Passed {
                    value: back,
                    unknowns,
                    ..
                } => {
                    let place = mutation.pointer.as_str();
                    let is_kept = back.pointer(place) == mutation.value.pointer(place);
                    let is_known_as_such = unknowns > before.unknowns || mutation.is_new_value;
                    match (is_known_as_such, is_kept) {
                        (true, true) => continue,
                        (true, false) => "kept as `Unknown`, and not written as it came",
                        (false, true) => "written as it came",
                        (false, false) => "lost",
                    }
                }
            };
            self.record.silent += 1;
            let said = format!(
                "{}, which the judge objects to ({}), is {reason}",
                mutation.what, objection.message
            );
            self.fail(Fault::Silent, pointer, order, said, Some(&mutation.value));
        }
        Ok(())
    }

    fn fail(
        &mut self,
        fault: Fault,
        pointer: &str,
        order: &Order,
        reason: String,
        value: Option<&Value>,
    ) {
        if self.record.failures.len() >= MAX_FAILURES {
            return;
        }
        self.record.failures.push(Failure {
            fault,
            place: self.subject.place(pointer),
            pointer: pointer.to_owned(),
            direction: order.direction,
            reason,
            value: value.cloned(),
        });
    }
}
