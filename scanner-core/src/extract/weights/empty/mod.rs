//! Files of zero bytes whose name promises weights: an interrupted download, a placeholder.

#[cfg(test)]
mod tests;

use super::is_weight_name;
use super::problems::Problems;
use crate::extract::{Extraction, Extractor, Need, Parser, Probe, names};
use crate::model::{Code, Fact, FactName, Limits};

/// Names weight files that hold nothing.
#[derive(Debug)]
pub struct Empty;

impl Extractor for Empty {
    fn id(&self) -> &'static str {
        "empty"
    }

    fn facts(&self) -> &'static [FactName] {
        &[names::WEIGHTS_FORMAT]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        probe.size == 0 && is_weight_name(probe.name)
    }

    fn begin(&self, probe: &Probe<'_>, _limits: &Limits) -> Box<dyn Parser> {
        Box::new(EmptyParser { problems: Problems::of(probe.path) })
    }
}

struct EmptyParser {
    problems: Problems,
}

impl Parser for EmptyParser {
    fn feed(&mut self, _bytes: &[u8]) -> Need {
        Need::Done
    }

    fn finish(mut self: Box<Self>) -> Extraction {
        let at = self.problems.location();
        let message = "the file is named like weights and has `0` bytes";
        let help =
            "fetch it again, or remove it if it is a placeholder: nothing is known of the weights";
        self.problems.file(Code::WeightsEmptyFile, message, help);
        Extraction {
            facts: vec![Fact::new(names::WEIGHTS_FORMAT, "empty", at)],
            diagnostics: self.problems.finish(),
            ..Extraction::default()
        }
    }
}
