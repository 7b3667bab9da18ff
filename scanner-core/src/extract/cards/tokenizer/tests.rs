use super::Tokenizer;
use crate::extract::cards::testing::{check_arbitrary, check_shown, extract, shown, wants};
use crate::model::Limits;

#[track_caller]
fn check(file: impl AsRef<[u8]>, expected: &str) {
    let extraction =
        extract(&Tokenizer, "m/tokenizer_config.json", file.as_ref(), 7, &Limits::default());
    check_shown(&shown(&extraction), expected);
}

#[test]
fn the_configuration_names_the_class() {
    check(
        r#"{"added_tokens_decoder": {"0": {"content": "<s>"}}, "name_or_path": "org/base",
            "tokenizer_class": "LlamaTokenizer", "model_max_length": 1e30}"#,
        r#"
        tokenizer.name-or-path = "org/base" @ name_or_path
        tokenizer.class = "LlamaTokenizer" @ tokenizer_class
        "#,
    );
}

#[test]
fn the_tokenizer_is_digested_and_not_kept() {
    // The digest of "abc" stands in FIPS 180-4, appendix B.1.
    let digest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let limits = Limits { config_bytes: 1, ..Limits::default() };
    let extraction = extract(&Tokenizer, "tokenizer.json", b"abc", 2, &limits);
    assert_eq!(shown(&extraction), format!("tokenizer.digest = {digest}\n"));
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
    assert_eq!(shown(&extract(&Tokenizer, "tokenizer.json", pointer, 9, &limits)), "");
}

#[test]
fn vocabularies_are_wanted_by_name() {
    assert!(super::NAMES.is_sorted());
    for path in ["a/tokenizer.model", "vocab.json", "merges.txt", "qwen.tiktoken", "vocab.txt"] {
        assert!(wants(&Tokenizer, path, b""), "{path}");
        assert_eq!(shown(&extract(&Tokenizer, path, b"\0\xFF", 1, &Limits::default())), "");
    }
    assert!(!wants(&Tokenizer, "token.json", b""));
}

#[test]
fn arbitrary_bytes_are_read_without_panic() {
    check_arbitrary(
        &Tokenizer,
        "tokenizer_config.json",
        &["{", "}", "[", "]", "\"tokenizer_class\"", ":", ",", "1", "\"x\"", "null", "\\"],
    );
}
