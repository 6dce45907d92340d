//! The calls of one document: every operation with arguments made from its schemas, put to the judges. It must not know how
//! clients are built, nor how findings are printed.

use std::path::{Path, PathBuf};
use std::process::Command;

use callwright_codegen::ir::{Api, Operation};
use serde_json::{Value, json};

use super::arguments::{Arguments, Fill};
use super::bytes;
use super::caller::{Caller, Source};
use super::faults::{Excuse, Sent};
use super::findings::Findings;
use super::install;
use super::recorder::Recorder;
use super::schemas::{Fault, Schemas, concerns};
use super::service::Service;
use super::verdict::{Judge, Reply, Undecodable, Verdict};
use crate::failure::Failure;

/// Each with how much of what may be left out is filled in.
const SEEDS: [(u64, Fill); 3] = [(1, Fill::Required), (2, Fill::All), (3, Fill::Some)];

/// The bytes of a body that an error of the client keeps: the runtime's constant of this name, which `xtask` does not build.
const KEPT_BODY: usize = 1 << 20;

/// The calls of one document.
pub(super) struct Session<'a> {
    caller: &'a mut Caller,
    folder: &'a Path,
    source: &'a Source,
    api: &'a Api,
    /// Started when a value is in doubt.
    schemas: Option<Schemas>,
    only: Option<&'a str>,
}

/// A call that was made.
struct Call<'a> {
    operation: &'a Operation,
    order: &'a Value,
    /// The objects of the body that cannot be what the document requires.
    unlisted: &'a [Fault],
    /// The operation and the seed, for people.
    place: String,
}

/// The servers of a judge.
struct Court {
    judge: Judge,
    server: Service,
    /// Prism without `--errors`, which does not keep a reply to itself that it finds wrong; started when one is.
    lenient: Option<Service>,
}

impl<'a> Session<'a> {
    /// Calls of the operations whose id holds a text, or of all.
    pub(super) fn new(
        caller: &'a mut Caller,
        folder: &'a Path,
        source: &'a Source,
        api: &'a Api,
        only: Option<&'a str>,
    ) -> Self {
        Self {
            caller,
            folder,
            source,
            api,
            schemas: None,
            only,
        }
    }

    /// Calls every operation with every seed; nothing where the judge does not know the version of the document.
    pub(super) fn judged(&mut self, judge: Judge) -> Result<Option<Findings>, Failure> {
        if judge == Judge::Validator && self.is_swagger()? {
            return Ok(None);
        }
        let mut court = Court {
            judge,
            server: self.start(judge, true)?,
            lenient: None,
        };
        let mut findings = Findings::default();
        let api = self.api;
        for (index, operation) in api.operations.iter().enumerate() {
            // A stream has the id of the operation that it is of: the caller knows one of them.
            if operation.is_stream || !self.is_wanted(operation) {
                continue;
            }
            for (seed, fill) in SEEDS {
                let mut url = court.server.url();
                let fragment = operation.pointer.as_str().split_once('#');
                if let (Judge::Validator, Some((_, fragment))) = (judge, fragment) {
                    let fragment = fragment.split('/').next().unwrap_or_default();
                    url = format!("{url}/.fragment-{fragment}");
                }
                let mut order = self.ordered(index, (seed, fill), &url, true);
                let unlisted = self.satisfiable(operation, &mut order)?;
                let mut answer = self.caller.call(&order)?;
                if Verdict::of(&answer, judge) == Verdict::Gone && court.server.is_running() {
                    // It closed a connection that it took for idle: no word of the request.
                    answer = self.caller.call(&order)?;
                }
                findings.calls += 1;
                let call = Call {
                    operation,
                    order: &order,
                    unlisted: &unlisted,
                    place: format!("{} (seed {seed})", operation.id),
                };
                let said = Verdict::of(&answer, judge);
                self.found(&mut findings, &mut court, &call, said)?;
            }
        }
        Ok(Some(findings))
    }

    fn is_wanted(&self, operation: &Operation) -> bool {
        self.only.is_none_or(|only| operation.id.contains(only))
    }

