//! The IR and its names → the outline.

use super::{Item, Kind, Method, Outline, Pages, Resource, Type};
use crate::emit::{Signature, Typed, Writer};
use crate::ir::{Api, Form, Operation, Rule, Shape, Union, Variant};
use crate::names::{Names, ReplyItem};

/// The outline of an API; the version of its specification and the diagnostics are for the caller to add.
pub(crate) fn build(api: &Api, names: &Names) -> Outline {
    let view = View {
        api,
        names,
        writer: Writer::new(api, names),
    };
    let webhooks = names.webhooks.iter().zip(&api.webhooks);
    let mut webhooks: Vec<Item> = webhooks
        .map(|(name, webhook)| Item {
            name: name.to_string(),
            ty: view.writer.used(webhook.payload),
            note: wire(&webhook.name, &name.to_string()),
        })
        .collect();
    webhooks.sort_by(|a, b| a.name.cmp(&b.name));
    let mut resources: Vec<Resource> = names.resources.iter().map(|it| view.resource(it)).collect();
    resources.sort_by(|a, b| a.name.cmp(&b.name));
    Outline {
        title: api.title.clone(),
        version: api.version.clone(),
        resources,
        types: view.types(),
        replies: view.replies(),
        webhooks,
        ..Outline::default()
    }
}

struct View<'a> {
    api: &'a Api,
    names: &'a Names,
    writer: Writer<'a>,
}

