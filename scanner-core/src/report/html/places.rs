//! Where something was read, in parts that a page shows apart.

use serde::Serialize;

use crate::model::{Location, Origin};
use crate::report::place::part;

/// Places that are shown before the rest is counted.
const SHOWN: usize = 12;

/// Digits of the digest of a file that the user named: enough to see which one was read.
const DIGITS: usize = 12;

/// One place.
#[derive(Serialize)]
pub(super) struct Place {
    path: String,
    part: Option<String>,
    /// The image layer.
    layer: Option<String>,
    /// What kind of place, where it is not the scanned source.
    note: Option<String>,
}

impl Place {
    pub(super) fn of(location: &Location) -> Self {
        let (layer, note) = match &location.origin {
            Origin::Scanned { layer } => (layer.map(|layer| layer.to_string()), None),
            Origin::UserFile { sha256 } => {
                (None, Some(format!("your file, sha256:{}…", &sha256.hex()[..DIGITS])))
            }
            Origin::Catalogue => (None, Some("catalogue record".to_owned())),
        };
        Self {
            path: location.path.to_string(),
            part: location.span.as_ref().map(part),
            layer,
            note,
        }
    }
}

/// The first places, and how many more there are.
#[derive(Serialize)]
pub(super) struct Places {
    first: Vec<Place>,
    more: usize,
}

impl Places {
    pub(super) fn of(locations: &[Location]) -> Self {
        Self {
            first: locations.iter().take(SHOWN).map(Place::of).collect(),
            more: locations.len().saturating_sub(SHOWN),
        }
    }

    /// The places, unless they are those at which the artifact itself was found: those stand beside
    /// its name.
    pub(super) fn beyond(locations: &[Location], occurrences: &[Location]) -> Option<Self> {
        (locations != occurrences).then(|| Self::of(locations))
    }
}
