//! What came of a call, as one line of JSON.

use std::error::Error as _;

use clients::runtime::{
    Decode, Download, Encode, Error, EventStream, HeaderMap, LineStream, StatusCode, to_string,
};
use serde_json::{Map, Value, json};

use crate::caller::Trouble;

/// Bytes of a download that are shown; of longer ones the length alone.
const SHOWN: usize = 64 << 10;

/// What came of a call.
#[derive(Default)]
pub struct Answer {
    members: Map<String, Value>,
    /// JSON text, kept as the client writes it.
    value: Option<String>,
}

impl Answer {
    pub fn success(status: StatusCode, headers: &HeaderMap, attempts: u32) -> Self {
        let mut answer = Self::default();
        answer.set("status", status.as_u16());
        answer.set("attempts", attempts);
        answer.set("headers", self::headers(headers));
        answer
    }

    pub fn trouble(message: &str) -> Self {
        let mut answer = Self::default();
        answer.set("trouble", message);
        answer
    }

    pub fn failure(error: &Error, typed: Option<String>) -> Self {
        let mut answer = Self::default();
        let kind = match error {
            Error::Build(_) => "build",
            Error::Auth(_) => "auth",
            Error::Api(_) => "api",
            Error::Decode(_) => "decode",
            _ if error.is_timeout() => "timeout",
            _ => "transport",
        };
        answer.set("error", kind);
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            message = format!("{message}: {cause}");
            source = cause.source();
        }
        answer.set("message", message);
        answer.set("attempts", error.attempts());
        if let Some(status) = error.status() {
            answer.set("status", status.as_u16());
        }
        if let Error::Api(api) = error {
            answer.set("headers", headers(api.headers()));
            answer.set("body", api.text().into_owned());
        }
        if let Error::Decode(decode) = error {
            answer.set("path", decode.path());
            answer.set("body", String::from_utf8_lossy(decode.raw_body()).into_owned());
        }
        if let Some(typed) = typed {
            answer.set("typed", typed);
        }
        answer
    }

    /// The variant of an enum of successes.
    pub fn case(&mut self, name: &str) {
        self.set("case", name);
    }

    pub fn value(&mut self, value: &dyn Encode) -> Result<(), Trouble> {
        let text = to_string(value).map_err(|fault| Trouble::of("the value has no JSON", fault))?;
        self.value = Some(text);
        Ok(())
    }

    pub async fn download(&mut self, mut download: Download) {
        let mut bytes = Vec::new();
        let mut length = 0;
        loop {
            match download.chunk().await {
                Ok(Some(chunk)) => {
                    length += chunk.len();
                    if bytes.len() < SHOWN {
                        bytes.extend_from_slice(&chunk);
                    }
                }
                Ok(None) => break,
                Err(error) => {
                    self.set("error", "transport");
                    self.set("message", error.to_string());
                    break;
                }
            }
        }
        use base64::Engine as _;
        self.set("length", length);
        if length <= SHOWN {
            let text = base64::engine::general_purpose::STANDARD.encode(&bytes);
            self.set("base64", text);
            if let Ok(text) = String::from_utf8(bytes) {
                self.set("text", text);
            }
        }
    }

    pub async fn events<T>(&mut self, mut events: EventStream<T>, limit: usize) -> Result<(), Trouble>
    where
        T: Decode + Encode,
    {
        let mut items = Vec::new();
        while items.len() < limit {
            match events.try_next().await {
                Ok(Some(event)) => items.push(event.data),
                Ok(None) => break,
                Err(error) => {
                    self.set("error", "stream");
                    self.set("message", error.to_string());
                    break;
                }
            }
        }
        self.value(&items)
    }

    pub async fn lines<T>(&mut self, mut lines: LineStream<T>, limit: usize) -> Result<(), Trouble>
    where
        T: Decode + Encode,
    {
        let mut items = Vec::new();
        while items.len() < limit {
            match lines.try_next().await {
                Ok(Some(item)) => items.push(item),
                Ok(None) => break,
                Err(error) => {
                    self.set("error", "stream");
                    self.set("message", error.to_string());
                    break;
                }
            }
        }
        self.value(&items)
    }

    /// The line.
    pub fn line(self) -> String {
        let mut text = Value::Object(self.members).to_string();
        if let Some(value) = self.value {
            text.pop();
            let comma = if text.len() > 1 { "," } else { "" };
            text = format!("{text}{comma}\"value\":{value}}}");
        }
        text.replace('\n', " ")
    }

    fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.members.insert(key.to_owned(), value.into());
    }
}

fn headers(headers: &HeaderMap) -> Value {
    let mut object = Map::new();
    for (name, value) in headers {
        let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
        match object.get_mut(name.as_str()) {
            Some(Value::String(all)) => *all = format!("{all}, {text}"),
            _ => {
                object.insert(name.as_str().to_owned(), json!(text));
            }
        }
    }
    Value::Object(object)
}
