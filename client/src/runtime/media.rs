//! The media type of a file, of those that a document allows.
//! It must not know bodies or forms.

use std::borrow::Cow;

/// What is said of a file of which nothing else is known.
const UNKNOWN: &str = "application/octet-stream";

/// The media type of a file of this name, of those allowed, with commas between: the one that its extension names, else
/// the first that is no range, else that of any bytes.
#[inline]
pub(super) fn of_file(allowed: &'static str, name: Option<&str>) -> Cow<'static, str> {
    let allowed = || allowed.split(',').map(str::trim);
    let is_range = |media: &str| media.contains('*');
    let mut few = allowed();
    if let (Some(only), None) = (few.next(), few.next())
        && !is_range(only)
    {
        return only.into();
    }
    let extension = name.and_then(|name| Some(name.rsplit_once('.')?.1.to_ascii_lowercase()));
    if let Some(extension) = extension {
        let subtype = subtype(&extension);
        let found = allowed().find(|media| {
            let essence = media.split(';').next().unwrap_or_default().trim_end();
            let own = essence.split_once('/').map_or("", |(_, own)| own);
            own.eq_ignore_ascii_case(subtype)
        });
        if let Some(found) = found {
            return found.into();
        }
        // A range of one kind, such as `image/*`, leaves the subtype to the extension.
        let ranges = allowed().filter_map(|media| media.strip_suffix("/*"));
        if let Some(kind) = ranges
            .filter(|kind| *kind != "*")
            .find(|kind| kind_of(subtype) == *kind)
        {
            return format!("{kind}/{subtype}").into();
        }
    }
    let first = allowed().find(|media| !media.is_empty() && !is_range(media));
    first.unwrap_or(UNKNOWN).into()
}

/// The subtype of an extension that is not called like it.
#[inline]
fn subtype(extension: &str) -> &str {
    match extension {
        "jpg" | "jpe" | "jfif" => "jpeg",
        "tif" => "tiff",
        "svg" => "svg+xml",
        "txt" | "text" | "log" => "plain",
        "htm" => "html",
        "md" => "markdown",
        "js" | "mjs" => "javascript",
        "mp3" => "mpeg",
        "mov" => "quicktime",
        "gz" => "gzip",
        "yml" => "yaml",
        "doc" => "msword",
        "docx" => "vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" => "vnd.ms-excel",
        "xlsx" => "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ndjson" | "jsonl" => "x-ndjson",
        other => other,
    }
}

/// The kind of a subtype, where there is one alone.
#[inline]
fn kind_of(subtype: &str) -> &'static str {
    match subtype {
        "png" | "jpeg" | "gif" | "webp" | "bmp" | "tiff" | "svg+xml" | "avif" | "heic" => "image",
        "wav" | "flac" | "aac" | "opus" | "mpeg" | "m4a" => "audio",
        "mp4" | "webm" | "quicktime" | "mkv" => "video",
        "plain" | "html" | "css" | "csv" | "markdown" | "xml" => "text",
        "pdf" | "zip" | "json" | "gzip" => "application",
        _ => "",
    }
}