impl View<'_> {
    fn resource(&self, resource: &crate::names::Resource) -> Resource {
        let mut methods: Vec<Method> = resource
            .operations
            .iter()
            .filter_map(|index| self.method(*index))
            .collect();
        methods.sort_by(|a, b| a.name.cmp(&b.name));
        Resource {
            name: plain(&resource.module),
            ty: resource.ty.to_string(),
            methods,
        }
    }

    fn method(&self, index: usize) -> Option<Method> {
        let operation = self.api.operations.get(index)?;
        let names = self.names.operations.get(index)?;
        let Signature {
            arguments,
            setters,
            output,
            errors,
        } = self.writer.operation(index)?;
        let parameters: Vec<(String, &str)> = names
            .parameters
            .iter()
            .map(plain)
            .zip(operation.parameters.iter().map(|it| it.wire.as_str()))
            .collect();
        let noted = |typed: Typed| {
            let known = parameters.iter().find(|(name, _)| *name == typed.name);
            let note = known.map_or_else(String::new, |(name, on_wire)| wire(on_wire, name));
            Item {
                name: typed.name,
                ty: typed.ty,
                note,
            }
        };
        let mut setters: Vec<Item> = setters.into_iter().map(noted).collect();
        setters.sort_by(|a, b| a.name.cmp(&b.name));
        Some(Method {
            name: plain(&names.method),
            request: names.request.to_string(),
            target: format!("{} {}", operation.method, operation.path),
            arguments: arguments.into_iter().map(noted).collect(),
            setters,
            output,
            errors: errors.into_iter().map(item).collect(),
            pages: self.pages(operation, &parameters),
            deprecated: operation.doc.deprecated,
        })
    }

    fn pages(&self, operation: &Operation, parameters: &[(String, &str)]) -> Option<Pages> {
        let pagination = operation.pagination.as_ref()?;
        let name = |index: usize| {
            parameters
                .get(index)
                .map_or_else(String::new, |(name, _)| name.clone())
        };
        let header = pagination.header.as_deref().unwrap_or_default();
        let both = |first: usize, second: Option<usize>| match second {
            Some(second) => format!("{}, {}", name(first), name(second)),
            None => name(first),
        };
        let rule = match pagination.rule {
            Rule::Offset { offset, limit } => format!("offset({})", both(offset, limit)),
            Rule::Page { page, size, first } => format!("page({}) from {first}", both(page, size)),
            Rule::Cursor { cursor } => format!("cursor({})", name(cursor)),
            Rule::LastItem { cursor } => format!("last_item({})", name(cursor)),
            Rule::NextLink => "next_link".to_owned(),
            Rule::LinkHeader => "link_header".to_owned(),
            Rule::NextHeader => format!("next_header({header})"),
            Rule::CursorHeader { cursor } => format!("cursor_header({header}, {})", name(cursor)),
        };
        Some(Pages {
            rule,
            item: self.writer.used(pagination.item),
            reason: pagination.reason.clone(),
        })
    }

    /// What operations have in common of their replies; why it is there says in which module.
    fn replies(&self) -> Vec<Type> {
        let replies = &self.names.replies;
        let shared = replies.items.iter().map(|shared| {
            let kind = match shared.uses.first() {
                Some((_, ReplyItem::Errors)) => Kind::Errors,
                _ => Kind::Headers,
            };
            let home = shared
                .home()
                .and_then(|home| self.names.resources.get(home));
            let module = home.map_or(&replies.module, |resource| &resource.module);
            Type {
                name: shared.name.to_string(),
                kind,
                members: self
                    .writer
                    .shared_reply(shared)
                    .into_iter()
                    .map(item)
                    .collect(),
                why: format!("in {}", plain(module)),
            }
        });
        shared.collect()
    }

    fn types(&self) -> Vec<Type> {
        let named = self.api.types.iter().filter_map(|(id, ty)| {
            let name = self.names.types.get(id.index())?.as_ref()?;
            let mut members: Vec<Item> = self.writer.members(id).into_iter().map(item).collect();
            let mut why = Vec::new();
            let kind = match &ty.shape {
                Shape::Object(object) => {
                    for (member, field) in members.iter_mut().zip(&object.fields) {
                        member.note = wire(&field.wire, &member.name);
                    }
                    Kind::Struct
                }
                Shape::Enumeration(enumeration) => {
                    for (member, value) in members.iter_mut().zip(&enumeration.values) {
                        member.note = value.value.to_string();
                    }
                    Kind::Enum
                }
                Shape::Union(union) => {
                    for (member, variant) in members.iter_mut().zip(&union.variants) {
                        member.note = told(union, variant);
                    }
                    if let Some(member) = union.default.and_then(|index| members.get_mut(index)) {
                        member.note.push_str(", or none of the others");
                    }
                    if let Some(tag) = &union.tag {
                        why.push(format!("by {tag:?}"));
                    }
                    Kind::Union
                }
                Shape::Newtype(_) => Kind::Newtype,
                _ => Kind::Alias,
            };
            let usage = ty.usage;
            for (holds, word) in [
                (usage.request, "request"),
                (usage.response, "response"),
                (usage.multipart, "multipart"),
            ] {
                if holds {
                    why.push(word.to_owned());
                }
            }
            if !usage.request && !usage.response && !usage.multipart {
                why.push("unused".to_owned());
            }
            why.extend(self.form(ty.form));
            Some(Type {
                name: name.to_string(),
                kind,
                members,
                why: why.join(", "),
            })
        });
        let mut types: Vec<Type> = named.collect();
        types.sort_by(|a, b| a.name.cmp(&b.name));
        types
    }

    fn form(&self, form: Form) -> Option<String> {
        let (word, origin) = match form {
            Form::Shared => return None,
            Form::Response => return Some("without what is written only".to_owned()),
            Form::Request(origin) => ("what is sent", origin),
            Form::Multipart(origin) => ("the parts", origin),
        };
        let origin = self.names.types.get(origin.index())?.as_ref()?;
        Some(format!("{word} of {origin}"))
    }
}

fn item(typed: Typed) -> Item {
    Item {
        name: typed.name,
        ty: typed.ty,
        note: String::new(),
    }
}

/// What a member of a union is known by: the strongest of its marks.
fn told(union: &Union, variant: &Variant) -> String {
    let tags: Vec<&str> = variant
        .tags
        .iter()
        .map(String::as_str)
        .filter(|tag| !tag.contains('/'))
        .collect();
    if union.tag.is_some() && !tags.is_empty() {
        return format!("tag {}", tags.join(" | "));
    }
    if let Some((key, value)) = variant.constants.first() {
        return format!("{key} is {value}");
    }
    let kinds: Vec<&str> = variant.kinds.names().collect();
    let kinds = if kinds.len() == 6 {
        "anything".to_owned()
    } else {
        kinds.join(" | ")
    };
    if variant.required.is_empty() {
        kinds
    } else {
        format!("{kinds} with {}", variant.required.join(", "))
    }
}

fn plain(ident: &impl ToString) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map(str::to_owned).unwrap_or(text)
}

/// The document's own name where the one in Rust is another.
fn wire(wire: &str, name: &str) -> String {
    if wire == name {
        String::new()
    } else {
        serde_json::Value::from(wire).to_string()
    }
}
