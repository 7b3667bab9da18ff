//! Obligations that files can show.

use super::{Duty, Verdict};
use crate::evaluate::policy as user_policy;
use crate::model::ObligationStatus::{
    Contradicted, Missing, NeedsDeclaration, NotEvidencable, Satisfied,
};
use crate::model::{Code, FileRole, Location, ProfileKind, Recognition, RelationKind, TextMatch};

/// The licence text must travel along: recognised among the artifact's files, not merely named.
pub(super) fn license_copy(duty: &Duty<'_>) -> Verdict {
    let copies: Vec<&TextMatch> = duty
        .scene
        .text_matches(duty.artifact)
        .iter()
        .filter(|text| text.key == duty.license.key && text.kind == ProfileKind::License)
        .collect();
    let (listed, copies): (Vec<&TextMatch>, Vec<&TextMatch>) =
        copies.into_iter().partition(|text| super::is_of_bom(duty.artifact, &text.at.path));
    let places = |texts: &[&TextMatch]| texts.iter().map(|text| text.at.clone()).collect();
    let exact: Vec<&TextMatch> =
        copies.iter().copied().filter(|text| text.recognition == Recognition::Exact).collect();
    if !exact.is_empty() {
        return Verdict::seen(Satisfied, "its text stands beside the artifact", places(&exact));
    }
    let clarified: Vec<Location> =
        user_policy::copies(duty.artifact, &duty.license.key, duty.scene)
            .flat_map(|claim| claim.evidence.iter().cloned())
            .collect();
    if !clarified.is_empty() {
        let because = "the policy says that its text stands beside the artifact";
        return Verdict::seen(Satisfied, because, clarified);
    }
    if let Some(near) = copies.first() {
        let because = format!(
            "the text beside the artifact differs from the known one: {}",
            near.differs.join("; ")
        );
        return Verdict::seen(NeedsDeclaration, because, places(&copies));
    }
    if !listed.is_empty() {
        let because = "its text stands in a bill of materials; whether a copy travels with the \
                       product, nothing shows";
        return Verdict::seen(NeedsDeclaration, because, places(&listed));
    }
    let texts: Vec<Location> = duty
        .artifact
        .files_of(FileRole::License)
        .filter(|file| !super::is_of_bom(duty.artifact, &file.path))
        .map(|file| Location::scanned(&file.path))
        .collect();
    let near = near_misses(duty, &texts);
    if !near.is_empty() {
        let because = "a text beside the artifact is nearly a known one and is not it; whether it is \
                       the copy that is owed, somebody must read";
        return Verdict::seen(NeedsDeclaration, because, near);
    }
    let because = if texts.is_empty() {
        "no licence file stands beside the artifact".to_owned()
    } else {
        format!("{} licence file(s) stand beside the artifact, none with this text", texts.len())
    };
    Verdict::seen(Missing, because, if texts.is_empty() { home(duty) } else { texts })
}

/// Where licence files hold a text that is nearly a known one.
fn near_misses(duty: &Duty<'_>, files: &[Location]) -> Vec<Location> {
    let near = duty.scene.inventory.diagnostics.iter();
    near.filter(|diagnostic| diagnostic.code == Code::LicenseTextNearMiss)
        .filter_map(|diagnostic| diagnostic.at.clone())
        .filter(|at| files.iter().any(|file| file.path == at.path))
        .collect()
}

/// The phrase id of records that prescribe no words of their own, but the notice of the original.
const UPSTREAM: &str = "upstream-notice";

