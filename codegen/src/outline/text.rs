//! The outline as text: a line per thing that can change on its own.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Item, Kind, Method, Outline, Type};

impl Outline {
    /// All of it.
    pub fn text(&self) -> String {
        let mut out = self.head();
        for resource in &self.resources {
            let _ = write!(out, "\n{}() -> {}\n", resource.name, resource.ty);
            for method in &resource.methods {
                Self::method(&mut out, &resource.name, method);
            }
        }
        if !self.webhooks.is_empty() {
            out.push_str("\nwebhooks\n");
            for webhook in &self.webhooks {
                member(&mut out, Kind::Struct, webhook);
            }
        }
        for ty in self.replies.iter().chain(&self.types) {
            type_text(&mut out, ty);
        }
        out
    }

    /// What a person can take in at once: the methods by resource, counts of types and diagnostics.
    pub fn summary(&self) -> String {
        let mut out = self.head();
        let methods: usize = self.resources.iter().map(|it| it.methods.len()).sum();
        let _ = writeln!(
            out,
            "\n{} resources, {methods} methods, {} with pages",
            self.resources.len(),
            self.methods()
                .filter(|method| method.pages.is_some())
                .count()
        );
        for resource in &self.resources {
            let _ = writeln!(out, "{}", resource.name);
            let names = resource.methods.iter().map(|it| it.name.as_str());
            wrapped(&mut out, names);
        }
        let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
        for pages in self.methods().filter_map(|method| method.pages.as_ref()) {
            *rules.entry(pages.rule.as_str()).or_default() += 1;
        }
        counts(&mut out, "pages", &rules);
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for ty in &self.types {
            *kinds.entry(ty.kind.as_str()).or_default() += 1;
        }
        counts(&mut out, "types", &kinds);
        out
    }

    fn methods(&self) -> impl Iterator<Item = &Method> {
        self.resources.iter().flat_map(|it| &it.methods)
    }

    fn head(&self) -> String {
        let mut out = format!(
            "{} {} ({})\n",
            one_line(&self.title),
            one_line(&self.version),
            self.specification
        );
        counts(&mut out, "diagnostics", &self.diagnostics);
        out
    }

    fn method(out: &mut String, resource: &str, method: &Method) {
        let arguments: Vec<String> = method
            .arguments
            .iter()
            .map(|argument| format!("{}: {}", argument.name, argument.ty))
            .collect();
        let deprecated = if method.deprecated { " deprecated" } else { "" };
        let _ = writeln!(
            out,
            "  {resource}.{}({}) -> {}{deprecated}",
            method.name,
            arguments.join(", "),
            method.output
        );
        let _ = writeln!(out, "    {} = {}", method.request, method.target);
        for argument in method.arguments.iter().filter(|it| !it.note.is_empty()) {
            let _ = writeln!(out, "    {} is {}", argument.name, argument.note);
        }
        for setter in &method.setters {
            let note = spaced(&setter.note);
            let _ = writeln!(out, "    .{}({}){note}", setter.name, setter.ty);
        }
        if let Some(pages) = &method.pages {
            let _ = writeln!(
                out,
                "    pages of {} by {}: {}",
                pages.item, pages.rule, pages.reason
            );
        }
        if !method.errors.is_empty() {
            let errors: Vec<String> = method.errors.iter().map(variant).collect();
            let _ = writeln!(out, "    errors {}", errors.join(", "));
        }
    }
}

fn type_text(out: &mut String, ty: &Type) {
    let why = &ty.why;
    match (ty.kind, ty.members.as_slice()) {
        (Kind::Alias | Kind::Newtype, [target]) => {
            let _ = writeln!(
                out,
                "\n{} {} = {}  // {why}",
                ty.kind.as_str(),
                ty.name,
                target.ty
            );
        }
        (kind, members) => {
            let _ = writeln!(out, "\n{} {}  // {why}", kind.as_str(), ty.name);
            for item in members {
                member(out, kind, item);
            }
        }
    }
}

fn member(out: &mut String, kind: Kind, item: &Item) {
    let note = spaced(&item.note);
    let _ = match kind {
        Kind::Union | Kind::Errors => writeln!(out, "  {}{note}", variant(item)),
        Kind::Enum => writeln!(out, "  {} ={note}", item.name),
        _ => writeln!(out, "  {}: {}{note}", item.name, item.ty),
    };
}

fn variant(item: &Item) -> String {
    if item.ty.is_empty() {
        item.name.clone()
    } else {
        format!("{}({})", item.name, item.ty)
    }
}

fn spaced(note: &str) -> String {
    if note.is_empty() {
        String::new()
    } else {
        format!(" {note}")
    }
}

fn counts<K: std::fmt::Display>(out: &mut String, title: &str, counts: &BTreeMap<K, usize>) {
    if !counts.is_empty() {
        let counts: Vec<String> = counts
            .iter()
            .map(|(name, count)| format!("{name} {count}"))
            .collect();
        let _ = writeln!(out, "{title}: {}", counts.join(", "));
    }
}

/// Words in indented lines of a readable length.
fn wrapped<'a>(out: &mut String, words: impl Iterator<Item = &'a str>) {
    let mut line = String::new();
    for word in words {
        if line.len() + word.len() > 110 {
            let _ = writeln!(out, "   {line}");
            line.clear();
        }
        line.push(' ');
        line.push_str(word);
    }
    if !line.is_empty() {
        let _ = writeln!(out, "   {line}");
    }
}

/// A text of the document without what would break the line or drive a terminal.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(200)
        .collect()
}
