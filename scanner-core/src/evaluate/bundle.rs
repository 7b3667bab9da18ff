//! The bundle of licences that every customer of one product receives: the vendor's own licence
//! plus one entry for each licence and grantor that reaches a shipped artifact.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Scene, conclusion, policy, ships};
use crate::model::{
    AppliedLicense, Artifact, ArtifactAssessment, ArtifactId, Basis, BundleEntry, BundleGap,
    BundleText, CapturedText, Conveyance, Digest, FileRole, LicenseBundle, LicenseKey,
    LicenseStatus, LicenseTerms, Location, ProfileKind, Recognition, Span, TextMatch, TextOrigin,
    UseRestriction,
};

type Key = (Option<LicenseKey>, Option<String>);

pub(super) fn of(
    assessed: &BTreeMap<ArtifactId, ArtifactAssessment>,
    scene: &Scene<'_>,
    source_name: &str,
) -> LicenseBundle {
    let mut entries: BTreeMap<Key, BundleEntry> = BTreeMap::new();
    for artifact in scene.inventory.artifacts.iter().filter(|artifact| ships(artifact)) {
        let assessment = &assessed[&artifact.id];
        if assessment.conclusion.status == LicenseStatus::Unknown {
            unknown(artifact, assessment, scene, &mut entries);
        }
        add_unread_texts(artifact, scene, &mut entries);
        for license in &assessment.effective.licenses {
            add(artifact, assessment, license, scene, &mut entries);
        }
        for ancestor in &assessment.effective.unknown_ancestors {
            let what = format!(
                "`{}` is {} `{}`, whose terms are unknown",
                artifact.label(),
                ancestor.relation.name().replace('-', " "),
                ancestor.name
            );
            let fix = "scan the ancestor too, or find out its licence from its own card";
            nameless(artifact, &mut entries).gaps.push(BundleGap { what, fix: fix.to_owned() });
        }
    }
    let mut entries: Vec<BundleEntry> = entries.into_values().map(tidy).collect();
    entries.sort_by(|left, right| {
        (&left.spdx, &left.license, &left.grantor).cmp(&(
            &right.spdx,
            &right.license,
            &right.grantor,
        ))
    });
    LicenseBundle {
        product: scene
            .product
            .map_or_else(|| source_name.to_owned(), |product| product.name.clone()),
        product_license: scene.product.and_then(|product| product.license.clone()),
        entries,
    }
}

/// The entry for artifacts whose licence is unknown.
fn nameless<'a>(
    artifact: &Artifact,
    entries: &'a mut BTreeMap<Key, BundleEntry>,
) -> &'a mut BundleEntry {
    let entry = entries.entry((None, None)).or_insert_with(|| BundleEntry {
        license: None,
        spdx: "NOASSERTION".to_owned(),
        name: "unknown licence".to_owned(),
        basis: Basis::Declared,
        conveyance: None,
        grantor: None,
        covers: Vec::new(),
        texts: Vec::new(),
        notices: Vec::new(),
        restrictions: Vec::new(),
        obligations: Vec::new(),
        gaps: Vec::new(),
    });
    entry.covers.push(artifact.id.clone());
    entry
}

fn unknown(
    artifact: &Artifact,
    assessment: &ArtifactAssessment,
    scene: &Scene<'_>,
    entries: &mut BTreeMap<Key, BundleEntry>,
) {
    let what = format!(
        "the licence of `{}` is unknown: {}",
        artifact.label(),
        assessment.conclusion.because
    );
    let fix = "find out under which licence it is, and put the text beside it";
    let entry = nameless(artifact, entries);
    entry.gaps.push(BundleGap { what, fix: fix.to_owned() });
    add_notices(entry, artifact, scene);
}

/// A licence text that nobody here knows travels along all the same.
fn add_unread_texts(
    artifact: &Artifact,
    scene: &Scene<'_>,
    entries: &mut BTreeMap<Key, BundleEntry>,
) {
    let unread = conclusion::unread_texts(artifact, scene);
    if unread.is_empty() {
        return;
    }
    // A text beside an artifact under contract can be the contract: it cannot be taken back.
    let may_be_confidential = !scene.contracts_on(&artifact.id).is_empty();
    let entry = nameless(artifact, entries);
    for path in unread {
        if may_be_confidential {
            entry.gaps.push(BundleGap {
                what: format!(
                    "the text in `{path}` stands beside an artifact under contract and is left out"
                ),
                fix: "read it; if customers are to have it, give it to them beside this bundle"
                    .to_owned(),
            });
            continue;
        }
        entry.texts.extend(scene.inventory.texts.get(path).map(as_it_came));
        entry.gaps.push(BundleGap {
            what: format!("the terms of the text in `{path}` are not known"),
            fix: "read it; what it demands is in no part of this bundle".to_owned(),
        });
    }
    add_notices(entry, artifact, scene);
}

