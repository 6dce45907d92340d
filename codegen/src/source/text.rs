//! Bytes to text: byte order marks and encodings; knows nothing of the text's grammar.

/// A text that is in none of the known encodings, and as much of it as can be shown.
pub(super) struct Undecodable {
    /// The text with replacement characters.
    pub(super) lossy: String,
    /// 1-based.
    pub(super) line: usize,
    /// 1-based, in characters.
    pub(super) column: usize,
}

/// Decodes UTF-8, or UTF-16 of either order when it starts with a byte order mark, which is left out.
pub(super) fn decode(bytes: &[u8]) -> Result<String, Undecodable> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        rest => utf8(rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(rest)),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, Undecodable> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            Err(undecodable(
                &valid,
                String::from_utf8_lossy(bytes).into_owned(),
            ))
        }
    }
}

fn utf16(bytes: &[u8], order: fn([u8; 2]) -> u16) -> Result<String, Undecodable> {
    let units = bytes.chunks_exact(2).map(|pair| order([pair[0], pair[1]]));
    let mut text = String::with_capacity(bytes.len() / 2);
    for decoded in char::decode_utf16(units.clone()) {
        let Ok(character) = decoded else {
            let lossy = char::decode_utf16(units)
                .map(|decoded| decoded.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect();
            return Err(undecodable(&text, lossy));
        };
        text.push(character);
    }
    if bytes.len() % 2 == 1 {
        return Err(undecodable(&text.clone(), text));
    }
    Ok(text)
}

fn undecodable(valid: &str, lossy: String) -> Undecodable {
    let line = valid.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let last = valid.rsplit('\n').next().unwrap_or_default();
    Undecodable {
        lossy,
        line,
        column: last.chars().count() + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_choose_the_encoding() {
        let expected = "a: ü\n";
        let mut marked = vec![0xef, 0xbb, 0xbf];
        marked.extend_from_slice(expected.as_bytes());
        assert_eq!(decode(&marked).ok().as_deref(), Some(expected));
        let little: Vec<u8> = [0xfeff]
            .into_iter()
            .chain(expected.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(decode(&little).ok().as_deref(), Some(expected));
    }

    #[test]
    fn a_wrong_byte_has_a_position() {
        let wrong = decode(b"a: 1\nb: \xc3\xbc\xff").unwrap_err();
        assert_eq!((wrong.line, wrong.column), (2, 5));
    }
}
