//! A page written as the document has it: its items, and the counts, links and cursors around them.

use serde_json::{Map, Value, json};

use super::{
    document::{Document, Operation},
    flatten::{Flat, flatten},
    items::Items,
    paging::{Paging, Position, Window, plain, token},
    parameter::Place,
    problem::Problem,
    request::{Pair, Request},
};

/// A page, and where its neighbours are.
pub(crate) struct Page {
    pub(crate) value: Value,
    links: Links,
    window: Window,
}

/// URLs of neighbouring pages on this server.
#[derive(Debug, Default)]
struct Links {
    this: String,
    next: Option<String>,
    previous: Option<String>,
    first: Option<String>,
    last: Option<String>,
}

/// What a page is made from.
pub(crate) struct Source<'a> {
    pub(crate) document: Document,
    pub(crate) operation: &'a Operation,
    pub(crate) schema: &'static Value,
    /// A whole response: the example or a made one.
    pub(crate) sample: Value,
    /// How many items there are in all pages.
    pub(crate) items: usize,
    pub(crate) request: &'a Request,
    /// Where the server is: `http://127.0.0.1:4010`.
    pub(crate) origin: &'a str,
    /// Query parameters that carry credentials, which no link repeats.
    pub(crate) secrets: Vec<&'static str>,
}

impl Source<'_> {
    /// The page the request asks for. `make_item` makes an item where the sample has none.
    pub(crate) fn page(
        self,
        paging: &Paging<'_>,
        make_item: impl FnOnce(&'static Value) -> Value,
    ) -> Result<Page, Problem> {
        let pairs = self.request.query_pairs();
        let mut sample = self.sample.clone();
        let list_schema = list_schema(self.document, self.schema, &paging.items);
        let items_schema = list_schema
            .and_then(|flat| flat.keyword("items"))
            .filter(|items| items.is_object());
        let example = list_of(&mut sample, &paging.items).and_then(|list| list.first().cloned());
        let example = example
            .or_else(|| items_schema.map(make_item))
            .unwrap_or_default();
        let mut items = Items::new(self.document, items_schema, example, &self.operation.id);
        let wanted = items.filtered(self.items, &self.filters(paging), &pairs);
        let window = paging.window(self.document, &pairs, wanted.len(), |id| {
            items.index_of(&wanted, id)
        })?;
        let range = window.start.min(window.end())..window.end();
        let page: Vec<_> = wanted[range]
            .iter()
            .map(|index| items.item(*index))
            .collect();
        let ids = (
            page.first().and_then(|item| items.id(item)),
            page.last().and_then(|item| items.id(item)),
        );
        let length = page.len();
        place(&mut sample, &paging.items, page);
        let links = self.links(paging, &window, &pairs);
        let filling = Filling {
            document: self.document,
            window,
            links: &links,
            length,
            ids,
            paging,
        };
        filling.fill(&mut sample, &[self.schema], "", 0);
        Ok(Page {
            value: sample,
            links,
            window,
        })
    }

    /// The parameters that may filter: all but those that page.
    fn filters(&self, paging: &Paging<'_>) -> Vec<&super::parameter::Parameter> {
        let pages = |name: &str| {
            let positions = paging.positions.iter().map(|(_, parameter)| *parameter);
            positions
                .chain(paging.limit)
                .any(|parameter| parameter.name == name)
        };
        let parameters = self.operation.parameters.iter();
        parameters
            .filter(|parameter| parameter.place == Place::Query && !pages(&parameter.name))
            .collect()
    }

    fn links(&self, paging: &Paging<'_>, window: &Window, pairs: &[Pair]) -> Links {
        let Some(position) = window.position else {
            return Links::default();
        };
        let to = |start: usize| {
            let value = match position {
                Position::Offset => start.to_string(),
                Position::Page => (window.first_page + start / window.limit.max(1)).to_string(),
                Position::Cursor | Position::Before => token(start),
            };
            self.url(paging, window, position, &value, pairs)
        };
        let counts = matches!(position, Position::Offset | Position::Page);
        let last = window.pages().saturating_sub(1) * window.limit;
        Links {
            this: to(window.start),
            next: window.has_next().then(|| to(window.end())),
            previous: (window.start > 0)
                .then(|| to(window.start.min(window.total).saturating_sub(window.limit))),
            first: counts.then(|| to(0)),
            last: counts.then(|| to(last)),
        }
    }

    fn url(
        &self,
        paging: &Paging<'_>,
        window: &Window,
        position: Position,
        value: &str,
        pairs: &[Pair],
    ) -> String {
        let own: Vec<_> = paging
            .positions
            .iter()
            .map(|(_, parameter)| &parameter.name)
            .collect();
        let limit = paging.limit.map(|parameter| parameter.name.as_str());
        let mut query = form_urlencoded::Serializer::new(String::new());
        for pair in pairs {
            let replaced = own.contains(&&pair.name) || limit == Some(&pair.name);
            if !replaced && !self.secrets.contains(&pair.name.as_str()) {
                query.append_pair(&pair.name, &super::request::decode_form(&pair.raw));
            }
        }
        if let Some(limit) = limit {
            query.append_pair(limit, &window.limit.to_string());
        }
        if let Some(parameter) = paging.parameter(position) {
            query.append_pair(&parameter.name, value);
        }
        format!("{}{}?{}", self.origin, self.request.path, query.finish())
    }
}

