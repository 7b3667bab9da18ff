use std::collections::BTreeMap;

use flowdown_plugin_sdk::message::FactView;
use serde_json::{Value, json};

use super::*;

/// The claim about an artifact with this fact: candidates and expression.
fn claim(name: &str, value: Value) -> Option<(String, Option<String>)> {
    let fact = FactView { name: name.into(), value, path: "f".into() };
    resolve(vec![fact], Vec::new())
}

fn resolve(
    facts: Vec<FactView>,
    text_matches: Vec<TextMatchView>,
) -> Option<(String, Option<String>)> {
    let artifact = ArtifactView {
        id: "id".into(),
        kind: "package".into(),
        name: None,
        facts,
        text_matches,
        parents: Vec::new(),
    };
    let request = ResolveRequest {
        abi: 1,
        settings: BTreeMap::new(),
        product: None,
        artifacts: vec![artifact],
    };
    let answer = resolver().resolve(&request).unwrap();
    let claim = answer.artifacts.into_iter().next()?.claims.into_iter().next()?;
    Some((claim.candidates.join(" "), claim.expression))
}

/// A package's licence field means these candidates and this expression; `-` is none.
fn check(stated: &str, candidates: &str, expression: &str) {
    let found = claim("manifest.package", json!({ "license": stated }));
    let expression = (expression != "-").then(|| expression.to_owned());
    let expected = (candidates != "-").then(|| (candidates.to_owned(), expression));
    assert_eq!(found, expected, "{stated}");
}

#[test]
fn ids_are_read_without_case() {
    check("MIT", "mit", "MIT");
    check("apache-2.0", "apache-2.0", "Apache-2.0");
    check("bsd-3-CLAUSE", "BSD-3-Clause", "BSD-3-Clause");
    check("BSL-1.0", "BSL-1.0", "BSL-1.0");
    check("OpenMDW-1.0", "openmdw-1.0", "OpenMDW-1.0");
    check("BUSL-1.1", "BUSL-1.1", "BUSL-1.1");
}

#[test]
fn names_with_one_reading_decide() {
    check("Apache 2.0", "apache-2.0", "Apache-2.0");
    check("Apache License, Version 2.0", "apache-2.0", "Apache-2.0");
    check("The MIT License", "mit", "MIT");
    check("MIT License", "mit", "MIT");
    check("MPL 2.0", "mpl-2.0", "MPL-2.0");
    check("New BSD License", "BSD-3-Clause", "BSD-3-Clause");
    check("GPLv2 or later", "GPL-2.0-or-later", "GPL-2.0-or-later");
    check("GPL-3.0+", "GPL-3.0-or-later", "GPL-3.0-or-later");
}

#[test]
fn no_version_is_invented() {
    check("BSD", "BSD-1-Clause BSD-2-Clause BSD-3-Clause BSD-4-Clause", "-");
    check("Apache", "Apache-1.0 Apache-1.1 apache-2.0", "-");
    check("GPLv3", "gpl-3.0 GPL-3.0-or-later", "-");
    for family in ["gpl", "lgpl", "cc", "gfdl"] {
        let (candidates, expression) = claim("card.license", json!(family)).unwrap();
        assert!(candidates.split(' ').count() > 2, "{family}: {candidates}");
        assert_eq!(expression, None, "{family}");
    }
}

#[test]
fn expressions_are_canonical_and_name_every_licence() {
    check("MIT OR Apache-2.0", "apache-2.0 mit", "MIT OR Apache-2.0");
    check("MIT/Apache-2.0", "apache-2.0 mit", "MIT OR Apache-2.0");
    check("(mit and bsd-2-clause) or ISC", "BSD-2-Clause ISC mit", "(MIT AND BSD-2-Clause) OR ISC");
    let expression = "GPL-2.0-or-later WITH Classpath-exception-2.0";
    check("gpl-2.0-or-later with classpath-exception-2.0", "GPL-2.0-or-later", expression);
    check("Apache-2.0+", "apache-2.0", "Apache-2.0+");
    check("Apache License 2.0 OR The MIT License", "apache-2.0 mit", "Apache-2.0 OR MIT");
    check("MIT AND LicenseRef-x", "LicenseRef-x mit", "MIT AND LicenseRef-x");
}

