//! The one registry of diagnostic codes: every room names its own here; knows nothing of what raises them.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;

use super::Severity;

/// A stable code such as `CW0101`; never reused for another meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Code(&'static str);

/// What the registry knows of a code.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The code.
    pub code: Code,
    /// The severity of its diagnostics unless one says otherwise.
    pub severity: Severity,
    /// A few words, as a heading.
    pub title: &'static str,
    /// What it means for the output, for a person who looks it up.
    pub meaning: &'static str,
}

impl Code {
    /// `CW` and four digits.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// Its line in the registry.
    pub fn entry(self) -> &'static Entry {
        // A Code is only made by `codes!`, which puts it into TABLE; the fallback is never taken.
        Self::TABLE
            .iter()
            .find(|entry| entry.code == self)
            .unwrap_or(&Self::TABLE[0])
    }

    /// The severity of its diagnostics unless one says otherwise.
    pub fn severity(self) -> Severity {
        self.entry().severity
    }
}

impl Display for Code {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

macro_rules! codes {
    ($($name:ident = $code:literal, $severity:ident, $title:literal, $meaning:literal;)*) => {
        impl Code {
            $(#[doc = concat!($code, ": ", $title, ". ", $meaning)]
            pub const $name: Code = Code($code);)*

            /// Every code, in order.
            pub const TABLE: &'static [Entry] = &[$(Entry {
                code: Code::$name,
                severity: Severity::$severity,
                title: $title,
                meaning: $meaning,
            }),*];
        }
    };
}

