//! Which of the types that are equal have one name that is readable and stays, and where it comes from.
//!
//! Wholes are decided before their parts: what stands inside of a shared type is named below it.

mod content;
mod place;

use std::collections::{BTreeMap, HashMap, HashSet};

use super::types::Namer;
use super::words::{self, Word, key, pascal};
use crate::ir::{Api, Classes, Form, Origin, Shape, Sharing, TypeId};
use content::{by_values, constant, content};
use place::{
    Member, Place, Places, by_last_step, common_ending, common_last_words, common_prefix,
    common_steps, context, ending, is_vague, owners, parted,
};

/// Decides what is shared.
///
/// `reserved` are names that must stay free for what is no schema.
pub(super) fn shared(
    namer: &Namer<'_>,
    api: &Api,
    classes: &Classes,
    reserved: HashSet<String>,
) -> Vec<Sharing> {
    let mut sharer = Sharer::new(namer, api, classes);
    sharer.taken.extend(reserved);
    for class in sharer.order() {
        sharer.decide(&class);
    }
    sharer.follow();
    sharer.shared
}
/// How many words before the last step may tell it from others.
const FURTHER: usize = 6;
struct Sharer<'a> {
    namer: &'a Namer<'a>,
    api: &'a Api,
    places: Places<'a>,
    classes: &'a Classes,
    /// By type: the types that refer to it.
    holders: Vec<Vec<TypeId>>,
    /// By type: whether an operation, a webhook or the application refers to it.
    roots: Vec<bool>,
    /// By type: how deep the inline schemas go in it.
    heights: Vec<usize>,
    /// By the last steps to a place: the classes that stand there, with the owners.
    uses: HashMap<String, BTreeMap<usize, HashMap<String, usize>>>,
    /// By component: what it is called.
    components: HashMap<String, TypeId>,
    /// Names that are given.
    taken: HashSet<String>,
    /// By name: the classes of the inline schemas that are called so where nothing is shared.
    plain: HashMap<String, HashSet<usize>>,
    replaced: HashSet<TypeId>,
    kept: HashSet<TypeId>,
    shared: Vec<Sharing>,
}

impl<'a> Sharer<'a> {
    fn new(namer: &'a Namer<'a>, api: &'a Api, classes: &'a Classes) -> Self {
        let mut holders = vec![Vec::new(); api.types.len()];
        let mut components = HashMap::new();
        for (id, ty) in api.types.iter() {
            for part in ty.shape.references() {
                holders[part.id.index()].push(id);
            }
            if let Origin::Component(name) = &ty.origin {
                components.entry(key(&namer.component(name))).or_insert(id);
            }
        }
        let mut roots = vec![false; api.types.len()];
        for operation in &api.operations {
            for root in super::reach::roots(operation) {
                roots[root.index()] = true;
            }
        }
        for webhook in &api.webhooks {
            roots[webhook.payload.id.index()] = true;
        }
        let mut sharer = Self {
            namer,
            api,
            places: Places::new(namer, api),
            classes,
            holders,
            roots,
            heights: heights(api),
            uses: HashMap::new(),
            taken: components
                .values()
                .filter_map(|id| match &api.types[*id].origin {
                    Origin::Component(name) => Some(pascal(&namer.component(name))),
                    _ => None,
                })
                .collect(),
            components,
            plain: HashMap::new(),
            replaced: HashSet::new(),
            kept: HashSet::new(),
            shared: Vec::new(),
        };
        sharer.count_uses();
        sharer
    }

    fn count_uses(&mut self) {
        let api = self.api;
        for id in api.types.ids() {
            if !self.is_candidate(id) {
                continue;
            }
            let Some(place) = self.places.of(id) else {
                continue;
            };
            let class = self.classes.of[id.index()];
            if let Some(name) = self.namer.inline_name(id) {
                self.plain.entry(name).or_default().insert(class);
            }
            let owner = words::snake(&place.owner);
            let all = place.words();
            let shortest = place.last().len();
            let mut endings: Vec<String> = (shortest..=all.len().min(shortest + FURTHER))
                .map(|length| ending(&all[all.len() - length..]))
                .collect();
            let said = content(self.namer, api, id).into_iter();
            endings.extend(
                said.chain(by_values(&api.types[id].shape))
                    .map(|name| content_key(&name)),
            );
            for ending in endings {
                let classes = self.uses.entry(ending).or_default();
                *classes
                    .entry(class)
                    .or_default()
                    .entry(owner.clone())
                    .or_default() += 1;
            }
        }
    }

