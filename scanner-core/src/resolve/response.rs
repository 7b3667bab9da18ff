//! What a plugin may say, and what is kept of it.

use std::collections::BTreeMap;

use flowdown_plugin_sdk::message::{
    Evidence, ExtraObligation, LicenseClaim, PluginDiagnostic, RelationClaim, Resolution,
};

use super::request::Sent;
use super::{Resolved, terms};
use crate::model::names;
use crate::model::{
    Artifact, Basis, Claim, Code, Diagnostic, ExtraDuty, LicenseKey, LicenseStatement, Location,
    Purl, Recognition, Relation, RelationKind, RelationTarget, ResolverId, TextMatch,
};

/// Takes the answer of the plugin `by` to the batch that was `sent`.
pub(super) fn take(
    by: &ResolverId,
    batch: &[&Artifact],
    sent: &Sent,
    answers: Vec<Resolution>,
    resolved: &mut Resolved,
) {
    let mut positions: BTreeMap<&str, usize> =
        batch.iter().enumerate().map(|(index, artifact)| (&*artifact.id.0, index)).collect();
    for answer in answers {
        let Some(position) = positions.remove(&*answer.id) else {
            resolved.diagnostics.push(refused(
                by,
                None,
                &format!(
                    "it answered for `{}`, which it was not asked about or not twice",
                    answer.id
                ),
            ));
            continue;
        };
        let desk = Desk {
            by,
            artifact: batch[position],
            facts: &sent.facts[position],
            texts: &sent.texts[position],
        };
        for claim in answer.claims {
            let claim = desk.license(claim);
            desk.keep(claim, resolved, |resolved, claim| {
                resolved.claims.entry(desk.artifact.id.clone()).or_default().push(claim);
            });
        }
        for claim in answer.relations {
            let relation = desk.relation(claim);
            desk.keep(relation, resolved, |resolved, relation| resolved.relations.push(relation));
        }
        for diagnostic in answer.diagnostics {
            resolved.diagnostics.push(desk.diagnostic(diagnostic));
        }
        for extra in answer.obligations {
            let obligation = desk.obligation(extra);
            desk.keep(obligation, resolved, |resolved, obligation| {
                resolved.obligations.entry(desk.artifact.id.clone()).or_default().push(obligation);
            });
        }
    }
}

/// Where the answer for one artifact is checked.
struct Desk<'a> {
    by: &'a ResolverId,
    artifact: &'a Artifact,
    facts: &'a [Location],
    texts: &'a [TextMatch],
}

impl Desk<'_> {
    fn keep<T>(
        &self,
        checked: Result<T, String>,
        resolved: &mut Resolved,
        keep: impl FnOnce(&mut Resolved, T),
    ) {
        match checked {
            Ok(value) => keep(resolved, value),
            Err(reason) => {
                let at = self.artifact.occurrences.first().cloned();
                resolved.diagnostics.push(refused(self.by, at, &reason));
            }
        }
    }

    fn license(&self, claim: LicenseClaim) -> Result<Claim<LicenseStatement>, String> {
        let basis = match &*claim.basis {
            "declared" => Basis::Declared,
            "detected" => Basis::Detected,
            "identified" => Basis::Identified,
            other => return Err(format!("`{other}` is no ground of a licence claim")),
        };
        let evidence = self.places(&claim.evidence)?;
        let recognition = claim.evidence.iter().filter_map(|evidence| match evidence {
            Evidence::TextMatch(index) => self.texts.get(*index).map(|text| text.recognition),
            Evidence::Fact(_) => None,
        });
        let recognition: Option<Recognition> = recognition.min();
        if basis == Basis::Detected && recognition.is_none() {
            return Err("a `detected` licence needs a recognised text as evidence".to_owned());
        }
        let mut candidates: Vec<LicenseKey> =
            claim.candidates.into_iter().map(LicenseKey).collect();
        candidates.sort();
        candidates.dedup();
        Ok(Claim {
            value: LicenseStatement {
                stated: claim.stated,
                candidates,
                expression: claim.expression,
                recognition,
            },
            basis,
            evidence,
            by: self.by.clone(),
        })
    }

    fn relation(&self, claim: RelationClaim) -> Result<Relation, String> {
        let kind = match &*claim.relation {
            "fine-tuned-from" => RelationKind::FineTunedFrom,
            "quantized-from" => RelationKind::QuantizedFrom,
            "converted-from" => RelationKind::ConvertedFrom,
            "adapter-of" => RelationKind::AdapterOf,
            "merged-from" => RelationKind::MergedFrom,
            "distilled-from" => RelationKind::DistilledFrom,
            "derived-from" => RelationKind::DerivedFrom,
            "trained-on" => RelationKind::TrainedOn,
            other => return Err(format!("`{other}` is no relation")),
        };
        let basis = match &*claim.basis {
            "declared" => Basis::Declared,
            "identified" => Basis::Identified,
            other => return Err(format!("`{other}` is no ground of a relation")),
        };
        if claim.target.is_empty() {
            return Err("a relation has no target".to_owned());
        }
        let purl = (kind != RelationKind::TrainedOn && is_repository(&claim.target))
            .then(|| Purl::of_hugging_face(&claim.target, None))
            .flatten();
        Ok(Relation {
            from: self.artifact.id.clone(),
            kind,
            to: RelationTarget::Elsewhere { name: claim.target, purl },
            basis,
            evidence: self.places(&claim.evidence)?,
            by: self.by.clone(),
        })
    }

    fn obligation(&self, extra: ExtraObligation) -> Result<ExtraDuty, String> {
        Ok(ExtraDuty {
            license: LicenseKey(extra.license),
            evidence: self.places(&extra.evidence)?,
            obligation: terms::obligation(extra.obligation)?,
        })
    }

    fn diagnostic(&self, diagnostic: PluginDiagnostic) -> Diagnostic {
        let at = self
            .places(&diagnostic.evidence)
            .ok()
            .and_then(|places| places.into_iter().next())
            .or_else(|| self.artifact.occurrences.first().cloned());
        Diagnostic {
            at,
            code: Code::PluginRemark,
            message: format!("plugin `{}`: {}", self.by, diagnostic.message),
            help: diagnostic.help,
        }
    }

    /// The places that indices stand for; an index that was not sent is an invention.
    fn places(&self, evidence: &[Evidence]) -> Result<Vec<Location>, String> {
        let mut places = Vec::with_capacity(evidence.len());
        for evidence in evidence {
            let place = match *evidence {
                Evidence::Fact(index) => self.facts.get(index),
                Evidence::TextMatch(index) => self.texts.get(index).map(|text| &text.at),
            };
            places.push(place.cloned().ok_or_else(|| {
                format!(
                    "evidence {evidence:?} was not sent: there were {} facts and {} texts",
                    self.facts.len(),
                    self.texts.len()
                )
            })?);
        }
        if places.is_empty() {
            return Err("a claim came without evidence".to_owned());
        }
        places.sort();
        places.dedup();
        Ok(places)
    }
}

