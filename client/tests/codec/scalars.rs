//! Numbers, texts with formats, and the spellings that survive.

use std::collections::HashSet;
use std::net::Ipv4Addr;

use crate::runtime::{
    Base64, Date, DateTime, Decimal, Decode, Encode, Ipv6, IsoDuration, Quoted, Time, Url, Uuid,
    from_slice, from_str, object, to_string, to_vec,
};
use crate::{again, fault};

#[test]
fn integers_are_exact_in_every_spelling() {
    for (text, value) in [
        ("0", 0_i64),
        ("-0", 0),
        ("1e3", 1000),
        ("1.0", 1),
        ("12.50e1", 125),
        ("-9223372036854775808", i64::MIN),
        ("100e-2", 1),
        ("0e99999", 0),
    ] {
        assert_eq!(from_str::<i64>(text).unwrap(), value, "{text}");
    }
    assert_eq!(again::<u64>("18446744073709551615"), "18446744073709551615");
    assert_eq!(
        again::<u64>("1.8446744073709551615e19"),
        "18446744073709551615"
    );
    assert_eq!(
        fault::<u8>("256"),
        "at $: expected an integer from 0 to 255, found 256 (offset 0)"
    );
    assert_eq!(
        fault::<u64>("18446744073709551616"),
        "at $: expected an integer from 0 to 18446744073709551615, found 18446744073709551616 (offset 0)"
    );
    assert_eq!(
        fault::<i64>("1.5"),
        "at $: expected an integer, found 1.5 (offset 0)"
    );
    assert_eq!(
        fault::<i64>("1e-1"),
        "at $: expected an integer, found 1e-1 (offset 0)"
    );
    assert_eq!(
        fault::<i64>("\"1\""),
        "at $: expected an integer, found \"1\" (offset 0)"
    );
    for text in [
        "1e40",
        "1e999999999999999999999",
        "99999999999999999999999999999999999999999999",
    ] {
        fault::<i64>(text);
    }
}

#[test]
fn floats_round_trip() {
    for value in [
        0.1,
        1.0,
        -2.5e-300,
        f64::MAX,
        f64::MIN_POSITIVE,
        5e-324,
        1e22,
        9_007_199_254_740_993.0,
        123_456_789.125,
    ] {
        let text = to_string(&value).unwrap();
        assert_eq!(
            from_str::<f64>(&text).unwrap().to_bits(),
            value.to_bits(),
            "{text}"
        );
    }
    for value in [0.1_f32, 16_777_216.0, f32::MAX, 1e-45] {
        let text = to_string(&value).unwrap();
        assert_eq!(
            from_str::<f32>(&text).unwrap().to_bits(),
            value.to_bits(),
            "{text}"
        );
    }
    assert_eq!(to_string(&0.1_f32).unwrap(), "0.1");
    assert_eq!(to_string(&-1.2e20_f32).unwrap().parse(), Ok(-1.2e20_f64));
    assert_eq!(to_string(&16_777_216.0_f32).unwrap(), "16777216");
    assert_eq!(
        (
            again::<f64>("20"),
            again::<f64>("20.0"),
            again::<f64>("-0.0")
        ),
        ("20".into(), "20".into(), "-0.0".into())
    );
    assert_eq!(
        from_str::<f64>("12345678901234567890123")
            .unwrap()
            .to_bits(),
        12_345_678_901_234_567_890_123_f64.to_bits()
    );
    assert_eq!(
        fault::<f64>("1e999"),
        "at $: the number 1e999 is out of range (offset 0)"
    );
    assert!(
        to_vec(&f64::NAN)
            .unwrap_err()
            .to_string()
            .contains("NaN has no JSON form")
    );
    assert!(to_vec(&vec![f32::INFINITY]).is_err());
}

