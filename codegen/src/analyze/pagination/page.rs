//! What a page holds: its items, and what it says of other pages. It must not know requests.

use super::request::{Kind, kind, plain};
use crate::ir::{Field, FieldPath, Object, Shape, TextFormat, TypeId, TypeRef, Types};

/// How deep values are looked for.
const DEEPEST: usize = 3;

/// Objects that hold what a page says of itself.
#[rustfmt::skip]
const CONTAINERS: &[&str] = &[
    "meta", "metadata", "pagination", "paging", "paginator", "page", "pages", "pageinfo", "paginationinfo",
    "pageinformation", "pagingmetadata", "links", "link", "responsemetadata", "listmetadata", "resultinfo", "cursors",
    "cursor", "next", "nextpage", "info", "navigation",
];
/// Objects that hold the items.
const WRAPPERS: &[&str] = &[
    "data", "result", "results", "response", "embedded", "payload", "body", "content", "page",
    "list",
];
/// Arrays that are called after being the items.
#[rustfmt::skip]
const ITEMS: &[&str] = &[
    "data", "items", "results", "result", "entries", "values", "value", "records", "list", "rows", "elements",
    "content", "docs", "documents", "hits", "nodes", "objects", "resources", "collection", "members",
];
/// Arrays that stand beside the items.
const ASIDE: &[&str] = &[
    "errors",
    "warnings",
    "included",
    "links",
    "messages",
    "notices",
    "facets",
    "aggregations",
    "includes",
];

/// The array of items in a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Items {
    pub(super) path: FieldPath,
    pub(super) item: TypeRef,
    /// The path as the document spells it; empty where the page is the array.
    pub(super) name: String,
}

/// A value that a page says of itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Leaf {
    pub(super) path: FieldPath,
    /// The path as the document spells it.
    pub(super) name: String,
    /// The plain name of the field, and of the object that holds it.
    pub(super) plain: String,
    pub(super) parent: String,
    pub(super) kind: Kind,
    /// Whether its absence tells something: it is required, or `null` is legal.
    pub(super) is_telling: bool,
    /// Whether it is a URL.
    pub(super) is_url: bool,
    pub(super) description: String,
}

fn object(types: &Types, ty: TypeRef) -> Option<(TypeId, &Object)> {
    let id = types.unalias(ty).id;
    match &types[id].shape {
        Shape::Object(object) => Some((id, object)),
        _ => None,
    }
}

fn array(types: &Types, ty: TypeRef) -> Option<TypeRef> {
    match &types[types.unalias(ty).id].shape {
        Shape::Array(item) => Some(*item),
        _ => None,
    }
}

fn dotted(prefix: &str, name: &str) -> String {
    if prefix.is_empty() {
        name.to_owned()
    } else {
        format!("{prefix}.{name}")
    }
}

fn longer(path: &FieldPath, id: TypeId, index: usize) -> FieldPath {
    let mut steps = path.0.clone();
    steps.push((id, index));
    FieldPath(steps)
}

/// Finds the items of a page. `resource` is the plain name of what the path leads to.
pub(super) fn items(types: &Types, page: TypeRef, resource: &str) -> Option<Items> {
    if let Some(item) = array(types, page) {
        return Some(Items {
            path: FieldPath::default(),
            item,
            name: String::new(),
        });
    }
    items_in(types, page, resource, &FieldPath::default(), "")
}

fn items_in(
    types: &Types,
    page: TypeRef,
    resource: &str,
    path: &FieldPath,
    prefix: &str,
) -> Option<Items> {
    let (id, object) = object(types, page)?;
    let found = |(index, field, item): &(usize, &Field, TypeRef)| Items {
        path: longer(path, id, *index),
        item: *item,
        name: dotted(prefix, &field.wire),
    };
    let arrays: Vec<(usize, &Field, TypeRef)> = object
        .fields
        .iter()
        .enumerate()
        .filter_map(|(index, field)| Some((index, field, array(types, field.ty)?)))
        .filter(|(_, field, _)| !ASIDE.contains(&plain(&field.wire).as_str()))
        .collect();
    let known = ITEMS.iter().find_map(|name| {
        arrays
            .iter()
            .find(|(_, field, _)| plain(&field.wire) == *name)
    });
    let of_objects: Vec<_> = arrays
        .iter()
        .filter(|(.., item)| holds_things(types, *item))
        .collect();
    let named = arrays
        .iter()
        .find(|(_, field, _)| is_same_thing(&plain(&field.wire), resource));
    let only = if of_objects.len() == 1 {
        of_objects.first().copied()
    } else {
        None
    };
    if let Some(array) = known.or(named).or(only) {
        return Some(found(array));
    }
    if !arrays.is_empty() || path.0.len() + 1 >= DEEPEST {
        return None;
    }
    object.fields.iter().enumerate().find_map(|(index, field)| {
        let name = plain(&field.wire);
        let is_wrapper = WRAPPERS.contains(&name.as_str()) || is_same_thing(&name, resource);
        if !is_wrapper {
            return None;
        }
        items_in(
            types,
            field.ty,
            resource,
            &longer(path, id, index),
            &dotted(prefix, &field.wire),
        )
    })
}

