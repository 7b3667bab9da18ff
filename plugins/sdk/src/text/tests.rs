use super::*;

/// The words of `text` are exactly `expected`, written with single spaces.
fn check(text: &str, expected: &str) {
    let expected: Vec<u64> = expected.split_whitespace().map(word_hash).collect();
    let found: Vec<u64> = words(text).map(|word| word.hash).collect();
    assert_eq!(found, expected, "{text:?}");
}

#[test]
fn words_are_lower_case_alphanumeric_runs() {
    check("The “Software”—as-is; §2.1", "the software as is 2 1");
    check("ÄÖ Ünï١٢", "äö ünï١٢");
    check("soft\u{ad}ware zero\u{200b}width", "software zerowidth");
    check("", "");
}

#[test]
fn marks_of_markdown_and_html_vanish() {
    check("## **Grant** of [Rights](https://example.com/x_y) <br/>", "grant of rights");
    check("a&nbsp;word &quot;quoted&#34;", "a word quoted");
    check("<span style=\"x:y\">under</span> <year> <http://x.org>", "under year http x org");
    check("1 < 2 and <b", "1 2 and b");
    check("// a\n * b\n# c", "a b c");
}

#[test]
fn list_markers_vanish_wherever_a_line_breaks() {
    check("(a) first\n  1. second\n iv) third (xviii) fourth", "first second third fourth");
    check("the license(s) of section 2.1 and A. Smith", "the license s of section 2 1 and smith");
    check("version 2.0, or 3.0.", "version 2 0 or 3 0");
    check("121. is no marker", "121 is no marker");
}

#[test]
fn copyright_lines_vanish() {
    check("Copyright (c) 2014 The Authors. All rights reserved.\nbody", "body");
    check("© Somebody\n(C) 2020 Others\n * Copyright 1999-2001 x@y.z\nbody", "body");
    check("Copyright [yyyy] [name of copyright owner]\nCopyright <year> <owner>\nbody", "body");
    check("Copyright (c) 2020 Acme Permission is granted", "permission is granted");
    check("(c) to generate in 2020\n(c) Copyright Acme", "to generate in 2020");
    check("Copyright 2023 Acme X License 2", "copyright 2023 acme x license 2");
    check("copyright license to reproduce", "copyright license to reproduce");
    check("Copyright notices stay", "copyright notices stay");
    let long = format!("Copyright 2020 {}", "x ".repeat(NOTICE));
    assert_eq!(words(&long).count(), NOTICE + 2);
}

const NOTICE: usize = 40;

#[test]
fn names_vanish_where_each_author_puts_one() {
    check(
        "Neither the name of Acme, Inc. nor the names of its contributors",
        "neither the name of nor the names of its contributors",
    );
    check("software is provided by the authors \"as is\" and", "software is provided by as is and");
    check("In no event shall\nthe X or Y\nbe liable", "in no event shall be liable");
    let long = format!("in no event shall {} be liable", "x ".repeat(17));
    check(&long, &long);
}

#[test]
fn spelling_is_folded() {
    check(
        "https Licences sublicence NON-commercial non commercial",
        "http licenses sublicense noncommercial non commercial",
    );
}

#[test]
fn lines_count_from_one() {
    let lines: Vec<u32> = words("a\n\nCopyright 2020 x\nb c\r\nd").map(|word| word.line).collect();
    assert_eq!(lines, [1, 4, 4, 5]);
}

/// Documented in `docs/recognition.md`. A change of any of these numbers breaks every profile that
/// exists; FNV-1a has published vectors (`a`, `foobar`), the others are pinned.
#[test]
fn hashes_are_the_documented_ones() {
    assert_eq!(word_hash("a"), 0xaf63_dc4c_8601_ec8c);
    assert_eq!(word_hash("foobar"), 0x8594_4171_f739_67e8);
    let four = ["permission", "is", "hereby", "granted"].map(word_hash);
    assert_eq!(gram_hash(four), GRAM);
    assert_eq!(phrase_hash(four), PHRASE);
    assert_eq!(phrase_hash([]), 0);
}

/// Computed by a second implementation, in another language.
const GRAM: u32 = 0x337f_f226;
const PHRASE: u64 = 0x09b7_8d8a_5d48_a1e0;

#[test]
fn a_window_hashes_like_the_phrase_in_it() {
    let text: Vec<Word> = words("one two three four five six seven").collect();
    let prefixes = Prefixes::new(&text);
    for length in 0..=7 {
        let power = Power::of(length);
        for start in 0..=7 - length {
            let direct = phrase_hash(text[start..start + length].iter().map(|word| word.hash));
            assert_eq!(prefixes.window(start, power), Some(direct), "{start}+{length}");
        }
        assert_eq!(prefixes.window(8 - length, power), None);
    }
    assert_eq!(prefixes.window(usize::MAX, Power::of(1)), None);
}

#[test]
fn order_matters_to_every_hash() {
    assert_ne!(phrase("", "a b").hash, phrase("", "b a").hash);
    assert_ne!(gram_hash([1, 2, 3, 4]), gram_hash([2, 1, 3, 4]));
}

#[test]
fn a_profile_has_distinct_sorted_grams() {
    let found = profile("k", ProfileKind::License, "a1 b1 c1 d1 a1 b1 c1 d1 a1");
    assert_eq!((found.words, found.grams.len()), (9, 4));
    assert!(found.grams.is_sorted());
    assert!(profile("k", ProfileKind::License, "too short text").grams.is_empty());
}

#[test]
fn a_discriminator_says_which_way_it_decides() {
    let twin = discriminator("has the sentence", "newest version", Presence::MustNot);
    assert_eq!((twin.words, twin.must), (2, false));
    assert_eq!(twin.hash, phrase("", "Newest, version").hash);
}
