//! Many files to one value: loads what references name, and makes every reference a local one.
//! Knows where references stand (`grammar`), not what they are for.

mod assemble;
mod load;

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use serde_json::{Map, Value};

use super::anchors::Anchors;
use super::grammar::{Kind, Place};
use super::origins::Origins;
use super::path::Path;
use super::reference::{self, Fragment, Target};
use super::{FILES_KEY, Input, MISSING_KEY};
use crate::diagnostic::{Code, Diagnostic, File, FileId, Pointer, Severity};

/// The value of a place to walk.
struct Visit {
    file: FileId,
    pointer: Pointer,
    place: Place,
}

/// A reference where OpenAPI takes none: what it names is copied into its place.
struct Inline {
    target: (FileId, Pointer),
    state: Expansion,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Expansion {
    Waiting,
    Running,
    Done,
}

/// A reference from one file into another, to be checked once everything is loaded.
struct Crossing {
    from: (FileId, Pointer),
    target: (FileId, Pointer),
    text: String,
}

/// The state of one document's bundling.
pub(super) struct Bundle<'a> {
    input: &'a Input<'a>,
    spent: &'a Cell<usize>,
    bytes: usize,
    pub(super) files: Vec<File>,
    values: Vec<Value>,
    /// Relative to the entry's folder.
    paths: Vec<String>,
    ids: HashMap<String, FileId>,
    /// Files that could not be read; references into them have been reported.
    unread: HashSet<FileId>,
    queue: VecDeque<Visit>,
    /// What has been walked, by file: pointers and what was expected there.
    walked: HashMap<FileId, HashMap<String, Place>>,
    /// Local references of the entry that have been followed, as written.
    seen: HashSet<String>,
    inlines: BTreeMap<(FileId, Pointer), Inline>,
    crossings: Vec<Crossing>,
    /// Targets of references that stay references.
    parts: Vec<(FileId, Pointer, Kind)>,
    known_parts: HashSet<(FileId, Pointer)>,
    names: HashMap<(FileId, Pointer), String>,
    anchors: Anchors,
    missing: usize,
    pub(super) origins: Origins,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// What a bundle amounts to.
pub(super) struct Bundled {
    pub(super) root: Value,
    pub(super) parts: Vec<(Pointer, Kind)>,
    pub(super) names: HashMap<Pointer, String>,
}

impl<'a> Bundle<'a> {
    /// A bundle of the entry; overlays are among the files, but hold nothing that is referred to.
    pub(super) fn new(
        input: &'a Input<'a>,
        spent: &'a Cell<usize>,
        root: Value,
        mut files: Vec<File>,
        origins: Origins,
    ) -> Self {
        let path = input.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let mut bundle = Self {
            input,
            spent,
            bytes: input.bytes.len(),
            files: Vec::new(),
            values: Vec::new(),
            paths: Vec::new(),
            ids: HashMap::new(),
            unread: HashSet::new(),
            queue: VecDeque::new(),
            walked: HashMap::new(),
            seen: HashSet::new(),
            inlines: BTreeMap::new(),
            crossings: Vec::new(),
            parts: Vec::new(),
            known_parts: HashSet::new(),
            names: HashMap::new(),
            anchors: Anchors::default(),
            missing: 0,
            origins,
            diagnostics: Vec::new(),
        };
        let overlays = files.split_off(1);
        if let Some(entry) = files.pop() {
            bundle.add(path.to_owned(), entry, root);
        }
        for overlay in overlays {
            bundle.files.push(overlay);
            bundle.values.push(Value::Null);
            bundle.paths.push(String::new());
        }
        bundle
    }

    fn add(&mut self, path: String, file: File, value: Value) -> FileId {
        let id = FileId(self.files.len());
        self.anchors.gather(id, file.text(), &value);
        self.ids.insert(path.clone(), id);
        self.paths.push(path);
        self.files.push(file);
        self.values.push(value);
        id
    }

    /// Follows every reference and puts everything together.
    pub(super) fn run(mut self) -> (Bundled, Self) {
        self.visit(FileId::ENTRY, Pointer::root(), Place::ROOT);
        while let Some(visit) = self.queue.pop_front() {
            self.walk_at(&visit);
        }
        let bundled = self.assemble();
        (bundled, self)
    }

    fn visit(&mut self, file: FileId, pointer: Pointer, place: Place) {
        self.queue.push_back(Visit {
            file,
            pointer,
            place,
        });
    }

    fn walk_at(&mut self, visit: &Visit) {
        let walked = self.walked.entry(visit.file).or_default();
        if covered(walked, &visit.pointer, visit.place) {
            return;
        }
        walked.insert(visit.pointer.to_string(), visit.place);
        let mut root = std::mem::take(&mut self.values[visit.file.0]);
        if let Some(value) = root.pointer_mut(visit.pointer.as_str()) {
            self.walk(value, visit.place, &Path::Base(&visit.pointer), visit.file);
        }
        self.values[visit.file.0] = root;
    }

