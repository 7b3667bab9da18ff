//! Table `[product]`: what the vendor declares about the product.

use flowdown_core::model::{Product, ShipMode, UserFile};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductTable {
    name: String,
    version: Option<String>,
    vendor: Option<String>,
    license: Option<String>,
    relicenses: Option<bool>,
    ships: Option<Ships>,
    commercial: Option<bool>,
    regions: Option<Vec<String>>,
    monthly_users: Option<u64>,
    revenue: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Ships {
    Distributed,
    Hosted,
    Embedded,
    Internal,
}

impl ProductTable {
    /// The product; `declared_in` is the settings file.
    pub(super) fn into_product(self, declared_in: UserFile) -> Product {
        Product {
            name: self.name,
            version: self.version,
            vendor: self.vendor,
            license: self.license,
            relicenses: self.relicenses,
            ships: self.ships.map(Ships::mode),
            commercial: self.commercial,
            regions: self.regions,
            monthly_users: self.monthly_users,
            revenue: self.revenue,
            declared_in: Some(declared_in),
        }
    }
}

impl Ships {
    const fn mode(self) -> ShipMode {
        match self {
            Self::Distributed => ShipMode::Distributed,
            Self::Hosted => ShipMode::Hosted,
            Self::Embedded => ShipMode::Embedded,
            Self::Internal => ShipMode::Internal,
        }
    }
}