    /// Whether a type is an inline schema that is an item of its own, and not named by the user.
    fn is_candidate(&self, id: TypeId) -> bool {
        let ty = &self.api.types[id];
        ty.form == Form::Shared
            && !matches!(ty.origin, Origin::Component(_))
            && matches!(
                ty.shape,
                Shape::Object(_) | Shape::Enumeration(_) | Shape::Union(_)
            )
            && self.namer.asked(ty).is_none()
    }

    /// The classes with more than one member, or with a component of the same content, wholes first.
    fn order(&self) -> Vec<Vec<TypeId>> {
        let mut members: BTreeMap<usize, Vec<TypeId>> = BTreeMap::new();
        for id in self.api.types.ids().filter(|id| self.is_candidate(*id)) {
            members
                .entry(self.classes.of[id.index()])
                .or_default()
                .push(id);
        }
        let spelled_out: HashSet<usize> =
            self.classes.spelled_out.iter().flatten().copied().collect();
        let mut order: Vec<Vec<TypeId>> = members
            .into_iter()
            .filter(|(class, ids)| ids.len() > 1 || spelled_out.contains(class))
            .map(|(_, ids)| ids)
            .collect();
        order.sort_by_key(|ids| (std::cmp::Reverse(self.heights[ids[0].index()]), ids[0]));
        order
    }
    /// Whether something that stays refers to a type.
    fn is_alive(&self, id: TypeId, seen: &mut HashSet<TypeId>) -> bool {
        if self.replaced.contains(&id) || !seen.insert(id) {
            return false;
        }
        self.roots[id.index()]
            || matches!(self.api.types[id].origin, Origin::Component(_))
            || self.holders[id.index()]
                .iter()
                .any(|holder| self.is_alive(*holder, seen))
    }

    /// Decides what becomes of a class.
    fn decide(&mut self, class: &[TypeId]) {
        let mut members: Vec<Member> = class
            .iter()
            .filter(|id| self.is_alive(**id, &mut HashSet::new()))
            .filter_map(|&id| {
                let place = self.places.of(id)?;
                Some(Member { id, place })
            })
            .collect();
        self.share_with_component(&mut members);
        if members.len() > 1
            && let Some(name) = content(self.namer, self.api, members[0].id)
            && self.stands_out(self.classes.of[class[0].index()], &content_key(&name), &[])
            && self.is_free(std::slice::from_ref(&name), &members)
        {
            self.share(&members, vec![name]);
            return;
        }
        for group in by_last_step(members.clone()) {
            if group.len() > 1 {
                self.name(&group);
            }
        }
        members.retain(|it| !self.replaced.contains(&it.id) && !self.kept.contains(&it.id));
        self.name_siblings(&members);
        members.retain(|it| !self.replaced.contains(&it.id) && !self.kept.contains(&it.id));
        if members.len() >= MANY
            && let Some(name) = by_values(&self.api.types[members[0].id].shape)
            && self.stands_out(self.classes.of[class[0].index()], &content_key(&name), &[])
            && self.is_free(std::slice::from_ref(&name), &members)
        {
            self.share(&members, vec![name]);
        }
    }

    /// Names what stands inside of shared types below them.
    fn follow(&mut self) {
        for (id, ty) in self.api.types.iter() {
            if self.kept.contains(&id) || self.replaced.contains(&id) {
                continue;
            }
            let Some(context) = context(ty).and_then(|it| self.places.moved(it)) else {
                continue;
            };
            let origin = match &ty.origin {
                Origin::Titled { title, .. } => Origin::Titled {
                    title: title.clone(),
                    context,
                },
                _ => Origin::Shared(context),
            };
            self.shared.push(Sharing {
                kept: id,
                others: Vec::new(),
                origin: Some(origin),
            });
        }
    }

    /// Lets the component stand for equal inline schemas that are called as it is.
    fn share_with_component(&mut self, members: &mut Vec<Member>) {
        let mut found: BTreeMap<TypeId, Vec<TypeId>> = BTreeMap::new();
        members.retain(|member| {
            let last = &member.place.steps[member.place.steps.len() - 1];
            let component = self
                .components
                .get(&key(last))
                .copied()
                .filter(|component| {
                    self.classes.spelled_out[component.index()]
                        == Some(self.classes.of[member.id.index()])
                });
            if let Some(component) = component.filter(|_| !member.place.is_root) {
                found.entry(component).or_default().push(member.id);
            }
            component.is_none() || member.place.is_root
        });
        for (kept, others) in found {
            self.replaced.extend(&others);
            self.shared.push(Sharing {
                kept,
                others,
                origin: None,
            });
        }
    }