/// `org/name` with the characters that repository names have; `../name` and `./name` are paths.
fn is_repository(name: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    name.split_once('/').is_some_and(|(organisation, name)| is_part(organisation) && is_part(name))
}

fn refused(by: &ResolverId, at: Option<Location>, reason: &str) -> Diagnostic {
    Diagnostic {
        at,
        code: Code::PluginResponseInvalid,
        message: format!("an answer of plugin `{by}` was refused: {reason}"),
        help: Some("this item was left out; report it to the plugin's author".to_owned()),
    }
}

/// The facts that state a licence.
const STATEMENTS: &[crate::model::FactName] = &[
    names::BOM_LICENSE,
    names::BOM_LICENSE_CONCLUDED,
    names::CARD_BODY_LICENSE,
    names::CARD_LICENSE,
    names::GGUF_GENERAL_LICENSE,
    names::SAFETENSORS_METADATA_LICENSE,
];

/// Keeps what is stated and no plugin understood: it is a claim whose meaning is unknown, not
/// the absence of one.
pub(super) fn keep_unanswered(artifact: &Artifact, resolved: &mut Resolved) {
    let claims = resolved.claims.entry(artifact.id.clone()).or_default();
    let answered: Vec<Location> =
        claims.iter().flat_map(|claim| claim.evidence.iter().cloned()).collect();
    for fact in artifact.facts.iter().filter(|fact| STATEMENTS.contains(&fact.name)) {
        let mut stated = fact.value.texts().join(", ");
        // `other` means nothing without the name that stands beside it.
        let name = artifact
            .facts_named(names::CARD_LICENSE_NAME.as_str())
            .find(|name| name.at.path == fact.at.path)
            .and_then(|name| name.value.as_text());
        if let (Some(name), names::CARD_LICENSE) = (name, fact.name) {
            stated = format!("{stated}: {name}");
        }
        if answered.contains(&fact.at) || stated.is_empty() {
            continue;
        }
        claims.push(Claim {
            value: LicenseStatement {
                stated: Some(stated.clone()),
                candidates: Vec::new(),
                expression: None,
                recognition: None,
            },
            basis: Basis::Declared,
            evidence: vec![fact.at.clone()],
            by: ResolverId("core".to_owned()),
        });
        resolved.diagnostics.push(
            Diagnostic::new(
                Code::LicenseTagUnknown,
                fact.at.clone(),
                format!("`{stated}` names no licence that a plugin knows"),
            )
            .help("the licence is reported as unknown; put its text beside the model"),
        );
    }
}
