//! Descriptions as vendors write them, and what is left of them.

use super::*;

fn said(text: &str) -> String {
    let prose = Prose::new(None, Some(text), "The fallback.");
    prose.lines().collect::<Vec<_>>().join("\n")
}

#[test]
fn code_never_becomes_a_doctest() {
    assert_eq!(
        said("Call\n\n```\nlet x = 1;\n```"),
        "Call\n\n```text\nlet x = 1;\n```"
    );
    assert_eq!(
        said("Call\n\n```rust\nfn f() {}\n```"),
        "Call\n\n```text\nfn f() {}\n```"
    );
    assert_eq!(
        said("Call\n\n~~~json title=x\n{}\n~~~"),
        "Call\n\n```json\n{}\n```"
    );
    assert_eq!(
        said("Call\n\n    indented()\n\tby_tab()"),
        "Call\n\n```text\nindented()\nby_tab()\n```"
    );
    assert_eq!(
        said("Call\n\n````\n```\nfence\n````"),
        "Call\n\n````text\n```\nfence\n````"
    );
    assert_eq!(
        said("Call\n\n```\nnever closed"),
        "Call\n\n```text\nnever closed\n```"
    );
}

#[test]
fn brackets_are_links_only_where_they_lead_to_the_web() {
    assert_eq!(
        said("See [foo] and [bar][baz]."),
        "See \\[foo] and \\[bar]\\[baz]."
    );
    assert_eq!(
        said("See [Pet](Pet) and [docs](/docs)."),
        "See Pet and docs."
    );
    assert_eq!(
        said("See [docs](https://a.example/x)."),
        "See [docs](https://a.example/x)."
    );
    assert_eq!(
        said("See [`code`](https://a.example/(x))."),
        "See [`code`](https://a.example/%28x%29)."
    );
    assert_eq!(
        said("[a]: https://a.example\n\nSee [a]."),
        "See [a](https://a.example)."
    );
    assert_eq!(said("Tick - [x] box"), "Tick - \\[x] box");
    assert_eq!(
        said("![logo](https://a.example/l.png) x"),
        "[logo](https://a.example/l.png) x"
    );
}

#[test]
fn a_badge_is_one_link() {
    assert_eq!(
        said("[![Run](https://a.example/b.svg)](https://a.example/c)"),
        "[Run](https://a.example/c)"
    );
    assert_eq!(
        said("[**![Run](https://a.example/b.svg)**](https://a.example/c)"),
        "[**Run**](https://a.example/c)"
    );
}

#[test]
fn addresses_are_links() {
    assert_eq!(
        said("See https://a.example/b?c=d."),
        "See <https://a.example/b?c=d>."
    );
    assert_eq!(said("(http://a.example)"), "(<http://a.example>)");
    assert_eq!(
        said("[https://a.example](https://a.example)"),
        "<https://a.example>"
    );
    assert_eq!(
        said("[at https://a.b](https://a.example)"),
        "[at https:\\//a.b](https://a.example)"
    );
    assert_eq!(said("https:// alone"), "https:// alone");
}

#[test]
fn tags_are_markdown_or_words() {
    assert_eq!(said("A<br>b<br/>c"), "A\\\nb\\\nc");
    assert_eq!(
        said("<p>One <b>bold</b> and <code>x</code>.</p><p>Two</p>"),
        "One **bold** and `x`.\n\nTwo"
    );
    assert_eq!(
        said("<ul><li>a</li><li>b</li></ul>"),
        "The fallback.\n\n- a\n- b"
    );
    assert_eq!(said("Bearer <token>"), "Bearer \\<token>");
    assert_eq!(said("Vec<Option<String>>"), "Vec\\<Option\\<String>>");
    assert_eq!(
        said("<a href=\"https://a.example\">there</a>"),
        "[there](https://a.example)"
    );
    assert_eq!(said("<a href='#x'>here</a>"), "here");
    assert_eq!(said("A <!-- not this --> b"), "A b");
    assert_eq!(said("<script>alert(1)</script>x"), "x");
    assert_eq!(said("1 < 2 and 3 > 2"), "1 < 2 and 3 > 2");
    assert_eq!(said("&lt;b&gt; &amp; &copy;"), "\\<b> & ©");
}

