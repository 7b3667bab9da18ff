use super::Config;
use crate::extract::cards::testing::{check_arbitrary, check_shown, extract, shown, wants};
use crate::model::Limits;

#[track_caller]
fn check(file: impl AsRef<[u8]>, expected: &str) {
    let extraction = extract(&Config, "m/config.json", file.as_ref(), 7, &Limits::default());
    check_shown(&shown(&extraction), expected);
}

#[test]
fn a_configuration_of_transformers() {
    check(
        r#"{
            "_name_or_path": "org/base", "architectures": ["LlamaForCausalLM"], "dtype": "bfloat16",
            "hidden_size": 4096, "model_type": "llama", "num_key_value_heads": null,
            "quantization_config": {"quant_method": "gptq", "bits": 4}, "rope_theta": 1e6,
            "text_config": {"hidden_size": 64, "unknown": 1, "vocab_size": "x"},
            "torch_dtype": "float16", "transformers_version": "4.40.0", "vocab_size": 32000
        }"#,
        r#"
        config.name-or-path = "org/base" @ _name_or_path
        config.architectures = ["LlamaForCausalLM"] @ architectures
        config.torch-dtype = "bfloat16" @ dtype
        config.model-type = "llama" @ model_type
        config.quantization = "gptq" @ quantization_config.quant_method
        config.torch-dtype = "float16" @ torch_dtype
        config.transformers-version = "4.40.0" @ transformers_version
        config.hyperparameters = {hidden_size: 4096, text_config.hidden_size: 64, vocab_size: 32000}
        "#,
    );
}

#[test]
fn a_component_of_diffusers_has_a_class_name() {
    check(
        r#"{"_class_name": "AutoencoderKL", "block_out_channels": [128, 256], "in_channels": 3}"#,
        r#"
        config.architectures = ["AutoencoderKL"] @ _class_name
        config.hyperparameters = {in_channels: 3}
        "#,
    );
}

#[test]
fn what_stands_before_an_error_is_kept() {
    check(
        "{\"model_type\": \"llama\",\n \"hidden_size\": 1,\n \"vocab_size\": ",
        r#"
        config.model-type = "llama" @ model_type
        config.hyperparameters = {hidden_size: 1}
        ! config.invalid: the file is no JSON object: EOF while parsing a value at line 3 column 15 @ 3
        "#,
    );
    check("", "! config.invalid: the file is empty, not JSON");
    check(
        "[1]",
        "! config.invalid: the file is no JSON object: invalid type: sequence, expected an object at line 1 column 0 @ 1",
    );
    check(
        r#"{"model_type": "a"} x"#,
        r#"
        config.model-type = "a" @ model_type
        ! config.invalid: the file is no JSON object: trailing characters at line 1 column 21 @ 1
        "#,
    );
}

#[test]
fn both_readings_of_a_repeated_key_are_kept() {
    check(
        r#"{"model_type": "a", "x": 1, "x": 2, "model_type": "b"}"#,
        r#"
        config.model-type = "a" @ model_type
        config.model-type = "b" @ model_type
        ! config.duplicate-key: `x` stands more than once in the file @ x
        ! config.duplicate-key: `model_type` stands more than once in the file @ model_type
        "#,
    );
}

#[test]
fn what_python_writes_and_json_forbids_does_not_lose_the_file() {
    check(
        r#"{"a": "NaN \" Infinity", "b": NaN, "c": [-Infinity, Infinity], "model_type": "x"}"#,
        r#"
        config.model-type = "x" @ model_type
        ! config.oddity: the file holds `NaN` or `Infinity`, which are no JSON values (RFC 8259, section 6)
        "#,
    );
    check(
        "\u{FEFF}{\"model_type\": \"x\"}",
        r#"
        config.model-type = "x" @ model_type
        ! config.oddity: the file begins with a byte order mark, which JSON does not allow (RFC 8259, section 8.1)
        "#,
    );
    let utf16: Vec<u8> =
        "\u{FEFF}{\"model_type\": \"x\"}".encode_utf16().flat_map(u16::to_be_bytes).collect();
    check(
        utf16,
        r#"
        config.model-type = "x" @ model_type
        ! encoding.not-utf8: the file is UTF-16 with big-endian byte order mark, not UTF-8
        "#,
    );
}

#[test]
fn depth_and_number_of_values_are_bounded() {
    check(
        format!(
            r#"{{"architectures": {}{}, "model_type": "x"}}"#,
            "[".repeat(100),
            "]".repeat(100)
        ),
        r#"
        config.model-type = "x" @ model_type
        ! limit.reached: the file goes beyond the limit `nesting`
        ! config.field-invalid: `architectures` is a list, not a list of text @ architectures
        "#,
    );
    check(
        format!(r#"{{"a": {}"#, "[".repeat(200_000)),
        "! config.invalid: the file is no JSON object: EOF while parsing a list at line 1 column 200006 @ 1",
    );
    let limits = Limits { metadata_keys: 5, ..Limits::default() };
    let file = br#"{"architectures": ["a", "b", "c", "d", "e", "f"], "model_type": "x"}"#;
    let extraction = extract(&Config, "config.json", file, 99, &limits);
    assert_eq!(
        shown(&extraction),
        "config.architectures = [\"a\", \"b\", \"c\", \"d\"] @ architectures\n\
         ! limit.reached: the file goes beyond the limit `metadata_keys`\n"
    );
}

#[test]
fn a_file_past_the_cap_is_a_gap() {
    let limits = Limits { config_bytes: 10, ..Limits::default() };
    let extraction = extract(&Config, "config.json", br#"{"model_type": "x"}"#, 3, &limits);
    assert_eq!(
        shown(&extraction),
        "! file.too-large: the file has 19 bytes, and 10 bytes of such a file are read\n"
    );
}

#[test]
fn only_its_own_name_is_wanted() {
    assert!(wants(&Config, "unet/config.json", b""));
    assert!(!wants(&Config, "tsconfig.json", b""));
}

#[test]
fn arbitrary_bytes_are_read_without_panic() {
    check_arbitrary(
        &Config,
        "config.json",
        &[
            "{",
            "}",
            "[",
            "]",
            "\"hidden_size\"",
            ":",
            ",",
            "1",
            "\"text_config\"",
            "\"model_type\"",
            "\"x\"",
            "NaN",
            "-Infinity",
            "\\",
            "\"",
            "é",
            "\"quantization_config\"",
            "\"quant_method\"",
        ],
    );
}
