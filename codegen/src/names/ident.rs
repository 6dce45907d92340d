//! A name as plain data, so that threads share the tables of names; it becomes a token where it is emitted.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use proc_macro2::{Span, TokenStream};
use quote::{IdentFragment, ToTokens};

use super::reserved;

/// A name of the emitted crate, written raw where it is a keyword: `r#type`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ident {
    text: Arc<str>,
}

impl Ident {
    /// The identifier that a scope found free.
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: if reserved::is_keyword(text) {
                format!("r#{text}").into()
            } else {
                text.into()
            },
        }
    }

    /// The identifier of a test, which has no scope.
    #[cfg(test)]
    pub(crate) fn of(text: &str) -> Self {
        Self::new(text)
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Without the mark of a raw identifier.
    pub fn unraw(&self) -> &str {
        self.text.strip_prefix("r#").unwrap_or(&self.text)
    }
}

impl Display for Ident {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<T: AsRef<str> + ?Sized> PartialEq<T> for Ident {
    fn eq(&self, other: &T) -> bool {
        self.as_str() == other.as_ref()
    }
}

impl ToTokens for Ident {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let span = Span::call_site();
        let ident = match self.text.strip_prefix("r#") {
            Some(keyword) => proc_macro2::Ident::new_raw(keyword, span),
            None => proc_macro2::Ident::new(&self.text, span),
        };
        tokens.extend(std::iter::once(proc_macro2::TokenTree::Ident(ident)));
    }
}

impl IdentFragment for Ident {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.unraw())
    }
}
