//! Table `[product]`: what the vendor declares about the product.

use std::path::Path;

use flowdown_core::model::{Product, ShipMode, UserFile};
use serde::Deserialize;

use super::{agreement, contracts};

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
    #[serde(default)]
    agreement: agreement::Names,
    #[serde(default)]
    contracts: Vec<String>,
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
    /// The product; `declared_in` is the settings file, and paths are relative to `folder`.
    pub(super) fn into_product(
        self,
        declared_in: UserFile,
        folder: &Path,
    ) -> anyhow::Result<Product> {
        Ok(Product {
            agreement: agreement::read(&self.agreement, folder)?,
            contracts: contracts::read(&self.contracts, folder)?,
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
        })
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
