use super::{ModelCard, disagreements};
use crate::extract::Extractor as _;
use crate::extract::cards::testing::{check_arbitrary, check_shown, extract, shown, wants};
use crate::model::{Limits, SourcePath};

#[track_caller]
fn check(card: impl AsRef<[u8]>, expected: &str) {
    check_within(card, &Limits::default(), expected);
}

#[track_caller]
fn check_within(card: impl AsRef<[u8]>, limits: &Limits, expected: &str) {
    let extraction = extract(&ModelCard, "m/README.md", card.as_ref(), 7, limits);
    check_shown(&shown(&extraction), expected);
}

#[test]
fn every_key_is_reported_with_its_lines() {
    check(
        "---\n\
         license: other\n\
         license_name: \"my terms\"\n\
         license_link: LICENSE\n\
         base_model:\n- a/b\n- c/d\n\
         base_model_relation: merge\n\
         datasets: [x, y]\n\
         language: no\n\
         tags:\n- t # one\n\
         pipeline_tag: text-generation\n\
         library_name: transformers\n\
         model-index:\n- name: First\n  results: []\n- name: Second\n\
         model_name: Third\n\
         extra_gated_prompt: |\n  You agree\n  to this.\n\
         ---\n# The Title #\n\nBody.\n",
        r##"
        card.license = "other" @ 2
        card.license-name = "my terms" @ 3
        card.license-link = "LICENSE" @ 4
        card.base-model = ["a/b", "c/d"] @ 5-7
        card.base-model-relation = "merge" @ 8
        card.datasets = ["x", "y"] @ 9
        card.language = ["no"] @ 10
        card.tags = ["t"] @ 11-12
        card.pipeline-tag = "text-generation" @ 13
        card.library-name = "transformers" @ 14
        card.model-name = "First" @ 16-17
        card.model-name = "Second" @ 18
        card.model-name = "Third" @ 19
        card.gated-prompt = "You agree\nto this." @ 20-22
        card.front-matter = "ok" @ 1-23
        card.title = "The Title" @ 24
        GatedPrompt: "You agree\nto this." @ 21
        Card: "# The Title #\n\nBody.\n" @ 24
        "##,
    );
}

#[test]
fn a_license_list_stays_a_list() {
    let list = r#"
        card.license = ["apache-2.0", "openrail"] @ 2
        card.front-matter = "ok" @ 1-3
    "#;
    check("---\nlicense: [apache-2.0, openrail]\n---\n", list);
    check("---\nlicense: ['apache-2.0', \"openrail\"]\n---", list);
    check(
        "---\nlicense:\n  - mit\n---\n",
        r#"
        card.license = ["mit"] @ 2-3
        card.front-matter = "ok" @ 1-4
        "#,
    );
}

#[test]
fn base_models_come_in_many_shapes() {
    for (value, lines) in [
        ("base_model: a/b, c/d", "2"),
        ("base_model: [a/b, c/d]", "2"),
        ("base_model:\n- model: a/b\n- name: c/d", "2-4"),
        ("base_model:\n- a/b: {revision: main}\n- id: c/d", "2-4"),
        ("base_model: &base\n- a/b\n- c/d", "2-4"),
    ] {
        let closing = value.lines().count() + 2;
        check(
            format!("---\n{value}\n---\n"),
            &format!(
                "card.base-model = [\"a/b\", \"c/d\"] @ {lines}\n\
                 card.front-matter = \"ok\" @ 1-{closing}"
            ),
        );
    }
    check(
        "---\nbase_model: {model: a/b}\n---\n",
        "card.base-model = [\"a/b\"] @ 2\ncard.front-matter = \"ok\" @ 1-3",
    );
    check(
        "---\nbase_model: https://hf.example/a/b\n---\n",
        "card.base-model = [\"https://hf.example/a/b\"] @ 2\ncard.front-matter = \"ok\" @ 1-3",
    );
    for nothing in ["", "null", "~", "[]", "''"] {
        check(format!("---\nbase_model: {nothing}\n---\n"), "card.front-matter = \"ok\" @ 1-3");
    }
}