impl Page {
    /// A `Link` header (RFC 8288).
    pub(crate) fn link_header(&self) -> Option<String> {
        let links = &self.links;
        let relations = [
            ("prev", &links.previous),
            ("next", &links.next),
            ("first", &links.first),
            ("last", &links.last),
        ];
        let parts: Vec<_> = relations
            .iter()
            .filter_map(|(relation, url)| {
                url.as_ref()
                    .map(|url| format!("<{url}>; rel=\"{relation}\""))
            })
            .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// The value of a documented header that counts: `X-Total-Count`, `X-Page`.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let name = plain(name);
        if name == "link" {
            return self.link_header();
        }
        let meaning = meaning(name.strip_prefix('x').unwrap_or(&name))?;
        count(meaning, &self.window).map(|number| number.to_string())
    }
}

/// The schema of the list of items.
fn list_schema(document: Document, schema: &'static Value, path: &[&str]) -> Option<Flat> {
    let mut flat = flatten(document, &[schema], &mut Vec::new(), 0);
    for name in path {
        let schemas = flat.property(name)?.to_vec();
        flat = flatten(document, &schemas, &mut Vec::new(), 0);
    }
    Some(flat)
}

fn list_of<'a>(value: &'a mut Value, path: &[&str]) -> Option<&'a mut Vec<Value>> {
    let found = path
        .iter()
        .try_fold(value, |value, name| value.get_mut(name))?;
    found.as_array_mut()
}

/// Puts the items where they belong, making the way there if the sample lacks it.
fn place(value: &mut Value, path: &[&str], items: Vec<Value>) {
    let mut value = value;
    for name in path {
        if !value.is_object() {
            *value = json!({});
        }
        value = &mut value[*name];
    }
    *value = Value::Array(items);
}

/// What a member beside the items says of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Count,
    Total,
    Pages,
    Page,
    Size,
    Offset,
    HasNext,
    HasPrevious,
    IsLast,
    IsFirst,
    Next,
    Previous,
    First,
    Last,
    This,
    NextCursor,
    PreviousCursor,
    FirstId,
    LastId,
}

