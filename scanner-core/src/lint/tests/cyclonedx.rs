use serde_json::{Value, json};

use super::{check, with, without};

const SHA256: &str = "9d75c1098fc54a1f7bd270f148884f599765d894639c9c4ee891396968c60df2";

fn good() -> Value {
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.7",
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b17",
        "version": 1,
        "metadata": {
            "timestamp": "2026-11-28T10:00:00Z",
            "tools": {"components": [{"bom-ref": "tool", "type": "application", "name": "t"}]},
            "component": {"bom-ref": "product", "type": "application", "name": "p"}
        },
        "components": [
            {
                "bom-ref": "model",
                "type": "machine-learning-model",
                "name": "m",
                "purl": "pkg:huggingface/acme/m@1",
                "hashes": [{"alg": "SHA-256", "content": SHA256}],
                "licenses": [{"license": {"name": "LicenseRef-acme", "text": {"content": "…"}}}],
                "modelCard": {"modelParameters": {"datasets": [{"ref": "set"}]}},
                "evidence": {"identity": [{"field": "hash", "tools": ["tool"]}]},
                "properties": [{"name": "n", "value": "1"}]
            },
            {
                "bom-ref": "set",
                "type": "data",
                "name": "d",
                "data": [{"type": "dataset"}],
                "licenses": [{"expression": "MIT OR Apache-2.0"}]
            },
            {"bom-ref": "library", "type": "library", "name": "l",
             "licenses": [{"license": {"id": "MIT"}}]}
        ],
        "dependencies": [
            {"ref": "product", "dependsOn": ["model"]},
            {"ref": "model", "dependsOn": []}
        ],
        "compositions": [{"aggregate": "complete", "assemblies": ["product"]}],
        "annotations": [{"subjects": ["model"], "annotator": {"individual": {"name": "n"}},
                         "timestamp": "2026-11-28T10:00:00+01:00", "text": "t"}],
        "definitions": {"standards": [{"bom-ref": "s", "requirements": [
            {"bom-ref": "r1", "identifier": "1"},
            {"bom-ref": "r2", "identifier": "2", "parent": "r1"}
        ]}]},
        "declarations": {
            "attestations": [{"map": [{"requirement": "r1", "claims": ["c"]}]}],
            "claims": [{"bom-ref": "c", "target": "product", "predicate": "p", "evidence": ["e"]}],
            "evidence": [{"bom-ref": "e"}]
        },
        "citations": [{"pointers": ["/components/0/licenses/0", "/metadata"],
                       "timestamp": "2026-11-28T10:00:00Z", "attributedTo": "tool"}]
    })
}

#[test]
fn a_document_that_is_right_has_no_problems() {
    check(&good().to_string(), &[]);
}