#[test]
fn spellings_survive() {
    fn keeps<T: Decode + Encode>(texts: &[&str]) {
        for text in texts {
            let text = to_string(text).unwrap();
            assert_eq!(again::<T>(&text), text);
        }
    }
    keeps::<DateTime>(&[
        "2024-07-31T09:30:00Z",
        "2024-07-31T09:30:00.000Z",
        "2024-07-31t09:30:00z",
        "2024-07-31 09:30:00+02:00",
        "2024-07-31T09:30:00",
        "2024-07-31T09:30:00.123456789123Z",
        "2024-07-31T09:30:00.5-07:00",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59.9999999",
        "9999-12-31T00:00:00-05:00",
        "9999-12-31T23:59:59.9999999Z",
        "9999-12-31T23:59:59.999-14:00",
    ]);
    keeps::<Date>(&["2024-02-29"]);
    keeps::<Time>(&["09:30:00", "09:30:00Z", "09:30:00.250+01:00", "09:30"]);
    keeps::<IsoDuration>(&["P1DT2H", "PT0.5S", "P1Y2M", "-P3D", "p1w", "PT90M"]);
    keeps::<Url>(&[
        "https://example.com",
        "https://example.com/",
        "HTTP://EXAMPLE.com/a b",
        "urn:a:b",
    ]);
    keeps::<Base64>(&["aGVsbG8=", "aGVsbG8", "_-8", "aGVs\nbG8=", ""]);
    keeps::<Quoted<Decimal>>(&["0.10", "-12.50", "1e400", "5.", "-.5", "+007.10", ".5e3"]);
    keeps::<Quoted<i64>>(&["7", "007", "-9223372036854775808"]);
    keeps::<Uuid>(&[
        "9f0e3c1a-0000-4000-8000-000000000000",
        "9F0E3C1A-0000-4000-8000-000000000ABC",
        "9f0E3c1A-0000-4000-8000-00000000000F",
    ]);
    keeps::<Ipv4Addr>(&["127.0.0.1"]);
    keeps::<Ipv6>(&["2001:DB8::1", "2001:db8:0:0:0:0:0:1", "::"]);
}

#[test]
fn values_do_not_depend_on_the_spelling() {
    let at = |text: &str| text.parse::<DateTime>().unwrap();
    assert_eq!(at("2024-07-31T09:30:00+02:00"), at("2024-07-31T07:30:00Z"));
    assert_eq!(at("2024-07-31T09:30:00"), at("2024-07-31T09:30:00Z"));
    assert_eq!(
        at("2024-07-31T09:30:00.123456789Z").as_nanosecond() % 1_000_000_000,
        123_456_789
    );
    assert_eq!(
        HashSet::from([at("2024-07-31T09:30:00Z"), at("2024-07-31T09:30:00.0Z")]).len(),
        1
    );
    assert_ne!(
        "P1D".parse::<IsoDuration>().unwrap(),
        "PT24H".parse().unwrap()
    );
    assert_eq!(*"aGVsbG8".parse::<Base64>().unwrap(), *b"hello");
    assert_eq!(
        to_string(&Base64::from(b"hello".as_slice())).unwrap(),
        "\"aGVsbG8=\""
    );
    assert_eq!(*"007".parse::<Quoted<i64>>().unwrap(), 7);
    assert_eq!(
        "https://example.com".parse::<Url>().unwrap().to_string(),
        "https://example.com"
    );
    assert_eq!(
        to_string(&DateTime::from(jiff::Timestamp::UNIX_EPOCH)).unwrap(),
        "\"1970-01-01T00:00:00Z\""
    );
}

#[test]
fn other_texts_are_faults() {
    fn rejects<T: Decode>(texts: &[&str]) {
        for text in texts {
            fault::<T>(&to_string(text).unwrap());
        }
    }
    rejects::<DateTime>(&[
        "",
        "2024-07-31",
        "yesterday",
        "2024-13-01T00:00:00Z",
        "2024-07-31T09:30:00Z[UTC]",
        "9999-12-31",
        "9999-12-31T23:59:59Zed",
        "9999-12-32T23:59:59Z",
    ]);
    rejects::<Date>(&["2024-02-30", "2024-02-03T00:00:00Z", "20240203", "2024-2-3"]);
    rejects::<Time>(&[
        "",
        "25:00:00",
        "2024-07-31T09:30:00",
        "é:30:00+01:00",
        "0930",
    ]);
    rejects::<IsoDuration>(&["", "1 day", "P", "5"]);
    rejects::<Url>(&["/relative", ""]);
    rejects::<Base64>(&["a", "!!!!", "aGVsbG8=="]);
    rejects::<Uuid>(&[
        "9f0e3c1a000040008000000000000000",
        "{9f0e3c1a-0000-4000-8000-000000000000}",
        "x",
    ]);
    rejects::<Quoted<i64>>(&["", "1.0", "9223372036854775808"]);
    assert_eq!(
        fault::<DateTime>("5"),
        "at $: expected a date-time (2024-07-31T09:30:00Z), found 5 (offset 0)"
    );
    assert!(fault::<Quoted<i64>>("7").contains("found 7"));
    assert!(fault::<Quoted<Decimal>>("7.5").contains("found 7.5"));
    rejects::<Quoted<Decimal>>(&["", "a", "-", ".", "--1", "1.2.3", "+-1", "1e", "NaN"]);
    assert_eq!(
        *"-.5".parse::<Quoted<Decimal>>().unwrap(),
        "-0.5".parse().unwrap()
    );
    assert_eq!(to_string(&Quoted::new(Decimal::from(7))).unwrap(), "\"7\"");
}

