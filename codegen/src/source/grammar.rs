//! What kind of object stands where in a document of any version, so that data is never mistaken for structure;
//! knows names of keys, not their values.

/// The objects of OpenAPI that matter for references and for lowering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The OpenAPI Object or Swagger Object.
    Root,
    /// The Paths Object: templates to path items, beside extensions.
    Paths,
    /// Path Item Object.
    PathItem,
    /// Operation Object.
    Operation,
    /// Parameter Object; of 2.0 also body and form parameters.
    Parameter,
    /// Request Body Object.
    RequestBody,
    /// Media Type Object.
    MediaType,
    /// Encoding Object.
    Encoding,
    /// Responses Object: status codes to responses, beside extensions.
    Responses,
    /// Response Object.
    Response,
    /// Header Object.
    Header,
    /// Link Object.
    Link,
    /// Example Object.
    Example,
    /// Callback Object: expressions to path items, beside extensions.
    Callback,
    /// Schema Object.
    Schema,
    /// Components Object.
    Components,
    /// Security Scheme Object.
    SecurityScheme,
    /// Server Object.
    Server,
    /// Tag Object.
    Tag,
    /// Discriminator Object.
    Discriminator,
    /// Structure without further structure of interest: info, contact, a text, a flag.
    Plain,
    /// Not structure at all: examples, defaults, enumerations, extensions.
    Data,
}

/// How the objects of a kind are gathered at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Nest {
    /// One object.
    One,
    /// An object whose every key names one.
    Map,
    /// A list of them.
    List,
    /// One, or a list of them (`items` before 2020-12).
    OneOrList,
}

/// What is expected at a pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Alone or gathered.
    pub nest: Nest,
    /// Of which kind.
    pub kind: Kind,
}

impl Place {
    /// The whole document.
    pub const ROOT: Place = Place::one(Kind::Root);

    /// One object of a kind.
    pub const fn one(kind: Kind) -> Self {
        Self {
            nest: Nest::One,
            kind,
        }
    }

    const fn map(kind: Kind) -> Self {
        Self {
            nest: Nest::Map,
            kind,
        }
    }

    const fn list(kind: Kind) -> Self {
        Self {
            nest: Nest::List,
            kind,
        }
    }

    /// Whether one object may stand here.
    pub fn is_one(self) -> bool {
        matches!(self.nest, Nest::One | Nest::OneOrList)
    }

    /// Whether nothing below is structure.
    pub fn is_data(self) -> bool {
        self.kind == Kind::Data
    }

    /// What is expected one key or index deeper.
    #[must_use]
    pub fn step(self, token: &str) -> Place {
        match self.nest {
            Nest::Map | Nest::List => Place::one(self.kind),
            Nest::OneOrList if token.bytes().all(|byte| byte.is_ascii_digit()) => {
                Place::one(self.kind)
            }
            Nest::One | Nest::OneOrList => self.kind.key(token),
        }
    }

    /// What is expected of the items, where there is a list.
    #[must_use]
    pub fn item(self) -> Place {
        match self.nest {
            Nest::List | Nest::OneOrList => Place::one(self.kind),
            Nest::One | Nest::Map => Place::one(Kind::Plain),
        }
    }

    /// What is expected at a pointer's end, from here.
    #[must_use]
    pub fn walk<T: AsRef<str>>(self, tokens: impl IntoIterator<Item = T>) -> Place {
        tokens
            .into_iter()
            .fold(self, |place, token| place.step(token.as_ref()))
    }
}

impl Kind {
    /// Whether OpenAPI 3.0 lets a Reference Object stand in its stead (a Path Item has a `$ref` of its own).
    pub fn takes_reference(self) -> bool {
        matches!(
            self,
            Kind::Schema
                | Kind::Parameter
                | Kind::RequestBody
                | Kind::Response
                | Kind::Header
                | Kind::Link
                | Kind::Example
                | Kind::Callback
                | Kind::SecurityScheme
        )
    }

    fn key(self, key: &str) -> Place {
        let place = match self {
            Kind::Root => root(key),
            Kind::Components => components(key),
            Kind::Paths | Kind::Callback if !extension(key) => Some(Place::one(Kind::PathItem)),
            Kind::Responses if !extension(key) => Some(Place::one(Kind::Response)),
            Kind::PathItem => path_item(key),
            Kind::Operation => operation(key),
            Kind::Parameter | Kind::Header => parameter(key),
            Kind::RequestBody => (key == "content").then_some(Place::map(Kind::MediaType)),
            Kind::Response => response(key),
            Kind::MediaType => media_type(key),
            Kind::Encoding => encoding(key),
            Kind::Schema => schema(key),
            Kind::Link => match key {
                "server" => Some(Place::one(Kind::Server)),
                "parameters" | "requestBody" => Some(Place::one(Kind::Data)),
                _ => None,
            },
            Kind::Example => matches!(key, "value" | "dataValue" | "serializedValue")
                .then_some(Place::one(Kind::Data)),
            Kind::Data => Some(Place::one(Kind::Data)),
            _ => None,
        };
        place.unwrap_or(Place::one(if extension(key) {
            Kind::Data
        } else {
            Kind::Plain
        }))
    }
}