#[test]
fn marks_without_a_partner_are_escaped() {
    assert_eq!(said("A ` alone"), "A \\` alone");
    assert_eq!(
        said("snake_case and _private and *"),
        "snake_case and \\_private and *"
    );
    assert_eq!(said("2*3 **x"), "2\\*3 \\*\\*x");
    assert_eq!(said("`a``b"), "\\`a\\`\\`b");
    assert_eq!(said("a\\b \\_ C:\\\\dir"), "a\\b \\_ C:\\dir");
}

#[test]
fn no_character_hides_or_turns_text() {
    assert_eq!(
        said("a\u{202e}b\u{200b}c\u{0}d\r\ne\u{feff}\u{a0}f"),
        "abcd e f"
    );
}

#[test]
fn nothing_closes_the_comment_or_the_attribute() {
    assert_eq!(said("*/ fn f() {}"), "\\*/ fn f() {}");
    let tokens = Prose::new(None, Some("\")] mod evil {} \\"), "").to_token_stream();
    assert_eq!(
        syn::parse2::<syn::ItemStruct>(quote!(#tokens struct S;))
            .unwrap()
            .attrs
            .len(),
        1
    );
}

#[test]
fn lists_are_indented_as_their_markers_ask() {
    assert_eq!(
        said("Of:\n* a\nlazy\n* b\n    * c"),
        "Of:\n\n- a lazy\n- b\n  - c"
    );
    assert_eq!(
        said("Of:\n\n3. a\n\n   more\n4. b"),
        "Of:\n\n3. a\n\n   more\n\n4. b"
    );
    assert_eq!(said("- a"), "The fallback.\n\n- a");
    assert_eq!(
        said("1.5 is fine\n\n1\\. not a list"),
        "1.5 is fine\n\n1\\. not a list"
    );
}

#[test]
fn headings_quotes_and_tables_stay_below_the_items_own() {
    assert_eq!(
        said("Of\n\n# Errors\n\n> q\nlazy"),
        "Of\n\n### Errors\n\n> q lazy"
    );
    let table = "Of\n\n|a|b|\n|:-|-|\n|`x`|y<br>z\\|w|";
    assert_eq!(
        said(table),
        "Of\n\n| a | b |\n| :-- | --- |\n| `x` | y z\\|w |"
    );
    assert_eq!(said("a\n\n---\n\nb"), "a\n\nb");
}

#[test]
fn long_lines_break_between_words() {
    let word = "word ".repeat(40);
    let lines = said(&word);
    assert!(lines.lines().all(|line| line.len() <= WIDTH), "{lines}");
    let marker = format!("{} - {}", "a".repeat(WIDTH - 2), "b".repeat(9));
    assert!(!said(&marker).contains("\n-"), "{}", said(&marker));
}

#[test]
fn a_long_first_paragraph_gives_its_first_sentence() {
    let text = format!("Lists e.g. The pets of a shop. {}", "And more. ".repeat(30));
    assert!(
        said(&text).starts_with("Lists e.g. The pets of a shop.\n\nAnd more."),
        "{}",
        said(&text)
    );
}

#[test]
fn a_title_is_the_summary_and_is_not_said_twice() {
    let lines = |title, text| {
        Prose::new(Some(title), Some(text), "")
            .lines()
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_eq!(
        lines("list pets", "All of them."),
        "List pets.\n\nAll of them."
    );
    assert_eq!(lines("List pets", "List pets."), "List pets.");
    assert_eq!(lines("listPets", ""), "listPets.");
}

#[test]
fn hostile_nesting_costs_no_stack() {
    let deep = ">".repeat(50_000) + " x";
    assert!(!said(&deep).is_empty());
    let lists: Vec<_> = (0..500).map(|depth| "  ".repeat(depth) + "- x").collect();
    assert!(!said(&lists.join("\n")).is_empty());
}

#[test]
fn what_is_written_reads_the_same_again() {
    let texts = [
        "A *b* **c** ~~d~~ `e` [f](https://g.example) https://h.example <i>",
        "Of:\n\n1. a\n2. b\n   - c\n\n     d\n\n```\ne\n```\n\n| f | g |\n| --- | --- |\n| h | i |",
        "> a\n> - b\n\n\\# d\n\n+ e",
    ];
    for text in texts {
        assert_eq!(said(&said(text)), said(text));
    }
}
