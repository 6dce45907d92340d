//! Counts, links and cursors written into the members around a list, in the type each member has.

use serde_json::{Map, Value, json};

use super::{
    document::Document,
    flatten::{Flat, flatten},
    meaning::{Meaning, count, meaning},
    page::Links,
    paging::{Paging, Position, Window, plain, token},
};

/// What is known of a page when it is written.
pub(crate) struct Filling<'a> {
    pub(crate) document: Document,
    pub(crate) window: Window,
    pub(crate) links: &'a Links,
    /// How many items this page has.
    pub(crate) length: usize,
    /// Ids of the first and the last item of this page.
    pub(crate) ids: (Option<Value>, Option<Value>),
    pub(crate) paging: &'a Paging<'a>,
}

/// A member beside the items.
struct Member<'a> {
    /// Its name and that of the object it is in, in small letters without punctuation.
    word: String,
    parent: &'a str,
    flat: Flat,
    /// Its type, declared or that of the sample.
    kind: Option<&'static str>,
    /// What the sample has.
    sample: Option<Value>,
    is_required: bool,
    /// Whether a total stands beside it.
    has_total: bool,
}

/// Objects that speak of the page.
const AROUND: [&str; 17] = [
    "meta",
    "metadata",
    "pagination",
    "paging",
    "page",
    "pageinfo",
    "links",
    "cursors",
    "cursor",
    "responsemetadata",
    "pages",
    "next",
    "prev",
    "previous",
    "first",
    "last",
    "self",
];
const MAX_DEPTH: usize = 3;

