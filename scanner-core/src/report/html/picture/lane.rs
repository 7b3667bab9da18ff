//! One licence in the picture.

use std::collections::BTreeMap;

use super::canvas::Canvas;
use super::{Columns, WIDTH};
use crate::model::{
    Certainty, FlowGap, FlowGapKind, Holding, Instrument, LicenseChain, Matter, PartyId, Standing,
};
use crate::report::html::view::{View, label};
use crate::report::html::words::matter;

const LICENSOR: i32 = 192;
const PARTS: (i32, i32) = (216, 248);
const BOX: i32 = 46;
/// Below the names of what parties hold begin the lines of who can enforce something.
const LINES: i32 = 96;
const LINE: i32 = 26;
const GAP: i32 = 26;

/// The class of a line for how sure it is; the style sheet has a dash for each.
const fn class(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "certain",
        Certainty::Implied => "implied",
        Certainty::BasisUncertain => "basis",
        Certainty::Disputed => "disputed",
        Certainty::None => "none",
    }
}

/// A licence that restricts uses, or of which something gets lost. Returns where the next begins.
pub(super) fn tall(
    view: &View<'_>,
    columns: &Columns<'_>,
    chain: &LicenseChain,
    y: i32,
    canvas: &mut Canvas,
) -> i32 {
    let pairs = pairs(chain, columns);
    canvas.line("between", (0, y - 14), (WIDTH, y - 14));
    names(view, chain, y, canvas);
    way(columns, chain, y, canvas);
    for (place, party) in columns.0.iter().enumerate() {
        let bound = chain.bindings.iter().filter(|binding| binding.party == party.id);
        if let Some(binding) = bound.max_by_key(|binding| binding.certainty) {
            let count = binding.restrictions.len();
            let words = match binding.instrument {
                Instrument::Nothing => format!("bound to none of {count} uses"),
                _ => format!("bound to {count}, {}", binding.certainty.name()),
            };
            let tone = if binding.instrument == Instrument::Nothing { "lost" } else { "small" };
            canvas.text(&format!("{tone} middle"), (columns.x(place), y + 68), 200, 11, &words);
            canvas.title(binding.because.clone());
        }
    }
    let mut y = y + LINES;
    for gap in chain.gaps.iter().filter(|gap| gap.kind == FlowGapKind::Enforcement) {
        canvas.text("lost", (PARTS.0, y - 2), WIDTH - PARTS.0, 11, &format!("Gap: {}", gap.what));
        y += GAP;
    }
    for pair in &pairs {
        pair.draw(y, canvas);
        y += LINE;
    }
    y + 14
}

/// A licence that restricts nothing, as far as known.
pub(super) fn low(
    view: &View<'_>,
    columns: &Columns<'_>,
    chain: &LicenseChain,
    y: i32,
    canvas: &mut Canvas,
) -> i32 {
    canvas.line("between", (0, y - 12), (WIDTH, y - 12));
    names(view, chain, y, canvas);
    way(columns, chain, y, canvas);
    y + BOX + 28
}

/// Licensor, parts, and the way from one to the other.
fn names(view: &View<'_>, chain: &LicenseChain, y: i32, canvas: &mut Canvas) {
    let flow = &view.report().assessment.flow;
    canvas.rect("licensor", (0, y), (LICENSOR, BOX));
    canvas.name((12, y + 23), LICENSOR - 20, flow.party_name(&chain.licensor));
    let (x, width) = PARTS;
    let is_candidate = chain.standing == Standing::Candidate;
    canvas.arrow(
        if is_candidate { "disputed" } else { "certain" },
        (LICENSOR, y + 23),
        (x, y + 23),
    );
    canvas.rect(if is_candidate { "parts open" } else { "parts" }, (x, y), (width, BOX));
    canvas.text("name", (x + 12, y + 19), width - 24, 12, &chain.name);
    canvas.title(chain.name.clone());
    let parts = match chain.artifacts.as_slice() {
        [only] => view.index.artifact(only).map_or_else(|| only.to_string(), label),
        several => format!("{} parts", several.len()),
    };
    let line = format!("{parts} · {}", chain.standing.name());
    canvas.text("small", (x + 12, y + 36), width - 24, 11, &line);
}

