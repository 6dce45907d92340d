//! A curl command to the request it sends.

use std::collections::BTreeMap;

use super::super::report::Position;
use super::shell::{Word, commands};
use super::{Body, Request, Unreadable};

/// Options with an argument that change nothing of what is sent as far as a document says it.
const IGNORED_WITH_ARGUMENT: [&str; 22] = [
    "--user-agent",
    "-A",
    "--referer",
    "-e",
    "--output",
    "-o",
    "--max-time",
    "-m",
    "--connect-timeout",
    "--retry",
    "--retry-delay",
    "--proxy",
    "-x",
    "--write-out",
    "-w",
    "--cacert",
    "--cert",
    "-E",
    "--key",
    "--cookie-jar",
    "-c",
    "--max-redirs",
];
const IGNORED_FLAGS: [&str; 29] = [
    "--location",
    "-L",
    "--silent",
    "-s",
    "--show-error",
    "-S",
    "--include",
    "-i",
    "--verbose",
    "-v",
    "--insecure",
    "-k",
    "--compressed",
    "--fail",
    "-f",
    "--fail-with-body",
    "--no-buffer",
    "-N",
    "--globoff",
    "-g",
    "--http1.1",
    "--http2",
    "--remote-name",
    "-O",
    "--progress-bar",
    "-#",
    "--ipv4",
    "-4",
    "--fail-early",
];

/// The requests of a script's curl commands.
pub(super) fn requests(text: &str) -> Result<Vec<Request>, Unreadable> {
    let commands = commands(text).map_err(|at| Unreadable {
        message: "a quote is never closed".to_owned(),
        at,
    })?;
    let mut variables = BTreeMap::new();
    let mut requests = Vec::new();
    for words in commands {
        let words: &[Word] = match words.split_first() {
            Some((prompt, rest)) if matches!(prompt.text.as_str(), "$" | "%" | ">") => rest,
            Some((export, rest)) if export.text == "export" => rest,
            _ => &words,
        };
        let Some((first, rest)) = words.split_first() else {
            continue;
        };
        if first.text == "curl" {
            requests.push(Command::default().read(first.at, rest, &variables)?);
        } else if let Some((name, value)) = first.text.split_once('=')
            && !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        {
            variables.insert(name.to_owned(), value.to_owned());
        }
    }
    if requests.is_empty() {
        return Err(Unreadable {
            message: "it calls no curl".to_owned(),
            at: Position::START,
        });
    }
    Ok(requests)
}

/// What the options say of the body's encoding.
#[derive(Default, PartialEq)]
enum Encoding {
    #[default]
    OfHeaderOrData,
    Json,
    Multipart,
}

#[derive(Default)]
struct Command {
    url: Option<String>,
    method: Option<String>,
    headers: Vec<(String, String)>,
    data: Vec<String>,
    encoding: Encoding,
    data_in_query: bool,
    basic: bool,
    query: Vec<(String, String)>,
}

impl Command {
    fn read(
        mut self,
        at: Position,
        words: &[Word],
        variables: &BTreeMap<String, String>,
    ) -> Result<Request, Unreadable> {
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if word.text.len() < 2 || !word.text.starts_with('-') {
                self.address(word)?;
                continue;
            }
            for (option, glued) in options(&word.text) {
                if !self.option(&option, glued.as_deref(), &mut words)? {
                    return Err(Unreadable {
                        message: format!("curl's option {option} is not known to import"),
                        at: word.at,
                    });
                }
            }
        }
        self.request(at, variables)
    }

    fn address(&mut self, word: &Word) -> Result<(), Unreadable> {
        if self.url.is_some() {
            return Err(Unreadable {
                message: format!("curl gets a second URL: {}", word.text),
                at: word.at,
            });
        }
        self.url = Some(word.text.clone());
        Ok(())
    }

    /// Reads one option; false where it is unknown.
    fn option<'w>(
        &mut self,
        option: &str,
        glued: Option<&str>,
        words: &mut impl Iterator<Item = &'w Word>,
    ) -> Result<bool, Unreadable> {
        match option {
            "-G" | "--get" => self.data_in_query = true,
            "-I" | "--head" => self.method = Some("HEAD".to_owned()),
            flag if IGNORED_FLAGS.contains(&flag) => {}
            _ => {
                let Some(argument) = glued.or_else(|| words.next().map(|word| word.text.as_str()))
                else {
                    return Ok(false);
                };
                return self.with_argument(option, argument);
            }
        }
        Ok(true)
    }

    fn with_argument(&mut self, option: &str, argument: &str) -> Result<bool, Unreadable> {
        match option {
            "-X" | "--request" => self.method = Some(argument.to_owned()),
            "--url" => self.address(&Word {
                text: argument.to_owned(),
                at: Position::START,
            })?,
            "-H" | "--header" => {
                if let Some((name, value)) = argument.split_once(':') {
                    self.headers
                        .push((name.trim().to_owned(), value.trim().to_owned()));
                }
            }
            "-u" | "--user" => self.basic = true,
            "--oauth2-bearer" => self
                .headers
                .push(("Authorization".to_owned(), format!("Bearer {argument}"))),
            "-b" | "--cookie" => self
                .headers
                .push(("Cookie".to_owned(), argument.to_owned())),
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-ascii"
            | "--data-urlencode" => {
                self.data.push(argument.to_owned());
            }
            "--url-query" => self.query.push(pair(argument)),
            "--json" => {
                self.encoding = Encoding::Json;
                self.data.push(argument.to_owned());
            }
            "-F" | "--form" | "--form-string" => self.encoding = Encoding::Multipart,
            "-T" | "--upload-file" => {
                self.method.get_or_insert_with(|| "PUT".to_owned());
                self.headers.push((
                    "Content-Type".to_owned(),
                    "application/octet-stream".to_owned(),
                ));
                self.data.push("@".to_owned());
            }
            ignored => return Ok(IGNORED_WITH_ARGUMENT.contains(&ignored)),
        }
        Ok(true)
    }

    fn request(
        mut self,
        at: Position,
        variables: &BTreeMap<String, String>,
    ) -> Result<Request, Unreadable> {
        let Some(url) = self.url.take() else {
            return Err(Unreadable {
                message: "curl gets no URL".to_owned(),
                at,
            });
        };
        if self.data_in_query {
            self.query
                .extend(self.data.drain(..).map(|pair_text| pair(&pair_text)));
        }
        let body = self.body();
        let default = if body.is_some() { "POST" } else { "GET" };
        Ok(Request {
            at,
            method: self.method.unwrap_or_else(|| default.to_owned()),
            url: expand(&url, variables),
            headers: self
                .headers
                .into_iter()
                .map(|(name, value)| (name, expand(&value, variables)))
                .collect(),
            query: self.query,
            body,
            basic: self.basic,
            variables: variables.clone(),
        })
    }

    fn body(&self) -> Option<Body> {
        if self.encoding == Encoding::Multipart {
            return Some(Body::Multipart);
        }
        let data = self.data.first()?;
        let media = self
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
            .map(|(_, value)| {
                value
                    .split(';')
                    .next()
                    .unwrap_or(value)
                    .trim()
                    .to_ascii_lowercase()
            });
        let value = serde_json::from_str(data).ok();
        Some(match media.as_deref() {
            _ if self.encoding == Encoding::Json => Body::Json(value),
            Some("application/json") => Body::Json(value),
            Some("application/x-www-form-urlencoded") => Body::Form,
            Some("multipart/form-data") => Body::Multipart,
            Some(other) => Body::Other(other.to_owned()),
            // What is JSON is meant as JSON, whatever curl would call it.
            None if value
                .as_ref()
                .is_some_and(|value: &serde_json::Value| value.is_object() || value.is_array()) =>
            {
                Body::Json(value)
            }
            None => Body::Form,
        })
    }
}

