//! What users call an operation: its resource and its method, from the operation's id, tags and path.
//!
//! It works on words alone and must not know types or identifiers. Rules look at the operation itself; the
//! whole document is asked only for prefixes that most operations share, so that an addition renames nothing.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

use super::by_id::Says;
use super::path::{self, Step, is_technical};
use super::verbs;
use super::words::{self, Word, is_plural, key, same_key, singular_phrase};
use super::{by_id, by_path};

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
    /// Whether the resource is a kind of thing (`/channels/{id}/…`), and not only a topic (`/repos/{id}/actions/…`).
    pub(super) is_thing: bool,
    /// Whether the name was asked for.
    pub(super) is_asked: bool,
}

/// An operation's source with what is derived from it alone.
pub(super) struct Reading<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) steps: Vec<Step>,
    /// How many leading steps say nothing.
    pub(super) technical: usize,
    pub(super) tag: Option<(&'a str, Vec<Word>)>,
}

/// Names every operation.
pub(super) fn surfaces(sources: &[Source<'_>]) -> Vec<Surface> {
    let mut readings: Vec<Reading<'_>> = sources.iter().map(read).collect();
    drop_blanket_tag(&mut readings);
    let shared_root = shared_root(&readings);
    let plurals = plural_tags(&readings);
    let resources: Vec<Vec<Word>> = readings
        .iter()
        .map(|reading| resource(reading, shared_root.as_deref(), &plurals))
        .collect();
    let facts = Facts::of(&readings, &resources);
    let mut first: Vec<_> = readings.iter().zip(resources).collect();
    let second = first.split_off(first.len() / 2);
    let named = |part: Vec<(&Reading<'_>, Vec<Word>)>| -> Vec<Surface> {
        let part = part.into_iter();
        part.map(|(reading, words)| surface(reading, words, &facts))
            .collect()
    };
    let (mut surfaces, rest) = crate::parallel::both(|| named(first), || named(second));
    surfaces.extend(rest);
    qualify_by_version(&readings, &mut surfaces);
    surfaces
}

/// Where two versions of a path claim one name, the version is what tells them apart.
fn qualify_by_version(readings: &[Reading<'_>], surfaces: &mut [Surface]) {
    let versions: Vec<Option<Word>> = readings
        .iter()
        .map(|reading| path::version(&reading.steps))
        .collect();
    let name = |surface: &Surface| (surface.resource.clone(), surface.methods[0].clone());
    let mut claimed: HashMap<_, HashSet<Option<&Word>>> = HashMap::new();
    for (surface, version) in surfaces.iter().zip(&versions) {
        let claimants = claimed.entry(name(surface)).or_default();
        claimants.insert(version.as_ref());
    }
    claimed.retain(|_, versions| versions.len() > 1);
    if claimed.is_empty() {
        return;
    }
    for (surface, version) in surfaces.iter_mut().zip(&versions) {
        if let Some(version) = version
            && claimed.contains_key(&name(surface))
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
    // A tag in another script cannot name a file: the path does.
    words::ascii(&words).filter(|words| !words.iter().all(|word| is_technical(word)))
}

/// Ignores a tag that every operation of a large and varied document carries: it names the API, not a resource.
fn drop_blanket_tag(readings: &mut [Reading<'_>]) {
    let words = |reading: &Reading<'_>| Some(reading.tag.as_ref()?.1.clone());
    let Some(first) = readings.first().and_then(words) else {
        return;
    };
    let is_first = |(_, words): &(&str, Vec<Word>)| *words == first;
    let is_everywhere = readings
        .iter()
        .all(|reading| reading.tag.as_ref().is_some_and(is_first));
    if readings.len() < 20 || !is_everywhere {
        return;
    }
    let roots: HashSet<String> = readings
        .iter()
        .filter_map(|reading| root(reading, None))
        .map(key)
        .collect();
    if roots.len() >= 5 && !roots.contains(&key(&first)) {
        for reading in readings {
            reading.tag = None;
        }
    }
}

/// The path's first literal that says something; the second where nearly all operations share the first.
pub(super) fn root<'r>(reading: &'r Reading<'_>, shared: Option<&[Word]>) -> Option<&'r [Word]> {
    let mut literals = reading.steps[reading.technical..]
        .iter()
        .filter_map(Step::literal);
    let first = literals.next()?;
    if shared == Some(first)
        && let Some(second) = literals.next()
    {
        return Some(second);
    }
    Some(first)
}

/// The first literal of four fifths of the untagged operations of a document that is no small one.
fn shared_root(readings: &[Reading<'_>]) -> Option<Vec<Word>> {
    let untagged: Vec<_> = readings
        .iter()
        .filter(|reading| reading.tag.is_none())
        .collect();
    let mut counts: BTreeMap<&[Word], usize> = BTreeMap::new();
    for reading in untagged.iter().copied() {
        if let Some(words) = root(reading, None) {
            *counts.entry(words).or_default() += 1;
        }
    }
    let (words, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    (untagged.len() >= 20 && count * 5 >= untagged.len() * 4).then(|| words.to_vec())
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
                .filter(|word| is_plural(word) && words::singular(word) == **last);
            if let Some(plural) = plural
                && same_key(literal, tag)
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
        return words::for_file(&words::split(resource));
    }
    if let Some((_, tag)) = &reading.tag {
        let mut tag = tag.clone();
        if let (Some(plural), Some(last)) = (plurals.get(&tag.concat()), tag.last_mut()) {
            last.clone_from(plural);
        }
        return words::for_file(&tag);
    }
    let root = root(reading, shared).or_else(|| {
        // `/{bucket}`: a path of parameters alone.
        reading.steps.iter().find_map(|step| match step {
            Step::Parameter(words) => Some(words.as_slice()),
            Step::Literal(_) => None,
        })
    });
    match root {
        // `/sendMessage`: a path that is a procedure's name has no resource.
        Some(words)
            if verbs::begins_procedure(words) && reading.steps.len() == reading.technical + 1 =>
        {
            vec!["api".to_owned()]
        }
        Some(words) => words::for_file(words),
        None => vec!["root".to_owned()],
    }
}

/// What only the whole document tells.
pub(super) struct Facts<'r> {
    /// By resource, how many leading steps most of its operations share.
    prefixes: HashMap<String, Vec<Step>>,
    /// Paths with one more parameter than a collection's.
    pub(super) collections: HashSet<&'r [Step]>,
    /// Paths that are sent both PUT and PATCH.
    pub(super) patched: HashSet<&'r [Step]>,
}

impl<'r> Facts<'r> {
    fn of(readings: &'r [Reading<'_>], resources: &[Vec<Word>]) -> Self {
        let mut groups: HashMap<String, Vec<&Reading<'_>>> = HashMap::new();
        let mut collections = HashSet::new();
        let mut patched = HashSet::new();
        for (reading, resource) in readings.iter().zip(resources) {
            groups.entry(resource.concat()).or_default().push(reading);
            if let Some((Step::Parameter(_), before)) = reading.steps.split_last() {
                collections.insert(before);
            }
            if reading.source.method == "PATCH" {
                patched.insert(reading.steps.as_slice());
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
        let mut counts: BTreeMap<Option<&[Word]>, usize> = BTreeMap::new();
        for reading in group
            .iter()
            .filter(|reading| is_prefix(&prefix, &reading.steps))
        {
            if let Some(step) = reading.steps.get(prefix.len()) {
                *counts.entry(step.literal()).or_default() += 1;
            }
        }
        let Some((step, count)) = counts.into_iter().max_by_key(|(_, count)| *count) else {
            break;
        };
        if count * 4 < group.len() * 3 {
            break;
        }
        prefix.push(match step {
            Some(words) => Step::Literal(words.to_vec()),
            None => Step::Parameter(Vec::new()),
        });
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

fn surface(reading: &Reading<'_>, resource: Vec<Word>, facts: &Facts<'_>) -> Surface {
    let is_thing = reading.steps.windows(2).any(|pair| match pair {
        [Step::Literal(words), Step::Parameter(_)] => same_key(words, &resource),
        _ => false,
    });
    let tag = reading.tag.as_ref().map(|(tag, _)| (*tag).to_owned());
    if let Some(asked) = reading.source.asked {
        let method = asked.rsplit_once('.').map_or(asked, |(_, method)| method);
        return Surface {
            resource,
            tag,
            methods: vec![words::split(method)],
            is_thing,
            is_asked: true,
        };
    }
    let rest = &reading.steps[consumed(reading, &resource, facts)..];
    let by_path = by_path::method(reading, rest, facts);
    let mut methods = Vec::new();
    if let Some(id) = reading
        .source
        .id
        .map(|id| by_id::without_noise(id, reading))
    {
        let own = by_id::method(&id, &resource, reading, facts);
        match by_id::compare(&id, reading) {
            Says::More if !own.is_empty() => methods.extend([own, id]),
            Says::More => methods.extend([by_path.clone(), id]),
            Says::Verb(verb) => methods.extend([[&[verb], &by_path[1..]].concat(), own]),
            // `getAttachmentByFileName` and `…ById` have one path but for the parameter.
            Says::Nothing if own.iter().any(|word| verbs::is_preposition(word)) => {
                methods.extend([by_path.clone(), own]);
            }
            Says::Nothing => methods.push(by_path.clone()),
            Says::Action(action) => methods.extend([action, own]),
        }
    } else {
        methods.push(by_path.clone());
    }
    methods.extend(qualified(reading, rest, &methods[0], &by_path));
    Surface {
        resource,
        tag,
        methods,
        is_thing,
        is_asked: false,
    }
}

/// How many leading steps the resource's name already says.
fn consumed(reading: &Reading<'_>, resource: &[Word], facts: &Facts<'_>) -> usize {
    for start in reading.technical..reading.steps.len() {
        let mut run: Vec<Word> = Vec::new();
        for (index, step) in reading.steps.iter().enumerate().skip(start) {
            let Some(literal) = step.literal() else {
                continue;
            };
            if let Some(last) = run.last_mut() {
                *last = words::singular(last).into_owned();
            }
            run.extend_from_slice(literal);
            // The resource is spelled as a file can be; so may have to be the path.
            let is_same = same_key(&run, resource)
                || run.iter().any(|word| !word.is_ascii())
                    && same_key(&words::for_file(&run), resource);
            if is_same {
                return index + 1;
            }
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
