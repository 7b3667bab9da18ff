//! Table `[product]`: what the vendor declares about the product.

use std::path::Path;

use anyhow::bail;
use flowdown_core::model::{Product, ShipMode, UserFile, countries};
use flowdown_plugin_sdk::catalogue::vocab;
use schemars::JsonSchema;
use serde::Deserialize;

use super::policy::one_of;
use super::{agreement, components, contracts};

/// What the vendor declares about the product.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductTable {
    /// Its name.
    name: String,
    /// Its version.
    version: Option<String>,
    /// Who sells it.
    vendor: Option<String>,
    /// Mail address or web address of the vendor.
    contact: Option<String>,
    /// Its copyright lines.
    #[serde(default)]
    copyright: Vec<String>,
    /// The file in which it is handed on.
    file: Option<components::FileTable>,
    /// The vendor's own licence for it: an SPDX expression or `LicenseRef-…`.
    license: Option<String>,
    /// Whether the vendor passes what is inside on under terms of its own.
    relicenses: Option<bool>,
    /// How it reaches its users.
    ships: Option<Ships>,
    /// Whether it is used commercially.
    commercial: Option<bool>,
    /// ISO 3166 codes that it ships to, or `EU`.
    regions: Option<Vec<String>>,
    /// Monthly active users, with affiliates.
    monthly_users: Option<u64>,
    /// Daily active users, with affiliates.
    daily_users: Option<u64>,
    /// Yearly revenue in US dollars, with affiliates.
    revenue: Option<u64>,
    /// Revenue of a month in US dollars, with affiliates.
    monthly_revenue: Option<u64>,
    /// How many people the vendor has.
    team_size: Option<u64>,
    /// ISO 3166 code of where the vendor is domiciled.
    vendor_region: Option<String>,
    /// What it is used for: categories that a restriction can have (`flowdown explain --list categories`).
    fields_of_use: Option<Vec<String>>,
    /// The agreement with customers: a file, or several in order. Relative to this file.
    #[serde(default)]
    #[schemars(with = "agreement::OneOrMany")]
    agreement: agreement::Names,
    /// Files of contracts under which the vendor holds parts of it; `*` stands for any characters. Relative to this file.
    #[serde(default)]
    contracts: Vec<String>,
    /// What the vendor knows of parts that no scanned file shows.
    #[serde(default)]
    component: Vec<components::ComponentTable>,
}

/// How the product reaches its users.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Ships {
    /// Copies are given to customers.
    Distributed,
    /// Customers use it over a network.
    Hosted,
    /// It is part of a device or another product.
    Embedded,
    /// It stays inside the company.
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
        if self.contact.is_some() && self.vendor.is_none() {
            bail!("`product.contact` is the vendor's, and `product.vendor` is not there");
        }
        let contact = self.contact.map(|text| components::contact("product.contact", &text));
        Ok(Product {
            contact: contact.transpose()?,
            copyright: components::lines("product.copyright", self.copyright)?,
            file: self.file.map(|table| components::file("product.file", table)).transpose()?,
            components: components::read(self.component, &declared_in)?,
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
