//! What an operation is called by the author's own id.

use std::collections::HashSet;

use super::path::{self, Step, is_technical};
use super::surface::{self, Facts, Reading};
use super::words::{self, Word, is_plural, same_key, singular_phrase};
use super::{by_path, verbs};

/// The id's words without what frameworks add: a leading `api_v1`, `Controller`, `FastAPI`'s path and method at the end.
pub(super) fn without_noise(id: &str, reading: &Reading<'_>) -> Vec<Word> {
    // `repos/list-for-org`: what stands before the slash is the tag's business.
    let own = match id.rsplit_once('/') {
        Some((_, own)) if reading.tag.is_some() && own.chars().any(char::is_alphanumeric) => own,
        _ => id,
    };
    let mut words = words::split(own);
    let method = reading.source.method.to_lowercase();
    if words.last() == Some(&method) {
        let mut tail: Vec<Word> = words::split(reading.source.path);
        tail.push(method);
        if words.len() > tail.len() && words.ends_with(&tail) {
            words.truncate(words.len() - tail.len());
        }
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

/// `UsersController_findAll`: `NestJS` puts the class before the verb.
fn drop_controller(words: &mut Vec<Word>) {
    let Some(at) = words.iter().position(|word| word == "controller") else {
        return;
    };
    let verb_follows = words.get(at + 1).is_some_and(|word| verbs::is_verb(word));
    if at > 0 && verb_follows && !words[..at].iter().any(|word| verbs::is_verb(word)) {
        words.remove(at);
    }
}

/// What an id says beside the method and the path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// Words of its own.
    More,
    /// Nothing: `PostCustomersCustomer`, `get_files_id`.
    Nothing,
    /// A verb of its own and nothing else.
    Verb(Word),
    /// Nothing, and then an action: `put_folders_id_add_shared_link`.
    Action(Vec<Word>),
}

/// Compares an id with its method and path.
pub(super) fn compare(id: &[Word], reading: &Reading<'_>) -> Says {
    let method = reading.source.method.to_lowercase();
    let (verb, rest) = match (id.split_first(), id.split_last()) {
        (Some((first, rest)), _) if *first == method => (first, rest),
        (_, Some((last, rest))) if *last == method => (last, rest),
        (Some((first, rest)), _) if verbs::is_verb(first) => (first, rest),
        _ => return Says::More,
    };
    let is_http = *verb == method;
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
    let names_parameters = |rest: &str| {
        rest.strip_prefix("by").is_some_and(|rest| {
            reading.steps.iter().any(|step| match step {
                Step::Parameter(words) => rest.starts_with(&words.concat().to_lowercase()),
                Step::Literal(_) => false,
            })
        })
    };
    if !is_http {
        // An author's own verb, and then nothing but the path and its parameters: `updateCardsDueByIdCard`.
        let is_rest = |&&position: &&usize| names_parameters(&text[position..]);
        return if positions.iter().any(|position| is_rest(&position)) {
            Says::Verb(verb.clone())
        } else {
            Says::More
        };
    }
    if positions
        .iter()
        .any(|&position| text.len() == position || names_parameters(&text[position..]))
    {
        return Says::Nothing;
    }
    let mut length = 0;
    for (index, word) in rest.iter().enumerate() {
        if length > 0 && positions.contains(&length) && verbs::is_verb(word) {
            return Says::Action(rest[index..].to_vec());
        }
        length += word.to_lowercase().len();
    }
    Says::More
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
    facts: &Facts<'_>,
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
        // `Accounts_DeleteAccount`: once as a namespace, once as the object.
        if start == 0
            && words.first().is_some_and(|word| verbs::is_verb(word))
            && let Some((1, end)) = mention(&words, resource)
        {
            object_is_plural = is_plural(&words[end - 1]);
            words.drain(1..end);
        }
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
        // `users_post`, `PostContacts`: the HTTP method is no verb of the author's.
        [only] if *only == http.to_lowercase() => return Vec::new(),
        [first, ..]
            if matches!(first.as_str(), "post" | "put") && *first == http.to_lowercase() =>
        {
            words[0] = by_path::method(reading, &[], facts).swap_remove(0);
        }
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
        mention(words, root).filter(|(start, _)| *start == 0 || reading.tag.is_none())
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

/// Where words speak of a thing: the first place where it is the object, or a circumstance at the end.
pub(super) fn mention(words: &[Word], thing: &[Word]) -> Option<(usize, usize)> {
    let mut circumstance = None;
    for start in 0..words.len() {
        for end in start + 1..=words.len().min(start + thing.len() + 3) {
            if !same_key(&words[start..end], thing) {
                continue;
            }
            // After a word that qualifies it, it is another thing: `remove sub issue`.
            if start == 0 || verbs::leaves_object_open(&words[start - 1]) {
                return Some((start, end));
            }
            if end == words.len() && verbs::is_preposition(&words[start - 1]) {
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

/// Moves a verb behind its object to the front, with what qualifies it: `account_change_create`,
/// `tags_bulk_update`, `app_get_to_one_related`.
fn verb_first(words: &mut [Word]) {
    let Some(first) = words.first().cloned() else {
        return;
    };
    let is_behind = |at: &usize| {
        verbs::is_trailing(&words[*at])
            && words
                .get(at + 1)
                .is_none_or(|next| verbs::is_preposition(next))
    };
    let Some(at) = (1..words.len()).find(is_behind) else {
        return;
    };
    // `report_create` moves, `list_jobs_for_workflow_run` and `create_export` do not.
    let is_noun = verbs::is_noun_too(&first) && !verbs::is_noun_too(&words[at]);
    if verbs::is_verb(&first) && !is_noun {
        return;
    }
    let adverbs = words[..at]
        .iter()
        .rev()
        .take_while(|word| verbs::is_adverb(word))
        .count();
    let from = at - adverbs;
    if from == 0 || verbs::is_preposition(&words[from - 1]) {
        return;
    }
    let is_bulk = words[from..at].iter().any(|word| word != "partial");
    if verbs::takes_singular(&words[at]) && !is_bulk && at + 1 == words.len() {
        words[from - 1] = words::singular(&words[from - 1]).into_owned();
    }
    words[..=at].rotate_left(from);
}