    /// Names a group of equal types with one last step: whole, by what they stand in, or by what they belong to.
    fn name(&mut self, group: &[Member]) {
        if self.name_all(group) {
            return;
        }
        let mut left = Vec::new();
        for part in parted(group, |place| ending(place.parent())) {
            if part.len() == group.len() || owners(&part) < 2 || !self.name_all(&part) {
                left.extend(part);
            }
        }
        for part in parted(&left, |place| words::snake(&place.owner)) {
            let names = self.names_of_owner(&part);
            if self.share_as(&part, names) {
                continue;
            }
            for part in parted(&part, |place| ending(place.parent())) {
                let names = self.names_of_owner(&part);
                self.share_as(&part, names);
            }
        }
    }

    /// Names what stands side by side under different names: by the words that these end with, or as values where they are
    /// at least half of what is there.
    fn name_siblings(&mut self, members: &[Member]) {
        let parents = |place: &Place| {
            let before = &place.steps[..place.steps.len() - 1];
            [words::snake(&place.owner), ending(&before.concat())].join("/")
        };
        for part in parted(members, parents) {
            let Place {
                owner,
                steps,
                titled,
                ..
            } = &part[0].place;
            if part.len() < 2 || *titled {
                continue;
            }
            let last: Vec<&[Word]> = part.iter().map(|it| it.place.last()).collect();
            let common = common_last_words(&last);
            let word = if is_vague(&common) {
                let of_parent = self.holders[part[0].id.index()]
                    .first()
                    .map(|id| &self.api.types[*id].shape);
                match of_parent {
                    Some(Shape::Object(object))
                        if part.len() > 2 && part.len() * 2 >= object.fields.len() =>
                    {
                        "value".to_owned()
                    }
                    _ => continue,
                }
            } else {
                words::snake(&common)
            };
            let before = &steps[..steps.len() - 1];
            let mut name = vec![words::snake(owner)];
            name.extend(before.last().map(|step| words::snake(step)));
            name.push(word.clone());
            if self.have_one_holder(&part) {
                self.share_below(&part, &word);
            } else {
                self.share_as(&part, vec![name]);
            }
        }
    }

    fn have_one_holder(&self, group: &[Member]) -> bool {
        let first = &self.holders[group[0].id.index()];
        group.iter().all(|it| self.holders[it.id.index()] == *first)
    }

    /// Shares a type below what its uses stand in, whatever that is called.
    fn share_below(&mut self, group: &[Member], word: &str) {
        let Some(old) = context(&self.api.types[group[0].id]) else {
            return;
        };
        let moved = self.places.moved(old);
        let is_phrase = moved.is_some();
        let mut context = moved.unwrap_or_else(|| old.to_vec());
        context.pop();
        context.push(word.to_owned());
        let name = self.namer.place_name(&context, is_phrase);
        if self.taken.contains(&name) || self.plain.contains_key(&name) {
            return;
        }
        self.taken.insert(name);
        let origin = if is_phrase {
            Origin::Shared(context.clone())
        } else {
            Origin::Inline(context.clone())
        };
        self.replace(group, context, origin);
    }

    /// Names a group without its owners, or after what these have in common.
    fn name_all(&mut self, group: &[Member]) -> bool {
        let names = if owners(group) > 1 || group[0].place.titled {
            self.names_for_all(group)
        } else {
            self.names_of_owner(group)
        };
        self.share_as(group, names)
    }

    /// Shares a type under the first name that can be had.
    fn share_as(&mut self, group: &[Member], names: Vec<Vec<String>>) -> bool {
        if group.len() < 2 {
            return false;
        }
        let free = names.into_iter().find(|name| self.is_free(name, group));
        let found = free.is_some();
        if let Some(name) = free {
            self.share(group, name);
        }
        found
    }

    /// Whether a name is not given, and nothing else is called so.
    fn is_free(&self, context: &[String], group: &[Member]) -> bool {
        let name = name_of(context);
        let class = self.classes.of[group[0].id.index()];
        let is_own = |classes: &HashSet<usize>| classes.iter().all(|other| *other == class);
        !self.taken.contains(&name) && self.plain.get(&name).is_none_or(is_own)
    }

    fn share(&mut self, group: &[Member], context: Vec<String>) {
        let group = self.of_different_unions(group);
        if group.len() < 2 {
            return;
        }
        self.taken.insert(name_of(&context));
        let group: Vec<Member> = group.into_iter().cloned().collect();
        self.replace(&group, context.clone(), Origin::Shared(context));
    }

    /// Lets the first of a group stand for all, at a new place.
    fn replace(&mut self, group: &[Member], context: Vec<String>, origin: Origin) {
        // The arena is in the document's order.
        let kept = group[0].id;
        let others: Vec<TypeId> = group[1..].iter().map(|member| member.id).collect();
        self.replaced.extend(&others);
        self.kept.insert(kept);
        if matches!(origin, Origin::Shared(_)) {
            self.places.move_to(kept, context);
        }
        self.shared.push(Sharing {
            kept,
            others,
            origin: Some(origin),
        });
    }