fn add(
    artifact: &Artifact,
    assessment: &ArtifactAssessment,
    license: &AppliedLicense,
    scene: &Scene<'_>,
    entries: &mut BTreeMap<Key, BundleEntry>,
) {
    let terms = scene.terms(&license.key);
    let grantor = grantor(terms, scene);
    let entry = entries
        .entry((Some(license.key.clone()), grantor.clone()))
        .or_insert_with(|| new_entry(license, terms, grantor, scene));
    entry.basis = entry.basis.max(license.basis);
    entry.covers.push(artifact.id.clone());
    entry.obligations.extend(
        assessment
            .obligations
            .iter()
            .filter(|assessed| assessed.license == license.key)
            .map(|assessed| (artifact.id.clone(), assessed.clone())),
    );
    add_texts(entry, artifact, license, scene);
    if !license.alternatives.is_empty() {
        let others: Vec<String> = license.alternatives.iter().map(|key| scene.spdx(key)).collect();
        entry.gaps.push(BundleGap {
            what: format!(
                "`{}` may be under {} instead of {}: what is stated has several meanings",
                license.from_ancestor.clone().unwrap_or_else(|| artifact.label()),
                others.join(" or "),
                entry.spdx
            ),
            fix: "put the licence text beside the weights: the text decides".to_owned(),
        });
    }
    if terms.is_none() {
        entry.gaps.push(BundleGap {
            what: format!("what {} demands is not recorded", entry.spdx),
            fix: "read its text; its obligations and restrictions are in no part of this bundle"
                .to_owned(),
        });
    }
    if entry.conveyance == Some(Conveyance::NoConveyance) {
        entry.gaps.push(BundleGap {
            what: format!("the terms of `{}` give rights to the licensee only", artifact.label()),
            fix: "let each customer obtain its own licence from the licensor".to_owned(),
        });
    }
}

fn new_entry(
    license: &AppliedLicense,
    terms: Option<&LicenseTerms>,
    grantor: Option<String>,
    scene: &Scene<'_>,
) -> BundleEntry {
    let spdx = scene.spdx(&license.key);
    BundleEntry {
        license: Some(license.key.clone()),
        name: terms.map_or_else(|| spdx.clone(), |terms| terms.name.clone()),
        spdx,
        basis: license.basis,
        conveyance: terms.map(|terms| terms.grant.conveyance),
        grantor,
        covers: Vec::new(),
        texts: Vec::new(),
        notices: Vec::new(),
        restrictions: terms
            .into_iter()
            .flat_map(|terms| &terms.restrictions)
            .map(|restriction| (restriction.clone(), None))
            .collect(),
        obligations: Vec::new(),
        gaps: Vec::new(),
    }
}

/// Who grants the licence to the customer: the licensor where licensing is direct, the vendor
/// where rights are passed on under restrictions.
fn grantor(terms: Option<&LicenseTerms>, scene: &Scene<'_>) -> Option<String> {
    match terms?.grant.conveyance {
        Conveyance::DirectLicense => terms?.licensor.clone(),
        Conveyance::SublicenseWithFlowdown | Conveyance::CommercialFlowdown => Some(
            scene
                .product
                .and_then(|product| product.vendor.clone())
                .unwrap_or_else(|| "the vendor".to_owned()),
        ),
        Conveyance::NoConveyance => None,
    }
}

fn add_texts(
    entry: &mut BundleEntry,
    artifact: &Artifact,
    license: &AppliedLicense,
    scene: &Scene<'_>,
) {
    let copies: Vec<&TextMatch> = copies(artifact, license, scene).collect();
    for copy in &copies {
        let Some(text) = scene.inventory.texts.get(&copy.path) else { continue };
        entry.texts.push(as_it_came(text));
        if copy.recognition == Recognition::Variant {
            entry.gaps.push(BundleGap {
                what: format!(
                    "the text in `{}` differs from the known one: {}",
                    copy.path,
                    copy.differs.join("; ")
                ),
                fix: "read the changed passages; what is recorded are the terms of the known text"
                    .to_owned(),
            });
        }
    }
    for policy in policies(artifact, license, scene) {
        let Some(text) = scene.inventory.texts.get(&policy.path) else { continue };
        entry.texts.push(as_it_came(text));
    }
    quote(&mut entry.restrictions, artifact, license, scene);
    let clarified = clarified_texts(artifact, &license.key, scene);
    if scene.contract(&license.key).is_some() {
        entry.gaps.push(BundleGap {
            what: format!(
                "the text of {} is a contract between the vendor and the licensor, and no part of \
                 this bundle",
                entry.spdx
            ),
            fix: "let the agreement with customers say what the contract makes the vendor pass on"
                .to_owned(),
        });
    } else if copies.is_empty() && clarified.is_empty() {
        match scene.inventory.listed_texts.get(&license.key) {
            Some(text) => entry.texts.push(from_list(text)),
            None => entry.gaps.push(BundleGap {
                what: format!(
                    "the text of {} did not come with `{}`",
                    entry.spdx,
                    artifact.label()
                ),
                fix: "obtain the text from the licensor and put it beside the artifact".to_owned(),
            }),
        }
    }
    entry.texts.extend(clarified);
    add_notices(entry, artifact, scene);
}

