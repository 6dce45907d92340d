//! What only some builds have: the conditions of features, and the words about them. It must not know which item needs which.

use proc_macro2::TokenStream;
use quote::quote;

use super::Layout;
use super::doc::Prose;
use super::scope::Context;
use super::{Emission, client, xml};
use crate::ir::Api;
use crate::names::{Features, Names};

/// The condition that any of some features is on; none where there are none to ask for.
pub(super) fn any<'a>(features: impl IntoIterator<Item = &'a str>) -> Option<TokenStream> {
    let features: Vec<_> = features.into_iter().collect();
    match features.as_slice() {
        [] => None,
        [feature] => Some(quote!(#[cfg(feature = #feature)])),
        several => Some(quote!(#[cfg(any(#(feature = #several),*))])),
    }
}

impl<'a> Context<'a> {
    pub(super) fn features(self) -> Option<&'a Features> {
        self.names.features.as_ref()
    }

    /// The condition of a resource.
    pub(super) fn gate_of_resource(self, resource: usize) -> Option<TokenStream> {
        any(self.names.feature_of(resource))
    }

    /// The condition of a group of types.
    pub(super) fn gate_of_group(self, group: usize) -> Option<TokenStream> {
        let features = self.features()?.groups.get(group)?;
        any(features.iter().map(String::as_str))
    }

    /// The condition of the payloads of webhooks.
    pub(super) fn gate_of_webhooks(self) -> Option<TokenStream> {
        any(self.features()?.webhooks.as_deref())
    }

    /// Says in a doc comment that a resource needs its feature.
    pub(super) fn tell_feature(self, resource: usize, doc: &mut Prose) {
        let Some(feature) = self.names.feature_of(resource) else {
            return;
        };
        doc.paragraph(&match &self.options.layout {
            Layout::Crate { .. } => {
                format!("Needs the feature `{feature}`, which is on by default.")
            }
            Layout::Module { name, .. } => {
                format!("Needs the feature `{feature}`, or `{name}` for the whole API.")
            }
        });
    }

    /// Says on the front page how to choose among the features.
    pub(super) fn tell_features(self, doc: &mut Prose) {
        let Some(features) = self.features() else {
            return;
        };
        doc.heading("Features");
        let example = first_feature(self.api, self.names).unwrap_or_default();
        let asked = match &self.options.layout {
            Layout::Crate { .. } => format!(
                "All of them are on by default; `default-features = false` with `features = [\"{example}\"]` compiles what one \
                 needs."
            ),
            Layout::Module { name, .. } => format!(
                "`{name}` turns on all of them; `features = [\"{example}\"]` compiles what one needs."
            ),
        };
        doc.paragraph(&format!(
            "Each group of operations stands behind a feature, with the types that it needs. {asked}"
        ));
        let listed: Vec<_> = features
            .all()
            .map(|feature| format!("`{feature}`"))
            .collect();
        doc.paragraph(&format!("There are {}.", listed.join(", ")));
        if !features.shared.is_empty() {
            doc.paragraph(
                "Types that many of them need are behind features of their own, which start with `_` and come with those.",
            );
        }
        if let Some(feature) = &features.unused {
            doc.paragraph(&format!(
                "`{feature}` has the types of schemas that no operation uses."
            ));
        }
    }
}

/// The feature of the first call that a reader sees, or of any.
pub fn first_feature<'a>(api: &Api, names: &'a Names) -> Option<&'a str> {
    let operation = names.operations.get(client::first_operation(api)?)?;
    names.feature_of(operation.resource)
}

/// A feature of the emitted code, for the manifest of its crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// Its name.
    pub name: String,
    /// The other features that it turns on: those of types that many share, and `xml` of the runtime.
    pub needs: Vec<String>,
    /// Whether it is one of types that many share, which those turn on that need it.
    pub is_shared: bool,
}

impl Emission<'_> {
    /// The features that parts of the API are behind; none where it is compiled whole.
    pub fn features(&self) -> Vec<Feature> {
        let (api, names) = (self.api, self.names);
        let Some(features) = &names.features else {
            return Vec::new();
        };
        let holds_xml = |resource: usize| {
            names.resources.get(resource).is_some_and(|resource| {
                let operations = resource.operations.iter();
                let mut operations = operations.map(|index| &api.operations[*index]);
                operations.any(|operation| xml::is_used_by(api, operation))
            })
        };
        let chosen = features.all().enumerate().map(|(index, name)| {
            let shared = features.shared.iter();
            let shared = shared.filter(|types| types.users.iter().any(|user| user == name));
            let needs = shared.map(|types| types.feature.clone());
            Feature {
                name: name.to_owned(),
                needs: needs
                    .chain(holds_xml(index).then(|| "xml".to_owned()))
                    .collect(),
                is_shared: false,
            }
        });
        let shared = features.shared.iter().map(|types| Feature {
            name: types.feature.clone(),
            needs: Vec::new(),
            is_shared: true,
        });
        chosen.chain(shared).collect()
    }
}
