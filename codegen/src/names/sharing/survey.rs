//! What there is to know of a document before it is known which of its types are equal; it must not know what is shared.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _};

use super::super::reach;
use super::super::types::Namer;
use super::super::words::{key, pascal};
use super::content::{by_values, content};
use super::place::{Place, place};
use super::uses::Uses;
use crate::ir::{Api, Form, Holders, Origin, Shape, TypeId};

/// The types with what refers to them, and the inline schemas with where they stand.
pub(in crate::names) struct Survey<'a> {
    pub(super) namer: &'a Namer<'a>,
    pub(super) api: &'a Api,
    /// The inline schemas that are items of their own, and not named by the user.
    pub(super) candidates: Vec<TypeId>,
    /// By type: its place, where it is a candidate.
    pub(super) places: Vec<Option<Arc<Place<'a>>>>,
    pub(super) uses: Uses,
    /// What the inline schemas are called where nothing is shared.
    pub(super) plain: Vec<(String, TypeId)>,
    /// By type: the types that refer to it.
    pub(super) holders: Holders,
    /// By type: whether an operation, a webhook or the application refers to it.
    pub(super) roots: Vec<bool>,
    /// By type: how deep the inline schemas go in it.
    pub(super) heights: Vec<usize>,
    /// By component: what it is called.
    pub(super) components: HashMap<String, TypeId>,
    /// What components are called first.
    pub(super) names: Vec<String>,
}

impl<'a> Survey<'a> {
    pub(in crate::names) fn of(namer: &'a Namer<'a>, api: &'a Api) -> Self {
        let mut survey = Self {
            namer,
            api,
            candidates: Vec::new(),
            places: vec![None; api.types.len()],
            uses: Uses::default(),
            plain: Vec::new(),
            holders: api.types.holders(),
            roots: roots(api),
            heights: heights(api),
            components: HashMap::new(),
            names: Vec::new(),
        };
        for (id, ty) in api.types.iter() {
            if let Origin::Component(name) = &ty.origin {
                let words = namer.component(name);
                survey.components.entry(key(&words)).or_insert_with(|| {
                    survey.names.push(pascal(&words));
                    id
                });
            } else if survey.is_candidate(id) {
                survey.candidates.push(id);
                survey.look_at(id);
            }
        }
        survey
    }

    fn is_candidate(&self, id: TypeId) -> bool {
        let ty = &self.api.types[id];
        ty.form == Form::Shared
            && matches!(
                ty.shape,
                Shape::Object(_) | Shape::Enumeration(_) | Shape::Union(_)
            )
            && self.namer.asked(ty).is_none()
    }

    fn look_at(&mut self, id: TypeId) {
        let ty = &self.api.types[id];
        let Some(place) = place(self.namer, id, ty, None) else {
            return;
        };
        if let Some(name) = self.namer.inline_name(id) {
            self.plain.push((name, id));
        }
        let contents = content(self.namer, self.api, id).into_iter();
        let contents = contents.chain(by_values(&ty.shape));
        self.uses.add(id, &place, contents);
        self.places[id.index()] = Some(Arc::new(place));
    }
}

/// By type: whether an operation or a webhook refers to it.
fn roots(api: &Api) -> Vec<bool> {
    let mut roots = vec![false; api.types.len()];
    for operation in &api.operations {
        for root in reach::roots(operation) {
            roots[root.index()] = true;
        }
    }
    for webhook in &api.webhooks {
        roots[webhook.payload.id.index()] = true;
    }
    roots
}

/// By type: how many inline schemas stand in each other below it.
fn heights(api: &Api) -> Vec<usize> {
    fn height(api: &Api, id: TypeId, known: &mut [Option<usize>]) -> usize {
        if let Some(known) = known[id.index()] {
            return known;
        }
        // In a cycle there is no order: any will do.
        known[id.index()] = Some(0);
        let parts = api.types[id].shape.parts();
        let inline =
            parts.filter(|part| !matches!(api.types[part.id].origin, Origin::Component(_)));
        let below = inline
            .map(|part| height(api, part.id, known) + 1)
            .max()
            .unwrap_or(0);
        known[id.index()] = Some(below);
        below
    }
    let mut known = vec![None; api.types.len()];
    api.types
        .ids()
        .map(|id| height(api, id, &mut known))
        .collect()
}