    /// The members without those that stand in one union with another: two variants of one type could not be made of it
    /// with `into`.
    fn of_different_unions<'m>(&self, group: &'m [Member]) -> Vec<&'m Member> {
        let mut seen = HashSet::new();
        let mut is_first = |member: &Member| {
            let holders = self.holders[member.id.index()].iter();
            let unions: Vec<TypeId> = holders
                .filter(|holder| matches!(self.api.types[**holder].shape, Shape::Union(_)))
                .copied()
                .collect();
            let is_alone = unions.iter().all(|union| !seen.contains(union));
            if is_alone {
                seen.extend(unions);
            }
            is_alone
        };
        group.iter().filter(|member| is_first(member)).collect()
    }

    /// Names that say nothing of an owner, or only what all owners have in common.
    fn names_for_all(&self, group: &[Member]) -> Vec<Vec<String>> {
        let place = &group[0].place;
        let class = self.classes.of[group[0].id.index()];
        let last = place.last();
        let mut names = Vec::new();
        let is_name = !is_vague(last) || constant(&self.api.types[group[0].id].shape).is_some();
        if self.stands_out(class, &ending(last), &[]) && (is_name || place.titled) {
            names.push(vec![words::snake(last)]);
            if self.is_sent_only(group) {
                names.push(vec![words::snake(last) + " input"]);
            }
        }
        let prefix = common_prefix(group);
        if !is_vague(&prefix) && self.stands_out(class, &ending(last), &prefix) {
            names.push(vec![words::snake(&prefix), words::snake(last)]);
        }
        let all = place.words();
        let common = common_ending(group).min(last.len() + FURTHER);
        if common > last.len() {
            let ending_words = &all[all.len() - common..];
            if self.stands_out(class, &ending(ending_words), &[]) && !is_vague(ending_words) {
                names.push(vec![words::snake(ending_words)]);
            }
        }
        names
    }

    /// Names after the one owner of all.
    fn names_of_owner(&self, group: &[Member]) -> Vec<Vec<String>> {
        let Place { owner, steps, .. } = &group[0].place;
        let class = self.classes.of[group[0].id.index()];
        let last = &steps[steps.len() - common_steps(group).min(2)..];
        if !self.stands_out(class, &ending(&last.concat()), owner) {
            return Vec::new();
        }
        let mut context = vec![words::snake(owner)];
        context.extend(last.iter().map(|step| words::snake(step)));
        let mut names = vec![context.clone()];
        if self.is_sent_only(group) && !group[0].place.is_root {
            context.push("input".to_owned());
            names.push(vec![context.join(" ")]);
        }
        names
    }

    fn is_sent_only(&self, group: &[Member]) -> bool {
        group.iter().all(|it| !self.api.types[it.id].usage.response)
    }

    /// Whether more than half of what stands at such a place, of owners that begin with some words, is of one class.
    fn stands_out(&self, class: usize, ending: &str, owner: &[Word]) -> bool {
        let Some(uses) = self.uses.get(ending) else {
            return false;
        };
        let scope = words::snake(owner);
        let within = |other: &str| {
            owner.is_empty()
                || other
                    .strip_prefix(&scope)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        };
        let count = |owners: &HashMap<String, usize>| -> usize {
            let owners: Vec<_> = owners.iter().filter(|(owner, _)| within(owner)).collect();
            // Copies for the operations of one resource count once, unless it is about that resource.
            if owner.is_empty() {
                owners.len()
            } else {
                owners.iter().map(|(_, count)| **count).sum()
            }
        };
        let all: usize = uses.values().map(count).sum();
        let own = uses.get(&class).map_or(0, count);
        own * 2 > all
    }
}

fn content_key(name: &str) -> String {
    format!("= {name}")
}

fn name_of(context: &[String]) -> String {
    let elements: Vec<Vec<Word>> = context.iter().map(|step| words::split(step)).collect();
    pascal(&super::types::joined(&elements))
}
/// Fewer uses of an enumeration are told more of by their places than by what it lists.
const MANY: usize = 4;

/// By type: how many inline schemas stand in each other below it.
fn heights(api: &Api) -> Vec<usize> {
    fn height(api: &Api, id: TypeId, known: &mut [Option<usize>]) -> usize {
        if let Some(known) = known[id.index()] {
            return known;
        }
        // In a cycle there is no order: any will do.
        known[id.index()] = Some(0);
        let parts = api.types[id].shape.references();
        let inline = parts
            .iter()
            .filter(|part| !matches!(api.types[part.id].origin, Origin::Component(_)));
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