impl Filling<'_> {
    /// Writes into the members of `value`, a page of the schemas; the items are left alone.
    pub(crate) fn fill(&self, value: &mut Value, schemas: &[&'static Value]) {
        self.fill_at(value, schemas, "", 0);
    }

    fn fill_at(&self, value: &mut Value, schemas: &[&'static Value], parent: &str, depth: usize) {
        let Some(object) = value.as_object_mut() else {
            return;
        };
        let flat = flatten(self.document, schemas, &mut Vec::new(), 0);
        let names = names(&flat, object);
        let has_total = names
            .iter()
            .any(|name| meaning(&plain(name)) == Some(Meaning::Total));
        for name in names {
            let word = plain(&name);
            let leads_to_items = self.paging.items.get(depth) == Some(&name.as_str());
            if leads_to_items && self.paging.items.len() == depth + 1 {
                continue;
            }
            let schemas = flat.property(&name).unwrap_or_default();
            let inner = flatten(self.document, schemas, &mut Vec::new(), 0);
            let sample = object.get(&name).cloned();
            if sample
                .as_ref()
                .map_or(inner.kind() == Some("object"), Value::is_object)
            {
                if leads_to_items || (depth < MAX_DEPTH && AROUND.contains(&word.as_str())) {
                    let mut value = sample.unwrap_or_else(|| json!({}));
                    self.fill_at(&mut value, schemas, &word, depth + 1);
                    object.insert(name, value);
                }
                continue;
            }
            let member = Member {
                kind: inner.kind().or_else(|| kind_of(sample.as_ref()?)),
                is_required: flat.required.contains(&name.as_str()),
                flat: inner,
                word,
                parent,
                sample,
                has_total,
            };
            self.set(object, &name, &member);
        }
    }

    fn set(&self, object: &mut Map<String, Value>, name: &str, member: &Member<'_>) {
        let meaning = match member.word.as_str() {
            "href" | "url" | "uri" => meaning(member.parent),
            word => meaning(word),
        };
        match meaning.map_or(Said::Unknown, |meaning| self.value(meaning, member)) {
            Said::Value(value) => drop(object.insert(name.to_owned(), value)),
            Said::Nothing
                if member.flat.nullable || (member.kind.is_none() && member.is_required) =>
            {
                object.insert(name.to_owned(), Value::Null);
            }
            Said::Nothing if !member.is_required => drop(object.shift_remove(name)),
            Said::Nothing if member.kind == Some("string") => {
                object.insert(name.to_owned(), json!(""));
            }
            Said::Nothing => drop(object.insert(name.to_owned(), json!(0))),
            Said::Unknown => {}
        }
    }

    fn value(&self, meaning: Meaning, member: &Member<'_>) -> Said {
        let (window, links) = (&self.window, self.links);
        let is_number = matches!(member.kind, Some("integer" | "number"));
        let is_flag = matches!(member.kind, Some("boolean") | None);
        let is_text = member.kind == Some("string");
        let flag = |said: bool| {
            if is_flag {
                Said::Value(json!(said))
            } else {
                Said::Unknown
            }
        };
        match meaning {
            Meaning::Count if is_number && member.has_total => {
                Said::Value(json!(if member.word == "size" {
                    window.limit
                } else {
                    self.length
                }))
            }
            Meaning::HasNext => flag(window.has_next()),
            Meaning::HasPrevious => flag(window.start > 0),
            Meaning::IsLast => flag(!window.has_next()),
            Meaning::IsFirst => flag(window.start == 0),
            Meaning::FirstId => Said::or_nothing(self.ids.0.clone()),
            Meaning::LastId => Said::or_nothing(self.ids.1.clone()),
            Meaning::Next | Meaning::NextCursor if member.kind != Some("boolean") => {
                let start = window.has_next().then(|| window.end());
                let is_url = self.is_url(meaning == Meaning::Next, member);
                Said::or_nothing(start.and_then(|start| {
                    self.neighbour(start, links.next.as_ref(), is_number, is_url)
                }))
            }
            Meaning::Previous | Meaning::PreviousCursor if member.kind != Some("boolean") => {
                let start = (window.start > 0).then(|| window.start.saturating_sub(window.limit));
                let is_url = self.is_url(meaning == Meaning::Previous, member);
                Said::or_nothing(start.and_then(|start| {
                    self.neighbour(start, links.previous.as_ref(), is_number, is_url)
                }))
            }
            Meaning::First if is_text => {
                Said::or_nothing(links.first.as_ref().map(|url| json!(url)))
            }
            Meaning::Last if is_text => Said::or_nothing(links.last.as_ref().map(|url| json!(url))),
            Meaning::This if member.parent.contains("link") || member.parent == "self" => {
                Said::Value(json!(links.this))
            }
            meaning if is_number => {
                count(meaning, window).map_or(Said::Unknown, |number| Said::Value(json!(number)))
            }
            _ => Said::Unknown,
        }
    }

    /// Whether a string member holds a URL rather than a token. `may_be`: its name leaves both open.
    fn is_url(&self, may_be: bool, member: &Member<'_>) -> bool {
        let format = member
            .flat
            .keyword("format")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let hints = ["url", "uri", "link", "href"];
        let looks_so = hints
            .iter()
            .any(|hint| member.word.contains(hint) || member.parent.contains(hint));
        let sample = member
            .sample
            .as_ref()
            .and_then(Value::as_str)
            .unwrap_or_default();
        let by_sample = sample.starts_with("http") || sample.starts_with('/');
        let is_declared = matches!(format, "uri" | "url" | "uri-reference" | "iri");
        let moves_by_cursor = self.window.position == Some(Position::Cursor);
        is_declared
            || by_sample
            || (may_be && (looks_so || !moves_by_cursor) && !member.parent.starts_with("cursor"))
    }

    /// A neighbouring page: its URL, its number, or its token.
    fn neighbour(
        &self,
        start: usize,
        url: Option<&String>,
        is_number: bool,
        is_url: bool,
    ) -> Option<Value> {
        let page = self.window.first_page + start / self.window.limit.max(1);
        match (is_number, self.window.position?) {
            (true, Position::Page) => Some(json!(page)),
            (true, _) => Some(json!(start)),
            (false, _) if is_url => url.map(|url| json!(url)),
            (false, Position::Page) => Some(json!(page.to_string())),
            (false, Position::Offset) => Some(json!(start.to_string())),
            (false, _) => Some(json!(token(start))),
        }
    }
}

/// What a member is to say.
enum Said {
    Value(Value),
    /// There is nothing to point to: null, absent or empty, as the schema allows.
    Nothing,
    /// The sample's own value stands.
    Unknown,
}

impl Said {
    fn or_nothing(value: Option<Value>) -> Self {
        value.map_or(Self::Nothing, Self::Value)
    }
}

/// The declared members, then those of the sample alone.
fn names(flat: &Flat, sample: &Map<String, Value>) -> Vec<String> {
    let declared: Vec<_> = flat
        .properties
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let others = sample
        .keys()
        .filter(|name| !declared.contains(name))
        .cloned();
    declared.iter().cloned().chain(others).collect()
}

fn kind_of(sample: &Value) -> Option<&'static str> {
    match sample {
        Value::Number(_) => Some("integer"),
        Value::String(_) => Some("string"),
        Value::Bool(_) => Some("boolean"),
        _ => None,
    }
}
