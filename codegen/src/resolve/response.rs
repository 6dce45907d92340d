//! Responses: which statuses are documented, and what each holds.

use super::Resolver;
use super::body::Media;
use super::operation::Site;
use crate::diagnostic::Code;
use crate::document::Node;
use crate::ir::{Case, Parameter, Payload, Shape, StatusPattern, TypeRef};

/// The documented responses of an operation, the most specific status first.
pub(super) struct Responses {
    pub(super) successes: Vec<Case>,
    /// The successes as streams and as other values that are offered beside what is asked for, kind by kind.
    pub(super) others: Vec<Vec<Case>>,
    pub(super) errors: Vec<Case>,
}

/// A response, and the same as each kind of stream and of other value that it is offered as, too.
pub(super) type Offered = (Case, Vec<(String, Case)>);

impl<'d> Resolver<'d> {
    /// The documented responses of an operation.
    pub(super) fn responses(&mut self, site: &Site<'d>, id: &str) -> Responses {
        let mut cases = Vec::new();
        let mut others: Vec<(String, Case)> = Vec::new();
        let responses = site.node.get("responses");
        let alone = !responses
            .iter()
            .flat_map(Node::members)
            .any(|(key, _)| status(key).is_some_and(is_success));
        for (key, node) in responses.iter().flat_map(Node::members) {
            if key.starts_with("x-") {
                continue;
            }
            let Some(status) = status(key) else {
                self.report(
                    Code::STATUS,
                    &node,
                    format!("`{key}` is no status"),
                    "use a number from 100 to 599, a range such as `4XX`, or `default`; the response is left out",
                );
                continue;
            };
            if let Some(target) = self.follow(&node) {
                // Without another, `default` is the success.
                let is_success = is_success(status) || alone && status == StatusPattern::Default;
                let key = (target.pointer.clone(), status, is_success);
                let known = self.cases.get(&key).cloned();
                let (case, more) = known.unwrap_or_else(|| {
                    let read = self.case(status, is_success, &target, id);
                    if node.reference().is_some() {
                        self.cases.insert(key, read.clone());
                    }
                    read
                });
                cases.push(case);
                others.extend(more);
            }
        }
        self.agree(&mut cases);
        cases.sort_by_key(|case| case.status);
        others.sort_by_key(|(_, case)| case.status);
        let mut kinds: Vec<(String, Vec<Case>)> = Vec::new();
        for (key, case) in others {
            match kinds.iter_mut().find(|(known, _)| *known == key) {
                Some((_, cases)) => cases.push(case),
                None => kinds.push((key, vec![case])),
            }
        }
        // Streams have the first claim to names.
        kinds.sort_by_key(|(key, _)| !matches!(key.as_str(), EVENTS | LINES));
        let (mut successes, mut errors): (Vec<Case>, Vec<Case>) =
            cases.into_iter().partition(|case| is_success(case.status));
        errors.retain(|case| {
            !matches!(
                case.status,
                StatusPattern::Exact(100..200) | StatusPattern::Range(1)
            )
        });
        if successes.is_empty() {
            // `default` stands for every status that is not named, successes among them.
            let default = errors
                .iter()
                .find(|case| case.status == StatusPattern::Default)
                .cloned();
            let redirect = errors
                .iter()
                .any(|case| matches!(case.status, StatusPattern::Exact(300..400)));
            let unnamed = if redirect {
                Payload::Bytes
            } else {
                Payload::Empty
            };
            successes.push(default.unwrap_or(Case {
                status: StatusPattern::Range(2),
                description: String::new(),
                media: None,
                payload: unnamed,
                also: Vec::new(),
                headers: Vec::new(),
            }));
        }
        Responses {
            successes,
            others: kinds.into_iter().map(|(_, cases)| cases).collect(),
            errors,
        }
    }

    /// A header that responses document as scalars of different kinds is a text in all of them: one struct holds it.
    fn agree(&mut self, cases: &mut [Case]) {
        let shape = |resolver: &Self, header: &Parameter| {
            let types = &resolver.api.types;
            types[types.unalias(header.ty).id].shape.clone()
        };
        let all = |cases: &[Case], name: &str| -> Vec<Parameter> {
            let headers = cases.iter().flat_map(|case| &case.headers);
            let of_name = headers.filter(|header| header.wire.eq_ignore_ascii_case(name));
            of_name.cloned().collect()
        };
        let names = cases.iter().flat_map(|case| &case.headers);
        let names: Vec<String> = names.map(|header| header.wire.clone()).collect();
        for name in names {
            let shapes: Vec<Shape> = all(cases, &name)
                .iter()
                .map(|header| shape(self, header))
                .collect();
            let differ = shapes.windows(2).any(|pair| pair[0] != pair[1]);
            if !differ || !shapes.iter().all(Shape::is_scalar) {
                continue;
            }
            let text = self.plain(&self.document.root(), Shape::String);
            let headers = cases.iter_mut().flat_map(|case| &mut case.headers);
            for header in headers.filter(|header| header.wire.eq_ignore_ascii_case(&name)) {
                header.ty = text;
            }
        }
    }