    fn walk(&mut self, value: &mut Value, place: Place, path: &Path<'_>, file: FileId) {
        if place.is_data() {
            return;
        }
        match value {
            Value::Object(object) => {
                if object.contains_key("$ref") && object["$ref"].is_string() {
                    self.reference(object, place, path, file);
                } else if place.is_one() && place.kind == Kind::Schema && self.anchors.any() {
                    self.dynamic(object, path, file);
                }
                if place.kind == Kind::Discriminator {
                    self.mapping(object, path, file);
                }
                for (key, member) in object.iter_mut() {
                    if member.is_object() || member.is_array() {
                        self.walk(member, place.step(key), &path.key(key), file);
                    }
                }
            }
            Value::Array(items) => {
                let place = place.item();
                for (index, item) in items.iter_mut().enumerate() {
                    self.walk(item, place, &path.index(index), file);
                }
            }
            _ => {}
        }
    }

    fn reference(
        &mut self,
        object: &mut Map<String, Value>,
        place: Place,
        path: &Path<'_>,
        file: FileId,
    ) {
        let siblings = object.len() > 1;
        let Some(Value::String(text)) = object.get_mut("$ref") else {
            return;
        };
        let stays = place.is_one() && place.kind.takes_reference();
        let item = place == Place::one(Kind::PathItem);
        // Nearly all references of nearly all documents.
        if file == FileId::ENTRY
            && text.starts_with("#/")
            && (stays || item && !siblings)
            && !self.anchors.any()
        {
            if !self.seen.contains(text.as_str()) {
                self.seen.insert(text.clone());
                if let Target::Here(Fragment::Pointer(pointer)) = reference::parse(text, "") {
                    self.part(FileId::ENTRY, pointer, place);
                }
            }
            return;
        }
        let Some((target, pointer)) = self.resolve(text, place, path, file) else {
            return;
        };
        let here = target == FileId::ENTRY && file == FileId::ENTRY;
        if !stays && place.kind == Kind::Plain && target == file {
            // An unknown keyword; only references to files are plainly meant as such.
            return;
        }
        if stays || item && here && !siblings {
            self.name(target, &pointer, place, path, file);
            *text = reference::local(&mount(target), &pointer);
            self.part(target, pointer, place);
        } else {
            self.inlines.insert(
                (file, path.pointer()),
                Inline {
                    target: (target, pointer.clone()),
                    state: Expansion::Waiting,
                },
            );
            self.visit(target, pointer, place);
        }
    }

    /// Notes the target of a reference that stays one, for lowering, and walks it.
    fn part(&mut self, file: FileId, pointer: Pointer, place: Place) {
        if self.known_parts.insert((file, pointer.clone())) {
            self.parts.push((file, pointer.clone(), place.kind));
            self.visit(file, pointer, place);
        }
    }

    /// Where a reference leads; reports, and makes it lead nowhere, when it cannot be followed.
    fn resolve(
        &mut self,
        text: &mut String,
        place: Place,
        path: &Path<'_>,
        file: FileId,
    ) -> Option<(FileId, Pointer)> {
        if text.starts_with("#/x-callwright-") {
            // Followed already, on a walk that entered higher or lower.
            return None;
        }
        if let Some(found) = self.anchors.resource(text, file, path) {
            return Some(found);
        }
        let problem = match reference::parse(text, &self.paths[file.0]) {
            Target::Here(Fragment::Pointer(pointer)) => return Some((file, pointer)),
            Target::Here(Fragment::Anchor(name)) => match self.anchors.find(file, &name) {
                Some(pointer) => return Some((file, pointer)),
                None => missing_target(text),
            },
            Target::File(name, fragment) => match self.load(&name) {
                Ok(target) => {
                    let pointer = match fragment {
                        Fragment::Pointer(pointer) => Some(pointer),
                        Fragment::Anchor(name) => self.anchors.find(target, &name),
                    };
                    match pointer {
                        Some(pointer) => {
                            self.crossings.push(Crossing {
                                from: (file, path.pointer().join("$ref")),
                                target: (target, pointer.clone()),
                                text: text.clone(),
                            });
                            return Some((target, pointer));
                        }
                        None => missing_target(text),
                    }
                }
                Err(problem) => *problem,
            },
            Target::Remote => Diagnostic::new(Code::REMOTE_REFERENCE, format!("`{text}` is not fetched"))
                .remedy("save the file beside the document and refer to it by a relative path"),
            Target::Outside => {
                Diagnostic::new(Code::OUTSIDE_REFERENCE, format!("`{text}` leaves the folder of the document"))
                    .remedy("move the file below the folder of the entry file, or generate from a common parent folder")
            }
            Target::Malformed => Diagnostic::new(Code::MALFORMED_REFERENCE, format!("`{text}` is no URI reference"))
                .remedy("percent-encode what a URI cannot hold"),
        };
        // Without its example an operation is still whole.
        let severity = match place.kind {
            Kind::Example | Kind::Plain | Kind::Link => Severity::Warning,
            _ => Severity::Error,
        };
        let place = self.origins.trace(file, &path.pointer().join("$ref"));
        self.diagnostics.push(problem.at(place).severity(severity));
        self.missing += 1;
        *text = format!("#/{MISSING_KEY}/{}", self.missing);
        None
    }