/// The meaning of a name without punctuation and case.
fn meaning(name: &str) -> Option<Meaning> {
    Some(match name {
        "count" | "size" => Meaning::Count,
        "total" | "totalcount" | "totalitems" | "totalresults" | "totalsize" | "totalrecords"
        | "totalelements" | "totalhits" | "numitems" | "numresults" | "itemcount"
        | "recordcount" | "allcount" => Meaning::Total,
        "lastpage" | "pagecount" | "totalpages" | "pages" | "numpages" | "pagetotal"
        | "pagestotal" => Meaning::Pages,
        "currentpage" | "page" | "pagenumber" | "pageindex" | "pagenum" | "number" => Meaning::Page,
        "perpage" | "pagesize" | "limit" | "itemsperpage" | "maxresults" => Meaning::Size,
        "offset" | "skip" | "startat" | "startindex" => Meaning::Offset,
        "hasmore" | "hasnext" | "hasnextpage" | "more" | "ismore" | "hasmoreitems"
        | "moreresults" | "moreavailable" => Meaning::HasNext,
        "hasprevious" | "haspreviouspage" | "hasprev" | "hasprevpage" => Meaning::HasPrevious,
        "islast" | "islastpage" => Meaning::IsLast,
        "isfirst" | "isfirstpage" => Meaning::IsFirst,
        "next" | "nextpage" | "nexturl" | "nextlink" | "nextpageurl" | "nextpageuri"
        | "nexturi" | "nexthref" | "nextpagelink" => Meaning::Next,
        "prev" | "previous" | "prevpage" | "previouspage" | "prevurl" | "previousurl"
        | "previouslink" | "prevlink" | "prevpageurl" | "previouspageurl" | "previouspageuri" => {
            Meaning::Previous
        }
        "first" | "firstpageurl" | "firstpageuri" | "firsturl" => Meaning::First,
        "last" | "lastpageurl" | "lastpageuri" | "lasturl" => Meaning::Last,
        "self" | "current" => Meaning::This,
        "nextcursor" | "cursor" | "nextpagetoken" | "nexttoken" | "nextmarker"
        | "continuationtoken" | "continuation" | "continue" | "endcursor" | "after"
        | "aftercursor" | "nextpagecursor" | "cursornext" => Meaning::NextCursor,
        "previouscursor" | "prevcursor" | "before" | "startcursor" | "beforecursor"
        | "previouspagetoken" | "prevpagetoken" | "prevtoken" | "prevmarker" => {
            Meaning::PreviousCursor
        }
        "firstid" => Meaning::FirstId,
        "lastid" => Meaning::LastId,
        _ => return None,
    })
}

/// The number a meaning stands for.
fn count(meaning: Meaning, window: &Window) -> Option<usize> {
    Some(match meaning {
        Meaning::Count | Meaning::Total => window.total,
        Meaning::Pages => window.pages(),
        Meaning::Page => window.page(),
        Meaning::Size => window.limit,
        Meaning::Offset => window.start,
        Meaning::Next => window.has_next().then(|| window.page() + 1)?,
        Meaning::Previous => {
            (window.start > 0).then(|| window.page().saturating_sub(1).max(window.first_page))?
        }
        _ => return None,
    })
}

struct Filling<'a> {
    document: Document,
    window: Window,
    links: &'a Links,
    /// How many items this page has.
    length: usize,
    /// Ids of the first and the last item of this page.
    ids: (Option<Value>, Option<Value>),
    paging: &'a Paging<'a>,
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

