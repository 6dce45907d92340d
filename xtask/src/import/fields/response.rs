//! A page's response fields and examples to the responses of its operation.

use serde_json::{Value, json};

use super::super::page::Fence;
use super::super::report::Problem;
use super::super::yaml::{Fault, parse_json};
use super::operation::{Parts, page_name};
use super::schema::{Instance, Naming, Schemas};
use super::types::Shape;
use super::{infer, names};

/// A response that the page shows.
struct Example<'p> {
    status: Option<u16>,
    value: Value,
    fence: &'p Fence,
}

/// The operation's responses: the success that the fields describe, and others that examples show.
pub(super) fn responses(
    parts: &Parts<'_>,
    schemas: &mut Schemas<'_>,
    problems: &mut Vec<Problem>,
) -> Value {
    let examples = examples(parts, problems);
    let is_success = |example: &&Example<'_>| {
        example
            .status
            .is_none_or(|status| (200..300).contains(&status))
    };
    let success: Vec<&Example<'_>> = examples.iter().filter(is_success).collect();
    let status = success
        .iter()
        .find_map(|example| example.status)
        .or_else(|| told_status(parts))
        .unwrap_or(200);
    let mut found: std::collections::BTreeMap<u16, Value> = std::collections::BTreeMap::new();
    found.insert(
        status,
        success_response(parts, status, &success, schemas, problems),
    );
    for example in examples.iter().filter(|example| !is_success(example)) {
        let status = example.status.unwrap_or(status);
        let same: Vec<&Value> = examples
            .iter()
            .filter(|other| other.status == Some(status))
            .map(|other| &other.value)
            .collect();
        found.entry(status).or_insert_with(|| {
            let content = json!({"schema": infer::schema(&same), "example": example.value});
            json!({"description": reason(status), "content": {"application/json": content}})
        });
    }
    Value::Object(
        found
            .into_iter()
            .map(|(status, response)| (status.to_string(), response))
            .collect(),
    )
}

fn success_response(
    parts: &Parts<'_>,
    status: u16,
    examples: &[&Example<'_>],
    schemas: &mut Schemas<'_>,
    problems: &mut Vec<Problem>,
) -> Value {
    let instances: Vec<Instance<'_>> = examples
        .iter()
        .map(|example| Instance {
            value: &example.value,
            pointer: Vec::new(),
            fence: Some(example.fence),
        })
        .collect();
    let fields = &parts.fields.response;
    let item = names::item(&parts.agreed.path);
    let mut description = reason(status).to_owned();
    let schema = match fields.as_slice() {
        [] if examples.is_empty() => return json!({"description": description}),
        [] => infer::schema(
            &examples
                .iter()
                .map(|example| &example.value)
                .collect::<Vec<_>>(),
        ),
        [root] if root.name.is_empty() => {
            // The text of the whole response describes the response; an object keeps it as well.
            if let Some(text) = &root.description {
                description.clone_from(text);
            }
            let naming = Naming {
                owner: None,
                own: &item,
                title: root.title.as_deref(),
                many: false,
            };
            let own = root
                .description
                .as_deref()
                .filter(|_| matches!(root.kind.shape, Shape::Object(_)));
            schemas.value(&root.kind, &root.children, naming, own, &instances)
        }
        several => {
            if let Some(root) = several.iter().find(|field| field.name.is_empty()) {
                problems.push(
                    Problem::error(
                        "a field without a name is the whole response, but there are other fields",
                        parts.page.place(root.at),
                    )
                    .help("put the others inside of it, or give it a name"),
                );
            }
            let members = schemas.members(several, None, None, &instances);
            schemas.component(&format!("{}Response", page_name(parts)), members)
        }
    };
    let mut content = json!({"schema": schema});
    if let Some(example) = examples.first() {
        content["example"] = example.value.clone();
    }
    json!({"description": description, "content": {"application/json": content}})
}

/// The JSON blocks among the response examples.
fn examples<'p>(parts: &Parts<'p>, problems: &mut Vec<Problem>) -> Vec<Example<'p>> {
    let mut found = Vec::new();
    for fence in parts.response_samples {
        let language = fence.language();
        if !matches!(language.as_str(), "json" | "json5" | "jsonc" | "") {
            problems.push(
                Problem::warning(
                    "this response example is not JSON and is left out",
                    parts.page.place(fence.at),
                )
                .help("import reads examples in blocks marked json"),
            );
            continue;
        }
        let status = fence.words().iter().skip(1).find_map(|word| status(word));
        if fence.text.trim().is_empty() {
            continue;
        }
        match parse_json(&fence.text) {
            Ok(value) => found.push(Example { status, value, fence }),
            Err(Fault { message, at }) => problems.push(
                Problem::error(format!("the response example is no JSON: {message}"), parts.page.place(fence.on_page(at)))
                    .help("complete the example in the saved page, or remove it: it tells which fields are always there"),
            ),
        }
    }
    found
}

fn status(word: &str) -> Option<u16> {
    let digits = word.trim_matches(|c: char| !c.is_ascii_digit());
    digits
        .parse()
        .ok()
        .filter(|status| digits.len() == 3 && (100..600).contains(status))
}

/// The success status that a heading or a sample names.
fn told_status(parts: &Parts<'_>) -> Option<u16> {
    let success = |text: &str| {
        text.split_whitespace()
            .find_map(status)
            .filter(|status| (200..300).contains(status))
    };
    let page = parts.page;
    let headings = page
        .lines
        .iter()
        .enumerate()
        .filter(|(index, line)| line.starts_with('#') && !page.in_fence(*index));
    let told = headings.map(|(_, line)| line.as_str()).find_map(success);
    told.or_else(|| {
        let lines = parts
            .request_samples
            .iter()
            .flat_map(|fence| fence.text.lines());
        lines
            .filter(|line| line.contains("status") && line.contains("=="))
            .find_map(success)
    })
}

/// A response needs a description, and the page has none.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "Success",
        201 => "Created",
        202 => "Accepted",
        204 => "No content",
        400 => "Bad request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not found",
        409 => "Conflict",
        422 => "Unprocessable content",
        429 => "Too many requests",
        500.. => "Server error",
        _ if status >= 400 => "Request error",
        _ => "Response",
    }
}
