//! What the agreement with customers does not pass on: one finding for each licence and kind.

mod message;

use self::message::{clauses, listed, places};
use super::{Case, Code, ProductCase, Rule};
use crate::model::{
    AgreementReview, Dormancy, DutyReview, DutyVerdict, Finding, LicenseReview, Location,
    ObligationStatus, RestrictionReview, RestrictionVerdict, WordingDemand,
};

pub(super) struct AgreementFits;

impl Rule for AgreementFits {
    fn id(&self) -> &'static str {
        "agreement"
    }

    fn codes(&self) -> &'static [Code] {
        &[
            Code::AgreementAttachmentMissing,
            Code::AgreementBeneficiaryMissing,
            Code::AgreementNoticeMissing,
            Code::AgreementRestrictionDiffers,
            Code::AgreementRestrictionMissing,
            Code::AgreementRestrictionReworded,
            Code::AgreementRestrictionUnverified,
            Code::AgreementRestrictionWeakened,
            Code::AgreementTermMissing,
        ]
    }

    fn check(&self, _: &Case<'_>, _: &mut Vec<Finding>) {}

    fn check_product(&self, case: &ProductCase<'_>, findings: &mut Vec<Finding>) {
        let Some(review) = case.agreement else { return };
        for license in review.licenses.iter().filter(|license| is_owed(case, license)) {
            let subject = Subject { case, review, license };
            subject.missing(findings);
            subject.weakened(findings);
            subject.reworded(findings);
            subject.unverified(findings);
            subject.duties(findings);
        }
    }
}

/// Whether what triggers the flow-down happens for any of the artifacts, and the licence speaks for
/// the others that its statement can mean.
fn is_owed(case: &ProductCase<'_>, license: &LicenseReview) -> bool {
    license.artifacts.iter().any(|id| {
        let assessment = &case.artifacts[id];
        let awake = assessment.obligations.iter().any(|assessed| {
            assessed.license == license.license
                && assessed.obligation.kind == "flowdown-use-restrictions"
                && assessed.dormancy == Dormancy::Active
        });
        let speaks = assessment
            .effective
            .licenses
            .iter()
            .filter(|applied| applied.key == license.license)
            .any(|applied| applied.alternatives.iter().all(|other| license.license < *other));
        awake && speaks
    })
}

/// One licence and the agreement.
struct Subject<'a> {
    case: &'a ProductCase<'a>,
    review: &'a AgreementReview,
    license: &'a LicenseReview,
}

