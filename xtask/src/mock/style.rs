//! The serialization styles of parameters (section "Style Values" of the specification; RFC 6570), undone. Must not know of types.

use super::{
    reading::Tree,
    request::{Pair, decode, decode_form},
};

/// `style` and `explode` of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) name: StyleName,
    pub(crate) explode: bool,
}

/// `style`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StyleName {
    Matrix,
    Label,
    Simple,
    Form,
    SpaceDelimited,
    PipeDelimited,
    /// `collectionFormat: tsv` of Swagger 2.0, which no style of 3.0 says.
    TabDelimited,
    DeepObject,
}

/// What a schema lets a parameter be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Scalar,
    Array,
    Object,
}

impl StyleName {
    pub(crate) fn read(text: &str) -> Option<Self> {
        Some(match text {
            "matrix" => Self::Matrix,
            "label" => Self::Label,
            "simple" => Self::Simple,
            "form" => Self::Form,
            "spaceDelimited" => Self::SpaceDelimited,
            "pipeDelimited" => Self::PipeDelimited,
            "deepObject" => Self::DeepObject,
            _ => return None,
        })
    }
}

/// The readings of a path segment or of a header, likeliest first; an error says what the style would look like.
pub(crate) fn of_text(style: Style, shape: Shape, name: &str, raw: &str) -> Result<Tree, String> {
    let (separator, parts) = match style.name {
        StyleName::Matrix => return matrix(style, shape, name, raw),
        StyleName::Label => {
            let raw = raw
                .strip_prefix('.')
                .ok_or("must start with `.` (style label)")?;
            (if style.explode { '.' } else { ',' }, raw)
        }
        StyleName::SpaceDelimited | StyleName::PipeDelimited | StyleName::TabDelimited
            if shape == Shape::Array =>
        {
            return Ok(Tree::Leaf(split(style.name, raw)));
        }
        _ => (',', raw),
    };
    Ok(match shape {
        Shape::Scalar => Tree::text(decode(parts)),
        Shape::Array => Tree::Leaf(
            parts
                .split(separator)
                .map(|part| decode(part.trim()))
                .collect(),
        ),
        Shape::Object => object(parts.split(separator), style.explode, decode)?,
    })
}

fn matrix(style: Style, shape: Shape, name: &str, raw: &str) -> Result<Tree, String> {
    let expected = || format!("must start with `;{name}=` (style matrix)");
    let raw = raw.strip_prefix(';').ok_or_else(expected)?;
    if shape == Shape::Object && style.explode {
        return object(raw.split(';'), true, decode);
    }
    let values: Option<Vec<_>> = raw
        .split(';')
        .map(|part| {
            part.strip_prefix(name)
                .map(|value| value.strip_prefix('=').unwrap_or(value))
        })
        .collect();
    let values = values.ok_or_else(expected)?;
    Ok(match (shape, values.as_slice()) {
        (Shape::Array, values) if style.explode => {
            Tree::Leaf(values.iter().map(|value| decode(value)).collect())
        }
        (Shape::Array, [value]) => Tree::Leaf(value.split(',').map(decode).collect()),
        (Shape::Object, [value]) => object(value.split(','), false, decode)?,
        (_, values) => Tree::Leaf(values.iter().map(|value| decode(value)).collect()),
    })
}

/// `k=v` parts, or `k,v,k,v`.
fn object<'a>(
    parts: impl Iterator<Item = &'a str>,
    explode: bool,
    decode: fn(&str) -> String,
) -> Result<Tree, String> {
    let mut members = Vec::new();
    if explode {
        for part in parts {
            let (key, value) = part
                .split_once('=')
                .ok_or("must be made of `key=value` parts (explode)")?;
            members.push((decode(key), Tree::text(decode(value))));
        }
    } else {
        let parts: Vec<_> = parts.collect();
        if parts.len() % 2 != 0 {
            return Err("must be made of pairs, `key,value,key,value`".to_owned());
        }
        for pair in parts.chunks(2) {
            members.push((decode(pair[0]), Tree::text(decode(pair[1]))));
        }
    }
    Ok(Tree::Node(members))
}

/// The reading of a parameter of a query or of a form; nothing when it is absent.
///
/// `properties` are the names an exploded object takes; without any it takes none.
pub(crate) fn of_pairs(
    style: Style,
    shape: Shape,
    name: &str,
    properties: &[&str],
    pairs: &[Pair],
) -> Result<Option<Tree>, String> {
    if style.name == StyleName::DeepObject && shape != Shape::Scalar {
        return Ok(deep(name, pairs));
    }
    if shape == Shape::Object && style.explode {
        let members: Vec<_> = properties
            .iter()
            .map(|property| (*property, values(property, pairs)))
            .filter(|(_, values)| !values.is_empty())
            .map(|(property, values)| {
                let texts = values.into_iter().map(decode_form).collect();
                (property.to_owned(), Tree::Leaf(texts))
            })
            .collect();
        return Ok((!members.is_empty()).then_some(Tree::Node(members)));
    }
    let values = values(name, pairs);
    let (first, is_single) = match values.as_slice() {
        [] => return Ok(None),
        [first, rest @ ..] => (*first, rest.is_empty()),
    };
    if shape == Shape::Array && style.explode {
        return Ok(Some(Tree::Leaf(
            values.into_iter().map(decode_form).collect(),
        )));
    }
    if !is_single {
        return Err(format!("is given {} times, once is allowed", values.len()));
    }
    Ok(Some(match shape {
        Shape::Scalar => Tree::text(decode_form(first)),
        Shape::Array if first.is_empty() => Tree::Leaf(Vec::new()),
        Shape::Array => Tree::Leaf(split(style.name, first)),
        Shape::Object => {
            let parts = split(style.name, first);
            object(parts.iter().map(String::as_str), false, str::to_owned)?
        }
    }))
}

