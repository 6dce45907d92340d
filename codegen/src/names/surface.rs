//! What users call an operation: its resource and its method, from the operation's id, tags and path.
//!
//! It works on words alone and must not know types or identifiers. Rules look at the operation itself; the
//! whole document is asked only for prefixes that most operations share, so that an addition renames nothing.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::path::{self, Step, is_technical};
use super::verbs;
use super::words::{self, Word, is_plural, key, singular_phrase};

/// What the document says of an operation that can name it.
#[derive(Debug, Clone)]
pub(super) struct Source<'a> {
    /// The document's own `operationId`.
    pub(super) id: Option<&'a str>,
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) tags: &'a [String],
    /// `resource.method`, asked for by the document or the user.
    pub(super) asked: Option<&'a str>,
    /// Whether a success holds several of a thing, where its type tells.
    pub(super) several: Option<bool>,
}

/// What users call an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Surface {
    /// The resource's words.
    pub(super) resource: Vec<Word>,
    /// The tag that names the resource, if one does.
    pub(super) tag: Option<String>,
    /// The method's words, in order of preference.
    pub(super) methods: Vec<Vec<Word>>,
}

/// An operation's source with what is derived from it alone.
struct Reading<'a> {
    source: &'a Source<'a>,
    steps: Vec<Step>,
    /// How many leading steps say nothing.
    technical: usize,
    tag: Option<(&'a str, Vec<Word>)>,
}

