//! The documented errors of an operation as an enum.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::doc::Prose;
use super::operation::Endpoint;
use crate::ir::{Case, Payload, StatusPattern};
use crate::names::{Ident, ReplyItem, SharedReply};

/// The documented errors, a case per status.
pub(super) struct Errors<'a> {
    endpoint: &'a Endpoint<'a>,
    cases: Vec<(&'a Case, &'a Ident)>,
}

impl<'a> Errors<'a> {
    pub(super) fn of(endpoint: &'a Endpoint<'a>) -> Self {
        let variants = &endpoint.names.errors.1;
        let cases = endpoint.operation.documented_errors();
        let cases = cases
            .filter_map(|(position, case)| Some((case, variants.get(position)?)))
            .collect();
        Self { endpoint, cases }
    }

    /// The enum and how it is read, or the name for one that others have, too; nothing where the document lists no error.
    pub(super) fn items(&self) -> Vec<TokenStream> {
        // A stream has those of the operation that it is of.
        if self.cases.is_empty() || self.endpoint.operation.is_stream {
            return Vec::new();
        }
        let name = &self.endpoint.names.errors.0;
        let link = self.endpoint.link();
        let doc = Prose::own(&format!("The documented errors of [`{link}`]."));
        if let Some(shared) = self.endpoint.shared(ReplyItem::Errors) {
            return vec![quote! { #doc pub type #name = #shared; }];
        }
        let docs = self.cases.iter().map(|(case, _)| case_doc(case));
        vec![
            self.definition(name, &doc, docs.collect()),
            self.decoding(name),
        ]
    }

    /// The enum that several operations have, and how it is read.
    pub(super) fn shared_items(&self, shared: &SharedReply) -> Vec<TokenStream> {
        let doc = Prose::own(
            "Documented errors that operations have in common: each has a name of its own for them.",
        );
        let cases = self.cases.iter().zip(&shared.agreed);
        let docs = cases.map(|((case, _), agreed)| {
            status_doc(case.status, if *agreed { &case.description } else { "" })
        });
        let name = &shared.name;
        vec![
            self.definition(name, &doc, docs.collect()),
            self.decoding(name),
        ]
    }

    /// The variants with what they hold, but the one for statuses that the document does not list.
    pub(super) fn variants(&self) -> impl Iterator<Item = (&Ident, Option<TokenStream>)> {
        let cases = self.cases.iter();
        cases.map(|(case, ident)| (*ident, self.held(&case.payload)))
    }

    /// The name of the enum, where there is one.
    pub(super) fn name(&self) -> Option<&'a Ident> {
        (!self.cases.is_empty()).then_some(&self.endpoint.names.errors.0)
    }

    /// Adds the section `# Errors`.
    pub(super) fn document(&self, doc: &mut Prose) {
        if self.cases.is_empty() {
            return;
        }
        let mut name = format!("`{}`", self.endpoint.names.errors.0);
        // That of another operation may stand in another module.
        if !self.endpoint.operation.is_stream {
            name = format!("[{name}]");
        }
        doc.heading("Errors");
        doc.paragraph(&format!(
            "Of [`Error::Api`](crate::runtime::Error::Api), which `typed` reads as {name}:"
        ));
        doc.list(
            self.cases
                .iter()
                .map(|(case, _)| (status(case.status), case.description.clone())),
        );
    }

    fn definition(&self, name: &Ident, doc: &Prose, docs: Vec<Prose>) -> TokenStream {
        let variants = self.cases.iter().zip(docs).map(|((case, ident), doc)| {
            if let Some(ty) = self.held(&case.payload) {
                quote! { #doc #ident(#ty), }
            } else {
                quote! { #doc #ident, }
            }
        });
        let other = (!self.has_default()).then(|| {
            quote! {
                /// A status that the document does not list.
                Undocumented,
            }
        });
        quote! {
            #doc
            #[derive(Clone, Debug, PartialEq)]
            #[non_exhaustive]
            pub enum #name { #(#variants)* #other }
        }
    }

    fn decoding(&self, name: &Ident) -> TokenStream {
        let arms = self.cases.iter().map(|(case, ident)| {
            let pattern = pattern(case.status);
            let value = self.read(case).map(|value| quote!((#value)));
            quote!(#pattern => Self::#ident #value,)
        });
        let other = (!self.has_default()).then(|| quote!(_ => Self::Undocumented,));
        let reads = self
            .cases
            .iter()
            .any(|(case, _)| self.held(&case.payload).is_some());
        let body = if reads { quote!(body) } else { quote!(_) };
        let (status, decided, value) = match self.cases.as_slice() {
            [(case, ident)] if case.status == StatusPattern::Default => {
                let value = self.read(case).map(|value| quote!((#value)));
                (quote!(_), None, quote!(Self::#ident #value))
            }
            _ => {
                let decided = quote!(let error = match status { #(#arms)* #other };);
                (quote!(status), Some(decided), quote!(error))
            }
        };
        quote! {
            impl runtime::ErrorBody for #name {
                #[inline]
                fn decode(#status: u16, #body: &[u8]) -> Result<Self, runtime::Fault> {
                    #decided
                    Ok(#value)
                }
            }
        }
    }

    fn has_default(&self) -> bool {
        self.cases
            .iter()
            .any(|(case, _)| case.status == StatusPattern::Default)
    }

    fn held(&self, payload: &Payload) -> Option<TokenStream> {
        match payload {
            Payload::Empty => None,
            Payload::Json(ty) | Payload::Xml(ty) => Some(self.endpoint.scope.used(*ty)),
            Payload::Bytes => Some(quote!(Vec<u8>)),
            // An error is read whole: what would be a stream of a success is its text.
            Payload::Text | Payload::Events(_) | Payload::Lines(_) => Some(quote!(String)),
        }
    }

    fn read(&self, case: &Case) -> Option<TokenStream> {
        let xml = &self.endpoint.scope.context.xml;
        let also = case.also.iter().find_map(|(_, payload)| match payload {
            Payload::Xml(ty) => {
                let root = xml.root(*ty);
                Some(quote!(runtime::xml::from_json_or_xml(body, #root)?))
            }
            Payload::Text => Some(quote!(runtime::decode::error_string(body))),
            _ => None,
        });
        match &case.payload {
            Payload::Empty => None,
            Payload::Json(_) if also.is_some() => also,
            Payload::Json(_) => Some(quote!(runtime::from_slice(body)?)),
            Payload::Xml(ty) => {
                let root = self.endpoint.scope.context.xml.root(*ty);
                Some(quote!(runtime::xml::from_slice(body, #root)?))
            }
            Payload::Bytes => Some(quote!(body.to_vec())),
            Payload::Text | Payload::Events(_) | Payload::Lines(_) => {
                Some(quote!(String::from_utf8_lossy(body).into_owned()))
            }
        }
    }
}

/// The doc comment of a variant for a case: its status, then what the document says.
pub(super) fn case_doc(case: &Case) -> Prose {
    status_doc(case.status, &case.description)
}

fn status_doc(pattern: StatusPattern, said: &str) -> Prose {
    let said = format!("{}: {}", status(pattern), super::doc::phrase(said));
    let said = said.trim_end_matches([' ', ':']);
    let stop = if said.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    Prose::own(&format!("{said}{stop}"))
}

/// A status as it is read: `404`, `4xx`, `other`.
pub(super) fn status(status: StatusPattern) -> String {
    match status {
        StatusPattern::Exact(status) => format!("`{status}`"),
        StatusPattern::Range(digit) => format!("`{digit}xx`"),
        StatusPattern::Default => "Any other status".to_owned(),
    }
}

/// A status as a pattern.
pub(super) fn pattern(status: StatusPattern) -> TokenStream {
    match status {
        StatusPattern::Exact(status) => {
            let status = Literal::u16_unsuffixed(status);
            quote!(#status)
        }
        StatusPattern::Range(digit) => {
            let first = Literal::u16_unsuffixed(u16::from(digit) * 100);
            let last = Literal::u16_unsuffixed(u16::from(digit) * 100 + 99);
            quote!(#first..=#last)
        }
        StatusPattern::Default => quote!(_),
    }
}
