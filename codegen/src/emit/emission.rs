//! An API in pieces that are emitted each on its own, on any thread and in any order: tokens are no data that threads
//! share, and those of a whole API are more than need to be in memory at once.

use super::common::Common;
use super::resource::Share;
use super::scope::Context;
use super::{
    Module, Options, codec_of, head, replies, resource, type_index, types_of, validation, webhook,
    wide_types, xml,
};
use crate::ir::{Api, TypeId};
use crate::names::{Names, Resource};

/// An API to be emitted. It is data alone, so that threads share it.
#[derive(Debug)]
pub struct Emission<'a> {
    pub(super) api: &'a Api,
    pub(super) names: &'a Names,
    options: Options,
    xml: xml::Table,
    validation: validation::Table,
    common: Common,
    pieces: Vec<Piece<'a>>,
}

/// What is emitted at a time.
#[derive(Debug)]
enum Piece<'a> {
    /// The head of the API.
    Head,
    /// The modules of the groups of types, and the setters that stand apart.
    TypeIndex,
    /// Types, and the file that they are in.
    Types(String, &'a [TypeId]),
    /// The JSON of types, and the file that it is in.
    Codec(String, &'a [TypeId]),
    Webhooks,
    Xml,
    /// The limits on requests, or some of them.
    Validation(validation::Group),
    /// What declares those.
    ValidationIndex,
    /// What operations of several resources have in common.
    Replies,
    /// The operations of a resource, or some of them.
    Operations(usize, &'a Resource, Share),
}

impl<'a> Emission<'a> {
    /// Cuts an API into pieces.
    pub fn new(api: &'a Api, names: &'a Names, options: Options) -> Self {
        let mut emission = Self {
            api,
            names,
            options,
            xml: xml::Table::of(api, names),
            validation: validation::Table::default(),
            common: Common::of_api(api),
            pieces: Vec::new(),
        };
        emission.validation = validation::Table::of(emission.context());
        let mut pieces = vec![Piece::Head];
        let groups = &names.type_groups;
        if names.has_type_modules() {
            pieces.push(Piece::TypeIndex);
            for (name, types) in groups {
                let name = name.unraw();
                pieces.push(Piece::Types(format!("types/{name}.rs"), types));
                pieces.push(Piece::Codec(format!("codec/{name}.rs"), types));
            }
        } else {
            let types = groups.first().map_or(&[][..], |(_, types)| types);
            pieces.push(Piece::Types("types.rs".to_owned(), types));
            pieces.push(Piece::Codec("codec.rs".to_owned(), types));
        }
        pieces.extend([
            Piece::Webhooks,
            Piece::Xml,
            Piece::ValidationIndex,
            Piece::Replies,
        ]);
        let rules = validation::Table::groups(names);
        pieces.extend(rules.into_iter().map(Piece::Validation));
        for (index, resource) in names.resources.iter().enumerate() {
            let shares = resource::shares(emission.context(), resource);
            pieces.extend(
                shares
                    .into_iter()
                    .map(|share| Piece::Operations(index, resource, share)),
            );
        }
        emission.pieces = pieces;
        emission
    }

    /// How many pieces there are.
    pub fn pieces(&self) -> usize {
        self.pieces.len()
    }

    /// The modules of a piece; none for one that is not there.
    pub fn piece(&self, index: usize) -> Vec<Module> {
        let context = self.context();
        match self.pieces.get(index) {
            None => Vec::new(),
            Some(Piece::Head) => vec![head(context)],
            Some(Piece::TypeIndex) => {
                let (setters, modules): (Vec<_>, Vec<_>) = wide_types(context).into_iter().unzip();
                let mut all = type_index(context, &setters);
                all.extend(modules);
                all
            }
            Some(Piece::Types(path, types)) => vec![types_of(context, path, types)],
            Some(Piece::Codec(path, types)) => vec![codec_of(context, path, types)],
            Some(Piece::Webhooks) => webhook::module(context).into_iter().collect(),
            Some(Piece::Xml) => xml::module(self.api, self.names).into_iter().collect(),
            Some(Piece::Validation(group)) => {
                self.validation.module(context, group).into_iter().collect()
            }
            Some(Piece::ValidationIndex) => {
                let groups = self.pieces.iter().filter_map(|piece| match piece {
                    Piece::Validation(group) => Some(group),
                    _ => None,
                });
                let groups: Vec<_> = groups.collect();
                self.validation
                    .index(context, &groups)
                    .into_iter()
                    .collect()
            }
            Some(Piece::Replies) => replies::modules(context),
            Some(Piece::Operations(index, resource, share)) => {
                vec![resource::module(context, (*index, resource), share)]
            }
        }
    }

    /// Whether it needs the feature `xml` of the runtime.
    pub fn needs_xml(&self) -> bool {
        !self.xml.is_empty()
    }

    fn context(&self) -> Context<'_> {
        Context {
            api: self.api,
            names: self.names,
            options: &self.options,
            xml: &self.xml,
            validation: &self.validation,
            common: &self.common,
        }
    }
}