    /// Notes what a verdict means.
    fn found(
        &mut self,
        findings: &mut Findings,
        court: &mut Court,
        call: &Call<'_>,
        said: Verdict,
    ) -> Result<(), Failure> {
        let Call { place, order, .. } = call;
        let sent = Sent {
            api: self.api,
            operation: call.operation,
            order,
            unlisted: call.unlisted,
            is_no_text: matches!(&said, Verdict::Wrong(_)) && self.is_no_text(call)?,
            is_right: matches!(&said, Verdict::Wrong(_)) && self.is_right(call)?,
        };
        let arguments = &order["arguments"];
        match said {
            Verdict::Right(reply) => findings.decoded("by the judge as it is", reply),
            Verdict::Wrong(violations) => {
                let said: Vec<String> = violations.iter().map(ToString::to_string).collect();
                let said = format!("{place}: {}\n      {arguments}", said.join("; "));
                match sent.excuse(court.judge, &violations) {
                    Some(excuse) => findings.excused(excuse, said),
                    None => findings.wrong.push(said),
                }
            }
            Verdict::Undecodable(fault) => {
                let said = format!("{place}: {}", fault.message);
                if self.is_unknown(call.operation, &fault)? {
                    findings.decoded(
                        "since the document has no schema for them",
                        Reply::Undocumented,
                    );
                    return Ok(());
                }
                if !self.contradicts(call.operation, &fault)? {
                    findings.undecodable.push(said);
                    return Ok(());
                }
                // Another reply, made up at random.
                let answer = self.asked_again(court, order, true)?;
                match Verdict::of(&answer, court.judge) {
                    Verdict::Right(reply) => {
                        findings.decoded(
                            "made up at random after one that contradicts the document",
                            reply,
                        );
                    }
                    // What the client does not keep whole cannot be judged: the reply before it was.
                    Verdict::Undecodable(again)
                        if again.body.len() < KEPT_BODY
                            && !self.contradicts(call.operation, &again)? =>
                    {
                        findings
                            .undecodable
                            .push(format!("{place}: {} in {}", again.message, again.body));
                    }
                    _ => findings.excused(Excuse::PrismReply, said),
                }
            }
            Verdict::Withheld => {
                let answer = self.asked_again(court, order, false)?;
                match Verdict::of(&answer, court.judge) {
                    Verdict::Right(reply) => {
                        findings.decoded("though Prism finds fault with what it made up", reply);
                    }
                    Verdict::Withheld => findings.undecodable.push(format!("{place}: withheld")),
                    other => self.found(findings, court, call, other)?,
                }
            }
            Verdict::Gone => {
                let said = format!("{place}: no answer\n      {arguments}");
                match sent.crash().filter(|_| court.judge == Judge::Prism) {
                    Some(excuse) => findings.excused(excuse, said),
                    None => findings.wrong.push(said),
                }
                if !court.server.is_running() {
                    court.server = self.start(court.judge, true)?;
                }
            }
        }
        Ok(())
    }

    /// Whether the body is one of bytes or text, and the document says that no text is one.
    fn is_no_text(&mut self, call: &Call<'_>) -> Result<bool, Failure> {
        let media = call.order["media"].as_str().unwrap_or_default();
        if !media.starts_with("text/") && media != "application/octet-stream" {
            return Ok(false);
        }
        let place = json!({
            "pointer": call.operation.pointer.as_str(),
            "media": media,
            "value": "text",
        });
        let faults = self.schemas()?.faults(&place)?.unwrap_or_default();
        Ok(faults
            .iter()
            .any(|fault| fault.path.is_empty() && fault.keyword == "type"))
    }

    /// Whether the fields or parts of a form, as they are meant, are what the document says.
    fn is_right(&mut self, call: &Call<'_>) -> Result<bool, Failure> {
        let media = call.order["media"].as_str().unwrap_or_default();
        let arguments = call.order["arguments"].as_object();
        let meant = if media.starts_with("multipart/") {
            let parts = arguments.into_iter().flatten().filter_map(|(key, value)| {
                Some((key.strip_prefix("body.")?.to_owned(), meant(value)))
            });
            Value::Object(parts.collect())
        } else if media == "application/x-www-form-urlencoded" {
            call.order["arguments"]["body"].clone()
        } else {
            return Ok(false);
        };
        let place = json!({
            "pointer": call.operation.pointer.as_str(),
            "media": media,
            "value": meant,
        });
        Ok(self
            .schemas()?
            .faults(&place)?
            .is_some_and(|faults| faults.is_empty()))
    }

    /// The same call of Prism without `--errors`, for a reply that is an example, or made up at random.
    fn asked_again(
        &mut self,
        court: &mut Court,
        order: &Value,
        random: bool,
    ) -> Result<Value, Failure> {
        let lenient = match &court.lenient {
            Some(lenient) => lenient,
            None => court.lenient.insert(self.start(court.judge, false)?),
        };
        let mut order = order.clone();
        order["base_url"] = lenient.url().into();
        if random {
            order["headers"] = json!({ "Prefer": "dynamic=true" });
        }
        self.caller.call(&order)
    }

