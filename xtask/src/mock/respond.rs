//! The documented answer to a request that passed every check.

use serde_json::Value;

use super::{
    answer::Api,
    document::{Document, Operation, member, members},
    echo::{echo, echo_path},
    encode,
    flatten::{Flat, flatten_one},
    generate::Maker,
    items::Items,
    media::{self, Kind},
    page::{Page, Source},
    paging,
    prefer::Prefer,
    problem::Problem,
    reply::Reply,
    request::Request,
    status,
    template::Variables,
};

/// What an answer is made of.
pub(crate) struct Answering<'a> {
    pub(crate) api: &'a Api,
    pub(crate) operation: &'a Operation,
    pub(crate) request: &'a Request,
    pub(crate) variables: &'a Variables,
    /// The request's body, if it has a value.
    pub(crate) body: Option<Value>,
}

impl Answering<'_> {
    /// The answer, or why there is none of the kind the client wants.
    pub(crate) fn reply(&self) -> Result<Reply, Problem> {
        let prefer = Prefer::read(self.request.header("prefer").as_deref());
        let responses = member(self.operation.value, "responses");
        let (status, response) =
            status::choose(self.document(), responses, prefer.code.as_deref())?;
        let mut reply = Reply {
            status,
            ..Reply::default()
        };
        if prefer != Prefer::default() {
            reply.headers.push((
                "preference-applied".to_owned(),
                self.request.header("prefer").unwrap_or_default(),
            ));
        }
        let content = member(response, "content");
        let documented: Vec<_> = members(content).map(|(name, _)| name).collect();
        let has_body = !documented.is_empty() && status != 204 && status != 304 && status >= 200;
        let mut page = None;
        if has_body {
            let accept = self.request.header("accept").filter(|_| status < 400);
            let Some(name) = media::negotiate(&documented, accept.as_deref()) else {
                let offered = documented.join(", ");
                return Err(Problem::new(
                    406,
                    format!(
                        "Accept `{}` asks for none of: {offered}",
                        accept.unwrap_or_default()
                    ),
                ));
            };
            let media = self.document().resolve(member(content, name));
            let media_type = concrete(name);
            let (value, made_page) = self.value(status, &media_type, media, &prefer)?;
            reply.body = encode::encode(
                self.document(),
                &media_type,
                member(media, "schema"),
                &value,
            );
            reply.headers.push(("content-type".to_owned(), media_type));
            page = made_page;
        }
        self.headers(response, page.as_ref(), &mut reply);
        Ok(reply)
    }

    fn document(&self) -> Document {
        self.api.document
    }

    fn maker(&self, suffix: &str) -> Maker<'_> {
        Maker::new(
            self.document(),
            &self.api.judge,
            format!("{}{suffix}", self.operation.id),
        )
    }

    /// The body's value, and the page it is if the operation is paginated.
    fn value(
        &self,
        status: u16,
        media_type: &str,
        media: &'static Value,
        prefer: &Prefer,
    ) -> Result<(Value, Option<Page>), Problem> {
        let schema = member(media, "schema");
        if let Some(name) = &prefer.example {
            return Ok((self.named_example(media, name)?, None));
        }
        let example = self
            .example(media)
            .map(|example| parsed(media_type, schema, example));
        let kind = media::kind(media_type);
        if matches!(kind, Kind::Lines | Kind::Events) {
            return Ok((example.unwrap_or_else(|| self.stream(media)), None));
        }
        let is_made = example.is_none();
        let mut value = example.unwrap_or_else(|| self.maker("").value(schema, "body"));
        let is_success = (200..300).contains(&status);
        if kind != Kind::Json || !is_success || !schema.is_object() {
            return Ok((value, None));
        }
        if let Some(paging) = paging::detect(self.document(), self.operation, schema) {
            let page = self
                .source(schema, value)
                .page(&paging, |items| self.maker("").value(items, "item"))?;
            return Ok((page.value.clone(), Some(page)));
        }
        if is_made {
            let flat = flatten_one(self.document(), schema);
            self.lengthen(&flat, &mut value);
            echo_path(
                &self.maker(""),
                self.document(),
                &flat,
                &mut value,
                self.variables,
                self.operation.template.text(),
            );
        }
        let writes = ["POST", "PUT", "PATCH"].contains(&self.operation.method.as_str());
        if let Some(body) = self.body.as_ref().filter(|body| writes && body.is_object()) {
            value = echo(&mut self.maker(""), self.document(), &[schema], value, body);
        }
        Ok((value, None))
    }

    /// A made list of one is made a list of a few: it shows better what a list of them is like.
    fn lengthen(&self, flat: &Flat, value: &mut Value) {
        const LENGTH: usize = 3;
        let room = flat
            .keyword("maxItems")
            .and_then(Value::as_u64)
            .unwrap_or(u64::MAX);
        if let (Value::Array(list), Some(items)) = (value, flat.keyword("items"))
            && let ([sample], "GET") = (list.as_slice(), self.operation.method.as_str())
            && room >= LENGTH as u64
        {
            let items = Items::new(
                self.document(),
                Some(items),
                sample.clone(),
                &self.operation.id,
            );
            let few: Vec<_> = (0..LENGTH).map(|index| items.item(index)).collect();
            let is_distinct = few[1] != few[0] && few[2] != few[0] && few[2] != few[1];
            if is_distinct || flat.keyword("uniqueItems").is_none() {
                *list = few;
            }
        }
    }

    fn source(&self, schema: &'static Value, sample: Value) -> Source<'_> {
        Source {
            document: self.document(),
            operation: self.operation,
            schema,
            sample,
            items: self.api.items,
            request: self.request,
            origin: &self.api.origin,
            secrets: super::credential::query_names(self.document()).collect(),
        }
    }

    fn stream(&self, media: &'static Value) -> Value {
        let schema = member(media, "schema");
        let elements = flatten_one(self.document(), schema).keyword("items");
        let item = media::item_schema(media).or(elements).unwrap_or(schema);
        encode::stream(|index| self.maker(&index.to_string()).value(item, "item"))
    }

    /// `example`, else the first of `examples`.
    fn example(&self, media: &'static Value) -> Option<Value> {
        let own = media.get("example");
        let named = || {
            members(member(media, "examples"))
                .find_map(|(_, example)| self.document().resolve(example).get("value"))
        };
        own.or_else(named).cloned()
    }

    fn named_example(&self, media: &'static Value, name: &str) -> Result<Value, Problem> {
        let examples = member(media, "examples");
        let value = self.document().resolve(member(examples, name)).get("value");
        value.cloned().ok_or_else(|| {
            let known: Vec<_> = members(examples).map(|(name, _)| name).collect();
            let known = if known.is_empty() {
                "none".to_owned()
            } else {
                known.join(", ")
            };
            Problem::new(
                400,
                format!("Prefer: example={name}: the response has examples named: {known}"),
            )
        })
    }

    /// The documented headers, and a `Link` for pages that are bare lists.
    fn headers(&self, response: &'static Value, page: Option<&Page>, reply: &mut Reply) {
        let mut has_link = false;
        for (name, header) in members(member(response, "headers")) {
            let header = self.document().resolve(header);
            has_link |= name.eq_ignore_ascii_case("link");
            if name.eq_ignore_ascii_case("content-type")
                || name.eq_ignore_ascii_case("content-length")
            {
                continue;
            }
            if let Some(page) = page {
                if let Some(value) = page.header(name) {
                    reply.headers.push((name.to_owned(), value));
                    continue;
                }
                if name.eq_ignore_ascii_case("link") {
                    continue;
                }
            }
            let example = self.example(header);
            let value =
                example.unwrap_or_else(|| self.maker("").value(member(header, "schema"), name));
            reply
                .headers
                .push((name.to_owned(), encode::header(&value)));
        }
        if let Some(link) = page
            .filter(|page| page.value.is_array() && !has_link)
            .and_then(Page::link_header)
        {
            reply.headers.push(("link".to_owned(), link));
        }
        let has_location = reply
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("location"));
        if (300..400).contains(&reply.status) && reply.status != 304 && !has_location {
            reply
                .headers
                .push(("location".to_owned(), self.api.origin.clone()));
        }
    }
}

/// A media type for a documented range.
fn concrete(name: &str) -> String {
    match media::essence(name).as_str() {
        "*/*" | "application/*" => "application/json".to_owned(),
        "text/*" => "text/plain".to_owned(),
        "image/*" => "image/gif".to_owned(),
        "audio/*" | "video/*" => "application/octet-stream".to_owned(),
        _ => name.to_owned(),
    }
}

/// An example written as a text of JSON, where the schema wants something else than a text.
fn parsed(media_type: &str, schema: &'static Value, example: Value) -> Value {
    let Value::String(text) = &example else {
        return example;
    };
    let wants_text = member(schema, "type") == "string";
    if media::kind(media_type) != Kind::Json || wants_text {
        return example;
    }
    serde_json::from_str(text)
        .ok()
        .filter(|value: &Value| value.is_object() || value.is_array())
        .unwrap_or(example)
}
