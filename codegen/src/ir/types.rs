//! The arena of types.

use std::ops::{Index, IndexMut};

use serde_json::{Number, Value};

use super::Constraints;
use crate::diagnostic::Pointer;

/// A type's place in the arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(u32);

impl TypeId {
    /// The place as an index into tables that run beside the arena.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The arena: types by [`TypeId`], in the order in which they were reserved.
#[derive(Debug, Clone, Default)]
pub struct Types(Vec<Type>);

impl Types {
    /// Adds a type and returns its place.
    ///
    /// # Panics
    ///
    /// When the arena would hold more than `u32::MAX` types.
    pub fn push(&mut self, ty: Type) -> TypeId {
        let id = TypeId(u32::try_from(self.0.len()).expect("fewer than 2^32 types"));
        self.0.push(ty);
        id
    }

    /// Every place with its type, in order.
    pub fn iter(&self) -> impl Iterator<Item = (TypeId, &Type)> {
        self.ids().zip(&self.0)
    }

    /// Every place, in order.
    pub fn ids(&self) -> impl Iterator<Item = TypeId> + use<> {
        (0..=u32::MAX).take(self.0.len()).map(TypeId)
    }

    /// How many types there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Follows [`Shape::Alias`] to the type meant; the nullability met on the way is kept.
    pub fn unalias(&self, reference: TypeRef) -> TypeRef {
        let mut seen = reference;
        // An alias cycle is broken by `analyze`, which makes one of its members a newtype.
        for _ in 0..self.0.len() {
            match &self[seen.id].shape {
                Shape::Alias(target) => {
                    seen = TypeRef {
                        id: target.id,
                        nullable: seen.nullable || target.nullable,
                        boxed: seen.boxed,
                    };
                }
                _ => break,
            }
        }
        seen
    }
}

/// Which types refer to a type.
#[derive(Debug, Clone)]
pub struct Holders {
    /// By type, where its holders start in the list of all; then its end.
    starts: Vec<usize>,
    all: Vec<TypeId>,
}

impl Holders {
    /// The types that refer to this one, in order: as often as they do.
    pub fn of(&self, id: TypeId) -> &[TypeId] {
        &self.all[self.starts[id.index()]..self.starts[id.index() + 1]]
    }
}

impl Types {
    /// Which types refer to which.
    pub fn holders(&self) -> Holders {
        let mut starts = vec![0; self.0.len() + 1];
        let parts = self.0.iter().flat_map(|ty| ty.shape.parts());
        parts.for_each(|part| starts[part.id.index() + 1] += 1);
        for index in 1..starts.len() {
            starts[index] += starts[index - 1];
        }
        let mut next = starts.clone();
        let mut all = vec![TypeId(0); starts[self.0.len()]];
        for (id, ty) in self.iter() {
            for part in ty.shape.parts() {
                let next = &mut next[part.id.index()];
                all[*next] = id;
                *next += 1;
            }
        }
        Holders { starts, all }
    }

    /// The values that a use allows of an enumeration with more, by what it is an alias of; none where it allows all.
    pub fn narrowed(&self, reference: TypeRef) -> Option<&[Value]> {
        let mut id = reference.id;
        // As long as `unalias` would follow.
        for _ in 0..self.0.len() {
            let ty = &self[id];
            let Shape::Alias(target) = &ty.shape else {
                break;
            };
            if let Some(allowed) = &ty.constraints.allowed {
                return Some(allowed);
            }
            id = target.id;
        }
        None
    }
}

impl Index<TypeId> for Types {
    type Output = Type;
    fn index(&self, id: TypeId) -> &Type {
        &self.0[id.index()]
    }
}

impl IndexMut<TypeId> for Types {
    fn index_mut(&mut self, id: TypeId) -> &mut Type {
        &mut self.0[id.index()]
    }
}

/// A use of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TypeRef {
    /// The type used.
    pub id: TypeId,
    /// Whether `null` is a legal value here: `Option<T>`.
    pub nullable: bool,
    /// Whether the use closes a cycle: `Box<T>`. Set by `analyze`.
    pub boxed: bool,
}

