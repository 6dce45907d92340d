//! A declared parameter, and whether a request carries it as declared.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    document::{Document, member, members},
    judge::{Direction, Judge},
    problem::Fault,
    reading::{Tree, alternatives, kinds, readings},
    request::{Pair, Request, decode, decode_form},
    style::{Shape, Style, StyleName, brackets, of_pairs, of_text},
    template::Variables,
};

/// `in`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
    Header,
    Cookie,
    /// The whole query as one value (3.2).
    QueryString,
}

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query | Self::QueryString => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// A parameter object, references followed.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) schema: &'static Value,
    pub(crate) description: &'static str,
    required: bool,
    allow_empty: bool,
    style: Style,
    /// Declared by `content`: one text, JSON if the media type says so.
    content: Option<bool>,
}

impl Parameter {
    /// Nothing if it has no name or is in no known place.
    pub(crate) fn read(value: &'static Value) -> Option<Self> {
        let place = match member(value, "in").as_str()? {
            "path" => Place::Path,
            "query" if member(value, "x-callwright-in") == "querystring" => Place::QueryString,
            "query" => Place::Query,
            "header" => Place::Header,
            "cookie" => Place::Cookie,
            "querystring" => Place::QueryString,
            _ => return None,
        };
        let default = match place {
            Place::Path | Place::Header => StyleName::Simple,
            _ => StyleName::Form,
        };
        let name = member(value, "style")
            .as_str()
            .and_then(StyleName::read)
            .unwrap_or(default);
        let name = match member(value, "x-callwright-collection-format").as_str() {
            Some("ssv") => StyleName::SpaceDelimited,
            Some("pipes") => StyleName::PipeDelimited,
            Some("tsv") => StyleName::TabDelimited,
            _ => name,
        };
        let explode = member(value, "explode").as_bool();
        let content = members(member(value, "content")).next();
        Some(Self {
            name: member(value, "name").as_str()?.to_owned(),
            place,
            schema: content.map_or_else(
                || member(value, "schema"),
                |(_, media)| member(media, "schema"),
            ),
            description: member(value, "description").as_str().unwrap_or_default(),
            required: place == Place::Path || member(value, "required") == true,
            allow_empty: member(value, "allowEmptyValue") == true,
            style: Style {
                name,
                explode: explode
                    .unwrap_or(name == StyleName::Form || name == StyleName::DeepObject),
            },
            content: content.map(|(media, _)| media.contains("json")),
        })
    }

    /// A property of a form, which is serialized as a query parameter is.
    pub(crate) fn of_form(name: &str, schema: &'static Value, encoding: &'static Value) -> Self {
        let style = member(encoding, "style").as_str().and_then(StyleName::read);
        let name_of_style = style.unwrap_or(StyleName::Form);
        Self {
            name: name.to_owned(),
            place: Place::Query,
            schema,
            description: "",
            required: false,
            allow_empty: true,
            style: Style {
                name: name_of_style,
                explode: member(encoding, "explode").as_bool().unwrap_or(true),
            },
            content: None,
        }
    }

    #[cfg(test)]
    pub(crate) fn is_required(&self) -> bool {
        self.required
    }

    #[cfg(test)]
    pub(crate) fn is_exploded(&self) -> bool {
        self.style.explode
    }

    #[cfg(test)]
    pub(crate) fn is_deep(&self) -> bool {
        self.style.name == StyleName::DeepObject
    }

    /// What is wrong with this parameter in the request.
    pub(crate) fn check(
        &self,
        document: Document,
        judge: &Judge,
        request: &Request,
        variables: &Variables,
    ) -> Vec<Fault> {
        let fault = |reason: String| vec![Fault::parameter(self.place.name(), &self.name, reason)];
        let found = match self.find(document, request, variables) {
            Ok(found) => found,
            Err(reason) => return fault(reason),
        };
        if found.is_empty() {
            if self.required {
                return fault("is required".to_owned());
            }
            return Vec::new();
        }
        if self.allow_empty && found.contains(&Tree::text("")) {
            return Vec::new();
        }
        let values: Vec<_> = match self.content {
            Some(true) => match json_of(&found) {
                Ok(value) => vec![value],
                Err(reason) => return fault(reason),
            },
            _ => found
                .iter()
                .flat_map(|tree| readings(document, &[self.schema], tree))
                .collect(),
        };
        let is_valid = |value: &Value| judge.is_valid(self.schema, Direction::Request, value);
        if values.iter().any(is_valid) {
            return Vec::new();
        }
        let faults = judge.faults(self.schema, Direction::Request, &values[0]);
        let named = faults.into_iter().map(|fault| Fault {
            place: self.place.name(),
            name: self.name.clone(),
            ..fault
        });
        named.collect()
    }

