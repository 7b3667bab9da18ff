//! The section of one licence: who holds it, what binds whom, who can enforce what.

use std::fmt::Write as _;

use super::{Page, certainty, cited, clauses, diagram};
use crate::model::{
    Binding, Certainty, ConveyanceRule, EnforcementEdge, Holding, Instrument, LicenseChain, Matter,
    Standing,
};
use crate::report::markdown::escape;

impl Page<'_> {
    pub(super) fn chain(&self, chain: &LicenseChain, out: &mut String) {
        let spdx = escape(self.index.spdx(&chain.license));
        let _ = write!(
            out,
            "\n## {} ({spdx}), {}, {}\n\n",
            escape(&chain.name),
            chain.subject.name(),
            chain.standing.name()
        );
        let _ = writeln!(
            out,
            "Licensor: {}; on {}.\n{}\n",
            self.party(&chain.licensor),
            self.artifacts(&chain.artifacts),
            story(chain.rule)
        );
        if chain.standing == Standing::Candidate {
            let others: Vec<String> =
                chain.alternatives.iter().map(|key| escape(self.index.spdx(key))).collect();
            let _ = writeln!(
                out,
                "It may be {} instead: who can enforce what is not known.\n",
                others.join(" or ")
            );
        }
        for holding in &chain.holdings {
            self.holding(holding, out);
        }
        for binding in &chain.bindings {
            self.binding(binding, out);
        }
        for exemption in &chain.exemptions {
            let words = match exemption.certainty {
                Certainty::Certain => "is exempt from a threshold",
                _ => "may be exempt from a threshold",
            };
            let _ = writeln!(
                out,
                "- {} {words} ({}): {}.{}",
                self.party(&exemption.party),
                certainty(exemption.certainty),
                escape(&exemption.because),
                clauses(std::slice::from_ref(&exemption.clause))
            );
        }
        if chain.edges.is_empty() {
            return;
        }
        if !chain.bindings.is_empty() {
            let _ = write!(out, "\n{}", diagram::of(self.flow, chain));
        }
        out.push_str("\n| who | against | for | by | certainty | clause | why |\n");
        out.push_str("|---|---|---|---|---|---|---|\n");
        for edge in &chain.edges {
            self.edge(edge, out);
        }
    }

    fn holding(&self, holding: &Holding, out: &mut String) {
        let what = match holding.instrument {
            Instrument::Agreement => "holds terms from",
            Instrument::License | Instrument::LicenseOrAgreement | Instrument::Nothing => {
                "holds the licence from"
            }
        };
        let _ = writeln!(
            out,
            "- {} {what} {} ({}): {}.{}",
            self.party(&holding.holder),
            self.party(&holding.from),
            certainty(holding.certainty),
            escape(&holding.because),
            clauses(&holding.clauses)
        );
        if !holding.pass_on.is_empty() {
            let _ = writeln!(out, "  - To pass on: {}.", cited(&holding.pass_on));
        }
    }

    fn binding(&self, binding: &Binding, out: &mut String) {
        let through = match binding.instrument {
            Instrument::License => "bound by the licence",
            Instrument::Agreement => "bound by the agreement it received the product under",
            Instrument::LicenseOrAgreement => "bound by the licence or by that agreement",
            Instrument::Nothing => "bound by nothing that the licence provides for",
        };
        let condition = condition(binding.condition.as_deref());
        let _ = writeln!(
            out,
            "- {} is {through} to {} use {} ({}){condition}: {}.",
            self.party(&binding.party),
            binding.restrictions.len(),
            if binding.restrictions.len() == 1 { "restriction" } else { "restrictions" },
            certainty(binding.certainty),
            escape(&binding.because)
        );
    }

    fn edge(&self, edge: &EnforcementEdge, out: &mut String) {
        let acts = if edge.acts_of == edge.against {
            String::new()
        } else {
            format!(" of the {}", self.role(&edge.acts_of))
        };
        let by = match edge.basis {
            Some(basis) => format!("{}: {}", basis.name(), edge.remedy.name()),
            None => "nothing".to_owned(),
        };
        let _ = writeln!(
            out,
            "| {} | {} | {}{acts} | {by} | {}{} | {} | {} |",
            self.role(&edge.who),
            self.role(&edge.against),
            matter(edge.matter),
            certainty(edge.certainty),
            condition(edge.condition.as_deref()),
            cited(&edge.clauses),
            escape(&edge.because)
        );
    }
}

/// How rights travel, in a sentence.
const fn story(rule: ConveyanceRule) -> &'static str {
    match rule {
        ConveyanceRule::DirectLicense => {
            "Direct licensing: every recipient of a copy holds this licence from the licensor."
        }
        ConveyanceRule::Relicense => {
            "Relicensing: the licensor licenses the vendor, whoever comes after holds what was \
             passed on to it, and the restrictions must stand in every agreement."
        }
        ConveyanceRule::TermsOfUse => {
            "Terms of use: the restrictions must stand in every agreement, and whoever uses the \
             material accepts the licensor's own terms by that."
        }
        ConveyanceRule::Contract => {
            "Contract: what the licensor agreed with the vendor says what the vendor's own \
             agreements must say."
        }
        ConveyanceRule::NoConveyance => "No conveyance: the licensor licenses the vendor only.",
    }
}

fn condition(condition: Option<&str>) -> String {
    condition.map_or_else(String::new, |condition| format!(", {}", escape(condition)))
}

const fn matter(matter: Matter) -> &'static str {
    match matter {
        Matter::OwnBreach => "its own breach",
        Matter::FlowdownOmitted => "not passing terms on",
        Matter::DownstreamBreach => "a breach",
        Matter::BreachPermitted => "not stopping a breach",
        Matter::ThirdPartyClaim => "claims of others",
        Matter::SelfHelp => "restricting its use",
        Matter::WithoutBreach => "ending it without a breach",
    }
}