/// Whether the items are things, and not words about one thing.
fn holds_things(types: &Types, item: TypeRef) -> bool {
    matches!(
        types[types.unalias(item).id].shape,
        Shape::Object(_) | Shape::Union(_) | Shape::Map(_) | Shape::Any
    )
}

fn is_same_thing(name: &str, resource: &str) -> bool {
    let stem = |text: &str| text.trim_end_matches('s').to_owned();
    !resource.is_empty() && stem(name) == stem(resource)
}

/// Everything that a page says of itself beside its items.
pub(super) fn leaves(types: &Types, page: TypeRef, items: &Items) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    collect(
        types,
        page,
        items,
        &FieldPath::default(),
        ("", ""),
        &mut leaves,
    );
    leaves
}

fn collect(
    types: &Types,
    ty: TypeRef,
    items: &Items,
    path: &FieldPath,
    (prefix, parent): (&str, &str),
    leaves: &mut Vec<Leaf>,
) {
    let Some((id, object)) = object(types, ty) else {
        return;
    };
    for (index, field) in object.fields.iter().enumerate() {
        let here = longer(path, id, index);
        let name = plain(&field.wire);
        let target = types.unalias(field.ty);
        let kind = kind(&types[target.id].shape);
        let spelled = dotted(prefix, &field.wire);
        if kind != Kind::Other {
            leaves.push(Leaf {
                is_url: kind == Kind::Text && is_url(types, field, &name, parent),
                is_telling: field.required || target.nullable,
                description: field
                    .doc
                    .description
                    .as_deref()
                    .unwrap_or_default()
                    .to_lowercase(),
                path: here,
                name: spelled,
                plain: name,
                parent: parent.to_owned(),
                kind,
            });
        } else if here.0.len() < DEEPEST
            && (CONTAINERS.contains(&name.as_str()) || items.path.0.starts_with(&here.0))
        {
            collect(types, field.ty, items, &here, (&spelled, &name), leaves);
        }
    }
}

fn is_url(types: &Types, field: &Field, name: &str, parent: &str) -> bool {
    let target = &types[types.unalias(field.ty).id];
    if matches!(target.shape, Shape::Text(TextFormat::Uri)) || matches!(parent, "links" | "link") {
        return true;
    }
    if ["url", "uri", "link", "href"]
        .iter()
        .any(|word| name.ends_with(word))
    {
        return true;
    }
    let example = [&field.doc, &target.doc]
        .iter()
        .find_map(|doc| doc.example.as_ref()?.as_str());
    if let Some(example) = example {
        return example.starts_with("http") || example.starts_with('/') || example.contains('?');
    }
    let said = field
        .doc
        .description
        .as_deref()
        .unwrap_or_default()
        .to_lowercase();
    said.split(|c: char| !c.is_alphanumeric())
        .any(|word| matches!(word, "url" | "uri" | "hyperlink" | "link"))
}

/// The way to the id of an item, where it is one that a request can name.
pub(super) fn item_id(types: &Types, item: TypeRef) -> Option<FieldPath> {
    let target = types.unalias(item);
    let (id, object) = object(types, target)?;
    let index = object
        .fields
        .iter()
        .position(|field| field.wire == "id" && field.required)?;
    let ty = types.unalias(object.fields[index].ty);
    let is_name = matches!(kind(&types[ty.id].shape), Kind::Text | Kind::Number)
        && !ty.nullable
        && !target.nullable;
    is_name.then(|| FieldPath(vec![(id, index)]))
}

/// Follows a JSON Pointer from a type through its fields: the path, and the type at its end.
pub(super) fn follow(types: &Types, from: TypeRef, pointer: &str) -> Option<(FieldPath, TypeRef)> {
    let mut path = FieldPath::default();
    let mut here = from;
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return None;
    }
    for token in pointer.split('/').skip(1) {
        let wire = token.replace("~1", "/").replace("~0", "~");
        let (id, object) = object(types, here)?;
        let index = object.fields.iter().position(|field| field.wire == wire)?;
        path = longer(&path, id, index);
        here = object.fields[index].ty;
    }
    Some((path, here))
}
