//! The hops of the product: vendor to customer, customer to the customer's customer.

use crate::model::{
    Declaration, Hop, HopMode, Party, PartyId, PartyRole, Product, Relicensing, ShipMode,
};

/// Parties below the licensors, and the hops between them.
pub(super) struct Route {
    pub(super) parties: Vec<Party>,
    pub(super) hops: Vec<Hop>,
}

pub(super) fn vendor() -> PartyId {
    PartyId(PartyRole::Vendor.name().to_owned())
}

pub(super) fn customer() -> PartyId {
    PartyId(PartyRole::Customer.name().to_owned())
}

fn customers_customer() -> PartyId {
    PartyId(PartyRole::CustomersCustomer.name().to_owned())
}

impl Route {
    pub(super) fn of(product: Option<&Product>) -> Self {
        let name = product
            .and_then(|product| product.vendor.clone())
            .unwrap_or_else(|| "the vendor".to_owned());
        let mut parties = vec![Party { id: vendor(), role: PartyRole::Vendor, name }];
        let Some((mode, declaration)) = mode(product.and_then(|product| product.ships)) else {
            return Self { parties, hops: Vec::new() };
        };
        parties.push(Party {
            id: customer(),
            role: PartyRole::Customer,
            name: "the customer".to_owned(),
        });
        parties.push(Party {
            id: customers_customer(),
            role: PartyRole::CustomersCustomer,
            name: "the customer's customer".to_owned(),
        });
        let way = match product.and_then(|product| product.ships) {
            Some(ships) => format!("`[product] ships` is `{}`", ships.name()),
            None => "`[product] ships` is not declared: `distributed` is assumed".to_owned(),
        };
        let (relicensing, terms) = relicensing(product);
        let hops = vec![
            Hop {
                from: vendor(),
                to: customer(),
                mode,
                declaration,
                relicensing,
                because: format!("{way}; {terms}"),
            },
            Hop {
                from: customer(),
                to: customers_customer(),
                mode,
                declaration: Declaration::Assumed,
                relicensing: Relicensing::Undeclared,
                because: "whether, how and under which terms the customer passes the product on \
                          is not declared: the same way is assumed"
                    .to_owned(),
            },
        ];
        Self { parties, hops }
    }

    /// How whoever stands at `place` (0 is the vendor) passes the product on, if at all.
    pub(super) fn mode_after(&self, place: usize) -> Option<HopMode> {
        self.hops.get(place).map(|hop| hop.mode)
    }
}

/// `None` when the product stays inside the company.
fn mode(ships: Option<ShipMode>) -> Option<(HopMode, Declaration)> {
    match ships {
        None => Some((HopMode::Copy, Declaration::Assumed)),
        Some(ShipMode::Distributed) => Some((HopMode::Copy, Declaration::Declared)),
        Some(ShipMode::Embedded) => Some((HopMode::Embedded, Declaration::Declared)),
        Some(ShipMode::Hosted) => Some((HopMode::Hosted, Declaration::Declared)),
        Some(ShipMode::Internal) => None,
    }
}

fn relicensing(product: Option<&Product>) -> (Relicensing, String) {
    let stated = product.and_then(|product| product.relicenses);
    let license = product.and_then(|product| product.license.as_deref());
    match (stated, license) {
        (Some(true), _) => (Relicensing::Relicensed, "`[product] relicenses` is `true`".to_owned()),
        (Some(false), _) => {
            (Relicensing::PlainCopy, "`[product] relicenses` is `false`".to_owned())
        }
        (None, Some(license)) => (
            Relicensing::Relicensed,
            format!("`[product] license` names terms of the vendor's own, `{license}`"),
        ),
        (None, None) if product.is_some_and(|product| !product.agreement.is_empty()) => (
            Relicensing::Relicensed,
            "`[product] agreement` names terms of the vendor's own".to_owned(),
        ),
        (None, None) => (
            Relicensing::Undeclared,
            "`[product]` declares none of `relicenses`, `license` and `agreement`: both readings are \
             reported"
                .to_owned(),
        ),
    }
}
