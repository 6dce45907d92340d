//! Media types: what kind of body they announce, and which documented one fits a header.

use serde_json::Value;

use super::document::member;

/// How a body of a media type is read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Json,
    /// One JSON value per line, or per record separator.
    Lines,
    /// Server-sent events.
    Events,
    Form,
    Multipart,
    Xml,
    Text,
    Bytes,
}

/// The kind of a media type, parameters ignored.
pub(crate) fn kind(media_type: &str) -> Kind {
    let essence = essence(media_type);
    let (kind, subtype) = essence.split_once('/').unwrap_or((&essence, ""));
    match (kind, subtype) {
        (
            "application",
            "x-ndjson" | "ndjson" | "jsonl" | "x-jsonl" | "jsonlines" | "x-json-stream"
            | "json-seq" | "stream+json",
        )
        | ("text", "x-ndjson" | "jsonl") => Kind::Lines,
        ("text", "event-stream") => Kind::Events,
        ("application", "x-www-form-urlencoded") => Kind::Form,
        ("multipart", _) => Kind::Multipart,
        (_, "json") => Kind::Json,
        (_, subtype) if subtype.ends_with("+json") => Kind::Json,
        (_, "xml") => Kind::Xml,
        (_, subtype) if subtype.ends_with("+xml") && kind == "application" => Kind::Xml,
        ("text", _) => Kind::Text,
        // A range stands for what most APIs speak.
        (_, "*") if kind == "*" || kind == "application" => Kind::Json,
        _ => Kind::Bytes,
    }
}

/// Type and subtype in small letters.
pub(crate) fn essence(media_type: &str) -> String {
    media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// Whether a range (`text/*`) covers a media type; essences.
fn covers(range: &str, media_type: &str) -> bool {
    match range.split_once('/') {
        Some(("*", "*")) => true,
        Some((kind, "*")) => media_type
            .split_once('/')
            .is_some_and(|(given, _)| given == kind),
        _ => range == media_type,
    }
}

/// The documented media type, or range, a given one falls under: the most specific.
pub(crate) fn best<'a>(documented: &[&'a str], given: &str) -> Option<&'a str> {
    let given = essence(given);
    let covering = documented
        .iter()
        .filter(|range| covers(&essence(range), &given));
    covering
        .min_by_key(|range| range.matches('*').count())
        .copied()
}

/// The documented media type an `Accept` header prefers (RFC 9110 section 12.5.1); JSON where it has no preference.
pub(crate) fn negotiate<'a>(documented: &[&'a str], accept: Option<&str>) -> Option<&'a str> {
    // A range says least of what comes, so it is the last choice.
    let preferred = || {
        documented
            .iter()
            .min_by_key(|name| (name.contains('*'), kind(name) != Kind::Json))
            .copied()
    };
    let Some(accept) = accept.filter(|accept| !accept.trim().is_empty()) else {
        return preferred();
    };
    let mut best: Option<(f32, usize, &'a str)> = None;
    for range in accept.split(',') {
        let quality = range
            .split(';')
            .skip(1)
            .find_map(|parameter| parameter.trim().strip_prefix("q=")?.parse().ok())
            .unwrap_or(1.0_f32);
        let range = essence(range);
        let specificity = 2 - range.matches('*').count().min(2);
        let fitting = match range.as_str() {
            "*/*" => preferred(),
            range => documented
                .iter()
                .find(|name| covers(range, &essence(name)) || covers(&essence(name), range))
                .copied(),
        };
        let Some(fitting) = fitting.filter(|_| quality > 0.0) else {
            continue;
        };
        if best.is_none_or(|(known, known_specificity, _)| {
            (quality, specificity) > (known, known_specificity)
        }) {
            best = Some((quality, specificity, fitting));
        }
    }
    best.map(|(_, _, fitting)| fitting)
}

/// The schema of one item of a stream: `itemSchema` of 3.2, also as lowered, else the elements of an array schema.
pub(crate) fn item_schema(media: &'static Value) -> Option<&'static Value> {
    let named = ["itemSchema", "x-callwright-item-schema"].map(|name| member(media, name));
    named.into_iter().find(|schema| schema.is_object())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_chooses_by_quality_then_specificity() {
        let documented = ["application/xml", "application/json", "text/plain"];
        let negotiate = |accept| negotiate(&documented, accept);
        assert_eq!(negotiate(None), Some("application/json"));
        assert_eq!(negotiate(Some("*/*")), Some("application/json"));
        assert_eq!(
            negotiate(Some("text/*;q=0.9, application/xml;q=0.2")),
            Some("text/plain")
        );
        assert_eq!(negotiate(Some("*/*, text/plain")), Some("text/plain"));
        assert_eq!(negotiate(Some("image/png")), None);
        assert_eq!(negotiate(Some("application/xml;q=0")), None);
    }

    #[test]
    fn kinds_follow_suffixes() {
        assert_eq!(kind("application/vnd.api+json; charset=utf-8"), Kind::Json);
        assert_eq!(kind("application/x-ndjson"), Kind::Lines);
        assert_eq!(kind("image/svg+xml"), Kind::Bytes);
        assert_eq!(kind("*/*"), Kind::Json);
    }
}