/// Each of these is the document above with one value changed: pointer, value, code, place.
#[test]
fn each_rule_finds_what_it_is_for() {
    let long = "0".repeat(63);
    for (pointer, value, code, place) in [
        (
            "/components/2/bom-ref",
            json!("tool"),
            "reference-duplicate",
            "/metadata/tools/components/0/bom-ref (tool)",
        ),
        (
            "/components/2/bom-ref",
            json!("a%20b"),
            "reference-encoded",
            "/components/2/bom-ref (a%20b)",
        ),
        ("/components/2/bom-ref", json!(""), "reference-malformed", "/components/2/bom-ref"),
        ("/dependencies/0/ref", json!("gone"), "reference-dangling", "/dependencies/0/ref"),
        (
            "/dependencies/0/dependsOn/0",
            json!("gone"),
            "reference-dangling",
            "/dependencies/0/dependsOn/0",
        ),
        (
            "/dependencies/0/provides",
            json!(["gone"]),
            "reference-dangling",
            "/dependencies/0/provides/0",
        ),
        (
            "/compositions/0/assemblies/0",
            json!("gone"),
            "reference-dangling",
            "/compositions/0/assemblies/0",
        ),
        (
            "/compositions/0/dependencies",
            json!(["gone"]),
            "reference-dangling",
            "/compositions/0/dependencies/0",
        ),
        (
            "/annotations/0/subjects/0",
            json!("gone"),
            "reference-dangling",
            "/annotations/0/subjects/0",
        ),
        (
            "/components/0/modelCard/modelParameters/datasets/0/ref",
            json!("gone"),
            "reference-dangling",
            "/components/0/modelCard/modelParameters/datasets/0/ref (model)",
        ),
        (
            "/components/0/evidence/identity/0/tools/0",
            json!("gone"),
            "reference-dangling",
            "/components/0/evidence/identity/0/tools/0 (model)",
        ),
        (
            "/definitions/standards/0/requirements/1/parent",
            json!("gone"),
            "reference-dangling",
            "/definitions/standards/0/requirements/1/parent (r2)",
        ),
        (
            "/declarations/attestations/0/map/0/requirement",
            json!("gone"),
            "reference-dangling",
            "/declarations/attestations/0/map/0/requirement",
        ),
        (
            "/declarations/attestations/0/map/0/claims/0",
            json!("gone"),
            "reference-dangling",
            "/declarations/attestations/0/map/0/claims/0",
        ),
        (
            "/declarations/claims/0/target",
            json!("gone"),
            "reference-dangling",
            "/declarations/claims/0/target (c)",
        ),
        (
            "/declarations/claims/0/evidence/0",
            json!("gone"),
            "reference-dangling",
            "/declarations/claims/0/evidence/0 (c)",
        ),
        (
            "/citations/0/attributedTo",
            json!("gone"),
            "reference-dangling",
            "/citations/0/attributedTo",
        ),
        (
            "/citations/0/pointers/0",
            json!("/components/9"),
            "pointer-dangling",
            "/citations/0/pointers/0",
        ),
        (
            "/citations/0/pointers/0",
            json!("/components/00"),
            "pointer-dangling",
            "/citations/0/pointers/0",
        ),
        (
            "/citations/0/pointers/0",
            json!("components"),
            "pointer-dangling",
            "/citations/0/pointers/0",
        ),
        (
            "/components/0/purl",
            json!("pkg:huggingface/m@1"),
            "purl-invalid",
            "/components/0/purl (model)",
        ),
        (
            "/metadata/component/purl",
            json!("pkg:"),
            "purl-invalid",
            "/metadata/component/purl (product)",
        ),
        (
            "/components/1/licenses/0/expression",
            json!("MIT or Apache 2"),
            "expression-invalid",
            "/components/1/licenses/0/expression (set)",
        ),
        (
            "/components/2/licenses/0/license/id",
            json!("LicenseRef-x"),
            "license-unlisted",
            "/components/2/licenses/0/license (library)",
        ),
        (
            "/components/2/licenses/0/license/id",
            json!("mit"),
            "license-unlisted",
            "/components/2/licenses/0/license (library)",
        ),
        (
            "/components/2/licenses/0/license/name",
            json!("MIT"),
            "license-entry-ambiguous",
            "/components/2/licenses/0/license (library)",
        ),
        (
            "/components/2/licenses/0/license",
            json!({}),
            "license-entry-ambiguous",
            "/components/2/licenses/0/license (library)",
        ),
        (
            "/components/2/licenses/0/expression",
            json!("MIT"),
            "license-entry-ambiguous",
            "/components/2/licenses (library)",
        ),
        (
            "/components/1/licenses/1",
            json!({"expression": "MIT"}),
            "license-several-expressions",
            "/components/1/licenses (set)",
        ),
        (
            "/components/1/licenses/0/expression",
            json!("LicenseRef-unheard"),
            "license-text-missing",
            "/components/1/licenses/0/expression (set)",
        ),
        ("/components/0/licenses/0/license/name", json!("LicenseRef-b"), "", ""),
        (
            "/components/0/hashes/0/content",
            json!(long),
            "hash-invalid",
            "/components/0/hashes/0 (model)",
        ),
        (
            "/components/0/hashes/0/content",
            json!("no hex"),
            "hash-invalid",
            "/components/0/hashes/0 (model)",
        ),
        (
            "/components/0/hashes/0/alg",
            json!("SHA256"),
            "hash-invalid",
            "/components/0/hashes/0 (model)",
        ),
        (
            "/serialNumber",
            json!("urn:uuid:3E671687-395b-41f5-a30f-a58921a69b17"),
            "identity-invalid",
            "/serialNumber",
        ),
        ("/metadata/timestamp", json!("2026-11-28"), "timestamp-invalid", "/metadata/timestamp"),
        (
            "/annotations/0/timestamp",
            json!("2026-02-30T10:00:00Z"),
            "timestamp-invalid",
            "/annotations/0/timestamp",
        ),
        (
            "/components/0/data",
            json!([{"type": "dataset"}]),
            "data-misplaced",
            "/components/0/data (model)",
        ),
        (
            "/components/0/properties/0/value",
            json!(1),
            "property-not-text",
            "/components/0/properties/0/value (model)",
        ),
        (
            "/components/0/evidence/identity/0/field",
            json!("license"),
            "identity-field-unknown",
            "/components/0/evidence/identity/0/field (model)",
        ),
        ("/specVersion", json!("2.0"), "version-unknown", ""),
    ] {
        let code = format!("bom.{code}");
        let expected = [(code.as_str(), place)];
        check(&with(&good(), pointer, value), if code == "bom." { &[] } else { &expected });
    }
    check(
        &without(&good(), "/dependencies/1/dependsOn"),
        &[("bom.depends-on-missing", "/dependencies/1")],
    );
    check(
        &without(&good(), "/citations/0/attributedTo"),
        &[("bom.citation-unattributed", "/citations/0")],
    );
    check(
        &without(&good(), "/components/0/licenses/0/license/text"),
        &[("bom.license-text-missing", "/components/0/licenses/0/license (model)")],
    );
    let twice = good().to_string().replace(r#""name":"l""#, r#""name":"l","name":"k""#);
    check(&twice, &[("bom.key-repeated", "/components/2")]);
}

#[test]
fn what_leads_out_of_the_document_is_not_followed() {
    let link = json!("urn:cdx:3e671687-395b-41f5-a30f-a58921a69b17/1#x");
    check(&with(&good(), "/compositions/0/assemblies/0", link), &[]);
}

fn old(version: &str) -> Value {
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": version,
        "version": 1,
        "components": [{"type": "library", "name": "l", "licenses": [{"expression": "MIT"}]}]
    })
}

