//! Names of documented responses, after their status and media type.

use super::ident::Ident;
use super::scope::{Claim, Scope};
use super::words::{self, Word, pascal};
use crate::ir::{BodyKind, BodyMedia, Case, StatusPattern};

/// The registered reason phrases (IANA HTTP Status Code Registry; RFC 9110), as names.
const REASONS: &[(u16, &str)] = &[
    (100, "Continue"),
    (101, "SwitchingProtocols"),
    (102, "Processing"),
    (103, "EarlyHints"),
    (200, "Ok"),
    (201, "Created"),
    (202, "Accepted"),
    (203, "NonAuthoritativeInformation"),
    (204, "NoContent"),
    (205, "ResetContent"),
    (206, "PartialContent"),
    (207, "MultiStatus"),
    (208, "AlreadyReported"),
    (226, "ImUsed"),
    (300, "MultipleChoices"),
    (301, "MovedPermanently"),
    (302, "Found"),
    (303, "SeeOther"),
    (304, "NotModified"),
    (305, "UseProxy"),
    (307, "TemporaryRedirect"),
    (308, "PermanentRedirect"),
    (400, "BadRequest"),
    (401, "Unauthorized"),
    (402, "PaymentRequired"),
    (403, "Forbidden"),
    (404, "NotFound"),
    (405, "MethodNotAllowed"),
    (406, "NotAcceptable"),
    (407, "ProxyAuthenticationRequired"),
    (408, "RequestTimeout"),
    (409, "Conflict"),
    (410, "Gone"),
    (411, "LengthRequired"),
    (412, "PreconditionFailed"),
    (413, "ContentTooLarge"),
    (414, "UriTooLong"),
    (415, "UnsupportedMediaType"),
    (416, "RangeNotSatisfiable"),
    (417, "ExpectationFailed"),
    (421, "MisdirectedRequest"),
    (422, "UnprocessableContent"),
    (423, "Locked"),
    (424, "FailedDependency"),
    (425, "TooEarly"),
    (426, "UpgradeRequired"),
    (428, "PreconditionRequired"),
    (429, "TooManyRequests"),
    (431, "RequestHeaderFieldsTooLarge"),
    (451, "UnavailableForLegalReasons"),
    (500, "InternalServerError"),
    (501, "NotImplemented"),
    (502, "BadGateway"),
    (503, "ServiceUnavailable"),
    (504, "GatewayTimeout"),
    (505, "HttpVersionNotSupported"),
    (506, "VariantAlsoNegotiates"),
    (507, "InsufficientStorage"),
    (508, "LoopDetected"),
    (511, "NetworkAuthenticationRequired"),
];

/// The variants of the cases; cases of one status are told apart by their media types.
pub(super) fn variants(cases: &[Case], reserved: &'static [&'static str]) -> Vec<Ident> {
    let qualified = |case: &Case| {
        let medium = case.media.as_deref();
        let medium = medium.map_or("Empty".to_owned(), |media| pascal(&media_words(media)));
        format!("{}{medium}", status_name(case.status))
    };
    let is_shared = |index: usize| {
        let others = cases.iter().enumerate();
        others
            .filter(|(other, _)| *other != index)
            .any(|(_, other)| other.status == cases[index].status)
    };
    let firsts: Vec<_> = (0..cases.len())
        .map(|index| {
            let name = if is_shared(index) {
                qualified(&cases[index])
            } else {
                status_name(cases[index].status)
            };
            (0, name)
        })
        .collect();
    Scope::new(reserved).settle_firsts(&firsts, |index| {
        vec![if is_shared(index) {
            status_name(cases[index].status)
        } else {
            qualified(&cases[index])
        }]
    })
}