impl From<TypeId> for TypeRef {
    fn from(id: TypeId) -> Self {
        Self {
            id,
            nullable: false,
            boxed: false,
        }
    }
}

/// A type of the document.
#[derive(Debug, Clone)]
pub struct Type {
    /// What it is.
    pub shape: Shape,
    /// What the document says of it.
    pub doc: Doc,
    /// Where its name comes from.
    pub origin: Origin,
    /// Where it stands in the lowered document.
    pub pointer: Pointer,
    /// Where it is used. Set by `analyze`.
    pub usage: Usage,
    /// Which of its two forms this is, where request and response differ. Set by `analyze`.
    pub form: Form,
    /// The limits that the document sets on its values.
    pub constraints: Constraints,
    /// `xml.name` and its like, as the document has them.
    pub xml: Option<Value>,
}

/// Where a type's name comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// A component (or a file's stem, or a `$defs` entry) of this name.
    Component(String),
    /// An inline schema with this `title` in the place `context` (as for [`Origin::Inline`]).
    Titled {
        /// The schema's `title`.
        title: String,
        /// The words of the place where it stands.
        context: Vec<String>,
    },
    /// An inline schema, by the words of the place where it stands, outermost first:
    /// `["Session", "meta"]`, `["listSessions", "response"]`.
    Inline(Vec<String>),
    /// An inline schema that stands in several places, or inside of one that does, by the words that these have in
    /// common: `["payment intent", "shipping"]`. None is the id of an operation or the name of a component.
    Shared(Vec<String>),
}

/// In which directions a type travels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Part of a request: a body or a parameter.
    pub request: bool,
    /// Part of a response, of an error or of a webhook.
    pub response: bool,
    /// Part of a `multipart/form-data` body as its top level.
    pub multipart: bool,
}

/// Which form of a schema with `readOnly` or `writeOnly` properties a type is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// The only one.
    #[default]
    Shared,
    /// The one for responses; its sibling is the request form.
    Response,
    /// The one for requests, made from this response form.
    Request(TypeId),
    /// The one for multipart bodies, made from this type.
    Multipart(TypeId),
}

/// What a type is.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Anything: `serde_json::Value`.
    Any,
    /// `bool`.
    Bool,
    /// A whole number.
    Integer(IntegerKind),
    /// A whole number written as a JSON string (`type: string, format: int64`).
    QuotedInteger(IntegerKind),
    /// `f64`.
    Double,
    /// A number whose text is kept.
    Decimal,
    /// A number whose text is kept, written as a JSON string (`type: string, format: decimal`).
    QuotedDecimal,
    /// `String`.
    String,
    /// A string with a format that has a type of its own.
    Text(TextFormat),
    /// Bytes: a file in a multipart body, or a whole body.
    File,
    /// `Vec<T>`.
    Array(TypeRef),
    /// A tuple of fixed length (`prefixItems` without further items); that of nothing is `null`.
    Tuple(Vec<TypeRef>),
    /// A map from strings.
    Map(TypeRef),
    /// A struct.
    Object(Object),
    /// An enum of known values.
    Enumeration(Enumeration),
    /// An enum of types.
    Union(Union),
    /// A part of a multipart body with documented headers, which are an object.
    Part {
        /// What it holds.
        value: TypeRef,
        /// The headers.
        headers: TypeRef,
    },
    /// Another name of a type.
    Alias(TypeRef),
    /// A struct of one unnamed field: an alias that would otherwise be infinite.
    Newtype(TypeRef),
}

/// The Rust integer that holds a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the types")]
pub enum IntegerKind {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
}

/// String formats with a Rust type of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextFormat {
    /// `uuid`: `Uuid`.
    Uuid,
    /// `date-time`: `DateTime`.
    DateTime,
    /// `date`: `Date`.
    Date,
    /// `time`: `Time`.
    Time,
    /// `duration`: `IsoDuration`.
    Duration,
    /// `uri`: `Url`.
    Uri,
    /// `byte`: `Base64`.
    Byte,
    /// `ipv4`: `Ipv4Addr`.
    Ipv4,
    /// `ipv6`: `Ipv6`.
    Ipv6,
}