/// A prescribed statement must stand in a notice file.
pub(super) fn notice(duty: &Duty<'_>) -> Verdict {
    let wanted = duty.obligation.params.get("phrase_id").filter(|phrase| *phrase != UPSTREAM);
    let found: Vec<Location> = duty
        .artifact
        .files
        .iter()
        .filter_map(|file| duty.scene.inventory.phrases.get(&file.path))
        .flatten()
        .filter(|(phrase, _)| wanted == Some(phrase))
        .map(|(_, at)| at.clone())
        .collect();
    // The licence text itself quotes the statement; quoting is not giving the notice.
    let licenses: Vec<&_> =
        duty.artifact.files_of(FileRole::License).map(|file| &file.path).collect();
    let outside: Vec<Location> =
        found.into_iter().filter(|at| !licenses.contains(&&at.path)).collect();
    if !outside.is_empty() {
        return Verdict::seen(Satisfied, "the prescribed statement was found", outside);
    }
    let notices: Vec<Location> = duty
        .artifact
        .files_of(FileRole::Notice)
        .map(|file| Location::scanned(&file.path))
        .collect();
    // Without a prescribed statement the duty is to pass on a notice that the original came with.
    if wanted.is_none() {
        return if notices.is_empty() {
            Verdict::new(NeedsDeclaration, "owed only if the original came with a notice")
        } else {
            Verdict::seen(Satisfied, "a notice file stands beside the artifact", notices)
        };
    }
    if notices.is_empty() {
        let name = duty.obligation.params.get("file_name").map_or("Notice", String::as_str);
        let because = format!("no notice file (`{name}`) stands beside the artifact");
        return Verdict::seen(Missing, because, home(duty));
    }
    Verdict::seen(
        NeedsDeclaration,
        "a notice file stands beside the artifact; the prescribed statement was not found in it \
         word for word",
        notices,
    )
}

/// A derived model's name must begin with a word.
pub(super) fn model_naming(duty: &Duty<'_>) -> Verdict {
    // Some texts also name what was merely trained on outputs, others only what is derived.
    let via_outputs = duty.obligation.params.get("also_via_outputs").is_some_and(|it| it == "yes");
    let derived = duty
        .scene
        .lineage(&duty.artifact.id)
        .find(|relation| via_outputs || relation.kind != RelationKind::DistilledFrom);
    let (Some(relation), Some(prefix)) = (derived, duty.obligation.params.get("prefix")) else {
        return Verdict::new(NotEvidencable, "nothing shows that the artifact is derived");
    };
    let label = duty.artifact.label();
    let name = label.rsplit('/').next().unwrap_or(&label);
    let evidence = relation.evidence.clone();
    if letters(name).starts_with(&letters(prefix)) {
        return Verdict::seen(Satisfied, format!("`{name}` begins with `{prefix}`"), evidence);
    }
    let because = format!("`{name}` is derived and does not begin with `{prefix}`");
    Verdict::seen(Missing, because, evidence)
}

/// Names are told apart by their letters and digits: `Llama-3` is `Llama 3`.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The card must travel along.
pub(super) fn documentation(duty: &Duty<'_>) -> Verdict {
    let cards: Vec<Location> =
        duty.artifact.files_of(FileRole::Card).map(|file| Location::scanned(&file.path)).collect();
    if cards.is_empty() {
        return Verdict::seen(Missing, "no card stands beside the artifact", home(duty));
    }
    Verdict::seen(Satisfied, "a card stands beside the artifact", cards)
}

/// The artifact must not be changed.
pub(super) fn no_modification(duty: &Duty<'_>) -> Verdict {
    let changed = [
        RelationKind::FineTunedFrom,
        RelationKind::QuantizedFrom,
        RelationKind::ConvertedFrom,
        RelationKind::MergedFrom,
    ];
    if duty.license.from_ancestor.is_some() {
        if duty.license.relation.is_some_and(|relation| changed.contains(&relation)) {
            let because = "the artifact is a changed copy of material under this licence";
            return Verdict::seen(Contradicted, because, duty.license.evidence.clone());
        }
        let because = "nothing states whether the artifact is an unchanged copy of its ancestor";
        return Verdict::seen(NeedsDeclaration, because, duty.license.evidence.clone());
    }
    Verdict::new(NotEvidencable, "nothing shows whether it was changed")
}

/// A use policy that is part of the licence: whether a copy of it is at hand.
pub(super) fn policy(duty: &Duty<'_>) -> Verdict {
    let policy = duty.obligation.params.get("policy_ref");
    let copies: Vec<Location> = duty
        .scene
        .text_matches(duty.artifact)
        .iter()
        .filter(|text| text.kind == ProfileKind::UsePolicy && Some(&text.key.0) == policy)
        .map(|text| text.at.clone())
        .collect();
    if copies.is_empty() {
        return Verdict::new(
            NotEvidencable,
            "it concerns behaviour; the policy's text does not stand beside the artifact",
        );
    }
    Verdict::seen(
        NotEvidencable,
        "it concerns behaviour; the policy's text stands beside the artifact",
        copies,
    )
}

/// Where the absence was noticed.
fn home(duty: &Duty<'_>) -> Vec<Location> {
    duty.artifact.occurrences.clone()
}