/// Names every operation.
pub(super) fn surfaces(sources: &[Source<'_>]) -> Vec<Surface> {
    let readings: Vec<Reading<'_>> = sources.iter().map(read).collect();
    let readings = drop_blanket_tag(readings);
    let shared_root = shared_root(&readings);
    let plurals = plural_tags(&readings);
    let resources: Vec<Vec<Word>> = readings
        .iter()
        .map(|reading| resource(reading, shared_root.as_deref(), &plurals))
        .collect();
    let facts = Facts::of(&readings, &resources);
    let mut surfaces: Vec<Surface> = readings
        .iter()
        .zip(resources)
        .map(|(reading, words)| surface(reading, words, &facts))
        .collect();
    qualify_by_version(&readings, &mut surfaces);
    surfaces
}

/// Where two versions of a path claim one name, the version is what tells them apart.
fn qualify_by_version(readings: &[Reading<'_>], surfaces: &mut [Surface]) {
    let versions: Vec<Option<Word>> = readings
        .iter()
        .map(|reading| path::version(&reading.steps))
        .collect();
    let mut claimed: HashMap<(Vec<Word>, Vec<Word>), HashSet<Option<&Word>>> = HashMap::new();
    for (surface, version) in surfaces.iter().zip(&versions) {
        let name = (surface.resource.clone(), surface.methods[0].clone());
        claimed.entry(name).or_default().insert(version.as_ref());
    }
    for (surface, version) in surfaces.iter_mut().zip(&versions) {
        let name = (surface.resource.clone(), surface.methods[0].clone());
        if let Some(version) = version
            && claimed
                .get(&name)
                .is_some_and(|versions| versions.len() > 1)
        {
            let qualified = [surface.methods[0].as_slice(), std::slice::from_ref(version)].concat();
            surface.methods.insert(1, qualified);
        }
    }
}

fn read<'a>(source: &'a Source<'a>) -> Reading<'a> {
    let steps = path::steps(source.path);
    let technical = path::technical_prefix(&steps);
    let tag = source
        .tags
        .iter()
        .find_map(|tag| Some((tag.as_str(), tag_words(tag)?)));
    Reading {
        source,
        steps,
        technical,
        tag,
    }
}

/// The words of a tag without those that say nothing; none where all do.
fn tag_words(tag: &str) -> Option<Vec<Word>> {
    let mut words = words::split(tag);
    if words
        .first()
        .is_some_and(|word| word.starts_with("api") && is_technical(word))
    {
        let rest = words.iter().position(|word| !is_technical(word))?;
        words.drain(..rest);
    }
    while words.len() > 1
        && words.last().is_some_and(|word| {
            matches!(
                word.as_str(),
                "api" | "apis" | "controller" | "endpoint" | "endpoints"
            )
        })
    {
        words.pop();
    }
    (!words.iter().all(|word| is_technical(word))).then_some(words)
}

/// Ignores a tag that every operation of a large and varied document carries: it names the API, not a resource.
fn drop_blanket_tag(mut readings: Vec<Reading<'_>>) -> Vec<Reading<'_>> {
    let mut tags = readings
        .iter()
        .map(|reading| reading.tag.as_ref().map(|(_, words)| words.clone()));
    let Some(Some(first)) = tags.next() else {
        return readings;
    };
    let roots: HashSet<String> = readings
        .iter()
        .filter_map(|reading| root(reading, None))
        .map(|words| key(&words))
        .collect();
    let is_blanket = readings.len() >= 20 && roots.len() >= 5 && !roots.contains(&key(&first));
    if is_blanket
        && readings.iter().all(|reading| {
            reading
                .tag
                .as_ref()
                .is_some_and(|(_, words)| *words == first)
        })
    {
        for reading in &mut readings {
            reading.tag = None;
        }
    }
    readings
}

/// The path's first literal that says something; the second where nearly all operations share the first.
fn root(reading: &Reading<'_>, shared: Option<&[Word]>) -> Option<Vec<Word>> {
    let mut literals = reading.steps[reading.technical..]
        .iter()
        .filter_map(Step::literal);
    let first = literals.next()?;
    if shared == Some(first)
        && let Some(second) = literals.next()
    {
        return Some(second.to_vec());
    }
    Some(first.to_vec())
}

/// The first literal of four fifths of the untagged operations of a document that is no small one.
fn shared_root(readings: &[Reading<'_>]) -> Option<Vec<Word>> {
    let untagged: Vec<_> = readings
        .iter()
        .filter(|reading| reading.tag.is_none())
        .collect();
    let mut counts: BTreeMap<Vec<Word>, usize> = BTreeMap::new();
    for reading in &untagged {
        if let Some(words) = root(reading, None) {
            *counts.entry(words).or_default() += 1;
        }
    }
    let (words, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    (untagged.len() >= 20 && count * 5 >= untagged.len() * 4).then_some(words)
}

/// The tags (by [`key`]) that paths write in the plural.
fn plural_tags(readings: &[Reading<'_>]) -> HashMap<String, Word> {
    let mut plurals = HashMap::new();
    for reading in readings {
        let Some((_, tag)) = &reading.tag else {
            continue;
        };
        let Some(last) = tag.last().filter(|last| !is_plural(last)) else {
            continue;
        };
        for literal in reading.steps.iter().filter_map(Step::literal) {
            let plural = literal
                .last()
                .filter(|word| is_plural(word) && words::singular(word) == *last);
            if let Some(plural) = plural
                && key(literal) == key(tag)
            {
                plurals.insert(tag.concat(), plural.clone());
            }
        }
    }
    plurals
}

fn resource(
    reading: &Reading<'_>,
    shared: Option<&[Word]>,
    plurals: &HashMap<String, Word>,
) -> Vec<Word> {
    if let Some((resource, _)) = reading
        .source
        .asked
        .and_then(|asked| asked.rsplit_once('.'))
    {
        return words::split(resource);
    }
    if let Some((_, tag)) = &reading.tag {
        let mut tag = tag.clone();
        if let (Some(plural), Some(last)) = (plurals.get(&tag.concat()), tag.last_mut()) {
            last.clone_from(plural);
        }
        return tag;
    }
    let root = root(reading, shared).or_else(|| {
        // `/{bucket}`: a path of parameters alone.
        reading.steps.iter().find_map(|step| match step {
            Step::Parameter(words) => Some(words.clone()),
            Step::Literal(_) => None,
        })
    });
    match root {
        // `/sendMessage`: a path that is a procedure's name has no resource.
        Some(words)
            if words.len() > 1
                && verbs::is_verb(&words[0])
                && reading.steps.len() == reading.technical + 1 =>
        {
            vec!["api".to_owned()]
        }
        Some(words) => words,
        None => vec!["root".to_owned()],
    }
}

/// What only the whole document tells.
struct Facts {
    /// By resource, how many leading steps most of its operations share.
    prefixes: HashMap<String, Vec<Step>>,
    /// Paths with one more parameter than a collection's.
    collections: HashSet<Vec<Step>>,
    /// Paths that are sent both PUT and PATCH.
    patched: HashSet<Vec<Step>>,
}

impl Facts {
    fn of(readings: &[Reading<'_>], resources: &[Vec<Word>]) -> Self {
        let mut groups: HashMap<String, Vec<&Reading<'_>>> = HashMap::new();
        let mut collections = HashSet::new();
        let mut patched = HashSet::new();
        for (reading, resource) in readings.iter().zip(resources) {
            groups.entry(resource.concat()).or_default().push(reading);
            if let Some((Step::Parameter(_), before)) = reading.steps.split_last() {
                collections.insert(before.to_vec());
            }
            if reading.source.method == "PATCH" {
                patched.insert(reading.steps.clone());
            }
        }
        let prefixes = groups
            .into_iter()
            .map(|(resource, group)| (resource, shared_prefix(&group)))
            .collect();
        Self {
            prefixes,
            collections,
            patched,
        }
    }
}

/// The leading steps that three quarters of a resource's operations share, up to a literal.
fn shared_prefix(group: &[&Reading<'_>]) -> Vec<Step> {
    let mut prefix: Vec<Step> = Vec::new();
    if group.len() < 3 {
        return prefix;
    }
    loop {
        let mut counts: BTreeMap<Option<Vec<Word>>, usize> = BTreeMap::new();
        for reading in group
            .iter()
            .filter(|reading| is_prefix(&prefix, &reading.steps))
        {
            if let Some(step) = reading.steps.get(prefix.len()) {
                *counts
                    .entry(step.literal().map(<[Word]>::to_vec))
                    .or_default() += 1;
            }
        }
        let Some((step, count)) = counts.into_iter().max_by_key(|(_, count)| *count) else {
            break;
        };
        if count * 4 < group.len() * 3 {
            break;
        }
        prefix.push(step.map_or(Step::Parameter(Vec::new()), Step::Literal));
    }
    while prefix.last().is_some_and(Step::is_parameter) {
        prefix.pop();
    }
    prefix
}

/// Whether `steps` starts with `prefix`, whatever its parameters are called.
fn is_prefix(prefix: &[Step], steps: &[Step]) -> bool {
    prefix.len() <= steps.len()
        && prefix
            .iter()
            .zip(steps)
            .all(|(a, b)| a.literal() == b.literal())
}

fn surface(reading: &Reading<'_>, resource: Vec<Word>, facts: &Facts) -> Surface {
    let tag = reading.tag.as_ref().map(|(tag, _)| (*tag).to_owned());
    if let Some(asked) = reading.source.asked {
        let method = asked.rsplit_once('.').map_or(asked, |(_, method)| method);
        return Surface {
            resource,
            tag,
            methods: vec![words::split(method)],
        };
    }
    let rest = &reading.steps[consumed(reading, &resource, facts)..];
    let by_path = path_method(reading, rest, facts);
    let mut methods = Vec::new();
    let authored = reading
        .source
        .id
        .map(|id| without_noise(id, reading))
        .filter(|words| !repeats_path(words, reading));
    if let Some(id) = authored {
        let words = id_method(&id, &resource, reading, facts);
        methods.push(if words.is_empty() {
            by_path.clone()
        } else {
            words
        });
        methods.push(id);
    } else {
        methods.push(by_path.clone());
    }
    methods.extend(qualified(reading, rest, &methods[0], &by_path));
    Surface {
        resource,
        tag,
        methods,
    }
}

/// How many leading steps the resource's name already says.
fn consumed(reading: &Reading<'_>, resource: &[Word], facts: &Facts) -> usize {
    let wanted = key(resource);
    for start in reading.technical..reading.steps.len() {
        let mut run: Vec<Word> = Vec::new();
        for (index, step) in reading.steps.iter().enumerate().skip(start) {
            let Some(literal) = step.literal() else {
                continue;
            };
            if let Some(last) = run.last_mut() {
                *last = words::singular(last);
            }
            run.extend_from_slice(literal);
            if key(&run) == wanted {
                return index + 1;
            }
        }
        if reading.steps[start].is_parameter() {
            continue;
        }
    }
    let prefix = facts
        .prefixes
        .get(&resource.concat())
        .map_or(&[][..], Vec::as_slice);
    if is_prefix(prefix, &reading.steps) {
        prefix.len().max(reading.technical)
    } else {
        reading.technical
    }
}

/// The method's words from the HTTP method and the steps that the resource does not say.
fn path_method(reading: &Reading<'_>, rest: &[Step], facts: &Facts) -> Vec<Word> {
    let http = reading.source.method;
    let mut nouns: Vec<&[Word]> = rest.iter().filter_map(Step::literal).collect();
    let ends_in_item = reading.steps.last().is_some_and(Step::is_parameter);
    if !ends_in_item
        && let Some(action) = nouns.last()
        && verbs::is_action(&action[0], http)
    {
        let (verb, object) = action.split_first().unwrap_or((&action[0], &[]));
        let mut method = vec![verb.clone()];
        for noun in &nouns[..nouns.len() - 1] {
            method.extend(singular_phrase(noun));
        }
        method.extend_from_slice(object);
        return method;
    }
    let last = nouns.pop();
    let ends_plural = reading
        .steps
        .last()
        .and_then(Step::literal)
        .and_then(<[Word]>::last)
        .is_some_and(|word| is_plural(word));
    let is_collection = !ends_in_item
        && reading
            .source
            .several
            .unwrap_or_else(|| ends_plural || facts.collections.contains(&reading.steps));
    let verb = match http {
        "GET" if is_collection => "list",
        "GET" => "get",
        "POST" if ends_in_item => "update",
        "POST" => "create",
        "PUT" if facts.patched.contains(&reading.steps) => "replace",
        "PUT" | "PATCH" => "update",
        "DELETE" => "delete",
        other => &other.to_lowercase(),
    };
    let mut method = vec![verb.to_owned()];
    for noun in nouns {
        method.extend(singular_phrase(noun));
    }
    let keeps_number = is_collection || ends_plural && matches!(http, "PUT" | "PATCH" | "DELETE");
    match last {
        Some(noun) if keeps_number => method.extend_from_slice(noun),
        Some(noun) => method.extend(singular_phrase(noun)),
        // A change to all of a resource must not read like a change to one.
        None if ends_plural && matches!(http, "PUT" | "PATCH" | "DELETE") => {
            method.push("all".to_owned())
        }
        None => {}
    }
    method
}

/// The id's words without what frameworks add: a leading `api_v1`, `Controller`, FastAPI's path and method at the end.
fn without_noise(id: &str, reading: &Reading<'_>) -> Vec<Word> {
    let mut words = words::split(id);
    let mut tail: Vec<Word> = words::split(reading.source.path);
    tail.push(reading.source.method.to_lowercase());
    if words.len() > tail.len() && words.ends_with(&tail) {
        words.truncate(words.len() - tail.len());
    }
    while words.len() > 1 && is_technical(&words[0]) {
        words.remove(0);
    }
    let plain: Vec<Word> = words
        .iter()
        .filter(|word| !matches!(word.as_str(), "a" | "an" | "the" | "controller"))
        .cloned()
        .collect();
    if plain.is_empty() { words } else { plain }
}

/// Whether an id only repeats the method and the path: `PostCustomersCustomer`, `get_files_id`.
fn repeats_path(id: &[Word], reading: &Reading<'_>) -> bool {
    let method = reading.source.method.to_lowercase();
    let rest = match id.split_first() {
        Some((first, rest)) if *first == method => rest,
        _ => match id.split_last() {
            Some((last, rest)) if *last == method => rest,
            _ => return false,
        },
    };
    let text: String = rest.concat().to_lowercase();
    let mut positions = HashSet::from([0]);
    for step in &reading.steps {
        let (spellings, optional) = match step {
            Step::Literal(words) => {
                let plain = words.concat().to_lowercase();
                let technical = words.iter().all(|word| is_technical(word));
                (
                    vec![plain, singular_phrase(words).concat().to_lowercase()],
                    technical,
                )
            }
            Step::Parameter(words) => (parameter_spellings(words), true),
        };
        let mut next = if optional {
            positions.clone()
        } else {
            HashSet::new()
        };
        for &position in &positions {
            for spelling in &spellings {
                if text[position..].starts_with(spelling.as_str()) {
                    next.insert(position + spelling.len());
                }
            }
        }
        positions = next;
    }
    // Trello names the parameters once more: `…ByIdBoardByIdList`.
    positions.iter().any(|&position| {
        let rest = &text[position..];
        rest.is_empty()
            || rest.starts_with("by")
                && reading.steps.iter().any(|step| match step {
                    Step::Parameter(words) => rest[2..].starts_with(&words.concat().to_lowercase()),
                    Step::Literal(_) => false,
                })
    })
}

fn parameter_spellings(words: &[Word]) -> Vec<String> {
    let plain = words.concat().to_lowercase();
    let mut spellings = vec![
        format!("by{plain}"),
        plain,
        "id".to_owned(),
        "byid".to_owned(),
    ];
    if let Some((_, before)) = words.split_last().filter(|(_, before)| !before.is_empty()) {
        spellings.push(before.concat().to_lowercase());
    }
    spellings
}

/// The method's words from the author's own id.
fn id_method(id: &[Word], resource: &[Word], reading: &Reading<'_>, facts: &Facts) -> Vec<Word> {
    let mut words = id.to_vec();
    let version = if words.len() > 2 {
        words.pop_if(|word| path::is_version(word))
    } else {
        None
    };
    let mut removed_plural = false;
    let root_words = root(reading, None).unwrap_or_default();
    if let Some((start, end)) = mention(&words, resource) {
        removed_plural = words.get(end - 1).is_some_and(|word| is_plural(word));
        remove(&mut words, start, end);
    } else if !root_words.is_empty()
        && let Some((start, end)) = mention(&words, &root_words)
        && (start == 0 || reading.tag.is_none())
    {
        remove(&mut words, start, end);
    }
    drop_repeated_namespace(&mut words);
    verb_first(&mut words);
    let ends_in_item = reading.steps.last().is_some_and(Step::is_parameter);
    if let Some(first) = words.first_mut() {
        let is_collection =
            removed_plural && !ends_in_item && reading.source.several != Some(false);
        let bare = verbs::is_vague_read(first);
        if bare && is_collection && reading.source.method == "GET" {
            "list".clone_into(first);
        } else if verbs::is_preposition(first)
            || *first == reading.source.method.to_lowercase() && words.len() == 1 && !bare
        {
            // `users_post`: the HTTP method is no verb of the author's.
            let by_path = path_method(reading, &[], facts);
            if words.len() == 1 && !verbs::is_preposition(&words[0]) {
                words = Vec::new();
            } else {
                words.insert(0, by_path[0].clone());
            }
        }
    }
    if !words.is_empty() {
        words.extend(version);
    }
    words
}

/// Where the words speak of the resource: the first place that is no circumstance, or the end.
fn mention(words: &[Word], resource: &[Word]) -> Option<(usize, usize)> {
    let wanted = key(resource);
    let mut circumstance = None;
    for start in 0..words.len() {
        for end in start + 1..=words.len().min(start + resource.len() + 3) {
            if key(&words[start..end]) != wanted {
                continue;
            }
            if start == 0 || !verbs::is_preposition(&words[start - 1]) {
                return Some((start, end));
            }
            if end == words.len() {
                circumstance = Some((start - 1, end));
            }
        }
    }
    circumstance
}

fn remove(words: &mut Vec<Word>, start: usize, end: usize) {
    words.drain(start..end);
}

/// `recipients_get_recipient_image` says `recipients` twice: the part before the verb goes.
fn drop_repeated_namespace(words: &mut Vec<Word>) {
    let Some(verb) = words
        .iter()
        .position(|word| verbs::is_verb(word))
        .filter(|verb| *verb > 0)
    else {
        return;
    };
    let namespace = key(&words[..verb]);
    if words.len() > verb + 1
        && mention(&words[verb + 1..], &words[..verb].to_vec()).is_some()
        && !namespace.is_empty()
    {
        words.drain(..verb);
    }
}

/// Moves a verb at the end to the front: `account_change_create`.
fn verb_first(words: &mut Vec<Word>) {
    let Some((last, before)) = words.split_last() else {
        return;
    };
    let stays = before.is_empty()
        || !verbs::is_trailing(last)
        || verbs::is_verb(&before[0])
        || before
            .last()
            .is_some_and(|word| verbs::is_preposition(word));
    if stays {
        return;
    }
    let from = if before.last().is_some_and(|word| verbs::is_adverb(word)) {
        words.len() - 2
    } else {
        words.len() - 1
    };
    words.rotate_left(from);
}

/// What an operation is called when the plain name is taken.
fn qualified(
    reading: &Reading<'_>,
    rest: &[Step],
    plain: &[Word],
    by_path: &[Word],
) -> Vec<Vec<Word>> {
    let mut names = Vec::new();
    let with = |suffix: &[Word]| [plain, suffix].concat();
    let consumed = &reading.steps[..reading.steps.len() - rest.len()];
    // `/servers/actions` and `/servers/{id}/actions`: of one server.
    if let Some(at) = consumed.iter().position(Step::is_parameter)
        && let Some(owner) = consumed[..at].last().and_then(Step::literal)
    {
        names.push(
            [
                plain,
                &["for".to_owned()],
                singular_phrase(owner).as_slice(),
            ]
            .concat(),
        );
    }
    if by_path != plain {
        names.push(by_path.to_vec());
    }
    let all: Vec<Word> = reading.steps[reading.technical..]
        .iter()
        .filter_map(Step::literal)
        .flatten()
        .cloned()
        .collect();
    if let Some((verb, _)) = by_path.split_first() {
        names.push([std::slice::from_ref(verb), all.as_slice()].concat());
    }
    if let Some(Step::Parameter(parameter)) =
        reading.steps.iter().rev().find(|step| step.is_parameter())
    {
        names.push(with(&[&["by".to_owned()], parameter.as_slice()].concat()));
    }
    names.push(with(&[reading.source.method.to_lowercase()]));
    names
}