    fn schemas(&mut self) -> Result<&mut Schemas, Failure> {
        match &mut self.schemas {
            Some(schemas) => Ok(schemas),
            none => {
                let script = scripts()?.join("schemas.js");
                let modules = self.folder.join("node_modules");
                Ok(none.insert(Schemas::start(&self.source.path, &script, &modules)?))
            }
        }
    }

    /// Whether a reply is empty and the document does not say what should be in it.
    fn is_unknown(&mut self, operation: &Operation, reply: &Undecodable) -> Result<bool, Failure> {
        let place = json!({
            "pointer": operation.pointer.as_str(),
            "status": reply.status,
            "media": "application/json",
        });
        Ok(reply.body.is_empty() && self.schemas()?.faults(&place)?.is_none())
    }

    /// Whether the document's own schema refuses a reply where the client does.
    fn contradicts(&mut self, operation: &Operation, reply: &Undecodable) -> Result<bool, Failure> {
        let Ok(value) = serde_json::from_str::<Value>(&reply.body) else {
            return Ok(false);
        };
        let place = json!({
            "pointer": operation.pointer.as_str(),
            "status": reply.status,
            "media": "application/json",
            "value": value,
        });
        let faults = self.schemas()?.faults(&place)?.unwrap_or_default();
        Ok(faults.iter().any(|fault| match &reply.path {
            Some(path) => concerns(fault, path),
            None => true,
        }))
    }

    /// What the document has against the body of an order.
    fn against(&mut self, operation: &Operation, order: &Value) -> Result<Vec<Fault>, Failure> {
        let Some(body) = order.pointer("/arguments/body") else {
            return Ok(Vec::new());
        };
        let place = json!({
            "pointer": operation.pointer.as_str(),
            "media": order["media"],
            "value": body,
        });
        Ok(self.schemas()?.faults(&place)?.unwrap_or_default())
    }

    /// Takes out of a form what goes deeper than the style tables, where the document does not ask for it.
    fn flat(&mut self, operation: &Operation, order: &mut Value) -> Result<(), Failure> {
        let members = order.pointer("/arguments/body").and_then(Value::as_object);
        let deep = |value: &Value| {
            let nested = |value: &Value| value.is_array() || value.is_object();
            value.is_object()
                || value
                    .as_array()
                    .is_some_and(|items| items.iter().any(nested))
        };
        let names = members.into_iter().flatten();
        let names: Vec<String> = names
            .filter(|(_, value)| deep(value))
            .map(|(name, _)| name.clone())
            .collect();
        for name in names {
            let mut without = order.clone();
            let before = self.against(operation, order)?;
            if without_member(&mut without, "", &name) {
                let after = self.against(operation, &without)?;
                if after.iter().all(|fault| before.contains(fault)) {
                    *order = without;
                }
            }
        }
        Ok(())
    }

    /// Takes out of an order what nobody can give: an object whose schema requires a property that it does not list.
    /// Returns what is left of such objects, since they must be given themselves.
    fn satisfiable(
        &mut self,
        operation: &Operation,
        order: &mut Value,
    ) -> Result<Vec<Fault>, Failure> {
        let optional = operation.body.as_ref().is_some_and(|body| !body.required);
        if order["media"] == "application/x-www-form-urlencoded" {
            self.flat(operation, order)?;
        }
        let mut faults = self.against(operation, order)?;
        let mut kept: Vec<Fault> = Vec::new();
        while let Some(fault) = faults
            .iter()
            .find(|it| it.missing.is_some() && !kept.contains(it))
        {
            let fault = fault.clone();
            let mut without = order.clone();
            let removed = match fault.path.rsplit_once('/') {
                None => optional && without_body(&mut without),
                Some((holder, name)) => without_member(&mut without, holder, name),
            };
            let left = self.against(operation, &without)?;
            // Whatever it was removed from must not ask for it.
            if removed && left.len() < faults.len() && left.iter().all(|it| faults.contains(it)) {
                *order = without;
                faults = left;
            } else {
                kept.push(fault);
            }
        }
        Ok(kept)
    }

