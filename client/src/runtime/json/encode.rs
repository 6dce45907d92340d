//! Writing values: the trait that emitted types implement, and its implementations for the types of the standard library.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::fault::Fault;
use super::properties::View;
use super::writer::Writer;

/// A type that is written as JSON. It has one of `encode` and, if it is an object of named properties, `view`.
pub trait Encode {
    /// Writes the value.
    fn encode(&self, out: &mut Writer) {
        self.view(out);
    }

    /// Shows the properties of an object; what is none has nothing to show.
    fn view(&self, _: &mut dyn View) {}

    /// Whether an optional property with this value is left out of its object.
    fn is_absent(&self) -> bool {
        false
    }
}

/// The JSON text of a value; a [`Fault`] when a part of it has no JSON form (NaN, an infinity).
pub fn to_vec(value: &dyn Encode) -> Result<Vec<u8>, Fault> {
    let mut out = Writer::new();
    value.encode(&mut out);
    out.finish()
}

/// Like [`to_vec`], as a text.
pub fn to_string(value: &dyn Encode) -> Result<String, Fault> {
    String::from_utf8(to_vec(value)?).map_err(|_| Fault::new("the encoded value is not UTF-8"))
}

impl Writer {
    /// Writes an array of a known number of elements.
    pub fn elements(&mut self, values: &[&dyn Encode]) {
        let mut mark = b'[';
        for value in values {
            self.punctuation(mark);
            mark = b',';
            value.encode(self);
        }
        if mark == b'[' {
            self.punctuation(b'[');
        }
        self.punctuation(b']');
    }
}

macro_rules! by_copy {
    ($($method:ident: $($name:ty)+;)+) => { $($(
        impl Encode for $name {
            #[inline]
            fn encode(&self, out: &mut Writer) {
                out.$method(*self);
            }
        }
    )+)+ };
}
by_copy! {
    boolean: bool;
    integer: i8 i16 i32 i64 u8 u16 u32 u64;
    float: f64;
    float32: f32;
}

impl Encode for str {
    fn encode(&self, out: &mut Writer) {
        out.string(self);
    }
}

impl Encode for String {
    fn encode(&self, out: &mut Writer) {
        out.string(self);
    }
}

impl<T: Encode + ?Sized> Encode for &T {
    fn encode(&self, out: &mut Writer) {
        (**self).encode(out);
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

impl<T: Encode> Encode for Box<T> {
    fn encode(&self, out: &mut Writer) {
        (**self).encode(out);
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, out: &mut Writer) {
        match self {
            Some(value) => value.encode(out),
            None => out.null(),
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Encode> Encode for [T] {
    fn encode(&self, out: &mut Writer) {
        let mut mark = b'[';
        for value in self {
            out.punctuation(mark);
            mark = b',';
            value.encode(out);
        }
        if mark == b'[' {
            out.punctuation(b'[');
        }
        out.punctuation(b']');
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, out: &mut Writer) {
        self.as_slice().encode(out);
    }
}

macro_rules! by_display {
    ($($name:ty)+) => { $(
        impl Encode for $name {
            #[inline]
            fn encode(&self, out: &mut Writer) {
                out.display(self);
            }
        }
    )+ };
}
by_display! { Ipv4Addr Ipv6Addr }

impl Encode for () {
    fn encode(&self, out: &mut Writer) {
        out.null();
    }
}

#[cfg(feature = "tuples")]
macro_rules! tuples {
    ($($($name:ident $index:tt)+;)+) => { $(
        impl<$($name: Encode),+> Encode for ($($name,)+) {
            fn encode(&self, out: &mut Writer) {
                out.elements(&[$(&self.$index),+]);
            }
        }
    )+ };
}
#[cfg(feature = "tuples")]
tuples! {
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 E 4;
    A 0 B 1 C 2 D 3 E 4 F 5;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7;
}
