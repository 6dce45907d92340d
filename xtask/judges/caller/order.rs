//! What to call with what: read from one line of JSON.

use std::collections::BTreeMap;
use std::time::Duration;

use clients::runtime::{Body, Decode, File, Form, from_str};
use serde_json::value::RawValue;

use crate::answer::Answer;
use crate::caller::Trouble;

/// An order for one call.
///
/// Arguments are JSON under `path.NAME`, `query.NAME`, `header.NAME`, `cookie.NAME`, `body`, and for a multipart
/// body under `body.PROPERTY`; of an argument that is missing, the setter is not called. Bytes and files are
/// `{"text": …}`, `{"base64": …}`, `{"path": …}` or `{"zeros": length}`, with `"name"` and `"type"` for files.
#[derive(Default)]
pub struct Order {
    pub client: String,
    pub operation: String,
    pub base_url: String,
    pub credentials: BTreeMap<String, String>,
    pub headers: BTreeMap<String, String>,
    pub retries: Option<u32>,
    pub timeout: Option<Duration>,
    pub idempotency_key: Option<String>,
    /// Whether the client's HTTP client keeps cookies.
    pub cookies: bool,
    /// Whether all pages are fetched.
    pub pages: bool,
    /// How many items of a stream are read.
    pub items: usize,
    /// The media type of the body, where there are several.
    pub media: String,
    arguments: BTreeMap<String, Box<RawValue>>,
}

impl Order {
    pub fn read(line: &str) -> Result<Self, Trouble> {
        let mut order = Self::default();
        let all: BTreeMap<String, Box<RawValue>> =
            serde_json::from_str(line).map_err(|error| Trouble::of("order", error))?;
        for (key, value) in all {
            let raw = value.get();
            let fault = |error| Trouble::of(&format!("order, `{key}`"), error);
            match key.as_str() {
                "client" => order.client = serde_json::from_str(raw).map_err(fault)?,
                "operation" => order.operation = serde_json::from_str(raw).map_err(fault)?,
                "base_url" => order.base_url = serde_json::from_str(raw).map_err(fault)?,
                "credentials" => order.credentials = serde_json::from_str(raw).map_err(fault)?,
                "headers" => order.headers = serde_json::from_str(raw).map_err(fault)?,
                "retries" => order.retries = serde_json::from_str(raw).map_err(fault)?,
                "timeout" => {
                    let seconds = serde_json::from_str(raw).map_err(fault)?;
                    order.timeout = Some(Duration::from_secs(seconds));
                }
                "idempotency_key" => {
                    order.idempotency_key = serde_json::from_str(raw).map_err(fault)?;
                }
                "cookies" => order.cookies = serde_json::from_str(raw).map_err(fault)?,
                "pages" => order.pages = serde_json::from_str(raw).map_err(fault)?,
                "items" => order.items = serde_json::from_str(raw).map_err(fault)?,
                "media" => order.media = serde_json::from_str(raw).map_err(fault)?,
                "arguments" => order.arguments = serde_json::from_str(raw).map_err(fault)?,
                _ => return Err(Trouble(format!("order: `{key}` is not known"))),
            }
        }
        Ok(order)
    }

    /// What a client depends on.
    pub fn client_key(&self) -> String {
        format!("{}\n{}\n{:?}\n{}", self.client, self.base_url, self.credentials, self.cookies)
    }

    pub fn credential(&self, method: &str) -> Option<&str> {
        let any = || self.credentials.get("*");
        self.credentials.get(method).or_else(any).map(String::as_str)
    }

    pub fn has(&self, key: &str) -> bool {
        self.arguments.contains_key(key)
    }

    pub fn has_body(&self) -> bool {
        self.arguments
            .keys()
            .any(|key| key == "body" || key.starts_with("body."))
    }

    /// An argument that the operation cannot do without.
    pub fn argument<T: Decode>(&self, key: &str) -> Result<T, Trouble> {
        let raw = self
            .arguments
            .get(key)
            .ok_or_else(|| Trouble(format!("the order has no argument `{key}`")))?;
        from_str(raw.get()).map_err(|fault| Trouble::of(&format!("argument `{key}`"), fault))
    }