#[test]
fn line_breaks_marks_and_blank_lines_do_not_hide_the_front_matter() {
    check(
        "---\r\nlicense: mit\r\n---\r\n# T\r\n",
        r##"
        card.license = "mit" @ 2
        card.front-matter = "ok" @ 1-3
        card.title = "T" @ 4
        Card: "# T\r\n" @ 4
        "##,
    );
    check(
        "\u{FEFF}---\nlicense: mit\n---",
        "card.license = \"mit\" @ 2\ncard.front-matter = \"ok\" @ 1-3",
    );
    check(
        "\n \n---\nlicense: mit\n---\n",
        r#"
        card.license = "mit" @ 4
        card.front-matter = "ok" @ 3-5
        ! card.oddity: the front matter begins on line 3, not on line 1 @ 3
        "#,
    );
    let utf16: Vec<u8> =
        "\u{FEFF}---\nlicense: mit\n---\nx\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(
        utf16,
        r#"
        card.license = "mit" @ 2
        card.front-matter = "ok" @ 1-3
        Card: "x\n" @ 4
        ! encoding.not-utf8: the file is UTF-16 with little-endian byte order mark, not UTF-8
        "#,
    );
    check(
        b"---\nlicense: mit\nauthor: Andr\xE9\n---\nna\xEFve\n",
        "
        card.license = \"mit\" @ 2
        card.front-matter = \"ok\" @ 1-4
        Card: \"na\u{FFFD}ve\\n\" @ 5
        ! encoding.not-utf8: the file is not UTF-8: byte `0xe9` on line 3 starts no character @ 3
        ",
    );
}

#[test]
fn a_card_without_front_matter_still_has_a_title_and_a_license_line() {
    check("", "card.front-matter = \"absent\" @ 1");
    check(
        "Intro\n```\nlicense: no\n# no\n```\n# Title\nLicense: Apache 2.0\n license: no\n",
        r##"
        card.front-matter = "absent" @ 1
        card.title = "Title" @ 6
        card.body-license = "Apache 2.0" @ 7
        Card: "Intro\n```\nlicense: no\n# no\n```\n# Title\nLicense: Apache 2.0\n license: no\n" @ 1
        "##,
    );
}

#[test]
fn a_missing_closing_line_leaves_simple_keys() {
    check(
        "---\nlicense: openrail\nbase_model:\n- a/b\n\nThis model is good.\nlicense: later\n",
        r#"
        card.front-matter = "unterminated" @ 1
        card.license = "openrail" @ 2
        card.base-model = ["a/b"] @ 3-4
        card.body-license = "later" @ 7
        Card: "This model is good.\nlicense: later\n" @ 6
        ! card.front-matter-unterminated: the front matter begins on line 1 with `---`, and no line `---` ends it @ 1
        "#,
    );
    let prose = format!("---\n{}", "x".repeat(100_000));
    let extraction = extract(&ModelCard, "README.md", prose.as_bytes(), 999, &Limits::default());
    assert_eq!(extraction.texts.len(), 1);
    assert_eq!(extraction.facts.len(), 1);
}

#[test]
fn broken_yaml_never_loses_the_license() {
    // Before the error, on its line, and after it.
    check(
        "---\nlicense: mit\ntags: [a\nbase_model: a/b\n---\n",
        r#"
        card.license = "mit" @ 2
        card.base-model = ["a/b"] @ 4
        card.front-matter = "invalid" @ 1-5
        ! card.front-matter-invalid: the front matter is not valid on line 4: …
        "#,
    );
    check(
        "---\ntitle: \"no end\nlicense: bigcode-openrail-m\nbase_model:\n\t- a/b\n---\n",
        r#"
        card.license = "bigcode-openrail-m" @ 3
        card.base-model = ["a/b"] @ 4-5
        card.front-matter = "invalid" @ 1-6
        ! card.front-matter-invalid: the front matter is not valid on line …
        "#,
    );
    check(
        "---\nlicense:\tmit\nbase_model:\n\t- a/b\n---\n",
        r#"
        card.license = "mit" @ 2
        card.base-model = ["a/b"] @ 3-4
        card.front-matter = "invalid" @ 1-5
        ! card.front-matter-invalid: the front matter is not valid on line …
        "#,
    );
    check(
        "---\n{{ card_data }}\nlicense: mit\n---\n",
        r#"
        card.license = "mit" @ 3
        card.front-matter = "invalid" @ 1-4
        ! card.front-matter-invalid: the front matter is not valid on line 2: a key is a list or a map, as in an unfilled `{{template}}` @ 2
        ! card.front-matter-invalid: the front matter is not valid on line 3: …
        "#,
    );
    check(
        "---\na: &a [*a]\nlicense: mit\n---\n",
        r#"
        card.license = "mit" @ 3
        card.front-matter = "invalid" @ 1-4
        ! card.front-matter-invalid: the front matter is not valid on line 2: an alias stands inside its own value @ 2
        "#,
    );
    check(
        "---\na: 1\0\nlicense: mit\n---\n",
        r#"
        card.license = "mit" @ 3
        card.front-matter = "invalid" @ 1-4
        ! card.front-matter-invalid: the front matter is not valid on line …
        "#,
    );
}