/// Whether a key is a specification extension.
pub fn extension(key: &str) -> bool {
    key.starts_with("x-") || key.starts_with("X-")
}

fn root(key: &str) -> Option<Place> {
    Some(match key {
        "paths" => Place::one(Kind::Paths),
        "webhooks" => Place::map(Kind::PathItem),
        "components" => Place::one(Kind::Components),
        "servers" => Place::list(Kind::Server),
        "tags" => Place::list(Kind::Tag),
        "definitions" => Place::map(Kind::Schema),
        "parameters" => Place::map(Kind::Parameter),
        "responses" => Place::map(Kind::Response),
        "securityDefinitions" => Place::map(Kind::SecurityScheme),
        _ => return None,
    })
}

fn components(key: &str) -> Option<Place> {
    Some(match key {
        "schemas" => Place::map(Kind::Schema),
        "responses" => Place::map(Kind::Response),
        "parameters" => Place::map(Kind::Parameter),
        "examples" => Place::map(Kind::Example),
        "requestBodies" => Place::map(Kind::RequestBody),
        "headers" => Place::map(Kind::Header),
        "securitySchemes" => Place::map(Kind::SecurityScheme),
        "links" => Place::map(Kind::Link),
        "callbacks" => Place::map(Kind::Callback),
        "pathItems" => Place::map(Kind::PathItem),
        "mediaTypes" => Place::map(Kind::MediaType),
        _ => return None,
    })
}

fn path_item(key: &str) -> Option<Place> {
    Some(match key {
        "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace" | "query" => {
            Place::one(Kind::Operation)
        }
        "additionalOperations" => Place::map(Kind::Operation),
        "parameters" => Place::list(Kind::Parameter),
        "servers" => Place::list(Kind::Server),
        _ => return None,
    })
}

fn operation(key: &str) -> Option<Place> {
    Some(match key {
        "parameters" => Place::list(Kind::Parameter),
        "requestBody" => Place::one(Kind::RequestBody),
        "responses" => Place::one(Kind::Responses),
        "callbacks" => Place::map(Kind::Callback),
        "servers" => Place::list(Kind::Server),
        _ => return None,
    })
}

fn parameter(key: &str) -> Option<Place> {
    Some(match key {
        "schema" | "items" => Place::one(Kind::Schema),
        "content" => Place::map(Kind::MediaType),
        "examples" => Place::map(Kind::Example),
        "example" | "default" | "enum" => Place::one(Kind::Data),
        _ => return None,
    })
}

fn response(key: &str) -> Option<Place> {
    Some(match key {
        "schema" => Place::one(Kind::Schema),
        "content" => Place::map(Kind::MediaType),
        "headers" => Place::map(Kind::Header),
        "links" => Place::map(Kind::Link),
        "examples" => Place::one(Kind::Data),
        _ => return None,
    })
}

fn media_type(key: &str) -> Option<Place> {
    Some(match key {
        "schema" | "itemSchema" => Place::one(Kind::Schema),
        "examples" => Place::map(Kind::Example),
        "example" => Place::one(Kind::Data),
        "encoding" => Place::map(Kind::Encoding),
        "itemEncoding" => Place::one(Kind::Encoding),
        "prefixEncoding" => Place::list(Kind::Encoding),
        _ => return None,
    })
}

fn encoding(key: &str) -> Option<Place> {
    Some(match key {
        "headers" => Place::map(Kind::Header),
        "encoding" => Place::map(Kind::Encoding),
        "itemEncoding" => Place::one(Kind::Encoding),
        "prefixEncoding" => Place::list(Kind::Encoding),
        _ => return None,
    })
}

fn schema(key: &str) -> Option<Place> {
    Some(match key {
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas"
        | "dependencies" => Place::map(Kind::Schema),
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Place::list(Kind::Schema),
        "items" => Place {
            nest: Nest::OneOrList,
            kind: Kind::Schema,
        },
        "additionalProperties"
        | "not"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "propertyNames"
        | "unevaluatedProperties"
        | "unevaluatedItems"
        | "additionalItems"
        | "contentSchema" => Place::one(Kind::Schema),
        "discriminator" => Place::one(Kind::Discriminator),
        "example" | "examples" | "default" | "enum" | "const" => Place::one(Kind::Data),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Pointer;

    fn kind(pointer: &str) -> Kind {
        Place::ROOT.walk(Pointer::from(pointer).tokens()).kind
    }

    #[test]
    fn names_chosen_by_authors_are_no_keywords() {
        let base = "/components/schemas";
        assert_eq!(kind(&format!("{base}/A/properties/items")), Kind::Schema);
        assert_eq!(kind(&format!("{base}/A/properties/enum/enum")), Kind::Data);
        assert_eq!(kind(&format!("{base}/x-odd")), Kind::Schema);
        assert_eq!(kind(&format!("{base}/A/x-odd/properties/b")), Kind::Data);
        assert_eq!(kind(&format!("{base}/A/items/0/allOf/1")), Kind::Schema);
        assert_eq!(
            kind("/paths/~1x/get/responses/200/content/a~1b/schema"),
            Kind::Schema
        );
        assert_eq!(kind("/paths/x-internal/get"), Kind::Data);
        assert_eq!(kind("/info/description"), Kind::Plain);
    }
}