#[test]
fn a_version_has_what_it_has() {
    for version in ["1.2", "1.3", "1.4", "1.5", "1.6"] {
        check(&old(version).to_string(), &[]);
        let both =
            with(&old(version), "/components/0/licenses/1", json!({"license": {"id": "MIT"}}));
        check(&both, &[("bom.license-mixed", "/components/0/licenses")]);
        let properties = json!([{"name": "n", "value": "v"}]);
        let rich = with(&old(version), "/components/0/licenses/0/properties", properties);
        check(&rich, &[("bom.field-not-of-version", "/components/0/licenses/0/properties")]);
        check(
            &with(&old(version), "/citations", json!([])),
            &[("bom.field-not-of-version", "/citations")],
        );
    }
    check(
        &with(&old("1.4"), "/components/0/type", json!("machine-learning-model")),
        &[("bom.field-not-of-version", "/components/0/type")],
    );
    check(&with(&old("1.5"), "/components/0/type", json!("machine-learning-model")), &[]);
    check(
        &with(&old("1.5"), "/definitions", json!({})),
        &[("bom.field-not-of-version", "/definitions")],
    );
}

/// The same things in XML.
const XML: &str = r#"<?xml version="1.0"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.7" serialNumber="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b17" version="1">
  <metadata>
    <timestamp>2026-11-28T10:00:00</timestamp>
    <tools><components><component type="application" bom-ref="tool"><name>t</name></component></components></tools>
    <component type="application" bom-ref="product"><name>p</name></component>
  </metadata>
  <components>
    <component type="machine-learning-model" bom-ref="model">
      <name>m &amp; &#110;</name>
      <hashes><hash alg="MD5">d41d8cd98f00b204e9800998ecf8427e</hash></hashes>
      <licenses>
        <expression-detailed expression="LicenseRef-a" acknowledgement="concluded">
          <details license-identifier="LicenseRef-a"><text content-type="text/plain"><![CDATA[a < b]]></text></details>
        </expression-detailed>
      </licenses>
      <purl>pkg:huggingface/acme/m@1</purl>
      <properties><property name="n">v</property></properties>
      <evidence>
        <identity><field>hash</field><tools><tool ref="tool"/></tools></identity>
        <identity><field>name</field></identity>
      </evidence>
      <modelCard><modelParameters><datasets><ref>set</ref></datasets></modelParameters></modelCard>
    </component>
    <component type="data" bom-ref="set">
      <name>d</name>
      <licenses><license><id>MIT</id></license></licenses>
      <data><type>dataset</type></data>
    </component>
  </components>
  <dependencies>
    <dependency ref="product"><dependency ref="model"/><provides ref="set"/></dependency>
    <dependency ref="model"/>
  </dependencies>
  <compositions>
    <composition><aggregate>complete</aggregate><assemblies><assembly ref="product"/></assemblies>
      <dependencies><dependency ref="model"/></dependencies></composition>
  </compositions>
  <annotations><annotation><subjects><subject ref="model"/></subjects><text>t</text></annotation></annotations>
  <declarations>
    <attestations><attestation><map><requirement>r</requirement><claims><claim>c</claim></claims></map>
      <map><requirement>r</requirement></map></attestation></attestations>
    <claims><claim bom-ref="c"><target>product</target><evidence>e</evidence></claim></claims>
    <evidence><evidence bom-ref="e"/></evidence>
  </declarations>
  <definitions><standards><standard bom-ref="s"><requirements><requirement bom-ref="r"/></requirements></standard></standards></definitions>
  <citations><citation><pointers><pointer>/components/0/licenses/0</pointer></pointers>
    <attributedTo>tool</attributedTo></citation></citations>
