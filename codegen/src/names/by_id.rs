//! What an operation is called by the author's own id.

use std::collections::HashSet;

use super::path::{self, Step, is_technical};
use super::surface::{self, Facts, Reading};
use super::words::{self, Word, is_plural, key, singular_phrase};
use super::{by_path, verbs};

/// The id's words without what frameworks add: a leading `api_v1`, `Controller`, FastAPI's path and method at the end.
pub(super) fn without_noise(id: &str, reading: &Reading<'_>) -> Vec<Word> {
    // `repos/list-for-org`: what stands before the slash is the tag's business.
    let own = match id.rsplit_once('/') {
        Some((_, own)) if reading.tag.is_some() && own.chars().any(char::is_alphanumeric) => own,
        _ => id,
    };
    let mut words = words::split(own);
    let mut tail: Vec<Word> = words::split(reading.source.path);
    tail.push(reading.source.method.to_lowercase());
    if words.len() > tail.len() && words.ends_with(&tail) {
        words.truncate(words.len() - tail.len());
    }
    while words.len() > 1 && is_technical(&words[0]) {
        words.remove(0);
    }
    drop_controller(&mut words);
    let plain: Vec<Word> = words
        .iter()
        .filter(|word| !matches!(word.as_str(), "a" | "an" | "the"))
        .cloned()
        .collect();
    if plain.is_empty() { words } else { plain }
}

/// `UsersController_findAll`: NestJS puts the class before the verb.
fn drop_controller(words: &mut Vec<Word>) {
    let Some(at) = words.iter().position(|word| word == "controller") else {
        return;
    };
    let verb_follows = words.get(at + 1).is_some_and(|word| verbs::is_verb(word));
    if at > 0 && verb_follows && !words[..at].iter().any(|word| verbs::is_verb(word)) {
        words.remove(at);
    }
}

/// Whether an id only repeats the method and the path: `PostCustomersCustomer`, `get_files_id`.
pub(super) fn repeats_path(id: &[Word], reading: &Reading<'_>) -> bool {
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

/// The method's words from the author's own id; none where it says no more than the resource.
pub(super) fn method(
    id: &[Word],
    resource: &[Word],
    reading: &Reading<'_>,
    facts: &Facts,
) -> Vec<Word> {
    let mut words = id.to_vec();
    let version = if words.len() > 2 {
        words.pop_if(|word| path::is_version(word))
    } else {
        None
    };
    let mut object_is_plural = false;
    if let Some((start, end)) = resource_mention(&words, resource, reading) {
        object_is_plural = start > 0 && is_plural(&words[end - 1]);
        words.drain(start..end);
    }
    drop_repeated_namespace(&mut words);
    verb_first(&mut words);
    let http = reading.source.method;
    match words.as_slice() {
        [] => return words,
        // `getUsersForTeam`: the plural that told it from `getUserForTeam` is gone.
        [first, rest @ ..]
            if verbs::is_vague_read(first)
                && rest.first().is_none_or(|word| verbs::is_preposition(word)) =>
        {
            let ends_in_item = reading.steps.last().is_some_and(Step::is_parameter);
            if object_is_plural
                && !ends_in_item
                && http == "GET"
                && reading.source.several != Some(false)
            {
                "list".clone_into(&mut words[0]);
            }
        }
        // `users_post`: the HTTP method is no verb of the author's.
        [only] if *only == http.to_lowercase() => return Vec::new(),
        [first, ..] if verbs::is_preposition(first) => {
            let verb = by_path::method(reading, &[], facts).swap_remove(0);
            words.insert(0, verb);
        }
        _ => {}
    }
    words.extend(version);
    words
}

/// Where an id names its resource, by the resource's words or by the path's.
fn resource_mention(
    words: &[Word],
    resource: &[Word],
    reading: &Reading<'_>,
) -> Option<(usize, usize)> {
    let by_path = || {
        let root = surface::root(reading, None)?;
        mention(words, &root).filter(|(start, _)| *start == 0 || reading.tag.is_none())
    };
    let (start, end) = mention(words, resource).or_else(by_path)?;
    // `searchAccount` of `search`: here the resource is the verb.
    let is_verb = start == 0
        && end == 1
        && verbs::is_verb(&words[0])
        && words
            .get(1)
            .is_some_and(|next| !verbs::is_verb(next) && !verbs::is_preposition(next))
        && !words.last().is_some_and(|last| verbs::is_trailing(last));
    (!is_verb).then_some((start, end))
}

/// Where words speak of a thing: the first place that is no circumstance, or a circumstance at the end.
pub(super) fn mention(words: &[Word], thing: &[Word]) -> Option<(usize, usize)> {
    let wanted = key(thing);
    let mut circumstance = None;
    for start in 0..words.len() {
        for end in start + 1..=words.len().min(start + thing.len() + 3) {
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

/// `recipients_get_recipient_image` says `recipients` twice: the part before the verb goes.
fn drop_repeated_namespace(words: &mut Vec<Word>) {
    let Some(verb) = words.iter().position(|word| verbs::is_verb(word)) else {
        return;
    };
    if verb > 0 && mention(&words[verb + 1..], &words[..verb]).is_some() {
        words.drain(..verb);
    }
}

/// Moves a verb at the end to the front, with what qualifies it: `account_change_create`, `tags_bulk_update`.
fn verb_first(words: &mut Vec<Word>) {
    let Some((last, before)) = words.split_last() else {
        return;
    };
    let verb = last.clone();
    let adverbs = before
        .iter()
        .rev()
        .take_while(|word| verbs::is_adverb(word))
        .count();
    let object = &before[..before.len() - adverbs];
    let stays = object.is_empty()
        || !verbs::is_trailing(last)
        || verbs::is_verb(&object[0]) && !verbs::is_noun_too(&object[0])
        || object
            .last()
            .is_some_and(|word| verbs::is_preposition(word));
    if stays {
        return;
    }
    let from = object.len();
    let is_bulk = before[from..].iter().any(|word| word != "partial");
    words.rotate_left(from);
    if verbs::takes_singular(&verb)
        && !is_bulk
        && let Some(last) = words.last_mut()
    {
        *last = words::singular(last);
    }
}
