//! The page whose fenced block carries the operation's own OpenAPI: the block as it is, checked, with its origin.

use serde_json::Value;

use super::contribution::{Contribution, Places};
use super::merge::METHODS;
use super::page::{Fence, Page};
use super::report::{Position, Problem};
use super::yaml::{Fault, parse_json, parse_yaml};
use super::{api_name, origin};

const FORM: &str = "the line that opens the block reads `yaml DOCUMENT METHOD PATH`, for example \
                    `yaml api-reference/openapi.json get /v1/sessions`";

/// What the page's OpenAPI blocks contribute; empty where it has none.
pub(super) fn read(page: &Page) -> (Vec<Contribution>, Vec<Problem>) {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for fence in &page.fences {
        match block(page, fence) {
            Ok(contribution) => found.extend(contribution),
            Err(problem) => problems.push(problem),
        }
    }
    (found, problems)
}

fn block(page: &Page, fence: &Fence) -> Result<Option<Contribution>, Problem> {
    let Some(header) = Header::parse(page, fence)? else {
        return Ok(None);
    };
    let parsed = match fence.language().as_str() {
        "json" => parse_json(&fence.text),
        _ => parse_yaml(&fence.text),
    };
    let document = parsed.map_err(|Fault { message, at }| {
        Problem::error(
            format!("the OpenAPI block is broken: {message}"),
            page.place(fence.on_page(at)),
        )
        .help("save the page again; if the site itself serves it broken, repair the saved copy")
    })?;
    check(page, fence, &document)?;
    let item = document
        .get("paths")
        .and_then(|paths| paths.get(header.path));
    let operation = item.and_then(|item| item.get(&header.method));
    if !operation.is_some_and(Value::is_object) {
        return Err(Problem::error(
            format!(
                "the block announces {} {} but does not hold this operation",
                header.method.to_uppercase(),
                header.path
            ),
            page.place(fence.at),
        )
        .help(holds(&document)));
    }
    Ok(Some(Contribution {
        page: page.name.clone(),
        api: api_name::derive(&document, page.site.as_deref()),
        origin: vec![origin::entry(
            page.site.as_deref(),
            header.document,
            &header.method,
            header.path,
        )],
        places: Places::Block(fence.clone()),
        document,
    }))
}

fn holds(document: &Value) -> String {
    let mut operations = Vec::new();
    for (path, item) in document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        for (key, _) in item.as_object().into_iter().flatten() {
            if METHODS.contains(&key.as_str()) {
                operations.push(format!("{} {path}", key.to_uppercase()));
            }
        }
    }
    if operations.is_empty() {
        return "it holds no operation at all: save the page again".to_owned();
    }
    format!(
        "it holds {}: correct the line that opens the block",
        operations.join(", ")
    )
}

/// The info string of a block that carries an operation.
struct Header<'p> {
    document: &'p str,
    method: String,
    path: &'p str,
}

impl<'p> Header<'p> {
    /// None where the block is of another kind, such as a sample.
    fn parse(page: &Page, fence: &'p Fence) -> Result<Option<Self>, Problem> {
        if !matches!(fence.language().as_str(), "yaml" | "yml" | "json") {
            return Ok(None);
        }
        let words = fence.words();
        let error = |message: String| Err(Problem::error(message, page.place(fence.at)).help(FORM));
        if let [_, document, method, path, ..] = words.as_slice()
            && path.starts_with('/')
        {
            let method = method.to_ascii_lowercase();
            if !METHODS.contains(&method.as_str()) {
                return error(format!("`{method}` is no HTTP method of OpenAPI"));
            }
            return Ok(Some(Self {
                document,
                method,
                path,
            }));
        }
        if is_openapi(&fence.text) {
            return error(
                "this block is OpenAPI but its opening line names no operation".to_owned(),
            );
        }
        Ok(None)
    }
}

/// Whether a block looks like a whole document.
fn is_openapi(text: &str) -> bool {
    text.lines().any(|line| {
        let key = line.trim_start_matches(['{', ' ', '"']);
        let top = line.starts_with(['o', 's', '{', '"']) || line.starts_with("  \"");
        top && (key.starts_with("openapi:")
            || key.starts_with("swagger:")
            || key.starts_with("openapi\":"))
    })
}