    /// Whether the document is one of Swagger 2.0, which it says at its top.
    fn is_swagger(&self) -> Result<bool, Failure> {
        let path = &self.source.path;
        let text =
            std::fs::read_to_string(path).map_err(|error| Failure::io("read", path, &error))?;
        Ok(match serde_json::from_str::<Value>(&text) {
            Ok(document) => document.get("swagger").is_some(),
            // YAML, whose keys at the top begin a line.
            Err(_) => text.lines().any(|line| {
                let key = line.split(':').next().unwrap_or_default();
                key.trim_matches(['"', '\'']) == "swagger"
            }),
        })
    }

    fn start(&self, judge: Judge, errors: bool) -> Result<Service, Failure> {
        let (folder, source) = (self.folder, self.source);
        let suffix = if errors { "" } else { "-lenient" };
        let name = judge.name();
        let log = folder.join(format!("{}-{name}{suffix}.log", source.module));
        let modules = folder.join("node_modules");
        let validator = scripts()?.join("validator.js");
        Service::start(name, &log, |port| {
            let mut command = Command::new("node");
            let port = port.to_string();
            match judge {
                Judge::Prism => command
                    .arg(modules.join("@stoplight/prism-cli/dist/index.js"))
                    .arg("mock")
                    .args(errors.then_some("--errors"))
                    // What it makes up at random is the same each time.
                    .args(["--seed", "1"])
                    .args(["--port", &port])
                    .arg(&source.path),
                Judge::Validator => command
                    .arg(validator)
                    .arg(&source.path)
                    .arg(&port)
                    .arg(&modules),
            };
            command
        })
    }

    /// The order of a call with made up arguments.
    fn ordered(&self, index: usize, (seed, fill): (u64, Fill), url: &str, settled: bool) -> Value {
        let operation = &self.api.operations[index];
        let seed = seed * 1_000_003 + index as u64;
        let mut arguments = Arguments::new(self.api, seed, fill);
        if settled {
            arguments = arguments.settled();
        }
        let mut order = arguments.order(operation);
        order.insert("client".into(), self.source.module.clone().into());
        order.insert("operation".into(), operation.id.clone().into());
        order.insert("base_url".into(), url.into());
        order.insert("credentials".into(), json!({ "*": "secret" }));
        order.insert("retries".into(), 0.into());
        // Both judges take long over the unions of large documents.
        order.insert("timeout".into(), 120.into());
        order.insert("items".into(), 3.into());
        order.into()
    }

    /// Calls every operation with every seed, and looks at the bytes that were sent.
    pub(super) fn recorded(&mut self, recorder: &Recorder) -> Result<Findings, Failure> {
        let mut findings = Findings::default();
        let api = self.api;
        for (index, operation) in api.operations.iter().enumerate() {
            if !self.is_wanted(operation) {
                continue;
            }
            for (seed, fill) in SEEDS {
                let order = self.ordered(index, (seed, fill), &recorder.url(), false);
                self.caller.call(&order)?;
                findings.calls += 1;
                let wrong = match recorder.take() {
                    Some(request) => bytes::wrong(api, operation, &order, &request),
                    None => Some("nothing was sent".to_owned()),
                };
                match wrong {
                    Some(reason) => {
                        let (id, arguments) = (&operation.id, &order["arguments"]);
                        findings
                            .wrong
                            .push(format!("{id} (seed {seed}): {reason}\n      {arguments}"));
                    }
                    None => findings.right += 1,
                }
            }
        }
        Ok(findings)
    }
}

/// The value that a part stands for: a file is a text to a schema.
fn meant(part: &Value) -> Value {
    let is_file = |part: &Value| part.get("text").is_some() && part.get("name").is_some();
    match part {
        part if is_file(part) => json!("file"),
        Value::Array(items) if items.iter().any(is_file) => items.iter().map(meant).collect(),
        part => part.clone(),
    }
}

fn without_body(order: &mut Value) -> bool {
    let removed = order["arguments"]
        .as_object_mut()
        .and_then(|all| all.shift_remove("body"));
    order.as_object_mut().map(|all| all.shift_remove("media"));
    removed.is_some()
}

/// Removes a member of an object in the body, or empties the list that it is an item of.
fn without_member(order: &mut Value, holder: &str, name: &str) -> bool {
    match order.pointer_mut(&format!("/arguments/body{holder}")) {
        Some(Value::Object(members)) => members
            .shift_remove(&name.replace("~1", "/").replace("~0", "~"))
            .is_some(),
        Some(Value::Array(items)) => {
            items.clear();
            true
        }
        _ => false,
    }
}

/// The folder of the scripts that node runs.
fn scripts() -> Result<PathBuf, Failure> {
    Ok(install::absolute_root()?.join("xtask/judges/prism"))
}
