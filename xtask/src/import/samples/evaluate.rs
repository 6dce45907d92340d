//! What a sample's expressions stand for: texts with their placeholders, pairs, and JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::code::{Expr, Piece, Program};

impl Program {
    /// Follows names to what they were assigned.
    pub(super) fn value<'p>(&'p self, mut expr: &'p Expr) -> &'p Expr {
        // A name may be assigned to itself by way of others.
        for _ in 0..8 {
            match expr {
                Expr::Name(name) => match self.variables.get(name) {
                    Some(value) => expr = value,
                    None => return expr,
                },
                _ => return expr,
            }
        }
        expr
    }

    /// The text of an expression, with `{name}` for what is put in; none where it is no text.
    pub(super) fn text(&self, expr: &Expr) -> Option<String> {
        match self.value(expr) {
            Expr::Text(pieces) => Some(pieces.iter().map(|piece| self.piece(piece)).collect()),
            Expr::Number(number) => Some(number.clone()),
            Expr::Bool(flag) => Some(flag.to_string()),
            Expr::Name(name) => Some(placeholder(name)),
            Expr::Concat(parts) => parts
                .iter()
                .map(|part| match part {
                    Expr::Name(name) => Some(self.piece(&Piece::Name(name.clone()))),
                    other => self.text(other),
                })
                .collect(),
            // A call such as encodeURIComponent(id) puts in its argument.
            Expr::Call { args, .. } => match args.as_slice() {
                [Expr::Name(name)] => Some(placeholder(name)),
                _ => None,
            },
            _ => None,
        }
    }

    fn piece(&self, piece: &Piece) -> String {
        match piece {
            Piece::Text(text) => text.clone(),
            Piece::Name(name) => match self.variables.get(name).and_then(written) {
                // A server or a path that was given a name.
                Some(text) if text.contains("://") || text.starts_with('/') => text,
                _ => placeholder(name),
            },
        }
    }

    /// The texts that are written out in assignments.
    pub(super) fn texts(&self) -> BTreeMap<String, String> {
        let texts = self
            .variables
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), written(value)?)));
        texts.collect()
    }

    /// The entries of a dictionary as texts.
    pub(super) fn pairs(&self, expr: &Expr) -> Vec<(String, String)> {
        let Expr::Dict(entries) = self.value(expr) else {
            return Vec::new();
        };
        let text = |value: &Expr| self.text(value).unwrap_or_default();
        entries
            .iter()
            .map(|(name, value)| (name.clone(), text(value)))
            .collect()
    }

    pub(super) fn entry<'p>(&'p self, expr: &'p Expr, key: &str) -> Option<&'p Expr> {
        let Expr::Dict(entries) = self.value(expr) else {
            return None;
        };
        entries
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    /// The JSON that an expression writes out; none where it is not known.
    pub(super) fn json(&self, expr: &Expr) -> Option<Value> {
        Some(match self.value(expr) {
            Expr::Null => Value::Null,
            Expr::Bool(flag) => Value::Bool(*flag),
            Expr::Number(number) => serde_json::from_str(number).ok()?,
            Expr::List(items) => items
                .iter()
                .map(|item| self.json(item))
                .collect::<Option<_>>()?,
            Expr::Dict(entries) => {
                let entries = entries
                    .iter()
                    .map(|(name, value)| Some((name.clone(), self.json(value)?)));
                Value::Object(entries.collect::<Option<Map<_, _>>>()?)
            }
            other => Value::String(self.text(other)?),
        })
    }
}

fn written(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Text(pieces) => match pieces.as_slice() {
            [] => Some(String::new()),
            [Piece::Text(text)] => Some(text.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// `config.petId` is `{petId}`.
fn placeholder(name: &str) -> String {
    format!("{{{}}}", name.rsplit('.').next().unwrap_or(name))
}