/// A struct.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object {
    /// The named properties, in the document's order.
    pub fields: Vec<Field>,
    /// What the other properties hold; they are kept in the field `additional`.
    pub additional: Option<TypeRef>,
    /// Whether the document says nothing of other properties: a server may add some.
    pub open: bool,
}

/// A named property.
#[derive(Debug, Clone, PartialEq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "the specification has as many"
)]
pub struct Field {
    /// The property's name on the wire.
    pub wire: String,
    /// Its type; `nullable` says that `null` is legal.
    pub ty: TypeRef,
    /// Whether the property must be there.
    pub required: bool,
    /// Whether absent and `null` are told apart: `Maybe<T>`. Set by `analyze`.
    pub maybe: bool,
    /// `readOnly`: not part of requests.
    pub read_only: bool,
    /// `writeOnly`: not part of responses.
    pub write_only: bool,
    /// What the document says of it.
    pub doc: Doc,
    /// The limits that the document sets on its values here (beside those of the type).
    pub constraints: Constraints,
}

/// An enum of known values.
#[derive(Debug, Clone, PartialEq)]
pub struct Enumeration {
    /// What kind of JSON value the members are.
    pub kind: EnumerationKind,
    /// The members, in the document's order, without duplicates.
    pub values: Vec<EnumerationValue>,
}

/// The JSON kind of an enumeration's members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnumerationKind {
    /// All are strings.
    String,
    /// All are whole numbers that fit `i64`.
    Integer,
    /// Anything else.
    Mixed,
}

/// A known value of an enumeration.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumerationValue {
    /// The value on the wire.
    pub value: Value,
    /// The name the document proposes (`x-enum-varnames` and its like).
    pub name: Option<String>,
    /// What the document says of it.
    pub doc: Option<String>,
}

/// An enum of types.
#[derive(Debug, Clone, PartialEq)]
pub struct Union {
    /// The property whose value names the variant.
    pub tag: Option<String>,
    /// The members, in the order in which they are tried.
    pub variants: Vec<Variant>,
    /// The variant for tag values that no variant names (`defaultMapping`), by index.
    pub default: Option<usize>,
    /// Whether a value may be several members at once (`anyOf`).
    pub any: bool,
}

/// A member of a union, with what tells it from the others.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// The member's type.
    pub ty: TypeRef,
    /// The word the variant is named after.
    pub hint: String,
    /// The values of the tag that mean this member.
    pub tags: Vec<String>,
    /// The JSON kinds that the member accepts.
    pub kinds: KindSet,
    /// Properties without which a value is not this member.
    pub required: Vec<String>,
    /// Properties that the member knows; `None` where it knows all (a map, anything).
    pub known: Option<Vec<String>>,
    /// Properties with the values that they may have, by which the member is told; a line for each value.
    pub constants: Vec<(String, Value)>,
    /// Properties with the bounds of their numbers, where those tell the member from another. Set by `analyze`.
    pub ranges: Vec<(String, Option<Number>, Option<Number>)>,
    /// What the document says of it.
    pub doc: Option<String>,
}

/// A set of JSON kinds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KindSet(u8);

impl KindSet {
    /// `null`.
    pub const NULL: Self = Self(1);
    /// `true` and `false`.
    pub const BOOL: Self = Self(2);
    /// Whole numbers.
    pub const INTEGER: Self = Self(4);
    /// Numbers, whole ones among them.
    pub const NUMBER: Self = Self(4 | 64);
    /// Strings.
    pub const STRING: Self = Self(8);
    /// Arrays.
    pub const ARRAY: Self = Self(16);
    /// Objects.
    pub const OBJECT: Self = Self(32);
    /// All kinds.
    pub const ANY: Self = Self(127);

