//! Limits, checked as JSON Schema has them.

use callwright_client::runtime::validate::Rule::{self, *};
use callwright_client::runtime::validate::check;
use callwright_client::runtime::{Value, Violations};
use proptest::prelude::*;

fn said(json: &str, rules: Vec<Rule>) -> Result<(), Violations> {
    let value: Value = serde_json::from_str(json).unwrap();
    check(&value, Box::leak(rules.into_boxed_slice()))
}

fn leaked(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

/// The rules that a value breaks.
fn broken(json: &str, rules: Vec<Rule>) -> Vec<&'static str> {
    let violations = said(json, rules).err().into_iter().flatten();
    violations.map(|violation| violation.rule()).collect()
}

proptest! {
    #[test]
    fn multiples_are_exact(factor in -1_000_000_i64..1_000_000, step in 1_u32..10_000, places in 0_u32..4) {
        let decimal = |whole: i64| {
            let power = 10_i64.pow(places);
            let sign = if whole < 0 { "-" } else { "" };
            let (front, back) = ((whole / power).abs(), (whole % power).abs());
            if places == 0 { format!("{sign}{front}") } else { format!("{sign}{front}.{back:0width$}", width = places as usize) }
        };
        let step = i64::from(step);
        let of = leaked(&decimal(step));
        prop_assert_eq!(said(&decimal(factor * step), vec![MultipleOf(of)]), Ok(()));
        if step > 1 {
            prop_assert_eq!(broken(&decimal(factor * step + 1), vec![MultipleOf(of)]), ["multipleOf"]);
        }
    }

    #[test]
    fn bounds_are_exact(value in any::<i64>(), bound in any::<i64>()) {
        let limit = leaked(&bound.to_string());
        let json = value.to_string();
        prop_assert_eq!(said(&json, vec![Minimum(limit)]).is_ok(), value >= bound);
        prop_assert_eq!(said(&json, vec![Maximum(limit)]).is_ok(), value <= bound);
        prop_assert_eq!(said(&json, vec![ExclusiveMinimum(limit)]).is_ok(), value > bound);
        prop_assert_eq!(said(&json, vec![ExclusiveMaximum(limit)]).is_ok(), value < bound);
    }
}

#[test]
fn numbers_are_compared_by_value() {
    for (json, rule, kept) in [
        ("1e3", Maximum("1000"), true),
        ("1000.0", Minimum("1e3"), true),
        ("0.3", MultipleOf("0.1"), true),
        ("1e300", MultipleOf("7"), false),
        ("1e300", MultipleOf("1e-9"), true),
        ("0", MultipleOf("0.7"), true),
        ("-0.0", ExclusiveMinimum("0"), false),
        (
            "18446744073709551615",
            Maximum("18446744073709551614"),
            false,
        ),
        ("0.1", Minimum("0.10000000000000001"), false),
    ] {
        let shown = format!("{json} {rule:?}");
        assert_eq!(said(json, vec![rule]).is_ok(), kept, "{shown}");
    }
}

#[test]
fn lengths_are_counted_in_characters() {
    assert_eq!(said(r#""äß😀""#, vec![MinLength(3), MaxLength(3)]), Ok(()));
    assert_eq!(broken(r#""äß😀""#, vec![MaxLength(2)]), ["maxLength"]);
    assert_eq!(
        broken("17", vec![MinLength(3), MaxItems(0), Pattern("x")]),
        [""; 0]
    );
}

#[test]
fn patterns_are_those_of_ecma_262() {
    for (pattern, text, kept) in [
        (r"^\d+$", "१२", false),
        (r"^\w+$", "é", false),
        (r"^(?=.*\d)(?=.*[a-z]).{4,}$", "ab12", true),
        (r"^(?!admin)", "administrator", false),
        (r"^(a|b)\1$", "aa", true),
        (r"^\p{L}+$", "Straße", true),
        ("b", "abc", true),
        ("^.$", "😀", true),
        ("(?i)^ABC$", "abc", true),
        (r"^\/a\-b$", "/a-b", true),
    ] {
        let json = serde_json::to_string(text).unwrap();
        assert_eq!(
            said(&json, vec![Pattern(leaked(pattern))]).is_ok(),
            kept,
            "{pattern} {text}"
        );
    }
}

#[test]
fn items_are_the_same_by_value() {
    assert_eq!(broken("[1,1.0]", vec![UniqueItems]), ["uniqueItems"]);
    assert_eq!(
        broken(r#"[{"a":1,"b":[2]},{"b":[2.0],"a":1}]"#, vec![UniqueItems]),
        ["uniqueItems"]
    );
    assert_eq!(
        said(r#"[1,"1",true,null,[],{},[1]]"#, vec![UniqueItems]),
        Ok(())
    );
    assert_eq!(
        said("[3,3]", vec![UniqueItems]).unwrap_err().to_string(),
        "at $: has the same item at 0 and 1 (uniqueItems: true)"
    );
}

#[test]
fn null_keeps_the_limits_of_other_kinds() {
    static RULES: &[Rule] = &[MinLength(1), Minimum("1"), Enum(&["1"])];
    assert_eq!(said("null", vec![Is(&RULES)]), Ok(()));
}

#[test]
fn names_and_keys_are_checked() {
    let rules = || {
        vec![
            Required(&["a"]),
            DependentRequired("b", &["c"]),
            PropertyNames(&[MaxLength(1)]),
        ]
    };
    assert_eq!(said(r#"{"a":1}"#, rules()), Ok(()));
    assert_eq!(
        broken(r#"{"b":1,"long":2}"#, rules()),
        ["required", "dependentRequired", "propertyNames"]
    );
}