    /// What the request has for it, one reading per shape the schema allows; empty when it is absent.
    fn find(
        &self,
        document: Document,
        request: &Request,
        variables: &Variables,
    ) -> Result<Vec<Tree>, String> {
        let text = |raw: Option<&str>| -> Result<Vec<Tree>, String> {
            let Some(raw) = raw else {
                return Ok(Vec::new());
            };
            let shapes = self.shapes(document).into_iter();
            shapes
                .map(|shape| of_text(self.style, shape, &self.name, raw))
                .collect()
        };
        match self.place {
            Place::Path => {
                let variable = variables.iter().find(|(name, _)| *name == self.name);
                match (variable, self.content) {
                    (Some((_, raw)), Some(_)) => Ok(vec![Tree::text(decode(raw))]),
                    (variable, _) => text(variable.map(|(_, raw)| raw.as_str())),
                }
            }
            Place::Header => {
                let header = request.header(&self.name);
                match (header, self.content) {
                    (Some(header), Some(_)) => Ok(vec![Tree::text(header)]),
                    // Headers are not percent-encoded: protect what decoding would change.
                    (header, _) => text(header.map(|header| header.replace('%', "%25")).as_deref()),
                }
            }
            Place::Query => self.find_pairs(document, &request.query_pairs()),
            Place::Cookie => self.find_pairs(document, &request.cookies()),
            Place::QueryString if request.query.is_empty() => Ok(Vec::new()),
            Place::QueryString if self.content == Some(true) => {
                Ok(vec![Tree::text(decode(&request.query))])
            }
            Place::QueryString => {
                let mut tree = Tree::Node(Vec::new());
                for pair in request.query_pairs() {
                    tree.insert(&[&pair.name], decode_form(&pair.raw));
                }
                Ok(vec![tree])
            }
        }
    }

    /// As [`Parameter::find`], in the pairs of a query, a form or the cookies.
    pub(crate) fn find_pairs(
        &self,
        document: Document,
        pairs: &[Pair],
    ) -> Result<Vec<Tree>, String> {
        if self.content.is_some() {
            let style = Style {
                name: StyleName::Form,
                explode: false,
            };
            return Ok(of_pairs(style, Shape::Scalar, &self.name, &[], pairs)?
                .into_iter()
                .collect());
        }
        let properties = self.properties(document);
        let mut found = Vec::new();
        let mut refused = None;
        for shape in self.shapes(document) {
            match of_pairs(self.style, shape, &self.name, &properties, pairs) {
                Ok(tree) => found.extend(tree),
                Err(reason) => refused = Some(reason),
            }
        }
        match refused {
            Some(reason) if found.is_empty() => Err(reason),
            _ => Ok(found),
        }
    }

    /// Whether a name in the query belongs to this parameter.
    pub(crate) fn owns(&self, document: Document, given: &str) -> bool {
        if self.place == Place::QueryString || (self.place == Place::Query && given == self.name) {
            return true;
        }
        if self.place != Place::Query || self.content.is_some() {
            return false;
        }
        match self.style.name {
            StyleName::DeepObject => brackets(&self.name, given).is_some(),
            StyleName::Form if self.style.explode => {
                let objects = alternatives(document, &[self.schema]);
                let objects = objects.iter().filter(|flat| flat.kind() == Some("object"));
                // An object without properties is free-form, and so is one that allows additional ones.
                objects.into_iter().any(|flat| {
                    let additional = flat.keyword("additionalProperties");
                    let is_open =
                        additional.map_or(flat.properties.is_empty(), |schema| *schema != false);
                    is_open || flat.property(given).is_some()
                })
            }
            _ => false,
        }
    }

    fn properties(&self, document: Document) -> Vec<&'static str> {
        let flats = alternatives(document, &[self.schema]);
        let names: BTreeSet<_> = flats
            .iter()
            .flat_map(|flat| &flat.properties)
            .map(|(name, _)| *name)
            .collect();
        names.into_iter().collect()
    }

    fn shapes(&self, document: Document) -> Vec<Shape> {
        let mut shapes = Vec::new();
        for kind in alternatives(document, &[self.schema])
            .iter()
            .flat_map(kinds)
        {
            let shape = match kind {
                "array" => Shape::Array,
                "object" => Shape::Object,
                _ => Shape::Scalar,
            };
            if !shapes.contains(&shape) {
                shapes.push(shape);
            }
        }
        shapes
    }

    /// The first reading of the parameter's only value; for the few parameters the server itself obeys.
    pub(crate) fn value(&self, document: Document, pairs: &[Pair]) -> Option<Value> {
        let found = self.find_pairs(document, pairs).ok()?;
        readings(document, &[self.schema], found.first()?)
            .into_iter()
            .next()
    }
}

fn json_of(found: &[Tree]) -> Result<Value, String> {
    match found {
        [Tree::Leaf(texts)] if texts.len() == 1 => {
            serde_json::from_str(&texts[0]).map_err(|error| format!("is not JSON: {error}"))
        }
        _ => Err("must be one JSON text".to_owned()),
    }
}
