//! The meaning of `<ParamField>`, `<ResponseField>` and `<Expandable>`: fields with names, types and descriptions.

use serde_json::Value;

use super::super::page::Page;
use super::super::report::{Position, Problem, short};
use super::super::tags::{Attribute, Element, Given, Tag};
use super::types::{self, Shape, Type};

/// Where a parameter is sent; a body's fields are apart.
pub(super) const LOCATIONS: [&str; 4] = ["path", "query", "header", "cookie"];
/// Attributes that concern the page's looks or its try-it form alone.
const OF_THE_PAGE: [&str; 9] = [
    "placeholder",
    "initialValue",
    "id",
    "className",
    "style",
    "hidden",
    "icon",
    "pre",
    "post",
];
const TYPES: &str = "known are string, integer, number, boolean, object, array, any, file, date, datetime, uuid, url, \
                     email, null, enum<…>, each with [] for an array, `name Object` for a named object, and a | b";

/// A field of a request or a response.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) at: Position,
    pub(super) kind: Type,
    pub(super) required: bool,
    pub(super) deprecated: bool,
    pub(super) default: Option<Value>,
    pub(super) description: Option<String>,
    /// The title of the list of its properties.
    pub(super) title: Option<String>,
    pub(super) children: Vec<Field>,
}

/// The fields of a page by their place in the operation.
#[derive(Debug, Default)]
pub(super) struct Fields {
    /// With `path`, `query`, `header` or `cookie`.
    pub(super) parameters: Vec<(&'static str, Field)>,
    pub(super) body: Vec<Field>,
    pub(super) response: Vec<Field>,
}

impl Fields {
    pub(super) fn path_names(&self) -> Vec<&str> {
        let path = self
            .parameters
            .iter()
            .filter(|(location, _)| *location == "path");
        path.map(|(_, field)| field.name.as_str()).collect()
    }
}

/// Reads the page's outermost fields.
pub(super) fn fields(page: &Page, elements: &[Element], problems: &mut Vec<Problem>) -> Fields {
    let mut fields = Fields::default();
    let mut reader = Reader { page, problems };
    for element in elements {
        match element.tag {
            Tag::ParamField => {
                let Some((location, name)) = reader.location(element) else {
                    continue;
                };
                let Some(field) = reader.field(element, name) else {
                    continue;
                };
                match LOCATIONS.into_iter().find(|known| *known == location) {
                    Some(location) => fields.parameters.push((location, field)),
                    None => fields.body.push(field),
                }
            }
            Tag::ResponseField => fields.response.extend(reader.named(element)),
            Tag::Expandable => fields.response.extend(reader.children(&element.children)),
            Tag::RequestExample | Tag::ResponseExample => {}
        }
    }
    for location in LOCATIONS {
        let of_location = fields
            .parameters
            .iter()
            .filter(|(place, _)| *place == location);
        reader.twice(of_location.map(|(_, field)| field));
    }
    reader.twice(fields.body.iter());
    reader.twice(fields.response.iter());
    fields
}

struct Reader<'r> {
    page: &'r Page,
    problems: &'r mut Vec<Problem>,
}