#[test]
fn a_front_matter_that_is_no_map_is_told_from_a_broken_one() {
    check(
        "---\n[]\n---\n",
        r#"
        card.front-matter = "not-a-map" @ 1-3
        ! card.front-matter-invalid: the front matter is a list, not a map @ 2
        "#,
    );
    check("---\n---\n", "card.front-matter = \"ok\" @ 1-2");
    check("---\n# nothing\n---\n", "card.front-matter = \"ok\" @ 1-3");
}

#[test]
fn repeated_keys_are_both_kept() {
    check(
        "---\nlicense: mit\nlicense: openrail\n---\n",
        r#"
        card.license = "mit" @ 2
        card.license = "openrail" @ 3
        card.front-matter = "ok" @ 1-4
        ! card.duplicate-key: `license` stands on line 2 and again on line 3 @ 3
        "#,
    );
}

#[test]
fn doubtful_licenses_are_kept_with_a_complaint() {
    for (line, value, complaint) in [
        ("license: no", "\"no\"", "`license` is `no`, which YAML readers take for a boolean"),
        ("license: 3.0", "\"3.0\"", "`license` is `3.0`, which YAML readers take for a number"),
        (
            "License: Apache-2.0",
            "\"Apache-2.0\"",
            "the key is `License`, and readers look for `license`",
        ),
        (
            "license: мit",
            "\"мit\"",
            "`license` is `мit` with the character U+043C, and tags are ASCII",
        ),
        ("license:", "", "`license` has no value"),
        (
            "license: {name: mit}",
            "",
            "`license` is a map with the key `name`, not text or a list of text",
        ),
        ("license: [mit, [x]]", "[\"mit\"]", "`license` holds a list, not text or a list of text"),
    ] {
        let fact =
            if value.is_empty() { String::new() } else { format!("card.license = {value} @ 2\n") };
        check(
            format!("---\n{line}\n---\n"),
            &format!(
                "{fact}card.front-matter = \"ok\" @ 1-3\n! card.field-invalid: {complaint} @ 2"
            ),
        );
    }
    check(
        "---\nlicense: other\n---\n",
        r#"
        card.license = "other" @ 2
        card.front-matter = "ok" @ 1-3
        ! card.license-unnamed: `license` is `other`, and neither `license_name` nor `license_link` says which @ 2
        "#,
    );
    for link in ["../../etc/passwd", "/etc/passwd"] {
        check(
            format!("---\nlicense_link: {link}\n---\n"),
            &format!(
                "card.license-link = \"{link}\" @ 2\n\
                 card.front-matter = \"ok\" @ 1-3\n\
                 ! card.field-invalid: `license_link` is `{link}`, which leaves the repository @ 2"
            ),
        );
    }
}

#[test]
fn tags_of_other_languages_build_nothing() {
    check(
        "---\nlicense: !!python/object/apply:os.system [\"true\"]\nlibrary_name: x\n---\n",
        r#"
        card.license = ["true"] @ 2
        card.library-name = "x" @ 3
        card.front-matter = "invalid" @ 1-4
        ! card.front-matter-invalid: the front matter is not valid on line 2: the tag `!!python/object/apply:os.system` means nothing here @ 2
        "#,
    );
    check(
        "---\nlicense: !!str mit\n---\n",
        "card.license = \"mit\" @ 2\ncard.front-matter = \"ok\" @ 1-3",
    );
}

#[test]
fn aliases_and_merges_are_followed_within_bounds() {
    check(
        "---\na: &a mit\nb: &b {license: *a}\n<<: *b\n---\n",
        "card.license = \"mit\" @ 4\ncard.front-matter = \"ok\" @ 1-5",
    );
    let mut laughs = "---\nlicense: mit\na: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, from) in ('b'..='j').zip('a'..) {
        let aliases = vec![format!("*{from}"); 9].join(", ");
        laughs.push_str(&format!("{name}: &{name} [{aliases}]\n"));
    }
    check(
        laughs + "tags: *j\nlibrary_name: y\n---\n",
        r#"
        card.license = "mit" @ 2
        card.library-name = "y" @ 14
        card.front-matter = "invalid" @ 1-15
        ! card.front-matter-invalid: the front matter is not valid on line 7: there are more than 100000 values @ 7
        "#,
    );
    let deep: String = (0..100).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    check(
        format!("---\nlicense: mit\n{deep}library_name: y\n---\n"),
        r#"
        card.license = "mit" @ 2
        card.library-name = "y" @ 103
        card.front-matter = "invalid" @ 1-104
        ! card.front-matter-invalid: the front matter is not valid on line 67: values are nested deeper than 64 levels @ 67
        "#,
    );
    check(
        format!("---\nlicense: mit\na: {}\n---\n", "[".repeat(10_000)),
        r#"
        card.license = "mit" @ 2
        card.front-matter = "invalid" @ 1-4
        ! card.front-matter-invalid: the front matter is not valid on line 3: values are nested deeper than 64 levels @ 3
        "#,
    );
}

