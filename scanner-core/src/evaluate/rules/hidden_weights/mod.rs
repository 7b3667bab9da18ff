//! Weights that a layer of an image carries and the image does not show ship all the same.

use super::{Code, ProductCase, Rule};
use crate::model::{Finding, Location};

pub(super) struct HiddenWeights;

impl Rule for HiddenWeights {
    fn id(&self) -> &'static str {
        "hidden_weights"
    }

    fn codes(&self) -> &'static [Code] {
        &[Code::HiddenWeights]
    }

    fn check_product(&self, case: &ProductCase<'_>, findings: &mut Vec<Finding>) {
        let hidden = case.scene.inventory.hidden.iter().filter(|file| file.is_weights);
        findings.extend(hidden.map(|file| {
            Finding {
                artifact: None,
                rule: Code::HiddenWeights,
                license: None,
                clause: None,
                message: format!(
                    "`{}` was deleted or replaced in a later layer, and a lower layer still carries its {} \
                     bytes of weights: whoever receives the image receives them",
                    file.path,
                    file.size
                ),
                because: vec![Location::scanned(&file.path)],
                fix: "build the image without the file, for example in several stages, or treat the \
                      weights as shipped"
                    .to_owned(),
            }
        }));
    }
}