impl Filling<'_> {
    fn fill(&self, value: &mut Value, schemas: &[&'static Value], parent: &str, depth: usize) {
        let Some(object) = value.as_object_mut() else {
            return;
        };
        let flat = flatten(self.document, schemas, &mut Vec::new(), 0);
        let declared = flat.properties.iter().map(|(name, _)| (*name).to_owned());
        let mut names: Vec<_> = declared.chain(object.keys().cloned()).collect();
        let mut seen = Vec::new();
        names.retain(|name| {
            !seen.contains(name) && {
                seen.push(name.clone());
                true
            }
        });
        let has_total = names
            .iter()
            .any(|name| meaning(&plain(name)) == Some(Meaning::Total));
        let on_the_way = self.paging.items.get(depth);
        for name in names {
            let schemas = flat.property(&name).unwrap_or_default();
            let leads_to_items = on_the_way == Some(&name.as_str());
            if leads_to_items && self.paging.items.len() == depth + 1 {
                continue;
            }
            let inner = flatten(self.document, schemas, &mut Vec::new(), 0);
            let current = object.get(&name);
            let is_object = current.map_or(inner.kind() == Some("object"), Value::is_object);
            if is_object {
                if leads_to_items || (depth < 3 && AROUND.contains(&plain(&name).as_str())) {
                    let mut value = object.get_mut(&name).map_or_else(|| json!({}), Value::take);
                    self.fill(&mut value, schemas, &plain(&name), depth + 1);
                    object.insert(name, value);
                }
                continue;
            }
            let is_required = flat.required.contains(&name.as_str());
            self.set(object, &name, parent, &inner, is_required, has_total);
        }
    }

    fn set(
        &self,
        object: &mut Map<String, Value>,
        name: &str,
        parent: &str,
        flat: &Flat,
        is_required: bool,
        has_total: bool,
    ) {
        let word = plain(name);
        let meaning = match (word.as_str(), parent) {
            ("href" | "url" | "uri", relation) => meaning(relation),
            (word, _) => meaning(word),
        };
        let Some(meaning) = meaning else { return };
        let kind = flat.kind().or(match object.get(name) {
            Some(Value::Number(_)) => Some("integer"),
            Some(Value::String(_)) => Some("string"),
            Some(Value::Bool(_)) => Some("boolean"),
            _ => None,
        });
        let value = self.value(
            meaning,
            kind,
            &word,
            parent,
            flat,
            object.get(name),
            has_total,
        );
        match value {
            Said::Value(value) => drop(object.insert(name.to_owned(), value)),
            Said::Nothing => {
                if flat.nullable || (kind.is_none() && is_required) {
                    object.insert(name.to_owned(), Value::Null);
                } else if !is_required {
                    object.shift_remove(name);
                } else if kind == Some("string") {
                    object.insert(name.to_owned(), json!(""));
                } else {
                    object.insert(name.to_owned(), json!(0));
                }
            }
            Said::Unknown => {}
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one decision over what is known of a member"
    )]
    fn value(
        &self,
        meaning: Meaning,
        kind: Option<&str>,
        word: &str,
        parent: &str,
        flat: &Flat,
        current: Option<&Value>,
        has_total: bool,
    ) -> Said {
        let window = &self.window;
        let flag = |flag: bool| match kind {
            Some("boolean") | None => Said::Value(json!(flag)),
            _ => Said::Unknown,
        };
        let is_number = matches!(kind, Some("integer" | "number"));
        let links = self.links;
        match meaning {
            Meaning::Count if is_number => {
                Said::Value(json!(if has_total { self.length } else { window.total }))
            }
            Meaning::HasNext => flag(window.has_next()),
            Meaning::HasPrevious => flag(window.start > 0),
            Meaning::IsLast => flag(!window.has_next()),
            Meaning::IsFirst => flag(window.start == 0),
            Meaning::FirstId => Said::or_nothing(self.ids.0.clone()),
            Meaning::LastId => Said::or_nothing(self.ids.1.clone()),
            Meaning::Next | Meaning::NextCursor if kind != Some("boolean") => {
                let start = window.has_next().then(|| window.end());
                let is_url = is_url(
                    meaning == Meaning::Next,
                    word,
                    parent,
                    flat,
                    current,
                    self.moves_by_cursor(),
                );
                Said::or_nothing(start.and_then(|start| {
                    self.neighbour(start, links.next.as_ref(), is_number, is_url)
                }))
            }
            Meaning::Previous | Meaning::PreviousCursor if kind != Some("boolean") => {
                let start = (window.start > 0).then(|| window.start.saturating_sub(window.limit));
                let is_url = is_url(
                    meaning == Meaning::Previous,
                    word,
                    parent,
                    flat,
                    current,
                    self.moves_by_cursor(),
                );
                Said::or_nothing(start.and_then(|start| {
                    self.neighbour(start, links.previous.as_ref(), is_number, is_url)
                }))
            }
            Meaning::First if kind == Some("string") => {
                Said::or_nothing(links.first.as_ref().map(|url| json!(url)))
            }
            Meaning::Last if kind == Some("string") => {
                Said::or_nothing(links.last.as_ref().map(|url| json!(url)))
            }
            Meaning::This if parent.contains("link") || parent == "self" => {
                Said::Value(json!(links.this))
            }
            meaning if is_number => {
                count(meaning, window).map_or(Said::Unknown, |number| Said::Value(json!(number)))
            }
            _ => Said::Unknown,
        }
    }

    fn moves_by_cursor(&self) -> bool {
        self.window.position == Some(Position::Cursor)
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

/// Whether a string member holds a URL rather than a token.
fn is_url(
    may_be: bool,
    word: &str,
    parent: &str,
    flat: &Flat,
    current: Option<&Value>,
    moves_by_cursor: bool,
) -> bool {
    let format = flat
        .keyword("format")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let looks_so = ["ur", "link", "href"]
        .iter()
        .any(|hint| word.contains(hint) || parent.contains(hint));
    let sample = current.and_then(Value::as_str).unwrap_or_default();
    let by_sample = sample.starts_with("http") || sample.starts_with('/');
    let is_declared = matches!(format, "uri" | "url" | "uri-reference" | "iri");
    is_declared || by_sample || (may_be && (looks_so || !moves_by_cursor) && parent != "cursors")
}