#[test]
fn past_the_cap_the_start_is_read_and_the_gap_named() {
    let limits = Limits { card_bytes: 30, ..Limits::default() };
    let card = "---\nlicense: mit\n---\n0123456789";
    check_within(
        &card[..30],
        &limits,
        "card.license = \"mit\" @ 2\ncard.front-matter = \"ok\" @ 1-3\nCard: \"012345678\" @ 4",
    );
    check_within(
        card,
        &limits,
        r#"
        card.license = "mit" @ 2
        card.front-matter = "ok" @ 1-3
        Card: "012345678" @ 4
        ! file.too-large: the file has 31 bytes, and 30 bytes of such a file are read
        "#,
    );
    let limits = Limits { fact_text_bytes: 2, ..Limits::default() };
    check_within(
        "---\nlicense: mit\n---\n",
        &limits,
        "card.license = \"mi\" @ 2\ncard.front-matter = \"ok\" @ 1-3",
    );
}

#[test]
fn cards_are_known_by_name_or_by_their_keys() {
    let front_matter = b"---\nlayout: post\nlicense: mit\n---\n";
    for path in ["README.md", "a/readme.MD", "README.zh-CN.md", "README_zh.md", "MODEL_CARD.md"] {
        assert!(wants(&ModelCard, path, b""), "{path}");
    }
    for path in ["docs/anything.md", "node_modules/x/README.md", "x.markdown"] {
        assert!(wants(&ModelCard, path, front_matter), "{path}");
    }
    for path in ["docs/page.md", "node_modules/x/README.md", "README", "README.txt"] {
        assert!(!wants(&ModelCard, path, b"---\ntitle: x\n---\nlicense: y\n"), "{path}");
    }
    assert!(!wants(&ModelCard, "LICENSE.md", front_matter));
}

#[test]
fn only_cards_that_state_something_else_disagree() {
    #[track_caller]
    fn check(cards: &[(&str, &str)], expected: &[&str]) {
        let read: Vec<_> = cards
            .iter()
            .map(|(path, yaml)| {
                let card = format!("---\n{yaml}\n---\n");
                let facts =
                    extract(&ModelCard, path, card.as_bytes(), 99, &Limits::default()).facts;
                (SourcePath::new(path), facts)
            })
            .collect();
        let cards: Vec<_> = read.iter().map(|(path, facts)| (path, facts.as_slice())).collect();
        let messages: Vec<String> =
            disagreements(&cards).into_iter().map(|diagnostic| diagnostic.message).collect();
        assert_eq!(messages, expected);
    }
    check(&[], &[]);
    check(&[("README.md", "license: mit"), ("README.hf.md", "tags: x")], &[]);
    check(&[("README.md", "license: MIT"), ("README.hf.md", "license: [mit]")], &[]);
    check(
        &[
            ("README.md", "license: mit\nbase_model: a/b"),
            ("README.hf.md", "license: gemma\nbase_model: a/b, c/d"),
        ],
        &[
            "`base_model` is `a/b` in `README.md` and `a/b, c/d` in `README.hf.md`",
            "`license` is `mit` in `README.md` and `gemma` in `README.hf.md`",
        ],
    );
}

#[test]
fn arbitrary_cards_are_read_without_panic() {
    check_arbitrary(
        &ModelCard,
        "README.md",
        &[
            "---\n",
            "---",
            "license:",
            " mit",
            "\n",
            "\r\n",
            "- ",
            "[",
            "]",
            "{",
            "}",
            "&a ",
            "*a",
            "\"",
            "'",
            "|",
            ">",
            "base_model:",
            "model-index:",
            "  ",
            "\t",
            "# ",
            "```",
            ": ",
            "!!x ",
            "<<: ",
            "extra_gated_prompt:",
            "é",
            "\0",
            ",",
            "\u{FEFF}",
            "License: x",
            "? ",
        ],
    );
}

#[test]
fn a_pointer_in_place_of_a_card_has_no_content() {
    check("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "");
    assert_eq!(ModelCard.id(), "model_card");
}
