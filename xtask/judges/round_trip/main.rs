//! Reads a line `document type JSON` and answers a line: `ok`, how many parts are unknown, the first of them as a JSON string
//! and the JSON that came back; `error reason`; or `panic reason`.
#![allow(warnings)]

mod documents;
mod round_trip;
mod runtime;

use std::io::{BufRead as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else { return };
        let answer = answer(&line);
        if writeln!(output, "{answer}").and_then(|()| output.flush()).is_err() {
            return;
        }
    }
}

fn answer(line: &str) -> String {
    let mut words = line.splitn(3, ' ');
    let mut number = || words.next().and_then(|word| word.parse::<usize>().ok()).unwrap_or(usize::MAX);
    let (document, index) = (number(), number());
    let text = words.next().unwrap_or_default();
    let Some(function) = documents::table(document).get(index) else {
        return format!("panic there is no type {index} in document {document}");
    };
    match catch_unwind(AssertUnwindSafe(|| function(text.as_bytes()))) {
        Ok(Ok(passed)) => {
            let shown = runtime::json::to_string(&passed.shown).unwrap_or_default();
            let text = String::from_utf8_lossy(&passed.text);
            format!("ok {} {shown} {text}", passed.unknowns)
        }
        Ok(Err(reason)) => format!("error {}", reason.replace('\n', " ")),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or(panic.downcast_ref::<&str>().copied());
            format!("panic {}", text.unwrap_or("of no text").replace('\n', " "))
        }
    }
}