</bom>"#;

#[test]
fn xml_is_read_as_its_json_form() {
    check(XML, &[]);
    for (from, to, code, place) in [
        (
            "bom-ref=\"set\"",
            "bom-ref=\"tool\"",
            "reference-dangling",
            "line 23 /components/0/modelCard/modelParameters/datasets/0 (model)",
        ),
        (
            "<dependency ref=\"model\"/><",
            "<dependency ref=\"gone\"/><",
            "reference-dangling",
            "line 32 /dependencies/0/dependsOn/0",
        ),
        (
            "<provides ref=\"set\"/>",
            "<provides ref=\"gone\"/>",
            "reference-dangling",
            "line 32 /dependencies/0/provides/0",
        ),
        (
            "<assembly ref=\"product\"/>",
            "<assembly ref=\"gone\"/>",
            "reference-dangling",
            "line 36 /compositions/0/assemblies/0",
        ),
        (
            "<subject ref=\"model\"/>",
            "<subject ref=\"gone\"/>",
            "reference-dangling",
            "line 39 /annotations/0/subjects/0",
        ),
        (
            "<tool ref=\"tool\"/>",
            "<tool ref=\"gone\"/>",
            "reference-dangling",
            "line 20 /components/0/evidence/identity/0/tools/0 (model)",
        ),
        (
            "<claim>c<",
            "<claim>gone<",
            "reference-dangling",
            "line 41 /declarations/attestations/0/map/0/claims/0",
        ),
        (
            "<requirement>r</requirement></map>",
            "<requirement>gone</requirement></map>",
            "reference-dangling",
            "line 42 /declarations/attestations/0/map/1/requirement",
        ),
        (
            "<target>product",
            "<target>gone",
            "reference-dangling",
            "line 43 /declarations/claims/0/target (c)",
        ),
        (
            "<evidence>e<",
            "<evidence>gone<",
            "reference-dangling",
            "line 43 /declarations/claims/0/evidence (c)",
        ),
        (
            "<attributedTo>tool",
            "<attributedTo>gone",
            "reference-dangling",
            "line 47 /citations/0/attributedTo",
        ),
        (
            "/licenses/0</pointer>",
            "/licenses/1</pointer>",
            "pointer-dangling",
            "line 47 /citations/0/pointers/0",
        ),
        ("<purl>pkg:", "<purl>", "purl-invalid", "line 9 /components/0/purl (model)"),
        ("d41d8", "zzzzz", "hash-invalid", "line 11 /components/0/hashes/0 (model)"),
        (
            "<field>hash",
            "<field>license",
            "identity-field-unknown",
            "line 20 /components/0/evidence/identity/0/field (model)",
        ),
        (
            "expression=\"LicenseRef-a\"",
            "expression=\"LicenseRef-a or b\"",
            "expression-invalid",
            "line 13 /components/0/licenses/0/expression (model)",
        ),
        (
            "<id>MIT<",
            "<id>mit<",
            "license-unlisted",
            "line 27 /components/1/licenses/0/license (set)",
        ),
        ("type=\"data\"", "type=\"file\"", "data-misplaced", "line 25 /components/1/data (set)"),
        ("2026-11-28T10:00:00<", "yesterday<", "timestamp-invalid", "line 3 /metadata/timestamp"),
        ("3e67", "3E67", "identity-invalid", "line 2 /serialNumber"),
    ] {
        assert!(XML.contains(from), "{from}");
        let changed = XML.replacen(from, to, 1);
        let code = format!("bom.{code}");
        let first = super::linted(changed.as_bytes())
            .problems
            .list
            .into_iter()
            .find(|it| it.code.as_str() == code);
        let found = first.map(|problem| problem.at.to_string());
        assert_eq!(found.as_deref(), Some(place), "{from} -> {to}");
    }
    let version_16 = XML.replace("bom/1.7", "bom/1.6");
    check(&version_16, &[("bom.field-not-of-version", "line 2 /citations")]);
}