    /// The kinds of either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the two share a kind.
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every kind of `other` is in this set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The names of the kinds, in a fixed order: `null bool integer number string array object`; an integer is not named beside
    /// numbers.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        [
            (Self::NULL, "null"),
            (Self::BOOL, "bool"),
            (Self::INTEGER, "integer"),
            (Self::NUMBER, "number"),
            (Self::STRING, "string"),
            (Self::ARRAY, "array"),
            (Self::OBJECT, "object"),
        ]
        .into_iter()
        .filter(move |(kind, _)| self.contains(*kind))
        .filter(move |(kind, _)| *kind != Self::INTEGER || !self.contains(Self::NUMBER))
        .map(|(_, name)| name)
    }
}

/// What a document says of a thing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Doc {
    /// `title` or `summary`: a phrase.
    pub title: Option<String>,
    /// `description`, `CommonMark`.
    pub description: Option<String>,
    /// `deprecated`.
    pub deprecated: bool,
    /// `default`.
    pub default: Option<Value>,
    /// The first example.
    pub example: Option<Value>,
    /// `externalDocs.url`.
    pub url: Option<String>,
}

/// The way from a type to a value inside it: field by field, each an index into the fields of the
/// (unaliased) object that the step before leads to. An empty path is the value itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldPath(pub Vec<(TypeId, usize)>);

impl Shape {
    /// Whether a value is one text, number or `true` or `false`, whatever it is.
    pub fn is_scalar(&self) -> bool {
        matches!(
            self,
            Self::Bool
                | Self::Integer(_)
                | Self::QuotedInteger(_)
                | Self::QuotedDecimal
                | Self::Double
                | Self::Decimal
                | Self::String
                | Self::Text(_)
        )
    }

    /// Whether `null` is a value without the nullability of a use.
    pub fn is_null_or_any(&self) -> bool {
        *self == Self::Any || *self == Self::Tuple(Vec::new())
    }

    /// Every use of another type in this one.
    pub fn references(&self) -> Vec<TypeRef> {
        self.parts().collect()
    }

    /// As [`Shape::references`], one after the other.
    pub fn parts(&self) -> impl Iterator<Item = TypeRef> {
        let (mut types, mut fields, mut variants): (&[TypeRef], &[Field], &[Variant]) =
            (&[], &[], &[]);
        let mut last = None;
        match self {
            Self::Array(ty) | Self::Map(ty) | Self::Alias(ty) | Self::Newtype(ty) => {
                types = std::slice::from_ref(ty);
            }
            Self::Tuple(items) => types = items,
            Self::Part { value, headers } => {
                types = std::slice::from_ref(value);
                last = Some(*headers);
            }
            Self::Object(object) => {
                fields = &object.fields;
                last = object.additional;
            }
            Self::Union(union) => variants = &union.variants,
            _ => {}
        }
        let types = types.iter().copied();
        types
            .chain(fields.iter().map(|field| field.ty))
            .chain(variants.iter().map(|variant| variant.ty))
            .chain(last)
    }

    /// As [`Shape::references`], to change them.
    pub fn references_mut(&mut self) -> Vec<&mut TypeRef> {
        self.parts_mut().collect()
    }

    /// As [`Shape::parts`], to change them.
    pub fn parts_mut(&mut self) -> impl Iterator<Item = &mut TypeRef> {
        let (mut types, mut fields, mut variants): (&mut [TypeRef], &mut [Field], &mut [Variant]) =
            (&mut [], &mut [], &mut []);
        let mut last = None;
        match self {
            Self::Array(ty) | Self::Map(ty) | Self::Alias(ty) | Self::Newtype(ty) => {
                types = std::slice::from_mut(ty);
            }
            Self::Tuple(items) => types = items,
            Self::Part { value, headers } => {
                types = std::slice::from_mut(value);
                last = Some(headers);
            }
            Self::Object(object) => {
                fields = &mut object.fields;
                last = object.additional.as_mut();
            }
            Self::Union(union) => variants = &mut union.variants,
            _ => {}
        }
        let fields = fields.iter_mut().map(|field| &mut field.ty);
        let variants = variants.iter_mut().map(|variant| &mut variant.ty);
        types.iter_mut().chain(fields).chain(variants).chain(last)
    }
}
