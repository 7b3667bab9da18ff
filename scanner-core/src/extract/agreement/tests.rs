use super::*;
use crate::model::{Digest, SourcePath};

fn parse(name: &str, bytes: &[u8]) -> Result<Agreement, Refused> {
    let file = UserFile { path: SourcePath::new(name), sha256: Digest::sha256_of(bytes) };
    read(file, Format::of(name).unwrap(), bytes)
}

/// Each passage as `line: lead > lead > text`; headings begin with `#`.
#[track_caller]
fn check(name: &str, text: &str, expected: &[&str]) {
    let agreement = parse(name, text.as_bytes()).unwrap();
    let passages = &agreement.passages;
    let found: Vec<String> = passages
        .iter()
        .map(|passage| {
            let mark = if passage.is_heading { "# " } else { "" };
            let leads: String =
                passage.lead_ins.iter().map(|at| format!("{} > ", passages[*at].text)).collect();
            let lines = if passage.first_line == passage.last_line {
                passage.first_line.to_string()
            } else {
                format!("{}-{}", passage.first_line, passage.last_line)
            };
            format!("{lines}: {mark}{leads}{}", passage.text)
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_list_has_what_leads_into_it() {
    check(
        "a.md",
        "# Terms\n\n## Use\n\nCustomer must not:\n\n- spam;\n- defame\n  people.\n\nFees are due.\n",
        &[
            "1: # Terms",
            "3: # Use",
            "5: Customer must not:",
            "7: Customer must not: > spam;",
            "8-9: Customer must not: > defame people.",
            "11: Fees are due.",
        ],
    );
}

#[test]
fn lists_nest_and_end_by_their_markers() {
    check(
        "a.txt",
        "1. Use\nYou must not:\n(a) use it to:\n  (1) spam;\n  (2) spy;\n(b) sell it.\n2. Fees\nPay.\n",
        &[
            "1-2: Use You must not:",
            "3: Use You must not: > use it to:",
            "4: Use You must not: > use it to: > spam;",
            "5: Use You must not: > use it to: > spy;",
            "6: Use You must not: > sell it.",
            "7-8: Fees Pay.",
        ],
    );
    check(
        "a.txt",
        "1. Use\n\nYou must not:\n\n(a) spam;\n\n(b) spy.\n\n2. Fees\n\nPay.\n\n3.1 You may leave.\n",
        &[
            "1: # Use",
            "3: You must not:",
            "5: You must not: > spam;",
            "7: You must not: > spy.",
            "9: # Fees",
            "11: Pay.",
            "13: You may leave.",
        ],
    );
}

#[test]
fn items_without_markers_end_with_the_last_one() {
    check(
        "a.txt",
        "You must not:\n\nspam;\n\nspy; or\n\ndefame.\n\nYou may leave.",
        &[
            "1: You must not:",
            "3: You must not: > spam;",
            "5: You must not: > spy; or",
            "7: You must not: > defame.",
            "9: You may leave.",
        ],
    );
}

#[test]
fn a_list_right_behind_an_open_sentence_is_led_in_by_it() {
    check(
        "a.md",
        "You may not use it\n\n* to spam;\n* to spy.\n\nFees\n\nPay.\n",
        &[
            "1: You may not use it",
            "3: You may not use it > to spam;",
            "4: You may not use it > to spy.",
            "6: Fees",
            "8: Pay.",
        ],
    );
}

#[test]
fn a_running_list_is_a_list() {
    check(
        "a.md",
        "Customer must not: (a) spam;\n(b) spy; or (c) defame. Fees are due.",
        &[
            "1: Customer must not:",
            "1: Customer must not: > spam;",
            "2: Customer must not: > spy;",
            "2: Customer must not: > defame.",
            "2: Customer must not: > Fees are due.",
        ],
    );
}

#[test]
fn html_is_read_as_it_is_seen() {
    check(
        "a.html",
        "<html><head><title>x</title></head><body>\n<!-- not\nseen --><h1>Terms</h1>\n\
         <p>Customer <b>must</b>\nnot:</p><ul><li>spam &amp; spy;</li>\n<li hidden>sing;</li>\
         <li style='display: none'>dance;</li><li><p>defame <del>gods</del>people.</p></li></ul>\
         <script>if (a < b) { steal() }</script><p>Pay &#8364;5 &lt; 6 &nope; 1 < 2.</p>",
        &[
            "3: # Terms",
            "4-5: Customer must not:",
            "5: Customer must not: > spam & spy;",
            "6: Customer must not: > defame people.",
            "6: Pay €5 < 6 &nope; 1 < 2.",
        ],
    );
}

#[test]
fn what_markdown_hides_is_not_read() {
    check(
        "a.md",
        "Pay. <!-- Do not\nspam. --> Stay ~~away~~ here.\n\nTitle\n=====\n\n> 1. **Quoted** text\n\n\
         ```text\n# no title\n~~kept~~\n```\n| a | b |\n|---|---|\n| c | d |\n",
        &[
            "1: Pay.",
            "2: Stay here.",
            "4: # Title",
            "7: # Quoted text",
            "10-11: # no title ~~kept~~",
            "13: a ; b",
            "15: c ; d",
        ],
    );
}

#[test]
fn bytes_become_words_or_are_refused() {
    let words = |bytes: &[u8]| parse("a.txt", bytes).map(|read| read.passages[0].text.clone());
    assert_eq!(words(b"\xef\xbb\xbfPay."), Ok("Pay.".to_owned()));
    assert_eq!(words(b"\xff\xfeP\0a\0y\0.\0"), Ok("Pay.".to_owned()));
    assert_eq!(words(b"\xfe\xff\0P\0a\0y\0."), Ok("Pay.".to_owned()));
    assert_eq!(words(b"caf\xe9"), Ok("caf\u{fffd}".to_owned()));
    assert_eq!(words(b"\x89PNG\0\0"), Err(Refused::NotText));
    assert_eq!(words(b" \n--\n"), Err(Refused::Empty));
    assert_eq!(words("Pay.\n\n".repeat(50_001).as_bytes()), Err(Refused::TooManyPassages));
}

#[test]
fn the_ending_of_a_name_is_the_format() {
    assert_eq!(Format::of("EULA.HTM"), Some(Format::Html));
    assert_eq!(Format::of("a.b.md"), Some(Format::Markdown));
    assert_eq!(Format::of("EULA.pdf"), None);
    assert_eq!(Format::of("EULA"), None);
}

proptest::proptest! {
    #[test]
    fn nothing_makes_it_panic(text in "[ -~\n<>&;:.()#*\u{e9}\u{2022}]{0,200}") {
        for name in ["a.md", "a.txt", "a.html"] {
            if let Ok(agreement) = parse(name, text.as_bytes()) {
                let lines = text.split('\n').count() as u64;
                for (index, passage) in agreement.passages.iter().enumerate() {
                    proptest::prop_assert!(passage.first_line >= 1);
                    proptest::prop_assert!(passage.first_line <= passage.last_line);
                    proptest::prop_assert!(passage.last_line <= lines);
                    proptest::prop_assert!(passage.lead_ins.iter().all(|lead| *lead < index));
                    proptest::prop_assert!(passage.block.contains(&index));
                }
            }
        }
    }
}
