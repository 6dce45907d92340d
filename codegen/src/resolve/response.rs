//! Responses: which statuses are documented, and what each holds.

use super::Resolver;
use super::body::Media;
use super::operation::Site;
use crate::diagnostic::Code;
use crate::document::Node;
use crate::ir::{Case, Payload, Shape, StatusPattern};

/// The documented responses of an operation, the most specific status first.
pub(super) struct Responses {
    pub(super) successes: Vec<Case>,
    /// The successes that are offered as a stream beside what is asked for.
    pub(super) streams: Vec<Case>,
    pub(super) errors: Vec<Case>,
}

impl<'d> Resolver<'d> {
    /// The documented responses of an operation.
    pub(super) fn responses(&mut self, site: &Site<'d>, id: &str) -> Responses {
        let mut cases = Vec::new();
        let mut streams = Vec::new();
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
            if let Some(node) = self.follow(&node) {
                // Without another, `default` is the success.
                let is_success = is_success(status) || alone && status == StatusPattern::Default;
                let (case, stream) = self.case(status, is_success, &node, id);
                cases.push(case);
                streams.extend(stream);
            }
        }
        cases.sort_by_key(|case| case.status);
        streams.sort_by_key(|case: &Case| case.status);
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
                headers: Vec::new(),
            }));
        }
        Responses {
            successes,
            streams,
            errors,
        }
    }

    /// A response, and the same as a stream where it is a success that is offered as one, too.
    fn case(
        &mut self,
        status: StatusPattern,
        is_success: bool,
        node: &Node<'d>,
        id: &str,
    ) -> (Case, Option<Case>) {
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
        let headers = self.headers(node, id);
        let description = node.str("description").unwrap_or_default().to_owned();
        let Some((media, content)) = contents.first() else {
            let case = Case {
                status,
                description,
                media: None,
                payload: Payload::Empty,
                headers,
            };
            return (case, None);
        };
        let payload = self.payload(media, content, &place);
        let streams = |media: &str| matches!(Media::of(media), Media::Events | Media::Lines);
        let offered = contents.iter().find(|(other, _)| streams(other));
        let offered = offered.filter(|_| is_success && !streams(media));
        let stream = offered.map(|(media, content)| {
            let word = if Media::of(media) == Media::Events {
                "event"
            } else {
                "line"
            };
            Case {
                status,
                description: description.clone(),
                media: Some((*media).to_owned()),
                payload: self.payload(media, content, &[id.to_owned(), word.to_owned()]),
                headers: headers.clone(),
            }
        });
        let told = offered.map(|(media, _)| Media::of(media));
        if let Some((other, skipped)) = contents.iter().skip(1).find(|(other, _)| {
            Media::of(other) != Media::of(media) && Some(Media::of(other)) != told
        }) {
            self.report(
                Code::OTHER_MEDIA_TYPE,
                skipped,
                format!("`{media}` is asked for; `{other}` is not offered to the caller"),
                "remove the media type that is not wanted in an overlay",
            );
        }
        let case = Case {
            status,
            description,
            media: Some((*media).to_owned()),
            payload,
            headers,
        };
        (case, stream)
    }

    fn payload(&mut self, media: &str, content: &Node<'d>, place: &[String]) -> Payload {
        let item = content.get("x-callwright-item-schema");
        let item = item.map(|item| match Media::of(media) {
            Media::Events => self.data(&item).unwrap_or(item),
            _ => item,
        });
        let schema = content.get("schema");
        let ty = match item.as_ref().or(schema.as_ref()) {
            Some(schema) => self.schema(schema, place),
            None => self.anything(content),
        };
        let shape = &self.api.types[self.api.types.unalias(ty).id].shape;
        match Media::of(media) {
            _ if *shape == Shape::File => Payload::Bytes,
            Media::Any if schema.is_none() => Payload::Bytes,
            Media::Json | Media::Any => Payload::Json(ty),
            Media::Lines => Payload::Lines(ty),
            Media::Events => Payload::Events(ty),
            Media::Xml if schema.is_some() && self.is_xml(ty) => Payload::Xml(ty),
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
