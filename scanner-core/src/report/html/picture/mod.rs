//! The picture of licence flow: one lane a licence, from its licensor over the parts to everybody
//! who receives the product, with what each one holds, where a restriction is lost, and below it who
//! can enforce something against whom.
//!
//! Parts under one licence are one lane, whether five or five hundred. Lanes of licences that
//! restrict nothing are low. What nobody knows has lanes of its own, in which nothing is drawn.

mod canvas;
mod lane;

use serde::Serialize;

use self::canvas::{Canvas, Shape};
use super::flow::in_order;
use super::view::View;
use crate::model::{FlowUnknown, LicenseChain, LicenseFlow, Party, PartyRole};

/// Width of the drawing.
const WIDTH: i32 = 1_144;
/// Centre of the vendor's column, and the way to the next one.
const FIRST: i32 = 584;
const STEP: i32 = 230;
const HEADER: i32 = 64;
/// Lanes of each sort that are drawn; the tables below the picture have all of them.
const TALL: usize = 40;
const LOW: usize = 24;
const UNKNOWN: usize = 12;

#[derive(Serialize)]
pub(super) struct Picture {
    width: i32,
    height: i32,
    shapes: Vec<Shape>,
    /// What is not drawn.
    rest: usize,
}

/// The parties in whose columns the product travels.
struct Columns<'a>(Vec<&'a Party>);

impl<'a> Columns<'a> {
    fn of(flow: &'a LicenseFlow) -> Self {
        let on_the_way = [PartyRole::Vendor, PartyRole::Customer, PartyRole::CustomersCustomer];
        let is_met = |party: &&Party| {
            party.role == PartyRole::Vendor
                || flow.hops.iter().any(|hop| hop.from == party.id || hop.to == party.id)
        };
        let parties = on_the_way.iter().filter_map(|role| {
            flow.parties.iter().filter(is_met).find(|party| party.role == *role)
        });
        Self(parties.collect())
    }

    /// The middle of a column.
    fn x(&self, place: usize) -> i32 {
        FIRST + STEP * i32::try_from(place).unwrap_or(0)
    }
}

impl Picture {
    /// The picture; `None` when there is nothing to draw.
    pub(super) fn of(view: &View<'_>) -> Option<Self> {
        let flow = &view.report().assessment.flow;
        if flow.chains.is_empty() && flow.unknown.is_empty() {
            return None;
        }
        let columns = Columns::of(flow);
        let mut canvas = Canvas::default();
        let is_tall = |chain: &&LicenseChain| !chain.bindings.is_empty() || !chain.gaps.is_empty();
        let (tall, low): (Vec<_>, Vec<_>) = in_order(flow).into_iter().partition(is_tall);
        let mut y = HEADER + 20;
        for chain in tall.iter().take(TALL) {
            y = lane::tall(view, &columns, chain, y, &mut canvas);
        }
        for chain in low.iter().take(LOW) {
            y = lane::low(view, &columns, chain, y, &mut canvas);
        }
        for unknown in flow.unknown.iter().take(UNKNOWN) {
            y = of_unknown(unknown, y, &mut canvas);
        }
        let drawn = tall.len().min(TALL) + low.len().min(LOW) + flow.unknown.len().min(UNKNOWN);
        let mut shapes = header(flow, &columns, y);
        shapes.0.append(&mut canvas.0);
        Some(Self {
            width: WIDTH,
            height: y,
            shapes: shapes.0,
            rest: flow.chains.len() + flow.unknown.len() - drawn,
        })
    }
}

/// Who stands in which column, and how the product comes to it.
fn header(flow: &LicenseFlow, columns: &Columns<'_>, height: i32) -> Canvas {
    let mut canvas = Canvas::default();
    for (place, party) in columns.0.iter().enumerate() {
        let x = columns.x(place);
        canvas.line("life", (x, HEADER), (x, height - 8));
        canvas.rect("party", (x - 90, 12), (180, 44));
        canvas.text("caption middle", (x, 30), 170, 10, caption(party.role));
        canvas.text("name middle tight", (x, 47), 172, 11, &party.name);
    }
    canvas.text("caption", (0, 38), 190, 10, "Licensor");
    canvas.text("caption", (216, 38), 190, 10, "Parts and licence");
    for (place, hop) in flow.hops.iter().enumerate().take(columns.0.len().saturating_sub(1)) {
        let (from, to) = (columns.x(place) + 90, columns.x(place + 1) - 90);
        canvas.arrow("hop", (from, 34), (to, 34));
        canvas.title(format!("{}, {}", hop.mode.name(), hop.declaration.name()));
        canvas.text("small middle", ((from + to) / 2, 28), to - from, 10, hop.mode.name());
    }
    canvas
}

const fn caption(role: PartyRole) -> &'static str {
    match role {
        PartyRole::Licensor => "Licensor",
        PartyRole::Vendor => "Vendor",
        PartyRole::Customer => "Customer",
        PartyRole::CustomersCustomer => "Customer's customer",
    }
}

/// Nothing is drawn about what nobody knows, and that is to be seen.
fn of_unknown(unknown: &FlowUnknown, y: i32, canvas: &mut Canvas) -> i32 {
    let count = unknown.artifacts.len();
    let parts = format!("{count} part{}", if count == 1 { "" } else { "s" });
    canvas.rect("unknown", (0, y), (WIDTH, 30));
    canvas.text("mark", (14, y + 20), 20, 13, "?");
    canvas.text("name", (34, y + 20), 150, 12, &parts);
    canvas.text("plain", (216, y + 20), WIDTH - 230, 12, &unknown.what.replace('`', ""));
    y + 38
}