/// The raw values of a name.
fn values<'a>(name: &str, pairs: &'a [Pair]) -> Vec<&'a str> {
    let named = pairs.iter().filter(|pair| pair.name == name);
    named.map(|pair| pair.raw.as_str()).collect()
}

/// Splits before decoding; a separator that came encoded is one too if there is no plain one, as most servers have it.
fn split(style: StyleName, raw: &str) -> Vec<String> {
    let separators: &[&str] = match style {
        StyleName::SpaceDelimited => &["%20", "+"],
        StyleName::PipeDelimited => &["|", "%7C", "%7c"],
        StyleName::TabDelimited => &["\t", "%09"],
        _ => &[",", "%2C", "%2c"],
    };
    match separators
        .iter()
        .find(|separator| raw.contains(**separator))
    {
        Some(separator) => raw.split(*separator).map(decode_form).collect(),
        None => vec![decode_form(raw)],
    }
}

/// `name[key]`, `name[key][inner]`, `name[]`, and plain `name`.
fn deep(name: &str, pairs: &[Pair]) -> Option<Tree> {
    let mut tree: Option<Tree> = None;
    for pair in pairs {
        if let Some(keys) = brackets(name, &pair.name) {
            let tree = tree.get_or_insert_with(|| Tree::Leaf(Vec::new()));
            tree.insert(&keys, decode_form(&pair.raw));
        }
    }
    tree
}

/// The keys of `name[a][b]`, empty for `name` itself; nothing for another name.
pub(crate) fn brackets<'a>(name: &str, given: &'a str) -> Option<Vec<&'a str>> {
    let rest = given.strip_prefix(name)?;
    if rest.is_empty() {
        return Some(Vec::new());
    }
    let inner = rest.strip_prefix('[')?.strip_suffix(']')?;
    Some(inner.split("][").collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::pairs;

    fn style(name: StyleName, explode: bool) -> Style {
        Style { name, explode }
    }

    fn leaf(texts: &[&str]) -> Tree {
        Tree::Leaf(texts.iter().map(|text| (*text).to_owned()).collect())
    }

    fn node(members: &[(&str, &str)]) -> Tree {
        Tree::Node(
            members
                .iter()
                .map(|(key, text)| ((*key).to_owned(), Tree::text(*text)))
                .collect(),
        )
    }

    /// The table of the specification: array `blue,black,brown`, object `R=100,G=200`.
    #[test]
    fn path_styles_of_the_specification() {
        use StyleName::{Label, Matrix, Simple};
        let array = leaf(&["blue", "black", "brown"]);
        let object = node(&[("R", "100"), ("G", "200")]);
        for (name, explode, array_text, object_text) in [
            (
                Matrix,
                false,
                ";color=blue,black,brown",
                ";color=R,100,G,200",
            ),
            (
                Matrix,
                true,
                ";color=blue;color=black;color=brown",
                ";R=100;G=200",
            ),
            (Label, false, ".blue,black,brown", ".R,100,G,200"),
            (Label, true, ".blue.black.brown", ".R=100.G=200"),
            (Simple, false, "blue,black,brown", "R,100,G,200"),
            (Simple, true, "blue,black,brown", "R=100,G=200"),
        ] {
            let style = style(name, explode);
            assert_eq!(
                of_text(style, Shape::Array, "color", array_text).as_ref(),
                Ok(&array),
                "{style:?}"
            );
            assert_eq!(
                of_text(style, Shape::Object, "color", object_text).as_ref(),
                Ok(&object),
                "{style:?}"
            );
        }
        assert!(of_text(style(Label, false), Shape::Scalar, "color", "blue").is_err());
    }

    #[test]
    fn query_styles_of_the_specification() {
        use StyleName::{DeepObject, Form, PipeDelimited, SpaceDelimited};
        let array = Ok(Some(leaf(&["blue", "black"])));
        let object = Ok(Some(node(&[("R", "100"), ("G", "200")])));
        let read = |name, explode, shape, query: &str| {
            of_pairs(
                style(name, explode),
                shape,
                "color",
                &["R", "G"],
                &pairs(query),
            )
        };
        assert_eq!(
            read(Form, true, Shape::Array, "color=blue&color=black"),
            array
        );
        assert_eq!(read(Form, false, Shape::Array, "color=blue,black"), array);
        assert_eq!(
            read(SpaceDelimited, false, Shape::Array, "color=blue%20black"),
            array
        );
        assert_eq!(
            read(PipeDelimited, false, Shape::Array, "color=blue%7Cblack"),
            array
        );
        assert_eq!(read(Form, true, Shape::Object, "R=100&G=200"), object);
        assert_eq!(
            read(Form, false, Shape::Object, "color=R,100,G,200"),
            object
        );
        assert_eq!(
            read(
                DeepObject,
                true,
                Shape::Object,
                "color%5BR%5D=100&color[G]=200"
            ),
            object
        );
        assert!(read(Form, true, Shape::Scalar, "color=a&color=b").is_err());
    }
}
