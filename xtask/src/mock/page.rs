//! A page written as the document has it: its items, and the counts, links and cursors around them.

use serde_json::{Value, json};

use super::{
    document::{Document, Operation},
    filling::Filling,
    flatten::{Flat, flatten},
    items::Items,
    meaning::{count, meaning},
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
pub(crate) struct Links {
    pub(crate) this: String,
    pub(crate) next: Option<String>,
    pub(crate) previous: Option<String>,
    pub(crate) first: Option<String>,
    pub(crate) last: Option<String>,
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
        filling.fill(&mut sample, &[self.schema]);
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