#[test]
fn what_means_nothing_listed_is_not_answered() {
    for stated in [
        "",
        "Proprietary",
        "see LICENSE",
        "MIT OR",
        "MIT OR BSD",
        "NOASSERTION",
        "NONE",
        "LicenseRef-x",
        "(MIT",
    ] {
        check(stated, "-", "-");
    }
    check(&"MIT OR ".repeat(200), "-", "-");
    check(&"(".repeat(900), "-", "-");
    assert_eq!(claim("card.license", json!("llama3.1")), None);
    assert_eq!(claim("card.license", json!("openrail")), None);
    assert_eq!(claim("card.license", json!("other")), None);
}

#[test]
fn classifiers_are_read() {
    for (classifier, candidates, expression) in [
        ("License :: OSI Approved :: MIT License", "mit", Some("MIT")),
        ("License :: OSI Approved :: ISC License (ISCL)", "ISC", Some("ISC")),
        (
            "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)",
            "mpl-2.0",
            Some("MPL-2.0"),
        ),
        (
            "License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)",
            "GPL-3.0-or-later",
            Some("GPL-3.0-or-later"),
        ),
        (
            "License :: OSI Approved :: Apache Software License",
            "Apache-1.0 Apache-1.1 apache-2.0",
            None,
        ),
        ("License :: OSI Approved :: The Unlicense (Unlicense)", "Unlicense", Some("Unlicense")),
    ] {
        let found = claim("manifest.package", json!({ "license-classifiers": [classifier] }));
        let expected = (candidates.to_owned(), expression.map(str::to_owned));
        assert_eq!(found, Some(expected), "{classifier}");
    }
}

#[test]
fn tags_of_the_hub_are_read() {
    for (tag, candidates, expression) in [
        ("mit", "mit", "MIT"),
        ("cc-by-nc-4.0", "cc-by-nc-4.0", "CC-BY-NC-4.0"),
        ("bsl-1.0", "BSL-1.0", "BSL-1.0"),
        ("odc-by", "odc-by-1.0", "ODC-By-1.0"),
        ("lgpl-lr", "LGPLLR", "LGPLLR"),
        ("openmdw-1.1", "openmdw-1.1", "LicenseRef-openmdw-1.1"),
        ("etalab-2.0", "etalab-2.0", "etalab-2.0"),
        ("bsd-3-clause-clear", "BSD-3-Clause-Clear", "BSD-3-Clause-Clear"),
        ("gpl-3.0", "gpl-3.0", "GPL-3.0-only"),
    ] {
        let expected = (candidates.to_owned(), Some(expression.to_owned()));
        assert_eq!(claim("card.license", json!(tag)), Some(expected), "{tag}");
    }
}

#[test]
fn a_text_that_several_ids_share_decides_on_none() {
    let found = |key: &str| {
        let text = TextMatchView {
            key: key.into(),
            kind: ProfileKind::License,
            recognition: "exact".into(),
            path: "LICENSE".into(),
        };
        resolve(Vec::new(), vec![text])
    };
    assert_eq!(found("mit"), Some(("mit".into(), Some("MIT".into()))));
    assert_eq!(found("gpl-3.0"), Some(("gpl-3.0 GPL-3.0-or-later".into(), None)));
    assert_eq!(found("llama-3"), None);
}

#[test]
fn every_name_of_the_table_is_an_id_in_its_normal_form() {
    let table: BTreeMap<String, Vec<String>> =
        toml::from_str(include_str!("../names.toml")).unwrap();
    for (name, ids) in table {
        assert!(!ids.is_empty(), "{name}");
        for id in ids {
            assert!(spdx::license_id(&id).is_some_and(|it| !it.is_deprecated()), "{name}: {id}");
        }
        assert_eq!(names::words(&name), name);
    }
}

#[test]
fn the_list_has_every_current_licence_once_with_its_text() {
    let description = resolver().describe();
    assert!(description.listed.len() > 650, "{}", description.listed.len());
    let bare =
        description.listed.iter().filter(|it| it.text.as_ref().is_none_or(|text| text.len() < 20));
    let bare: Vec<&str> = bare.map(|it| it.key.as_str()).collect();
    assert!(bare.is_empty(), "{bare:?}");
    let keys: std::collections::BTreeSet<&str> =
        description.listed.iter().map(|it| it.key.as_str()).collect();
    assert_eq!(keys.len(), description.listed.len());
    assert!(keys.contains("gpl-3.0") && keys.contains("GPL-2.0-or-later"));
    assert!(!keys.contains("NOASSERTION"));
    assert!(keys.contains("mit") && !keys.contains("MIT") && !keys.contains("GPL-2.0"));
    let mit = description.profiles.iter().find(|profile| profile.key == "mit").unwrap();
    assert!(mit.permissive);
    assert!(!description.profiles.iter().any(|it| it.key == "gpl-3.0" && it.permissive));
}