#[test]
fn decimals_keep_their_text_and_compare_by_value() {
    for text in [
        "0.1000",
        "\"0.1000\"",
        "123456789012345678901234567890.5",
        "1E+2",
        "-0",
    ] {
        assert_eq!(again::<Decimal>(text), text);
    }
    let decimal = |text: &str| text.parse::<Decimal>().unwrap();
    assert_eq!(decimal("1.0"), decimal("10e-1"));
    assert_eq!(decimal("-0"), decimal("0.00"));
    assert_eq!(decimal("0.001e3"), Decimal::from(1));
    assert_ne!(decimal("1"), decimal("-1"));
    assert_ne!(decimal("10"), decimal("1"));
    assert_eq!(
        (
            decimal("2.5").to_f64(),
            decimal("1e3").to_i64(),
            decimal("2.5").to_i64()
        ),
        (2.5, Some(1000), None)
    );
    for text in ["", "1.", ".5", "+1", "0x1", "1 ", " 1", "01", "NaN"] {
        assert!(text.parse::<Decimal>().is_err(), "{text}");
    }
    assert_eq!(to_string(&decimal("5").quoted()).unwrap(), "\"5\"");
}

#[test]
fn strings_escape_and_unescape() {
    let text = "quote \" slash \\ / tab \t line \n bell \u{7} é 漢 😀 \u{2028}";
    assert_eq!(
        from_str::<String>(&to_string(&text).unwrap()).unwrap(),
        text
    );
    assert_eq!(
        to_string(&text).unwrap(),
        serde_json::to_string(text).unwrap()
    );
    assert_eq!(
        from_str::<String>(r#""\ud83d\ude00\u00e9\/""#).unwrap(),
        "😀é/"
    );
    // A plain run of every length, so that each position of an eight-byte word is met.
    for length in 0..40 {
        for special in ["\"", "\\", "\u{1f}", "\u{20}", "\u{7f}", "\u{80}", "ÿ", "!"] {
            let text = format!("{}{special}{}", "a".repeat(length), "b".repeat(9));
            assert_eq!(
                to_string(&text).unwrap(),
                serde_json::to_string(&text).unwrap()
            );
            assert_eq!(
                from_str::<String>(&to_string(&text).unwrap()).unwrap(),
                text
            );
        }
    }
    for text in [
        r#""\ud83d""#,
        r#""\ude00""#,
        r#""\ud83d\u0041""#,
        r#""\u12""#,
        r#""\x""#,
        "\"\n\"",
        "\"\u{1}\"",
        "\"",
        "\"\\",
        "\"\\u00e",
        "'a'",
    ] {
        assert!(from_str::<String>(text).is_err(), "{text}");
        assert!(
            from_str::<Skipped>(&format!(r#"{{"a":{text}}}"#)).is_err(),
            "{text} skipped"
        );
    }
    assert!(
        from_slice::<String>(b"\"\xff\"")
            .unwrap_err()
            .to_string()
            .contains("not UTF-8 (offset 1)")
    );
}

struct Skipped {}
object! { Skipped {} }

#[test]
fn tuples_are_arrays() {
    assert_eq!(
        again::<(i64, String, Option<bool>)>(r#"[1,"a"]"#),
        r#"[1,"a",null]"#
    );
    assert_eq!(again::<(i64,)>("[1,{}]"), "[1]");
    assert_eq!(
        fault::<(i64, String)>("[1]"),
        "at $: expected an array of 2 elements, found fewer (offset 3)"
    );
    assert_eq!(
        fault::<(i64, String)>("[1,2]"),
        "at [1]: expected a string, found 2 (offset 3)"
    );
}
