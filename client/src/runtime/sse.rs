//! The text of server-sent events (WHATWG HTML, section 9.2.6): bytes in, events out.
//! It must not know connections or what the data means.

use std::collections::VecDeque;

/// An event as it was sent.
pub(super) struct RawEvent {
    pub(super) event: Option<String>,
    pub(super) data: String,
    pub(super) id: Option<String>,
}

/// The parser's place in the stream.
#[derive(Default)]
pub(super) struct Parser {
    line: Vec<u8>,
    started: bool,
    after_return: bool,
    event: Option<String>,
    data: Option<String>,
    /// The id of the event at hand, or of the last one that had one.
    id: Option<String>,
    /// The id as of the last complete event, which a new connection starts from.
    pub(super) last_id: Option<String>,
    /// The wait before a new connection, in milliseconds, where the server set one.
    pub(super) retry: Option<u64>,
    pub(super) ready: VecDeque<RawEvent>,
}

impl Parser {
    /// Forgets what a connection left unfinished; the last id and the wait stay.
    #[inline]
    pub(super) fn restart(&mut self) {
        self.line.clear();
        self.started = false;
        self.after_return = false;
        self.event = None;
        self.data = None;
        self.id.clone_from(&self.last_id);
    }

    /// The bytes held of an event that is not complete.
    #[inline]
    pub(super) fn held(&self) -> usize {
        self.line.len() + self.data.as_ref().map_or(0, String::len)
    }

    /// Takes in a chunk, cut anywhere.
    #[inline]
    pub(super) fn feed(&mut self, mut chunk: &[u8]) {
        if std::mem::take(&mut self.after_return) && !chunk.is_empty() {
            chunk = chunk.strip_prefix(b"\n").unwrap_or(chunk);
        }
        while let Some(end) = chunk
            .iter()
            .position(|&byte| byte == b'\n' || byte == b'\r')
        {
            self.line.extend_from_slice(&chunk[..end]);
            self.end_of_line();
            let returned = chunk[end] == b'\r';
            chunk = &chunk[end + 1..];
            if returned {
                self.after_return = chunk.is_empty();
                chunk = chunk.strip_prefix(b"\n").unwrap_or(chunk);
            }
        }
        self.line.extend_from_slice(chunk);
    }

    #[inline]
    fn end_of_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let mut bytes = line.as_slice();
        if !std::mem::replace(&mut self.started, true) {
            bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        }
        let text = String::from_utf8_lossy(bytes);
        if text.is_empty() {
            self.dispatch();
            return;
        }
        let (field, value) = text.split_once(':').unwrap_or((&text, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            "event" => self.event = Some(value.to_owned()),
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry = value.parse().ok();
            }
            // Comments, which begin with a colon, and fields of the future.
            _ => {}
        }
    }

    /// An empty line: the event is complete. One without data is none.
    #[inline]
    fn dispatch(&mut self) {
        self.last_id.clone_from(&self.id);
        let event = self.event.take().filter(|event| !event.is_empty());
        if let Some(data) = self.data.take() {
            let id = self.last_id.clone().filter(|id| !id.is_empty());
            self.ready.push_back(RawEvent { event, data, id });
        }
    }
}