    fn case(
        &mut self,
        status: StatusPattern,
        is_success: bool,
        node: &Node<'d>,
        id: &str,
    ) -> Offered {
        let word = match status {
            StatusPattern::Exact(200..300) | StatusPattern::Range(2) => "response".to_owned(),
            StatusPattern::Exact(status) => format!("error {status}"),
            StatusPattern::Range(digit) => format!("error {digit}xx"),
            StatusPattern::Default => "error".to_owned(),
        };
        let place = [id.to_owned(), word];
        let mut contents: Vec<(&'d str, Node<'d>)> = node
            .get("content")
            .into_iter()
            .flat_map(|node| node.members())
            .map(|(media, content)| (media, self.document.follow(&content).unwrap_or(content)))
            .collect();
        contents.sort_by_key(|(media, _)| preference(Media::of(media)));
        let mut case = Case {
            status,
            description: node.str("description").unwrap_or_default().to_owned(),
            media: None,
            payload: Payload::Empty,
            also: Vec::new(),
            headers: self.headers(node, &[id.to_owned()]),
        };
        let Some((media, content)) = contents.first() else {
            return (case, Vec::new());
        };
        let ty = self.content_type(media, content, &place);
        case.media = Some((*media).to_owned());
        case.payload = self.payload(media, content, ty);
        let mut others = Vec::new();
        let mut skipped = Vec::new();
        for (other, content) in contents.iter().skip(1) {
            if let Some(payload) = self.same(&case, (*media, &contents[0].1), (*other, content), ty)
            {
                // Parameters tell variants of one type apart, such as a watch from a list: the first is asked for.
                if essence(other) != essence(media) {
                    case.also.push(((*other).to_owned(), payload));
                }
                continue;
            }
            let is_same = same_schema(&contents[0].1, content);
            let key = key(other);
            let is_known = others.iter().any(|(known, _)| *known == key);
            let payload = (is_success && !is_known && key != self::key(media)).then(|| {
                let ty = match (is_same, Media::of(other)) {
                    (true, kind) if !matches!(kind, Media::Events | Media::Lines) => ty,
                    _ => self.content_type(other, content, &[id.to_owned(), word_of(other)]),
                };
                self.payload(other, content, ty)
            });
            // What is called neither JSON nor text, and is described as JSON, cannot be read.
            let is_read = |payload: &Payload| match payload {
                Payload::Json(_) => Media::of(other) == Media::Json,
                _ => true,
            };
            match payload.filter(is_read) {
                Some(payload) => {
                    let case = Case {
                        media: Some((*other).to_owned()),
                        payload,
                        also: Vec::new(),
                        ..case.clone()
                    };
                    others.push((key, case));
                }
                None if !is_same || Media::of(other) != Media::of(media) => {
                    skipped.push((*other, content));
                }
                None => {}
            }
        }
        if let Some((_, first)) = skipped.first() {
            let left: Vec<String> = skipped.iter().map(|(it, _)| format!("`{it}`")).collect();
            self.report(
                Code::OTHER_MEDIA_TYPE,
                first,
                format!(
                    "`{media}` is asked for; {} is not offered to the caller",
                    left.join(" or ")
                ),
                "remove the media type that is not wanted in an overlay",
            );
        }
        (case, others)
    }