    pub fn optional<T: Decode>(&self, key: &str) -> Result<Option<T>, Trouble> {
        self.has(key).then(|| self.argument(key)).transpose()
    }

    /// The headers of a part; none are given where none must be.
    pub fn headers<T: Decode>(&self, key: &str) -> Result<T, Trouble> {
        match self.optional(key)? {
            Some(headers) => Ok(headers),
            None => from_str("{}").map_err(|fault| Trouble::of(&format!("argument `{key}`"), fault)),
        }
    }

    pub fn bytes(&self, key: &str) -> Result<Body, Trouble> {
        let content = self.content(key)?;
        Ok(match content.bytes()? {
            Some(bytes) => bytes.into(),
            None => Body::path(content.path),
        })
    }

    pub fn needed_file(&self, key: &str) -> Result<File, Trouble> {
        self.content(key)?.file()
    }

    pub fn file(&self, key: &str) -> Result<Option<File>, Trouble> {
        self.has(key).then(|| self.needed_file(key)).transpose()
    }

    pub fn files(&self, key: &str) -> Result<Vec<File>, Trouble> {
        let Some(raw) = self.arguments.get(key) else {
            return Ok(Vec::new());
        };
        let all: Vec<Content> =
            serde_json::from_str(raw.get()).map_err(|error| Trouble::of(key, error))?;
        all.into_iter().map(Content::file).collect()
    }

    /// A form of the arguments that are its parts, for a body whose parts the document does not name.
    pub fn form(&self) -> Result<Form, Trouble> {
        let mut form = Form::new();
        for (key, raw) in &self.arguments {
            let Some(name) = key.strip_prefix("body.") else {
                continue;
            };
            let value: serde_json::Value =
                serde_json::from_str(raw.get()).map_err(|error| Trouble::of(key, error))?;
            form = match serde_json::from_value::<Content>(value.clone()) {
                Ok(content) => form.file(name, content.file()?),
                Err(_) if value.is_object() || value.is_array() => form.json(name, &value),
                Err(_) => form.text(name, &value),
            };
        }
        Ok(form)
    }

    fn content(&self, key: &str) -> Result<Content, Trouble> {
        let raw = self
            .arguments
            .get(key)
            .ok_or_else(|| Trouble(format!("the order has no argument `{key}`")))?;
        serde_json::from_str(raw.get()).map_err(|error| Trouble::of(key, error))
    }

    pub fn no_media(&self) -> Trouble {
        Trouble(format!("`{}` takes no body of `{}`", self.operation, self.media))
    }

    pub async fn unknown(&self) -> Result<Answer, Trouble> {
        Err(Trouble(format!("`{}` has no operation `{}`", self.client, self.operation)))
    }
}

/// Bytes as an order spells them.
#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Content {
    text: Option<String>,
    base64: Option<String>,
    zeros: Option<usize>,
    path: String,
    name: Option<String>,
    #[serde(rename = "type")]
    media: Option<String>,
}

impl Content {
    fn bytes(&self) -> Result<Option<Vec<u8>>, Trouble> {
        if let Some(text) = &self.text {
            return Ok(Some(text.clone().into_bytes()));
        }
        if let Some(length) = self.zeros {
            return Ok(Some(vec![0; length]));
        }
        self.base64
            .as_deref()
            .map(|text| {
                use base64::Engine as _;
                base64::engine::general_purpose::STANDARD
                    .decode(text)
                    .map_err(|error| Trouble::of("base64", error))
            })
            .transpose()
    }

    fn file(self) -> Result<File, Trouble> {
        let mut file = match self.bytes()? {
            Some(bytes) => File::bytes(bytes),
            None => File::path(&self.path),
        };
        if let Some(name) = self.name {
            file = file.name(name);
        }
        if let Some(media) = self.media {
            file = file.content_type(media);
        }
        Ok(file)
    }
}
