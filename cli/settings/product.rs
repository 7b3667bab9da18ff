//! Table `[product]`: what the vendor declares about the product.

use std::path::Path;

use anyhow::bail;
use flowdown_core::model::{Product, ShipMode, UserFile, countries};
use flowdown_plugin_sdk::catalogue::vocab;
use serde::Deserialize;

use super::policy::one_of;
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
    daily_users: Option<u64>,
    revenue: Option<u64>,
    monthly_revenue: Option<u64>,
    team_size: Option<u64>,
    vendor_region: Option<String>,
    fields_of_use: Option<Vec<String>>,
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
        for region in self.regions.iter().flatten() {
            known_region("regions", region)?;
        }
        if let Some(region) = &self.vendor_region {
            known_region("vendor_region", region)?;
            if countries(region).len() != 1 {
                bail!("`product.vendor_region` is `{region}`; name the one country it is");
            }
        }
        let fields_of_use = self
            .fields_of_use
            .map(|fields| fields.into_iter().map(field).collect::<anyhow::Result<Vec<_>>>())
            .transpose()?;
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
            daily_users: self.daily_users,
            revenue: self.revenue,
            monthly_revenue: self.monthly_revenue,
            team_size: self.team_size,
            vendor_region: self.vendor_region,
            fields_of_use,
            declared_in: Some(declared_in),
        })
    }
}

fn known_region(key: &str, code: &str) -> anyhow::Result<()> {
    if !countries(code).is_empty() {
        return Ok(());
    }
    let meant = match code.to_uppercase().as_str() {
        "UK" => "; the United Kingdom is `GB`".to_owned(),
        upper if !countries(upper).is_empty() => format!("; write `{upper}`"),
        _ => "; write codes such as `DE`, or `EU` for its members".to_owned(),
    };
    bail!("`product.{key}` has `{code}`, which is no ISO 3166 code of two letters{meant}")
}

fn field(id: String) -> anyhow::Result<String> {
    one_of("product.fields_of_use", id, vocab::categories().iter().map(|it| it.id.as_str()))
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