/// The options of one word: a long one, or several short ones of which the last may be glued to its argument.
fn options(word: &str) -> Vec<(String, Option<String>)> {
    if word.starts_with("--") {
        return vec![(word.to_owned(), None)];
    }
    let mut found = Vec::new();
    let mut rest = word[1..].chars();
    while let Some(letter) = rest.next() {
        let option = format!("-{letter}");
        let is_flag = IGNORED_FLAGS.contains(&option.as_str()) || matches!(letter, 'G' | 'I');
        if is_flag {
            found.push((option, None));
            continue;
        }
        let glued = rest.as_str();
        found.push((option, (!glued.is_empty()).then(|| glued.to_owned())));
        break;
    }
    found
}

fn pair(text: &str) -> (String, String) {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    (name.to_owned(), value.to_owned())
}

/// Puts in the variables that hold a URL; others stay placeholders.
fn expand(text: &str, variables: &BTreeMap<String, String>) -> String {
    let mut out = text.to_owned();
    for (name, value) in variables
        .iter()
        .filter(|(_, value)| value.starts_with("http"))
    {
        out = out.replace(&format!("${{{name}}}"), value);
        if let Some(rest) = out.strip_prefix(&format!("${name}"))
            && !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        {
            out = format!("{value}{rest}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn one(text: &str) -> Request {
        let mut found = requests(text).unwrap();
        assert_eq!(found.len(), 1);
        found.remove(0)
    }

    #[test]
    fn reads_options_in_every_spelling() {
        let request = one(
            "BASE=https://x.dev\n$ curl -sSXPUT $BASE/a -H'A: b' -u me:secret --json '{\"a\": [1]}' | jq",
        );
        assert_eq!(
            (request.method.as_str(), request.url.as_str(), request.basic),
            ("PUT", "https://x.dev/a", true)
        );
        assert_eq!(request.headers, [("A".to_owned(), "b".to_owned())]);
        assert_eq!(request.body, Some(Body::Json(Some(json!({"a": [1]})))));
        let request = one("curl --get --url https://x.dev/a --data-urlencode 'q=x y' -d n=1");
        assert_eq!((request.method.as_str(), request.body), ("GET", None));
        assert_eq!(request.query.len(), 2);
        assert_eq!(
            one("curl https://x.dev -F a=@b").body,
            Some(Body::Multipart)
        );
        assert_eq!(one("curl https://x.dev -d a=b").method, "POST");
        assert_eq!(
            one("curl https://x.dev/?a=1&b=2").url,
            "https://x.dev/?a=1&b=2"
        );
    }

    #[test]
    fn says_what_it_cannot_read() {
        for (text, part) in [
            ("echo", "no curl"),
            ("curl -L", "no URL"),
            ("curl a b", "second URL"),
            ("curl --frobnicate x", "--frobnicate"),
            ("curl 'a", "never closed"),
        ] {
            let message = requests(text).unwrap_err().message;
            assert!(message.contains(part), "{message}");
        }
    }
}