fn check(page: &Page, fence: &Fence, document: &Value) -> Result<(), Problem> {
    let locate = |key: &str| {
        let found = super::yaml::locate(&fence.text, &[key.to_owned()]);
        page.place(fence.on_page(found.unwrap_or(Position::START)))
    };
    if !document.is_object() {
        return Err(Problem::error("the block is not a mapping", locate("")).help(FORM));
    }
    if document.get("swagger").is_some() {
        return Err(Problem::error("the block is Swagger 2.0", locate("swagger"))
            .help("import reads pages of OpenAPI 3; put the vendor's whole document into specs/ instead"));
    }
    match document.get("openapi") {
        Some(Value::String(version)) if version.starts_with("3.") => {}
        Some(_) => {
            return Err(
                Problem::error("`openapi` must be text such as 3.0.3", locate("openapi"))
                    .help("import reads OpenAPI 3.0, 3.1 and 3.2"),
            );
        }
        None => {
            return Err(
                Problem::error("the block has no `openapi` key", locate("openapi"))
                    .help("save the page again; a whole block begins with `openapi: 3`"),
            );
        }
    }
    for key in ["info", "paths", "webhooks", "components"] {
        let value = document.get(key);
        if value.is_some_and(|value| !value.is_object()) {
            return Err(
                Problem::error(format!("`{key}` must be a mapping"), locate(key)).help(
                    "save the page again; if the site itself serves it so, repair the saved copy",
                ),
            );
        }
    }
    if let Some((name, _)) = document
        .pointer("/components")
        .and_then(Value::as_object)
        .and_then(|sections| {
            sections
                .iter()
                .find(|(name, value)| !name.starts_with("x-") && !value.is_object())
        })
    {
        return Err(Problem::error(
            format!("`components/{name}` must be a mapping"),
            locate("components"),
        )
        .help("save the page again; if the site itself serves it so, repair the saved copy"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Vec<Contribution>, Vec<Problem>) {
        read(&Page::parse("p.md", text).unwrap())
    }

    fn one_problem(text: &str) -> (String, Position) {
        let (found, mut problems) = read_text(text);
        assert!(found.is_empty() && problems.len() == 1, "{problems:?}");
        let problem = problems.remove(0);
        assert!(problem.help.is_some());
        (problem.message, problem.places[0].position.unwrap())
    }

    #[test]
    fn reads_several_blocks_in_yaml_and_json() {
        let text = "~~~yml api.json GET /a\nopenapi: 3.0.3\ninfo: {title: T}\npaths: {/a: {get: {}}}\n~~~\n\n```json https://x.dev/o.json post /b\n\t{\"openapi\": \"3.1.0\",\n\t\"paths\": {\"/b\": {\"post\": {}}}}\n```\n```json\n{\"a\": 1}\n```\n";
        let (found, problems) = read_text(text);
        assert_eq!(problems, []);
        let origins: Vec<_> = found.iter().flat_map(|one| &one.origin).collect();
        assert_eq!(origins, ["api.json GET /a", "https://x.dev/o.json POST /b"]);
    }

    #[test]
    fn a_broken_block_is_told_at_its_place_on_the_page() {
        let (message, at) = one_problem(
            "# T\n\n  ```yaml api.json get /a\n  openapi: 3.0.3\n  paths: a: b\n  x: 1\n  ```\n",
        );
        assert!(
            message.starts_with("the OpenAPI block is broken: "),
            "{message}"
        );
        assert!(at.line == 5 && at.column > 2, "{at:?}");
        let (message, at) =
            one_problem("```yaml api.json get /a\nopenapi: 3.0.3\npaths: {/a: {post: {}}}\n```\n");
        assert_eq!(
            message,
            "the block announces GET /a but does not hold this operation"
        );
        assert_eq!(at, Position::new(1, 4));
        let (message, _) = one_problem("```yaml api.json fetch /a\nopenapi: 3.0.3\n```\n");
        assert_eq!(message, "`fetch` is no HTTP method of OpenAPI");
        let (message, _) = one_problem("```yaml\nopenapi: 3.0.3\npaths: {}\n```\n");
        assert_eq!(
            message,
            "this block is OpenAPI but its opening line names no operation"
        );
        let (message, at) = one_problem("```yaml a get /a\ninfo: {}\nswagger: '2.0'\n```\n");
        assert_eq!(
            (message.as_str(), at),
            ("the block is Swagger 2.0", Position::new(3, 1))
        );
    }
}
