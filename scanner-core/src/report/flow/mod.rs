//! Who can enforce what, for people: Markdown with one section a licence, gaps first.
//!
//! For the vendor's own use: it names what stands between the vendor and its licensors and is no
//! part of the bundle. Text from scanned files is escaped everywhere, in diagrams too.

mod chain;
mod diagram;

use std::fmt::Write as _;
use std::io::{self, Write};

use super::Reporter;
use super::index::Index;
use super::markdown::escape;
use super::place::place;
use crate::model::{
    ArtifactId, Certainty, Clause, Declaration, FlowUnknown, HopMode, LicenseChain, LicenseFlow,
    PartyId, PartyRole, Relicensing, Report,
};

/// Writes who can enforce what as Markdown; format id `flow`.
pub struct Flow;

/// Artifacts and places that are named before the rest is counted.
const SHOWN: usize = 5;

impl Reporter for Flow {
    fn format(&self) -> &'static str {
        "flow"
    }

    fn media_type(&self) -> &'static str {
        "text/markdown"
    }

    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(document(report).as_bytes())
    }
}

/// What the parts of the document look at.
struct Page<'a> {
    index: Index<'a>,
    flow: &'a LicenseFlow,
}

/// Writing to a String cannot fail, so results of `write!` are dropped in this folder.
fn document(report: &Report) -> String {
    let page = Page { index: Index::new(report), flow: &report.assessment.flow };
    let title = report.product.as_ref().map_or(&report.source.name, |product| &product.name);
    let mut out = format!("# Who can enforce what: {}\n\n", escape(title));
    out.push_str(
        "What licence texts give, and what no clause gives, clause by clause. This file is the \
         vendor's own and no part of\nthe bundle for customers. It states what texts say; it is \
         not legal advice.\n",
    );
    page.gaps(&mut out);
    page.unknown(&mut out);
    page.way(&mut out);
    let restricts = |chain: &&LicenseChain| !chain.bindings.is_empty();
    let (restricting, other): (Vec<_>, Vec<_>) = page.flow.chains.iter().partition(restricts);
    for chain in restricting.into_iter().chain(other) {
        page.chain(chain, &mut out);
    }
    out.push_str(LEGEND);
    out
}

const LEGEND: &str = "
## How to read the words

- certain: a clause gives it. implied: it follows from how the text works. basis-uncertain: the \
text gives it, and it
  rests on rights that may not exist. disputed: the text bears more than one reading, or nobody \
has declared what
  decides. none: no clause gives it; nobody has it.
- recognized: a text or weights were recognised. as-declared: somebody says so, and all of the \
section holds only if that
  is right. candidate: one of several licences that a statement can mean; who can enforce what is \
not known.
- Clauses are labelled as the licence records label them; the word in parentheses is the entry.
";

impl Page<'_> {
    fn gaps(&self, out: &mut String) {
        out.push_str("\n## Gaps\n\n");
        let chains = self.flow.chains.iter();
        let gaps: Vec<_> =
            chains.flat_map(|chain| chain.gaps.iter().map(move |gap| (chain, gap))).collect();
        if gaps.is_empty() {
            out.push_str("No gap was found in what is known.\n");
        }
        for (chain, gap) in gaps {
            let _ = writeln!(
                out,
                "- **{}** ({}), {}, {} to {}: {}.",
                escape(&chain.name),
                chain.standing.name(),
                gap.kind.name(),
                self.party(&gap.from),
                self.party(&gap.to),
                escape(&gap.what)
            );
            let _ = writeln!(out, "  Why: {}.{}", escape(&gap.because), clauses(&gap.clauses));
        }
    }

    fn unknown(&self, out: &mut String) {
        if self.flow.unknown.is_empty() {
            return;
        }
        out.push_str("\n## Not known\n\nAbout these nothing is said below, or less than all.\n\n");
        for FlowUnknown { what, artifacts, evidence, .. } in &self.flow.unknown {
            let places: Vec<String> =
                evidence.iter().take(SHOWN).map(|at| escape(&place(at))).collect();
            let _ = writeln!(
                out,
                "- {}: {} (see {})",
                escape(what),
                self.artifacts(artifacts),
                places.join("; ")
            );
        }
    }

    fn way(&self, out: &mut String) {
        out.push_str("\n## The way of the product\n\n");
        if self.flow.hops.is_empty() {
            out.push_str("It stays inside the company: nobody receives anything.\n");
        }
        for hop in &self.flow.hops {
            let way = match hop.mode {
                HopMode::Copy => "a copy is handed over",
                HopMode::Embedded => "it is handed over inside a device or another product",
                HopMode::Hosted => "it is used over a network",
            };
            let terms = match hop.relicensing {
                Relicensing::Relicensed => "under terms of its own",
                Relicensing::PlainCopy => "as a plain copy with the licence texts",
                Relicensing::Undeclared => "whether under terms of its own is not declared",
            };
            let said = match hop.declaration {
                Declaration::Declared => "declared",
                Declaration::Assumed => "assumed",
            };
            let _ = writeln!(
                out,
                "- {} to {}: {way} ({said}), {terms}. {}.",
                self.party(&hop.from),
                self.party(&hop.to),
                escape(&hop.because)
            );
        }
    }

    /// What a party is, for tables; names stand above them.
    fn role(&self, id: &PartyId) -> &'static str {
        let party = self.flow.parties.iter().find(|party| party.id == *id);
        party.map_or("-", |party| role(party.role))
    }

    /// The name of a party.
    fn party(&self, id: &PartyId) -> String {
        escape(self.flow.party_name(id))
    }

    /// The first artifacts by name, and how many more.
    fn artifacts(&self, ids: &[ArtifactId]) -> String {
        let label = |id: &ArtifactId| {
            self.index.artifact(id).map_or_else(|| escape(&id.0), |found| escape(&found.label()))
        };
        let mut names: Vec<String> = ids.iter().take(SHOWN).map(label).collect();
        if ids.len() > SHOWN {
            names.push(format!("{} more", ids.len() - SHOWN));
        }
        names.join(", ")
    }
}

const fn role(role: PartyRole) -> &'static str {
    match role {
        PartyRole::Licensor => "licensor",
        PartyRole::Vendor => "vendor",
        PartyRole::Customer => "customer",
        PartyRole::CustomersCustomer => "customer's customer",
    }
}

/// ` Clauses: 4.a (flowdown-use-restrictions).`; nothing for none.
fn clauses(clauses: &[Clause]) -> String {
    if clauses.is_empty() { String::new() } else { format!(" Clauses: {}.", cited(clauses)) }
}

fn cited(clauses: &[Clause]) -> String {
    let words = clauses.iter().map(|clause| match clause.label.as_str() {
        "" => format!("no number ({})", escape(&clause.kind)),
        label => format!("{} ({})", escape(label), escape(&clause.kind)),
    });
    words.collect::<Vec<_>>().join("; ")
}

/// The word for a certainty; `none` is emphasised.
fn certainty(certainty: Certainty) -> String {
    match certainty {
        Certainty::None => "**none**".to_owned(),
        other => other.name().to_owned(),
    }
}