impl Reader<'_> {
    fn error(&mut self, at: Position, message: String, help: &str) {
        self.problems
            .push(Problem::error(message, self.page.place(at)).help(help));
    }

    /// The attribute that says where a parameter is sent, and the parameter's name.
    fn location<'e>(&mut self, element: &'e Element) -> Option<(&'e str, String)> {
        let is_location = |name: &str| name == "body" || LOCATIONS.contains(&name);
        let mut found = element
            .attributes
            .iter()
            .filter(|attribute| is_location(&attribute.name));
        let (first, second) = (found.next(), found.next());
        let Some(attribute) = first.filter(|_| second.is_none()) else {
            self.error(
                second.map_or(element.at, |second| second.at),
                "a <ParamField> needs exactly one of path, query, header, cookie or body"
                    .to_owned(),
                "for example <ParamField query=\"limit\" type=\"integer\">",
            );
            return None;
        };
        let name = self.text(element, attribute)?;
        if name.is_empty() {
            self.error(
                attribute.at,
                "this parameter has no name".to_owned(),
                "write its name into the attribute",
            );
            return None;
        }
        Some((&attribute.name, name))
    }

    /// A field inside of another one, or of the response.
    fn named(&mut self, element: &Element) -> Option<Field> {
        let names = ["name", "body", "path", "query", "header"];
        let Some(attribute) = element
            .attributes
            .iter()
            .find(|attribute| names.contains(&attribute.name.as_str()))
        else {
            self.error(
                element.at,
                format!("this <{}> has no name", element.tag.name()),
                "write name=\"…\"; an empty name stands for the whole response",
            );
            return None;
        };
        let name = self.text(element, attribute)?;
        self.field(element, name)
    }

    fn field(&mut self, element: &Element, name: String) -> Option<Field> {
        for attribute in &element.attributes {
            let known = [
                "name",
                "body",
                "path",
                "query",
                "header",
                "cookie",
                "type",
                "required",
                "optional",
                "default",
                "deprecated",
                "title",
                "enum",
                "options",
            ];
            let name = attribute.name.as_str();
            if !known.contains(&name) && !OF_THE_PAGE.contains(&name) {
                let message = format!(
                    "the attribute `{name}` of <{}> is not understood",
                    element.tag.name()
                );
                self.problems.push(
                    Problem::warning(message, self.page.place(attribute.at)).help(
                        "what it says is not in the document; put it into an overlay if it matters",
                    ),
                );
            }
        }
        let expandables: Vec<&Element> = element
            .children
            .iter()
            .filter(|child| child.tag == Tag::Expandable)
            .collect();
        let children = self.children(&element.children);
        self.twice(children.iter());
        let mut kind = self.kind(element, !children.is_empty())?;
        // `tags[]` inside of an object is the array `tags`; as a parameter it is spelled so.
        let is_member = element.tag == Tag::ResponseField
            || element
                .attributes
                .iter()
                .any(|attribute| attribute.name == "body");
        let is_array = matches!(kind.shape, Shape::Array(_));
        let bare = name.strip_suffix("[]").map(str::to_owned);
        if bare.is_some() && !is_array {
            kind = Type::array(kind);
        }
        let name = bare.filter(|_| is_member).unwrap_or(name);
        if !children.is_empty() && !kind.can_have_properties() {
            self.error(
                element.at,
                format!("`{name}` has properties but its type has none"),
                "make its type object or object[] in the saved page",
            );
            return None;
        }
        let mut texts = vec![element.text.as_str()];
        texts.extend(
            expandables
                .iter()
                .map(|expandable| expandable.text.as_str()),
        );
        let own_title = element
            .attributes
            .iter()
            .find(|attribute| attribute.name == "title");
        let title = expandables
            .first()
            .and_then(|expandable| {
                expandable
                    .attributes
                    .iter()
                    .find(|attribute| attribute.name == "title")
            })
            .or(own_title)
            .and_then(|attribute| self.text(element, attribute));
        Some(Field {
            at: element.at,
            required: self.flag(element, "required"),
            deprecated: self.flag(element, "deprecated"),
            default: self.default(element, &kind),
            description: description(&texts),
            title,
            children,
            name,
            kind,
        })
    }

    fn children(&mut self, elements: &[Element]) -> Vec<Field> {
        let mut children = Vec::new();
        for element in elements {
            match element.tag {
                Tag::Expandable => children.extend(self.children(&element.children)),
                Tag::ParamField | Tag::ResponseField => children.extend(self.named(element)),
                Tag::RequestExample | Tag::ResponseExample => self.error(
                    element.at,
                    format!("<{}> stands inside of a field", element.tag.name()),
                    "close the field before it",
                ),
            }
        }
        children
    }

    fn text(&mut self, element: &Element, attribute: &Attribute) -> Option<String> {
        let inner = match &attribute.given {
            Given::Text(text) => return Some(text.trim().to_owned()),
            Given::Braces(inner) => match value(inner) {
                Some(Value::String(text)) => return Some(text.trim().to_owned()),
                _ => inner.as_str(),
            },
            Given::Nothing => "",
        };
        self.error(
            attribute.at,
            format!(
                "`{}` of <{}> must be a text, not {{{}}}",
                attribute.name,
                element.tag.name(),
                short(inner)
            ),
            "write it as name=\"value\"",
        );
        None
    }

    fn kind(&mut self, element: &Element, has_children: bool) -> Option<Type> {
        let attribute = |name: &str| {
            element
                .attributes
                .iter()
                .find(|attribute| attribute.name == name)
        };
        if let Some(attribute) = attribute("enum").or_else(|| attribute("options")) {
            return self.enumeration(attribute);
        }
        let Some(attribute) = attribute("type") else {
            if has_children {
                return Some(Type::of(Shape::Object(None)));
            }
            let is_parameter = element
                .attributes
                .iter()
                .any(|attribute| LOCATIONS.contains(&attribute.name.as_str()));
            let (shape, word) = if is_parameter {
                (Shape::Scalar("string", None), "string")
            } else {
                (Shape::Any, "any")
            };
            self.problems.push(
                Problem::warning(
                    format!("this field has no type and is read as {word}"),
                    self.page.place(element.at),
                )
                .help("write type=\"…\" into the saved page"),
            );
            return Some(Type::of(shape));
        };
        let text = self.text(element, attribute)?;
        let found = types::parse(&text);
        if found.is_none() {
            self.error(
                attribute.at,
                format!("the type `{}` is unknown", short(&text)),
                TYPES,
            );
        }
        found
    }

    fn enumeration(&mut self, attribute: &Attribute) -> Option<Type> {
        let values: Option<Vec<String>> = match &attribute.given {
            Given::Text(text) => Some(
                text.split(',')
                    .map(|value| value.trim().to_owned())
                    .collect(),
            ),
            Given::Braces(inner) => match value(inner) {
                Some(Value::Array(items)) => items
                    .iter()
                    .map(|item| item.as_str().map(str::to_owned))
                    .collect(),
                _ => None,
            },
            Given::Nothing => None,
        };
        let are_texts = |values: &Vec<String>| {
            !values.is_empty() && values.iter().all(|value| !value.is_empty())
        };
        let found = values
            .filter(are_texts)
            .map(|values| Type::of(Shape::Enumeration(values)));
        if found.is_none() {
            self.error(
                attribute.at,
                format!("`{}` must list texts", attribute.name),
                "write it as {[\"a\", \"b\"]}",
            );
        }
        found
    }

    fn flag(&mut self, element: &Element, name: &str) -> bool {
        let Some(attribute) = element
            .attributes
            .iter()
            .find(|attribute| attribute.name == name)
        else {
            return false;
        };
        match &attribute.given {
            Given::Nothing => true,
            Given::Text(text) | Given::Braces(text)
                if matches!(text.as_str(), "true" | "false") =>
            {
                text == "true"
            }
            // `required="required"`, as in HTML.
            Given::Text(text) if text == name => true,
            _ => {
                self.error(
                    attribute.at,
                    format!("`{name}` is neither true nor false"),
                    "write the attribute alone, or {true} or {false}",
                );
                false
            }
        }
    }

    fn default(&mut self, element: &Element, kind: &Type) -> Option<Value> {
        let attribute = element
            .attributes
            .iter()
            .find(|attribute| attribute.name == "default")?;
        let is_text = matches!(
            kind.shape,
            Shape::Scalar("string", _) | Shape::Enumeration(_)
        );
        let found = match &attribute.given {
            Given::Text(text) if is_text => Some(Value::String(text.clone())),
            Given::Text(text) | Given::Braces(text) => value(text).or_else(|| {
                matches!(kind.shape, Shape::Any | Shape::Union(_))
                    .then(|| Value::String(text.clone()))
            }),
            Given::Nothing => {
                (kind.shape == Shape::Scalar("boolean", None)).then_some(Value::Bool(true))
            }
        };
        let fits = |value: &Value| match &kind.shape {
            _ if value.is_null() => kind.nullable,
            Shape::Scalar("integer", _) => value.is_i64() || value.is_u64(),
            Shape::Scalar("number", _) => value.is_number(),
            Shape::Scalar("boolean", _) => value.is_boolean(),
            Shape::Scalar(..) => value.is_string(),
            Shape::Enumeration(values) => value
                .as_str()
                .is_some_and(|value| values.iter().any(|known| known == value)),
            Shape::Array(_) => value.is_array(),
            Shape::Object(_) => value.is_object(),
            Shape::Union(_) | Shape::Any => true,
        };
        let found = found.filter(fits);
        if found.is_none() {
            self.error(
                attribute.at,
                "the default is no value of the field's type".to_owned(),
                "correct the type or the default in the saved page",
            );
        }
        found
    }

    fn twice<'f>(&mut self, fields: impl Iterator<Item = &'f Field>) {
        let mut seen: Vec<&Field> = Vec::new();
        for field in fields {
            if let Some(first) = seen.iter().find(|known| known.name == field.name) {
                let problem = Problem::error(
                    format!("the field `{}` is described twice", field.name),
                    self.page.place(first.at),
                )
                .and(self.page.place(field.at))
                .help("keep one of them in the saved page");
                self.problems.push(problem);
            }
            seen.push(field);
        }
    }
}

