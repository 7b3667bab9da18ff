//! One licence of an expression, as rules of the policy see it.

use spdx::expression::{ExprNode, Operator};
use spdx::{AdditionItem, LicenseItem, LicenseReq};

use crate::evaluate::Scene;
use crate::model::{
    AppliedLicense, Basis, EffectiveTerms, LicenseKey, LicenseTerms, Location, parse_expression,
};

/// One licence that must be acceptable, or be one of several of which one must.
pub(super) struct Atom<'a> {
    /// SPDX id or `LicenseRef-…`.
    pub(super) id: String,
    /// The exception after `WITH`.
    pub(super) exception: Option<String>,
    /// What applies under that id; empty when an expression names what no claim does.
    pub(super) applied: Vec<&'a AppliedLicense>,
    /// What it says, when that is recorded.
    pub(super) terms: Option<&'a LicenseTerms>,
}

impl<'a> Atom<'a> {
    fn of_request(
        request: &LicenseReq,
        effective: &'a EffectiveTerms,
        scene: &Scene<'a>,
    ) -> Option<Self> {
        let id = match &request.license {
            // The list of the crate holds these as if they were licences.
            LicenseItem::Spdx { id, .. } if matches!(id.name, "NOASSERTION" | "NONE") => {
                return None;
            }
            LicenseItem::Spdx { id, .. } => id.name.to_owned(),
            LicenseItem::Other(other) => format!("LicenseRef-{}", other.lic_ref),
        };
        let exception = request.addition.as_ref().map(|addition| match addition {
            AdditionItem::Spdx(id) => id.name.to_owned(),
            AdditionItem::Other(other) => format!("AdditionRef-{}", other.add_ref),
        });
        let applied =
            effective.licenses.iter().filter(|license| scene.spdx(&license.key) == id).collect();
        Some(Self::new(id, exception, applied, scene))
    }

    /// A licence that applies by itself, outside an expression.
    pub(super) fn of_applied(license: &'a AppliedLicense, scene: &Scene<'a>) -> Self {
        Self::new(scene.spdx(&license.key), None, vec![license], scene)
    }

    /// A licence or contract that brings obligations and is claimed for nothing.
    pub(super) fn without_claim(key: &LicenseKey, scene: &Scene<'a>) -> Self {
        let terms = scene.inventory.terms.get(key);
        Self { id: scene.spdx(key), exception: None, applied: Vec::new(), terms }
    }

    fn new(
        id: String,
        exception: Option<String>,
        applied: Vec<&'a AppliedLicense>,
        scene: &Scene<'a>,
    ) -> Self {
        let terms = applied.iter().find_map(|license| scene.inventory.terms.get(&license.key));
        Self { id, exception, applied, terms }
    }

    /// As it stands in an expression.
    pub(super) fn full_id(&self) -> String {
        match &self.exception {
            Some(exception) => format!("{} WITH {exception}", self.id),
            None => self.id.clone(),
        }
    }

    /// Its name for messages, with the words that say how certain it is and where it comes from.
    pub(super) fn words(&self) -> String {
        let Some(license) = self.applied.first() else { return self.full_id() };
        let others = match license.alternatives.len() {
            0 => String::new(),
            count => format!(", one of {} candidates", count + 1),
        };
        let from = license
            .from_ancestor
            .as_ref()
            .map_or_else(String::new, |ancestor| format!(", from its ancestor `{ancestor}`"));
        format!("{} ({}{others}{from})", self.full_id(), license.basis.name())
    }

    /// The key of what applies.
    pub(super) fn key(&self) -> Option<&'a LicenseKey> {
        self.applied.first().map(|license| &license.key)
    }

    /// Where its grounds stand.
    pub(super) fn evidence(&self) -> Vec<Location> {
        let mut places: Vec<Location> =
            self.applied.iter().flat_map(|license| license.evidence.iter().cloned()).collect();
        places.sort();
        places.dedup();
        places
    }

    /// Whether the terms cannot limit what it is used for though they are not recorded: criteria 5
    /// and 6 of the Open Source Definition exclude such limits.
    pub(super) fn is_open_source(&self) -> bool {
        spdx::license_id(&self.id).is_some_and(spdx::LicenseId::is_osi_approved)
    }
}

/// Takes `expression` apart: what `judge` says of each licence, joined as the operators join them.
/// `None` when it cannot be read.
pub(super) fn fold<'a, T>(
    expression: &str,
    effective: &'a EffectiveTerms,
    scene: &Scene<'a>,
    mut judge: impl FnMut(Atom<'a>) -> T,
    join: impl Fn(T, T) -> T,
    choose: impl Fn(T, T) -> T,
) -> Option<T> {
    let parsed = parse_expression(expression)?;
    let mut stack: Vec<T> = Vec::new();
    // The nodes come in postfix order.
    for node in parsed.iter() {
        let value = match node {
            ExprNode::Req(request) => judge(Atom::of_request(&request.req, effective, scene)?),
            ExprNode::Op(operator) => {
                let (right, left) = (stack.pop()?, stack.pop()?);
                match operator {
                    Operator::And => join(left, right),
                    Operator::Or => choose(left, right),
                }
            }
        };
        stack.push(value);
    }
    stack.pop()
}

/// Whether a licence of `effective` is known only from memory: a row of the catalogue of models that
/// nobody has checked.
pub(super) fn is_from_memory(license: &AppliedLicense, scene: &Scene<'_>) -> bool {
    license.basis == Basis::Catalogue
        && license
            .from_ancestor
            .as_ref()
            .and_then(|name| scene.inventory.ancestors.get(name))
            .is_some_and(|ancestor| !ancestor.verified)
}
