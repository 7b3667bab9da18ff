use super::LicenseFile;
use crate::extract::cards::testing::{check_arbitrary, check_shown, extract, shown, wants};
use crate::model::Limits;

#[track_caller]
fn check(file: impl AsRef<[u8]>, expected: &str) {
    let extraction = extract(&LicenseFile, "m/LICENSE", file.as_ref(), 7, &Limits::default());
    check_shown(&shown(&extraction), expected);
}

#[test]
fn the_text_is_kept_byte_for_byte() {
    check(
        "MIT\r\n",
        r#"
        license-file.kind = "license"
        license-file.scope = "any"
        License: "MIT\r\n" @ 1
        "#,
    );
    check(
        b"(c) Andr\xE9",
        "
        license-file.kind = \"license\"
        license-file.scope = \"any\"
        License: \"(c) Andr\u{FFFD}\" @ 1
        ! encoding.not-utf8: the file is not UTF-8: byte `0xe9` on line 1 starts no character @ 1
        ",
    );
}

#[test]
fn what_is_no_text_is_a_gap() {
    for (bytes, what) in [
        (&b" \n"[..], "empty"),
        (b"%PDF-1.4", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive or an office document"),
        (b"{\\rtf1", "a rich text document"),
        (b"MIT\0", "binary: it holds NUL bytes"),
    ] {
        check(
            bytes,
            &format!(
                "license-file.kind = \"license\"\n\
                 license-file.scope = \"any\"\n\
                 ! license-file.not-text: the file has the name of a license text and is {what}"
            ),
        );
    }
    check("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "");
}

/// Pointers are short: no extractor takes a long file for one, so its text must not be lost.
#[test]
fn a_long_text_that_begins_like_a_pointer_is_kept() {
    let text = format!("version https://git-lfs.github.com/spec/v1\n{}", "x\n".repeat(600));
    let kept = extract(&LicenseFile, "LICENSE", text.as_bytes(), 100, &Limits::default());
    assert_eq!(kept.texts.len(), 1);
}

#[test]
fn names_tell_kind_and_scope() {
    #[track_caller]
    fn check(kind_and_scope: &str, paths: &[&str]) {
        for path in paths {
            assert!(wants(&LicenseFile, path, b""), "{path}");
            let shown = shown(&extract(&LicenseFile, path, b"x", 1, &Limits::default()));
            let facts: Vec<&str> = shown.split('"').skip(1).step_by(2).take(2).collect();
            assert_eq!(facts.join(" "), kind_and_scope, "{path}");
        }
    }
    check(
        "license any",
        &[
            "LICENSE",
            "LICENCE",
            "License.txt",
            "license",
            "COPYING",
            "COPYING.LESSER",
            "COPYING3",
            "UNLICENSE",
            "LICENSE.md",
            "LICENSE.rst",
            "LICENSE.html",
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "license-mit.txt",
            "LICENSE.apache",
            "Apache-2.0-LICENSE.txt",
            "LICENSES/MIT.txt",
            "x.dist-info/licenses/Apache-2.0",
            "LICENSE_1_0.txt",
            ".licenses/Somebody-MIT",
            "usr/share/common-licenses/GPL-3",
            "LICENSE_AGREEMENT.txt",
        ],
    );
    check(
        "license model",
        &[
            "LICENSE-MODEL",
            "LICENSE_MODEL",
            "LICENSE_MODELS",
            "MODEL_LICENSE",
            "LICENSE-MODEL.md",
            "MODEL_LICENSE_AGREEMENT.txt",
            "model_licenses/LICENSE-1",
            "LICENSE_WEIGHTS.txt",
            "Community License for X Model.pdf",
            "X 模型社区许可协议.txt",
            "license-model.txt",
        ],
    );
    check("license code", &["LICENSE-CODE", "CODE_LICENSE", "LICENSE_CODE.txt"]);
    check("license data", &["LICENSE_DATA", "LICENSE-DATASET.md", "DATA_LICENSE"]);
    check(
        "notice any",
        &[
            "NOTICE",
            "Notice.txt",
            "NOTICE.md",
            "ATTRIBUTION",
            "ATTRIBUTIONS.md",
            "copyright",
            "COPYRIGHT",
            "THIRD_PARTY_NOTICES.txt",
            "ThirdPartyNotices.txt",
            "third-party-licenses.md",
            "3rdpartylicenses.txt",
            "THIRD_PARTY_LICENSES",
            "dist-info/licenses/AUTHORS",
        ],
    );
    check(
        "use-policy any",
        &[
            "USE_POLICY.md",
            "ACCEPTABLE_USE_POLICY.txt",
            "Acceptable-Use.md",
            "prohibited_use_policy.md",
        ],
    );
}

#[test]
fn code_and_prose_about_licenses_are_not_licenses() {
    for path in [
        "license.py",
        "licenses.json",
        "LICENSE.yml",
        "license_check.js",
        "license-compliance-guide.md",
        "notice-board.md",
        "copyright-form.txt",
        "EULA.txt",
        "README.md",
        "licensing.md",
        ".licenserc",
        "third-party.md",
        "licenses/page.tsx",
        "licenses/README.md",
        "my-licensed-model.txt",
        "a b c d e f g h LICENSE",
        "how-to-choose-a-license.md",
    ] {
        assert!(!wants(&LicenseFile, path, b""), "{path}");
    }
}

#[test]
fn arbitrary_bytes_are_read_without_panic() {
    check_arbitrary(&LicenseFile, "LICENSE", &["MIT", "\n", "\0", "\u{FEFF}", "%PDF-", "é"]);
}