    /// How a person would call what stands in another file: by the component that is nothing but this reference,
    /// else by the last token, else by the file.
    fn name(
        &mut self,
        target: FileId,
        pointer: &Pointer,
        place: Place,
        path: &Path<'_>,
        file: FileId,
    ) {
        if target == FileId::ENTRY {
            return;
        }
        let component = match path {
            Path::Key(Path::Key(Path::Key(Path::Base(base), "components"), _), name)
                if file == FileId::ENTRY && base.is_root() && place.is_one() =>
            {
                Some((*name).to_owned())
            }
            _ => None,
        };
        let key = (target, pointer.clone());
        if let Some(component) = component {
            self.names.insert(key, component);
        } else if !self.names.contains_key(&key) {
            let name = match pointer.last() {
                Some(last) => last.into_owned(),
                None => stem(&self.paths[target.0]),
            };
            self.names.insert(key, name);
        }
    }

    /// The values of a discriminator's mapping that name files.
    fn mapping(&mut self, discriminator: &mut Map<String, Value>, path: &Path<'_>, file: FileId) {
        let Some(Value::Object(mapping)) = discriminator.get_mut("mapping") else {
            return;
        };
        let here = path.key("mapping");
        for (key, target) in mapping.iter_mut() {
            let Value::String(text) = target else {
                continue;
            };
            let local = file != FileId::ENTRY && text.starts_with("#/");
            if !local && !reference::names_a_file(text) {
                continue;
            }
            let place = Place::one(Kind::Schema);
            if let Some((target, pointer)) = self.resolve(text, place, &here.key(key), file) {
                self.name(target, &pointer, place, &here, file);
                *text = reference::local(&mount(target), &pointer);
                self.part(target, pointer, place);
            }
        }
    }

    /// `$dynamicRef` and `$recursiveRef` with a single possible target are references like others.
    fn dynamic(&mut self, object: &mut Map<String, Value>, path: &Path<'_>, file: FileId) {
        for key in ["$dynamicRef", "$recursiveRef"] {
            let Some(text) = object.get(key).and_then(Value::as_str) else {
                continue;
            };
            let target = if text == "#" {
                self.anchors.enclosing(file, path)
            } else {
                match reference::parse(text, &self.paths[file.0]) {
                    Target::Here(Fragment::Anchor(name)) => self.anchors.dynamic(file, &name),
                    Target::Here(Fragment::Pointer(pointer)) => Some(pointer),
                    _ => None,
                }
            };
            if let Some(pointer) = target {
                object.shift_remove(key);
                object.insert(
                    "$ref".to_owned(),
                    reference::local(&mount(file), &pointer).into(),
                );
                self.part(file, pointer, Place::one(Kind::Schema));
                return;
            }
        }
    }
}

fn missing_target(text: &str) -> Diagnostic {
    Diagnostic::new(
        Code::MISSING_TARGET,
        format!("there is nothing at `{text}`"),
    )
    .remedy("check the part after `#`")
}

/// Where a file stands in the bundle.
fn mount(file: FileId) -> String {
    if file == FileId::ENTRY {
        String::new()
    } else {
        format!("/{FILES_KEY}/{}", file.0)
    }
}

/// Whether a walk from one of these places comes by a pointer and finds structure there.
///
/// Of another kind than expected is covered too: a wrong reference must not make a schema a parameter.
fn covered(from: &HashMap<String, Place>, pointer: &Pointer, place: Place) -> bool {
    let mut above = Some(pointer.clone());
    while let Some(ancestor) = above {
        above = ancestor.parent();
        if let (Some(start), Some(rest)) = (from.get(ancestor.as_str()), pointer.below(&ancestor)) {
            let found = start.walk(rest.tokens());
            if found == place || !matches!(found.kind, Kind::Plain | Kind::Data) {
                return true;
            }
        }
    }
    false
}

/// The name of a file without its ending, or of its folder when the file is an index.
fn stem(path: &str) -> String {
    let mut segments = path.rsplit('/');
    let file = segments.next().unwrap_or(path);
    let stem = file
        .split('.')
        .find(|part| !part.is_empty())
        .unwrap_or(file);
    match segments.next() {
        Some(folder) if ["index", "_index", "schema", "model"].contains(&stem) => folder.to_owned(),
        _ => stem.to_owned(),
    }
}