// CW01xx source, CW02xx dialect.
codes! {
    ENCODING = "CW0101", Error, "Not a text in a known encoding",
        "The file is neither UTF-8 nor UTF-16 with a byte order mark; nothing is generated.";
    SYNTAX = "CW0102", Error, "Neither YAML nor JSON",
        "The text cannot be parsed; nothing is generated from the file.";
    EMPTY = "CW0103", Error, "Empty file",
        "The file holds no value.";
    SEVERAL_DOCUMENTS = "CW0104", Error, "Several YAML documents in one file",
        "A `---` starts a second document; which one is meant cannot be known.";
    NOT_AN_OBJECT = "CW0105", Error, "Top level is not an object",
        "An OpenAPI document is an object with `openapi` or `swagger` among its keys.";
    NOT_OPENAPI = "CW0106", Error, "Not an OpenAPI document",
        "The top level has neither `openapi` nor `swagger`.";
    TOO_LARGE = "CW0107", Error, "Too large",
        "A file, or all files together, exceed the size limit.";
    TOO_DEEP = "CW0108", Error, "Nested too deeply",
        "Values are nested beyond the depth limit.";
    TOO_MANY_VALUES = "CW0109", Error, "Too many values",
        "The document, with its aliases expanded, exceeds the limit on values.";
    DUPLICATE_KEY = "CW0110", Warning, "Duplicate key",
        "A key occurs twice in one object; the last one counts, the earlier value is ignored.";
    NOT_FINITE = "CW0111", Error, "Not a finite number",
        "`.inf` and `.nan` have no JSON value; the value is read as null.";
    MERGE_KEY = "CW0112", Error, "Merge key without a mapping",
        "`<<` takes a mapping or a list of mappings; this one is ignored.";
    BIG_NUMBER = "CW0113", Warning, "Number beyond 64 bits",
        "An integer that 64 bits cannot hold is kept as the nearest floating-point number.";
    YAML_TAG = "CW0114", Warning, "YAML tag ignored",
        "A tag such as `!include` is not evaluated; the value behind it is taken as it stands.";
    REMOTE_REFERENCE = "CW0120", Error, "Reference to a URL",
        "Nothing is fetched during generation; what uses the reference is left out.";
    OUTSIDE_REFERENCE = "CW0121", Error, "Reference leaves the document's folder",
        "References stay at or below the folder of the entry file; what uses the reference is left out.";
    MISSING_FILE = "CW0122", Error, "Referenced file cannot be read",
        "What uses the reference is left out.";
    MISSING_TARGET = "CW0123", Error, "Nothing at the end of a reference",
        "The referenced file has no such value; what uses the reference is left out.";
    TOO_MANY_FILES = "CW0124", Error, "Too many files",
        "The document references more files than the limit allows.";
    REFERENCE_CYCLE = "CW0125", Error, "Reference to itself",
        "A value that has to be copied into place contains itself.";
    MALFORMED_REFERENCE = "CW0126", Error, "Malformed reference",
        "`$ref` takes a URI reference whose fragment is a JSON Pointer or an anchor.";
    OVERLAY_MALFORMED = "CW0130", Error, "Malformed overlay",
        "The overlay, or an action of it, is not what Overlay 1.0 describes; the action is not applied.";
    OVERLAY_UNMATCHED = "CW0131", Error, "Overlay action matches nothing",
        "A correction that no longer applies has to be removed or adapted.";
    UNKNOWN_VERSION = "CW0201", Error, "Unknown version",
        "Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are understood.";
    REPAIRED = "CW0202", Warning, "Repaired",
        "A value is not of the kind the specification asks for, but its meaning is plain; it is read as that.";
    DROPPED = "CW0203", Error, "Left out",
        "A value is not of the kind the specification asks for and cannot be read; it is left out.";
    ASSUMED = "CW0204", Note, "Missing, assumed",
        "Something required is missing and has an obvious stand-in.";
    UNKNOWN_TYPE = "CW0205", Warning, "Unknown type",
        "`type` names none of the JSON types; the schema is read as if it had no type.";
    KEYWORD_IGNORED = "CW0206", Note, "Keyword without effect on types",
        "The keyword only restricts values in a way that no type can express; it is not checked.";
    SIBLING_IGNORED = "CW0207", Note, "Beside $ref",
        "In OpenAPI 3.0 and Swagger 2.0 keywords beside `$ref` have no meaning; annotations are honoured, this one is not.";
    SCHEMA_DIALECT = "CW0208", Warning, "Foreign schema dialect",
        "`jsonSchemaDialect` or `$schema` names a dialect other than the one of OpenAPI; its schemas are read as JSON Schema 2020-12.";
    DYNAMIC_REFERENCE = "CW0209", Warning, "Dynamic reference",
        "`$dynamicRef` or `$recursiveRef` has no single target in this document; any value is accepted there.";
    UNKNOWN_SECURITY = "CW0210", Error, "Unknown security scheme",
        "The kind of the security scheme is not known; operations cannot be called with it.";
    BODY_CONFLICT = "CW0211", Error, "Body and form parameters together",
        "A Swagger 2.0 operation has either one body or form parameters; the others are left out.";
    MALFORMED = "CW0301", Error, "Not what the specification asks for",
        "The object cannot be read; it is left out, with the operation where the operation cannot be called without it.";
    DANGLING = "CW0302", Error, "Reference to nothing",
        "What uses the reference is left out, or typed as any value.";
    REFERENCE_LOOP = "CW0303", Error, "References in a circle",
        "The references lead to each other and to no definition.";
    UNTYPED = "CW0310", Warning, "No Rust type",
        "`serde_json::Value` stands for the schema.";
    ALL_OF_CONFLICT = "CW0311", Warning, "Schemas of allOf contradict each other",
        "No value can satisfy all of them; one is taken.";
    ALL_OF_CYCLE = "CW0312", Warning, "allOf contains itself",
        "The inner occurrence is ignored.";
    REQUIRED_UNDECLARED = "CW0313", Note, "Required but not declared",
        "`required` names a property that the schema does not have; no field is made for it.";
    UNION_TOO_LARGE = "CW0314", Warning, "Too many combinations of unions",
        "Several unions in one schema multiply; the first alone is read.";
    UNION_AMBIGUOUS = "CW0315", Warning, "Members of a union cannot be told apart",
        "A value may satisfy several members; the one that knows most of its keys is taken.";
    BINARY_IN_JSON = "CW0316", Note, "Bytes inside JSON",
        "`format: binary` has no meaning in JSON; the value is a string.";
    PAGINATION = "CW0317", Warning, "Pagination that cannot be had",
        "`x-callwright-pagination` does not fit the operation; it has no pages.";
    DEFAULT_MAPPING = "CW0318", Warning, "Default that is none of the members",
        "`defaultMapping` names no member of the union; a value of another tag is kept as it is.";
    DUPLICATE_OPERATION_ID = "CW0320", Warning, "operationId used twice",
        "Method names are made distinct by other means.";
    RESERVED_HEADER = "CW0321", Note, "Header parameter that the specification reserves",
        "`Accept`, `Content-Type` and `Authorization` are set by other parts of the operation.";
    UNUSED_PATH_PARAMETER = "CW0322", Warning, "Path parameter without a place",
        "The path has no such name in braces; the parameter is left out.";
    UNDECLARED_PATH_PARAMETER = "CW0323", Warning, "Undeclared path parameter",
        "The path has a name in braces that no parameter declares; it is taken as a string.";
    NO_MEDIA_TYPE = "CW0324", Warning, "Body without a media type",
        "JSON of any shape is sent.";
    STATUS = "CW0325", Error, "Not a status",
        "The response is left out.";
    OTHER_MEDIA_TYPE = "CW0326", Note, "Further media type of a response",
        "It is that of an error, or described as JSON without being called so; what is asked for is the one before it.";
    UNDECLARED_SCHEME = "CW0327", Warning, "Undeclared security scheme",
        "The alternative of the operation that needs it is left out.";
    NO_OPERATIONS = "CW0328", Warning, "No operations",
        "The document describes types at most; the client can call nothing.";
    PART_ENCODING = "CW0340", Warning, "Encoding without effect",
        "An Encoding Object, or a part of one, does not apply to the body that it stands in; it is ignored.";
    UNTYPED_PARTS = "CW0341", Warning, "Parts without a type",
        "The schema of a multipart body is neither an object nor, for parts without names, an array; the caller fills the form.";
    PATTERN_UNUSABLE = "CW0350", Warning, "Pattern that cannot be checked",
        "`pattern` is not what ECMA-262 describes; `validate()` leaves it out.";
    LIMITS_CONTRADICT = "CW0351", Warning, "Limits that no value keeps",
        "`validate()` refuses every value; nothing else depends on the limits.";
    NAME = "CW0401", Warning, "Name that cannot be had",
        "A name that was asked for is taken or is no identifier; another is used.";
    EMISSION = "CW0501", Error, "Emitted code is not Rust",
        "A fault of the generator; no file is written.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_well_formed_and_in_order() {
        for entry in Code::TABLE {
            let digits = entry.code.as_str().strip_prefix("CW").unwrap();
            assert!(digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()));
            assert!(!entry.title.is_empty() && entry.meaning.ends_with('.'));
        }
        assert!(Code::TABLE.is_sorted_by(|a, b| a.code < b.code));
    }
}