/// How the licence comes to each party, and where something of it gets lost.
fn way(columns: &Columns<'_>, chain: &LicenseChain, y: i32, canvas: &mut Canvas) {
    let middle = y + 23;
    let mut from = PARTS.0 + PARTS.1;
    let mut passes = None;
    for (place, party) in columns.0.iter().enumerate() {
        let x = columns.x(place);
        let holding = chain.holdings.iter().filter(|it| it.holder == party.id);
        let holding = holding.max_by_key(|it| it.certainty);
        let certainty = holding.map_or(Certainty::None, |it| it.certainty);
        canvas.arrow(class(certainty), (from, middle), (x - 7, middle));
        let gaps: Vec<&FlowGap> = chain.gaps.iter().filter(|it| it.to == party.id).collect();
        let is_lost = |gap: &&&FlowGap| gap.kind != FlowGapKind::Enforcement;
        let lost: Vec<&str> = gaps
            .iter()
            .filter(is_lost)
            .filter(|it| passes == Some(&it.from))
            .map(|it| it.what.as_str())
            .collect();
        if !lost.is_empty() {
            canvas.cross("lost", ((from + x) / 2, middle));
            canvas.title(lost.join("; "));
            let is_without = gaps.iter().any(|gap| gap.kind == FlowGapKind::NoRights);
            let words = if is_without { "no right to pass on" } else { "restriction lost" };
            canvas.text("lost middle", ((from + x) / 2, middle - 12), x - from, 11, words);
        }
        canvas.dot(class(certainty), (x, middle));
        canvas.text("held middle", (x, middle + 24), 216, 11, &held(holding));
        from = x + 7;
        passes = Some(&party.id);
    }
}

fn held(holding: Option<&Holding>) -> String {
    let Some(holding) = holding else { return "holds nothing".to_owned() };
    let what = match holding.instrument {
        Instrument::License => "licence",
        Instrument::Agreement => "terms passed on",
        Instrument::LicenseOrAgreement => "licence or terms",
        Instrument::Nothing => return "holds nothing".to_owned(),
    };
    format!("{what}, {}", holding.certainty.name())
}

/// Everything that one party can enforce against another.
struct Pair {
    from: i32,
    to: i32,
    /// What is surest for each matter.
    matters: BTreeMap<Matter, Certainty>,
}

/// One for each two parties, from the licensor down.
fn pairs(chain: &LicenseChain, columns: &Columns<'_>) -> Vec<Pair> {
    let x = |id: &PartyId| {
        if *id == chain.licensor {
            return Some(LICENSOR / 2);
        }
        columns.0.iter().position(|party| party.id == *id).map(|place| columns.x(place))
    };
    let mut pairs: BTreeMap<(i32, i32), Pair> = BTreeMap::new();
    for edge in &chain.edges {
        let (Some(from), Some(to)) = (x(&edge.who), x(&edge.against)) else { continue };
        let new = Pair { from, to, matters: BTreeMap::new() };
        let pair = pairs.entry((from, to)).or_insert(new);
        let surest = pair.matters.entry(edge.matter).or_insert(edge.certainty);
        *surest = edge.certainty.max(*surest);
    }
    pairs.into_values().collect()
}

impl Pair {
    fn draw(&self, y: i32, canvas: &mut Canvas) {
        let surest = self.matters.values().copied().max().unwrap_or(Certainty::None);
        let (from, to) = (self.from, self.to);
        canvas.dot("start", (from, y));
        if surest == Certainty::None {
            canvas.line("none", (from, y), (to - 12, y));
            canvas.cross("lost", (to - 8, y));
        } else {
            canvas.arrow(class(surest), (from, y), (to, y));
        }
        let room = (to - from - 24).abs();
        let (sure, nobody) = self.words();
        canvas.text("small", (from + 10, y - 5), room, 11, &sure);
        if let Some(nobody) = nobody {
            canvas.tail(room, 11, &nobody);
            canvas.title(format!("{sure}{nobody}"));
        }
    }

    /// By certainty, the surest first, and apart from it what nobody can enforce.
    fn words(&self) -> (String, Option<String>) {
        let mut by_certainty: BTreeMap<Certainty, Vec<&str>> = BTreeMap::new();
        for (of, certainty) in &self.matters {
            by_certainty.entry(*certainty).or_default().push(matter(*of));
        }
        let nobody = by_certainty.remove(&Certainty::None);
        let nobody = nobody.map(|matters| format!("nobody: {}", matters.join(", ")));
        let sure = by_certainty.iter().rev();
        let sure = sure.map(|(certainty, matters)| {
            format!("{}: {}{}", certainty.name(), matters.join(", "), "; ")
        });
        let mut sure: String = sure.collect();
        if nobody.is_none() {
            sure.truncate(sure.len().saturating_sub(2));
        }
        (sure, nobody)
    }
}