fn status_name(status: StatusPattern) -> String {
    match status {
        StatusPattern::Exact(code) => {
            match REASONS.binary_search_by_key(&code, |(code, _)| *code) {
                Ok(found) => REASONS[found].1.to_owned(),
                Err(_) => format!("Status{code}"),
            }
        }
        StatusPattern::Range(1) => "Informational".to_owned(),
        StatusPattern::Range(2) => "Success".to_owned(),
        StatusPattern::Range(3) => "Redirection".to_owned(),
        StatusPattern::Range(4) => "ClientError".to_owned(),
        StatusPattern::Range(5) => "ServerError".to_owned(),
        StatusPattern::Range(digit) => format!("Status{digit}xx"),
        StatusPattern::Default => "Default".to_owned(),
    }
}

/// The variants of the bodies that the user chooses from.
pub(super) fn bodies(media: &[BodyMedia]) -> Vec<Ident> {
    let claims: Vec<Claim> = media
        .iter()
        .map(|medium| {
            let short = pascal(&media_words(&medium.media));
            let kind = match medium.kind {
                BodyKind::Json(_) => "Json",
                BodyKind::Form(..) => "Form",
                BodyKind::Multipart(..) => "Multipart",
                BodyKind::Xml(_) => "Xml",
                BodyKind::Text => "Text",
                BodyKind::Bytes => "Bytes",
                BodyKind::Lines(_) => "Lines",
            };
            Claim::new(
                0,
                [
                    short.clone(),
                    pascal(&words::split(&medium.media)),
                    format!("{short}{kind}"),
                ],
            )
        })
        .collect();
    Scope::new(&[]).settle(&claims)
}

/// The words of a media type: `application/merge-patch+json` is `merge patch json`.
pub(super) fn media_words(media: &str) -> Vec<Word> {
    let essence = media
        .split(';')
        .next()
        .unwrap_or(media)
        .trim()
        .to_lowercase();
    let known = match essence.as_str() {
        "application/json" | "text/json" => "json",
        "application/x-www-form-urlencoded" => "form",
        "application/octet-stream" => "bytes",
        "application/xml" | "text/xml" => "xml",
        "text/plain" => "text",
        "text/event-stream" => "events",
        "application/x-ndjson" | "application/jsonl" | "application/x-jsonlines" => "lines",
        "*/*" => "any",
        _ => "",
    };
    if !known.is_empty() {
        return vec![known.to_owned()];
    }
    let (main, sub) = essence.split_once('/').unwrap_or(("", &essence));
    if main == "multipart" && sub == "form-data" {
        return vec!["multipart".to_owned()];
    }
    if sub == "*" {
        return words::split(main);
    }
    let all = words::split(sub);
    let own: Vec<Word> = all
        .iter()
        .filter(|word| !matches!(word.as_str(), "vnd" | "x" | "prs"))
        .cloned()
        .collect();
    if own.is_empty() { all } else { own }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Payload;

    fn case(status: StatusPattern, media: Option<&str>) -> Case {
        Case {
            status,
            description: String::new(),
            media: media.map(str::to_owned),
            payload: Payload::Empty,
            also: Vec::new(),
            headers: Vec::new(),
        }
    }

    #[test]
    fn statuses_have_their_registered_names() {
        assert!(REASONS.is_sorted_by_key(|(code, _)| *code));
        let cases = [
            case(StatusPattern::Exact(404), None),
            case(StatusPattern::Exact(418), None),
            case(StatusPattern::Range(4), None),
            case(StatusPattern::Default, None),
        ];
        let names: Vec<String> = variants(&cases, &[])
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(names, ["NotFound", "Status418", "ClientError", "Default"]);
    }

    #[test]
    fn one_status_with_several_media() {
        let ok = StatusPattern::Exact(200);
        let cases = [
            case(ok, Some("application/json; charset=utf-8")),
            case(ok, Some("text/plain")),
            case(ok, Some("application/vnd.api+json")),
        ];
        let names: Vec<String> = variants(&cases, &[])
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(names, ["OkJson", "OkText", "OkApiJson"]);
    }
}