    /// What a further media type of a response holds, where that is the same value: which one came, the reply says.
    fn same(
        &mut self,
        case: &Case,
        (media, first): (&str, &Node<'d>),
        (other, content): (&str, &Node<'d>),
        ty: TypeRef,
    ) -> Option<Payload> {
        let (kind, asked) = (Media::of(other), Media::of(media));
        if !same_schema(first, content) {
            // What has no type is the same whatever its schema.
            let untyped = matches!(case.payload, Payload::Text | Payload::Bytes);
            let is_bare = |node: &Node<'d>| node.member("schema").is_none();
            if !untyped || kind != asked || !is_bare(content) {
                return None;
            }
        }
        let payload = self.payload(other, content, ty);
        let target = self.api.types.unalias(ty);
        let is_string = self.api.types[target.id].shape == Shape::String && !target.nullable;
        let same = match (case.payload, payload) {
            // Text that stands for an object is JSON whatever it is called: it need not be asked for.
            (Payload::Json(_), Payload::Json(_)) => kind == Media::Json,
            (Payload::Json(_), Payload::Xml(_)) => true,
            (Payload::Json(_), Payload::Text) => is_string,
            (one, other) => one == other && !matches!(one, Payload::Events(_) | Payload::Lines(_)),
        };
        same.then_some(payload)
    }

    /// The type of what a media type of a response holds: of its items, where it is a stream of them.
    fn content_type(&mut self, media: &str, content: &Node<'d>, place: &[String]) -> TypeRef {
        let kind = Media::of(media);
        let item = content.get("x-callwright-item-schema");
        let described = item.is_some();
        let item = item.map(|item| match kind {
            Media::Events => self.data(&item).unwrap_or(item),
            _ => item,
        });
        let schema = content.get("schema");
        let ty = match item.as_ref().or(schema.as_ref()) {
            Some(schema) => self.schema(schema, place),
            None => self.anything(content),
        };
        // The schema of the whole is that of an array of its items (OAS 3.2.0, section 4.14.3).
        let shape = &self.api.types[self.api.types.unalias(ty).id].shape;
        match shape {
            Shape::Array(item) if !described && matches!(kind, Media::Events | Media::Lines) => {
                *item
            }
            _ => ty,
        }
    }

    fn payload(&mut self, media: &str, content: &Node<'d>, ty: TypeRef) -> Payload {
        let has_schema = content.member("schema").is_some();
        let shape = &self.api.types[self.api.types.unalias(ty).id].shape;
        match Media::of(media) {
            _ if *shape == Shape::File => Payload::Bytes,
            Media::Any if !has_schema => Payload::Bytes,
            Media::Json | Media::Any => Payload::Json(ty),
            // Lines that are described as a text are not said to be JSON.
            Media::Lines
                if *shape == Shape::String
                    && content.member("x-callwright-item-schema").is_none() =>
            {
                Payload::Text
            }
            Media::Lines => Payload::Lines(ty),
            Media::Events => Payload::Events(ty),
            Media::Xml if has_schema && self.is_xml(ty) => Payload::Xml(ty),
            Media::Text
                if matches!(
                    shape,
                    Shape::Object(_) | Shape::Array(_) | Shape::Map(_) | Shape::Union(_)
                ) =>
            {
                Payload::Json(ty)
            }
            Media::Text | Media::Xml | Media::Form => Payload::Text,
            Media::Bytes if matches!(shape, Shape::Object(_)) => Payload::Json(ty),
            Media::Bytes | Media::Multipart => Payload::Bytes,
        }
    }
}

impl<'d> Resolver<'d> {
    /// The schema of the data, where that of an item describes the whole event (OpenAPI 3.2, section 4.14.4).
    fn data(&mut self, item: &Node<'d>) -> Option<Node<'d>> {
        let properties = self.document.follow(item).ok()?.get("properties")?;
        let frame = ["data", "event", "id", "retry"];
        if !properties.members().all(|(name, _)| frame.contains(&name)) {
            return None;
        }
        let data = self.document.follow(&properties.get("data")?).ok()?;
        Some(data.get("x-callwright-content-schema").unwrap_or(data))
    }
}

fn is_success(status: StatusPattern) -> bool {
    match status {
        StatusPattern::Exact(status) => (200..300).contains(&status),
        StatusPattern::Range(digit) => digit == 2,
        StatusPattern::Default => false,
    }
}

const EVENTS: &str = "events";
const LINES: &str = "lines";

/// What tells the methods of an operation apart: one for each kind of stream, and for each other media type.
fn key(media: &str) -> String {
    match Media::of(media) {
        Media::Events => EVENTS.to_owned(),
        Media::Lines => LINES.to_owned(),
        _ => essence(media),
    }
}

/// The word for what a further media type holds, in names of types.
fn word_of(media: &str) -> String {
    match Media::of(media) {
        Media::Events => "event".to_owned(),
        Media::Lines => "line".to_owned(),
        _ => essence(media)
            .rsplit_once('/')
            .map_or("other", |(_, subtype)| subtype)
            .to_owned(),
    }
}

/// A media type without its parameters.
fn essence(media: &str) -> String {
    let essence = media.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Whether two media types of a response are said to hold the same.
fn same_schema(one: &Node<'_>, other: &Node<'_>) -> bool {
    one.member("schema") == other.member("schema")
}

/// What is asked for where there is a choice: what has a type before what has none.
fn preference(media: Media) -> u8 {
    match media {
        Media::Json => 0,
        Media::Any => 1,
        Media::Xml => 2,
        Media::Lines => 3,
        Media::Events => 4,
        Media::Text => 5,
        Media::Form | Media::Multipart | Media::Bytes => 6,
    }
}

fn status(key: &str) -> Option<StatusPattern> {
    if key.eq_ignore_ascii_case("default") {
        return Some(StatusPattern::Default);
    }
    if let Ok(status) = key.parse::<u16>() {
        return (100..600)
            .contains(&status)
            .then_some(StatusPattern::Exact(status));
    }
    let digit = key
        .strip_suffix("XX")
        .or_else(|| key.strip_suffix("xx"))?
        .parse::<u8>()
        .ok()?;
    (1..6)
        .contains(&digit)
        .then_some(StatusPattern::Range(digit))
}

#[cfg(test)]
mod tests {
    use super::{StatusPattern, status};

    #[test]
    fn reads_statuses() {
        assert_eq!(status("204"), Some(StatusPattern::Exact(204)));
        assert_eq!(status("4XX"), Some(StatusPattern::Range(4)));
        assert_eq!(status("default"), Some(StatusPattern::Default));
        assert_eq!(status("600"), None);
        assert_eq!(status("9XX"), None);
        assert_eq!(status("ok"), None);
    }
}
