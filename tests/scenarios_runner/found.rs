//! What a native document says of a scenario's product.

use std::collections::{BTreeMap, BTreeSet};

use libtest_mimic::Failed;
use serde_json::Value;

pub(super) struct Found {
    pub(super) restrictions: BTreeMap<String, BTreeSet<String>>,
    pub(super) duties: BTreeMap<String, BTreeSet<String>>,
    pub(super) findings: BTreeMap<String, BTreeSet<String>>,
    pub(super) messages: Vec<String>,
    pub(super) gaps: Vec<String>,
}

impl Found {
    pub(super) fn of(document: &Value) -> Result<Self, Failed> {
        let mut found = Self {
            restrictions: BTreeMap::new(),
            duties: BTreeMap::new(),
            findings: BTreeMap::new(),
            messages: Vec::new(),
            gaps: Vec::new(),
        };
        let reviews = &document["assessment"]["agreement"]["licenses"];
        for review in reviews.as_array().into_iter().flatten() {
            found.take_review(review)?;
        }
        let artifacts = document["inventory"]["artifacts"].as_array().ok_or("no artifacts")?;
        for finding in document["assessment"]["findings"].as_array().ok_or("no findings")? {
            if finding["severity"] == "note" {
                continue;
            }
            let artifact = artifacts.iter().find(|artifact| artifact["id"] == finding["artifact"]);
            let name = artifact.map_or("product", |artifact| text(&artifact["name"]));
            let code = text(&finding["rule"]).to_owned();
            found.messages.push(format!("{code} on {name}: {}", text(&finding["message"])));
            found.findings.entry(name.to_owned()).or_default().insert(code);
        }
        let chains = document["assessment"]["flow"]["chains"].as_array().ok_or("no chains")?;
        for gap in chains.iter().filter_map(|chain| chain["gaps"].as_array()).flatten() {
            found.gaps.push(text(&gap["what"]).to_owned());
        }
        Ok(found)
    }

    fn take_review(&mut self, review: &Value) -> Result<(), Failed> {
        let license = text(&review["license"]).to_owned();
        let is_similar_enough = review["demand"] == "similar";
        for restriction in review["restrictions"].as_array().ok_or("no restrictions")? {
            let verdict = text(&restriction["verdict"]);
            let passes = verdict == "verbatim" || verdict == "equivalent" && is_similar_enough;
            if passes {
                continue;
            }
            let differences = restriction["differences"].as_array().ok_or("no differences")?;
            let ways: BTreeSet<&str> = differences.iter().map(|it| text(&it["kind"])).collect();
            let ways = ways.into_iter().collect::<Vec<_>>().join(", ");
            let ways = if ways.is_empty() { ways } else { format!(" ({ways})") };
            let words = format!("{}: {verdict}{ways}", text(&restriction["label"]));
            self.restrictions.entry(license.clone()).or_default().insert(words);
        }
        for duty in review["duties"].as_array().ok_or("no duties")? {
            let verdict = text(&duty["verdict"]);
            if verdict != "stated" {
                let words = format!("{}: {verdict}", text(&duty["kind"]));
                self.duties.entry(license.clone()).or_default().insert(words);
            }
        }
        Ok(())
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