impl<'a> Subject<'a> {
    fn with(&self, verdict: RestrictionVerdict) -> Vec<&'a RestrictionReview> {
        let all = self.license.restrictions.iter();
        all.filter(|found| found.verdict == verdict).collect()
    }

    fn spdx(&self) -> String {
        self.case.scene.spdx(&self.license.license)
    }

    /// The files of the agreement, for messages.
    fn files(&self) -> String {
        let names = self.review.files.iter().map(|file| format!("`{}`", file.path));
        names.collect::<Vec<_>>().join(", ")
    }

    fn finding(
        &self,
        rule: Code,
        clause: &str,
        message: String,
        at: Vec<Location>,
        fix: &str,
    ) -> Finding {
        let whole = self.review.files.iter().map(Location::user_file);
        Finding {
            artifact: None,
            rule,
            license: Some(self.license.license.clone()),
            clause: Some(clause.to_owned()),
            message,
            because: if at.is_empty() { whole.collect() } else { at },
            fix: fix.to_owned(),
        }
    }

    fn missing(&self, findings: &mut Vec<Finding>) {
        let missing = self.with(RestrictionVerdict::Missing);
        if missing.is_empty() {
            return;
        }
        let (spdx, files) = (self.spdx(), self.files());
        let (count, all) = (missing.len(), self.license.restrictions.len());
        if !self.review.dangling.is_empty() {
            let at = self.review.dangling.iter().map(|it| it.passage.at.clone()).collect();
            let message = format!(
                "{files} refers to a list of restrictions that no file of `product.agreement` holds; \
                 without it, {count} of {all} restrictions of {spdx} are not there: {}",
                clauses(&missing)
            );
            findings.push(self.finding(
                Code::AgreementAttachmentMissing,
                &self.license.clause,
                message,
                at,
                "name the attachment in `product.agreement` too, as in `[\"EULA.md\", \
                 \"USE-RESTRICTIONS.md\"]`",
            ));
            return;
        }
        let message = format!(
            "{count} of {all} restrictions of {spdx} do not stand in {files}: {}",
            clauses(&missing)
        );
        findings.push(self.finding(
            Code::AgreementRestrictionMissing,
            &self.license.clause,
            message,
            places(&missing),
            "attach `USE-RESTRICTIONS.md` (see `flowdown bundle`), refer to it in the agreement, and \
             name it in `product.agreement`",
        ));
    }

    fn weakened(&self, findings: &mut Vec<Finding>) {
        let weakened = self.with(RestrictionVerdict::Weakened);
        if weakened.is_empty() {
            return;
        }
        let (rule, demand) = match self.license.demand {
            WordingDemand::Themselves => {
                (Code::AgreementRestrictionWeakened, "asks for the restrictions themselves")
            }
            WordingDemand::Similar => (
                Code::AgreementRestrictionDiffers,
                "allows similar restrictions that serve the same purpose",
            ),
        };
        let message = format!(
            "{} of {} restrictions of {} stand in {} with less than the licence says, and clause {} \
             {demand}: {}",
            weakened.len(),
            self.license.restrictions.len(),
            self.spdx(),
            self.files(),
            self.license.clause,
            listed(&weakened)
        );
        findings.push(self.finding(
            rule,
            &self.license.clause,
            message,
            places(&weakened),
            "put the licence's own words there, without what is named",
        ));
    }

    fn reworded(&self, findings: &mut Vec<Finding>) {
        let reworded = self.with(RestrictionVerdict::Equivalent);
        if reworded.is_empty() || self.license.demand == WordingDemand::Similar {
            return;
        }
        let message = format!(
            "{} of {} restrictions of {} stand in {} in other words, but clause {} asks for the \
             restrictions themselves: {}",
            reworded.len(),
            self.license.restrictions.len(),
            self.spdx(),
            self.files(),
            self.license.clause,
            clauses(&reworded)
        );
        findings.push(self.finding(
            Code::AgreementRestrictionReworded,
            &self.license.clause,
            message,
            places(&reworded),
            "put the licence's own words there, or let a person decide that these are enough",
        ));
    }

    fn unverified(&self, findings: &mut Vec<Finding>) {
        let open = self.with(RestrictionVerdict::NotComparable);
        if open.is_empty() {
            return;
        }
        let message = format!(
            "{} of {} restrictions of {} are on a subject that {} prohibits something about, and no \
             text of the licence is at hand to compare with: {}",
            open.len(),
            self.license.restrictions.len(),
            self.spdx(),
            self.files(),
            clauses(&open)
        );
        findings.push(self.finding(
            Code::AgreementRestrictionUnverified,
            &self.license.clause,
            message,
            places(&open),
            "put the licence text beside the artifact, and its words into the agreement",
        ));
    }

    fn duties(&self, findings: &mut Vec<Finding>) {
        let open: Vec<&DutyReview> =
            self.license.duties.iter().filter(|duty| self.is_open(duty)).collect();
        for (rule, kinds, what, fix) in DUTIES {
            let of_rule: Vec<&DutyReview> =
                open.iter().copied().filter(|duty| kinds.contains(&duty.kind.as_str())).collect();
            let Some(first) = of_rule.first() else { continue };
            let reasons: Vec<String> = of_rule
                .iter()
                .map(|duty| format!("`{}` (clause {}): {}", duty.kind, duty.clause, duty.because))
                .collect();
            let message = format!(
                "{} makes the vendor {what}; in {}, {}",
                self.spdx(),
                self.files(),
                reasons.join("; ")
            );
            let at = of_rule.iter().flat_map(|duty| &duty.passages);
            let at = at.map(|passage| passage.at.clone()).collect();
            findings.push(self.finding(*rule, &first.clause, message, at, fix));
        }
    }

    /// Whether a duty is owed and not met; a copy of the licence is a matter of files.
    fn is_open(&self, duty: &DutyReview) -> bool {
        let unmet = [
            ObligationStatus::Contradicted,
            ObligationStatus::Missing,
            ObligationStatus::NeedsDeclaration,
        ];
        duty.verdict != DutyVerdict::Stated
            && self.license.artifacts.iter().any(|id| {
                self.case.artifacts[id].obligations.iter().any(|assessed| {
                    assessed.license == self.license.license
                        && assessed.obligation.kind == duty.kind
                        && assessed.obligation.clause == duty.clause
                        && assessed.dormancy == Dormancy::Active
                        && unmet.contains(&assessed.status)
                })
            })
    }
}

/// Which duties one finding is about, what they make the vendor do, and what would settle it.
const DUTIES: &[(Code, &[&str], &str, &str)] = &[
    (
        Code::AgreementBeneficiaryMissing,
        &["third-party-beneficiary"],
        "name the licensor as a third-party beneficiary",
        "add a sentence that lets the licensor enforce the restrictions, with its name",
    ),
    (
        Code::AgreementNoticeMissing,
        &["notify-recipients"],
        "tell recipients that the material is subject to the restrictions",
        "add a sentence that says so, as `USE-RESTRICTIONS.md` (see `flowdown bundle`) does",
    ),
    (
        Code::AgreementTermMissing,
        &[
            "bind-recipients",
            "direct-grant-statement",
            "require-users-comply",
            "warranty-passthrough",
        ],
        "say more in its terms than the restrictions",
        "add a sentence for each",
    ),
];
