//! What is done with the properties of an object besides reading them, once for all types: writing, showing and comparing.
//!
//! A type shows the values of its properties in one function ([`Encode::view`]), so that the compiler has one short function of
//! each type where writing, `Debug` and `PartialEq` were three long ones.

use std::any::Any;
use std::fmt::{self, Debug, Formatter};

use super::encode::Encode;
use super::writer::Writer;

/// What the macro's lines say of a struct, each list in their order.
#[derive(Debug)]
pub struct Properties {
    /// The name of the type.
    pub name: &'static str,
    /// The names of the fields with commas between them, that of the map of other properties last.
    pub fields: &'static str,
    /// The names of the properties.
    pub keys: &'static [&'static str],
    /// Whether a property may be left out.
    pub optional: &'static [bool],
}

/// The value of a property.
pub trait Property: Encode + Debug + Any {
    /// Whether `other` has the same type and is equal.
    fn equals(&self, other: &dyn Property) -> bool;
}

impl<T: Encode + Debug + PartialEq + Any> Property for T {
    fn equals(&self, other: &dyn Property) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref().is_some_and(|other| self == other)
    }
}

/// What looks at the properties of an object.
pub trait View {
    /// Takes the values of the properties in their order, and the map of the others where the type keeps them.
    fn object(
        &mut self,
        of: &'static Properties,
        values: &[&dyn Property],
        rest: Option<&dyn Property>,
    );
}

/// `Debug` of an object, as it would be derived.
///
/// # Errors
///
/// What `f` says.
pub fn debug(object: &dyn Encode, f: &mut Formatter<'_>) -> fmt::Result {
    let mut view = Shown { f, result: Ok(()) };
    object.view(&mut view);
    view.result
}

struct Shown<'f, 'a> {
    f: &'f mut Formatter<'a>,
    result: fmt::Result,
}

impl View for Shown<'_, '_> {
    fn object(
        &mut self,
        of: &'static Properties,
        values: &[&dyn Property],
        rest: Option<&dyn Property>,
    ) {
        let mut shown = self.f.debug_struct(of.name);
        let mut names = of.fields.split(',');
        for value in values.iter().copied().chain(rest) {
            let name = names.next().unwrap_or_default().trim();
            shown.field(name.strip_prefix("r#").unwrap_or(name), &value);
        }
        self.result = shown.finish();
    }
}

/// Whether two objects of one type are equal: whether each of their properties is.
pub fn same(one: &dyn Encode, other: &dyn Encode) -> bool {
    let mut view = Compared {
        other,
        equal: false,
    };
    one.view(&mut view);
    view.equal
}

/// Sees the properties of one object, and shows itself those of the other.
struct Compared<'o> {
    other: &'o dyn Encode,
    equal: bool,
}

impl View for Compared<'_> {
    fn object(
        &mut self,
        _: &'static Properties,
        values: &[&dyn Property],
        rest: Option<&dyn Property>,
    ) {
        let mut view = Beside {
            values,
            rest,
            equal: false,
        };
        self.other.view(&mut view);
        self.equal = view.equal;
    }
}

/// Sees the properties of the other object beside those of the one.
struct Beside<'o> {
    values: &'o [&'o dyn Property],
    rest: Option<&'o dyn Property>,
    equal: bool,
}

impl View for Beside<'_> {
    fn object(
        &mut self,
        _: &'static Properties,
        values: &[&dyn Property],
        rest: Option<&dyn Property>,
    ) {
        let one = self.values.iter().copied().chain(self.rest);
        let mut pairs = one.zip(values.iter().copied().chain(rest));
        self.equal = pairs.all(|(one, other)| one.equals(other));
    }
}

impl View for Writer {
    fn object(
        &mut self,
        of: &'static Properties,
        values: &[&dyn Property],
        rest: Option<&dyn Property>,
    ) {
        match rest {
            Some(rest) => self.with_rest(of, values, rest),
            None => self.properties(of, values),
        }
    }
}

impl Writer {
    /// Writes the values of properties as an object, optional ones that are absent left out.
    fn properties(&mut self, of: &Properties, values: &[&dyn Property]) {
        let mut mark = b'{';
        for ((key, optional), value) in of.keys.iter().zip(of.optional).zip(values) {
            if *optional && value.is_absent() {
                continue;
            }
            self.key(mark, key);
            mark = b',';
            value.encode(self);
        }
        self.close_object(mark == b'{');
    }

    /// Writes `mark`, which is `{` before the first property and `,` before the others, and a key with its colon.
    #[inline]
    pub fn key(&mut self, mark: u8, key: &str) {
        let out = self.bytes_mut();
        out.reserve(key.len() + 4);
        out.extend_from_slice(&[mark, b'"']);
        self.piece(key);
        self.bytes_mut().extend_from_slice(b"\":");
    }

    /// Ends an object; one without properties has not begun yet.
    #[inline]
    pub fn close_object(&mut self, empty: bool) {
        if empty {
            self.punctuation(b'{');
        }
        self.punctuation(b'}');
    }

    /// Like [`Writer::properties`], followed by those of `rest`, which writes an object of its own.
    fn with_rest(&mut self, of: &Properties, values: &[&dyn Property], rest: &dyn Property) {
        self.properties(of, values);
        // Named and other properties become one object by dropping the braces between them.
        let named = self.len() - 1;
        let out = self.bytes_mut();
        if out.ends_with(b"{}") {
            out.truncate(named - 1);
            return rest.encode(self);
        }
        out.truncate(named);
        rest.encode(self);
        let out = self.bytes_mut();
        if out[named..] == *b"{}" {
            out.truncate(named);
            out.push(b'}');
        } else {
            out[named] = b',';
        }
    }
}

/// The rest of what `object!` makes, from the lists of its lines.
macro_rules! properties {
    ($name:ident [$($field:ident)*] [$($key:literal)*] [$($optional:literal)*]) => {
        impl $name {
            const PROPERTIES: &'static $crate::runtime::json::Properties = &$crate::runtime::json::Properties {
                name: stringify!($name),
                fields: stringify!($($field),*),
                keys: &[$($key),*],
                optional: &[$($optional),*],
            };
        }
        impl Clone for $name {
            #[inline]
            fn clone(&self) -> Self {
                Self { $($field: self.$field.clone()),* }
            }
        }
        impl std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::runtime::json::debug(self, f)
            }
        }
        impl PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::runtime::json::same(self, other)
            }
        }
        $crate::runtime::serde_bridge! { $name }
    };
}
pub(crate) use properties;