/// Texts that are this licence as the user's policy says.
fn clarified_texts(
    artifact: &Artifact,
    license: &LicenseKey,
    scene: &Scene<'_>,
) -> Vec<BundleText> {
    policy::copies(artifact, license, scene)
        .filter_map(policy::clarified_file)
        .filter_map(|path| scene.inventory.texts.get(path))
        .map(as_it_came)
        .collect()
}

/// Copies of the text of `license` that came with the artifact.
fn copies<'a>(
    artifact: &Artifact,
    license: &'a AppliedLicense,
    scene: &'a Scene<'_>,
) -> impl Iterator<Item = &'a TextMatch> {
    scene.text_matches(artifact).iter().filter(|text| {
        text.key == license.key
            && text.kind == ProfileKind::License
            && text.recognition != Recognition::Family
    })
}

/// Adds to each restriction that has none its wording in the texts that came with the artifact.
pub(super) fn quote(
    restrictions: &mut [(UseRestriction, Option<(String, Location)>)],
    artifact: &Artifact,
    license: &AppliedLicense,
    scene: &Scene<'_>,
) {
    for copy in copies(artifact, license, scene).chain(policies(artifact, license, scene)) {
        if let Some(text) = scene.inventory.texts.get(&copy.path) {
            quote_restrictions(restrictions, copy, text);
        }
    }
}

/// Copies of the use policies that `license` makes part of itself; restrictions stand there.
fn policies<'a>(
    artifact: &Artifact,
    license: &AppliedLicense,
    scene: &'a Scene<'_>,
) -> impl Iterator<Item = &'a TextMatch> {
    let obligations = scene.terms(&license.key).into_iter().flat_map(|terms| &terms.obligations);
    let named: BTreeSet<&str> = obligations
        .filter(|obligation| obligation.kind == "comply-with-policy")
        .filter_map(|obligation| obligation.params.get("policy_ref").map(String::as_str))
        .collect();
    scene.text_matches(artifact).iter().filter(move |text| {
        text.kind == ProfileKind::UsePolicy
            && text.recognition != Recognition::Family
            && named.contains(&*text.key.0)
    })
}

fn add_notices(entry: &mut BundleEntry, artifact: &Artifact, scene: &Scene<'_>) {
    let notices = artifact.files_of(FileRole::Notice);
    let texts = notices.filter_map(|notice| scene.inventory.texts.get(&notice.path));
    entry.notices.extend(texts.map(as_it_came));
}

fn as_it_came(text: &CapturedText) -> BundleText {
    BundleText {
        origin: TextOrigin::Artifact { path: text.path.clone() },
        sha256: text.sha256(),
        bytes: text.bytes.clone(),
    }
}

fn from_list(text: &str) -> BundleText {
    BundleText {
        origin: TextOrigin::SpdxList,
        sha256: Digest::sha256_of(text.as_bytes()),
        bytes: Arc::from(text.as_bytes()),
    }
}

fn quote_restrictions(
    restrictions: &mut [(UseRestriction, Option<(String, Location)>)],
    copy: &TextMatch,
    text: &CapturedText,
) {
    let content = text.text();
    let lines: Vec<&str> = content.lines().collect();
    for (restriction, quote) in restrictions.iter_mut().filter(|(_, quote)| quote.is_none()) {
        let place = copy.clauses.iter().find(|(label, _)| *label == restriction.label);
        let Some((_, at)) = place else { continue };
        let Some(Span::Lines { first, last }) = at.span else { continue };
        let index = |line: u64| usize::try_from(line.saturating_sub(text.first_line)).ok();
        let wording = index(first)
            .zip(index(last))
            .and_then(|(first, last)| lines.get(first..=last))
            .map(|lines| lines.join("\n"));
        *quote = wording.map(|wording| (wording, at.clone()));
    }
}

fn tidy(mut entry: BundleEntry) -> BundleEntry {
    entry.covers.sort();
    entry.covers.dedup();
    for texts in [&mut entry.texts, &mut entry.notices] {
        let mut seen = BTreeSet::new();
        texts
            .sort_by(|left, right| (&left.origin, left.sha256).cmp(&(&right.origin, right.sha256)));
        // Two texts are the same only if their bytes are.
        texts.retain(|text| seen.insert(text.sha256));
    }
    entry.obligations.sort();
    entry.obligations.dedup();
    entry.gaps.sort();
    entry.gaps.dedup();
    entry
}