/// The value that an expression in braces writes out: JSON, or a text in JavaScript's other quotes.
fn value(text: &str) -> Option<Value> {
    let text = text.trim();
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let quoted = ['\'', '`']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote));
    if let Some(text) = quoted {
        return Some(Value::String(text.to_owned()));
    }
    serde_json::from_str(&text.replace('\'', "\"")).ok()
}

/// The paragraphs of the texts; lines that were wrapped are joined, lists keep theirs.
fn description(texts: &[&str]) -> Option<String> {
    let mut out = String::new();
    for text in texts {
        let mut gap = true;
        for line in text.lines().map(str::trim) {
            if line.is_empty() {
                gap = true;
                continue;
            }
            let is_item = line.starts_with("- ") || line.starts_with("* ");
            if !out.is_empty() {
                out.push_str(match (gap, is_item) {
                    (true, _) => "\n\n",
                    (false, true) => "\n",
                    (false, false) => " ",
                });
            }
            out.push_str(line);
            gap = false;
        }
    }
    (!out.is_empty()).then_some(out)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::tags;
    use super::*;

    fn read(text: &str) -> (Fields, Vec<Problem>) {
        let page = Page::parse("p.md", text).unwrap();
        let mut problems = Vec::new();
        let fields = fields(&page, &tags::parse(&page).unwrap(), &mut problems);
        (fields, problems)
    }

    #[test]
    fn reads_fields_with_their_properties() {
        let (fields, problems) = read(
            "<ParamField query=\"ids[]\" type=\"integer\" default={[1]} placeholder=\"1\">\n  One\n  line.\n\n  - a\n  - b\n</ParamField>\n\
             <ParamField body=\"user\" type=\"object\" required={true}>\n<Expandable title=\"user properties\">\nMore.\n\
             <ParamField body=\"names[]\" type=\"string\" deprecated />\n</Expandable></ParamField>\n\
             <ParamField header=\"X-Mode\" enum={['a', \"b\"]} default=\"b\" required={false} />",
        );
        assert_eq!(problems, []);
        let (location, ids) = &fields.parameters[0];
        assert_eq!(
            (*location, ids.name.as_str(), ids.default.clone()),
            ("query", "ids[]", Some(json!([1])))
        );
        assert!(matches!(ids.kind.shape, Shape::Array(_)) && !ids.required);
        assert_eq!(ids.description.as_deref(), Some("One line.\n\n- a\n- b"));
        let user = &fields.body[0];
        assert_eq!(
            (
                user.required,
                user.title.as_deref(),
                user.description.as_deref()
            ),
            (true, Some("user properties"), Some("More."))
        );
        assert_eq!(
            (user.children[0].name.as_str(), user.children[0].deprecated),
            ("names", true)
        );
        assert_eq!(
            fields.parameters[1].1.kind.shape,
            Shape::Enumeration(vec!["a".to_owned(), "b".to_owned()])
        );
    }

    #[test]
    fn tells_every_fault_at_its_place() {
        let (_, problems) = read(
            "<ParamField path=\"a\" type=\"strnig\" />\n<ParamField type=\"string\" />\n<ParamField path=\"b\" query=\"b\" />\n\
             <ResponseField type=\"string\" />\n<ParamField query=\"c\" type=\"integer\" default=\"x\" required=\"maybe\" />\n\
             <ResponseField name=\"d\" type=\"string\"><ResponseField name=\"e\" type=\"string\" /></ResponseField>\n\
             <ResponseField name=\"f\" type=\"any\" /><ResponseField name=\"f\" type=\"any\" />\n<ParamField query=\"g\" colour=\"red\" />",
        );
        let told: Vec<_> = problems
            .iter()
            .map(|problem| {
                (
                    problem.message.as_str(),
                    problem.places[0].position.unwrap().line,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("the type `strnig` is unknown", 1),
                (
                    "a <ParamField> needs exactly one of path, query, header, cookie or body",
                    2
                ),
                (
                    "a <ParamField> needs exactly one of path, query, header, cookie or body",
                    3
                ),
                ("this <ResponseField> has no name", 4),
                ("`required` is neither true nor false", 5),
                ("the default is no value of the field's type", 5),
                ("`d` has properties but its type has none", 6),
                (
                    "the attribute `colour` of <ParamField> is not understood",
                    8
                ),
                ("this field has no type and is read as string", 8),
                ("the field `f` is described twice", 7),
            ]
        );
        assert_eq!(
            problems
                .iter()
                .filter(|problem| !problem.is_error())
                .count(),
            2
        );
    }
}
