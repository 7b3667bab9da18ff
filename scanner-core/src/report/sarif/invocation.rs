//! The run itself: whether it looked at everything, and what has no place in the source.

use serde::Serialize;

use super::RESULTS;
use super::message::Message;
use super::rule::{RuleRef, Rules};
use crate::model::{Completeness, Diagnostic};
use crate::report::index::Index;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invocation {
    /// False where something was not looked at: no result does not mean that there is nothing.
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Notification {
    #[serde(skip_serializing_if = "Option::is_none")]
    associated_rule: Option<RuleRef>,
    level: &'static str,
    message: Message,
}

impl Notification {
    fn about_run(level: &'static str, words: &str) -> Self {
        Self { associated_rule: None, level, message: Message::new(words) }
    }
}

impl Invocation {
    /// `left_out` is the number of results beyond the limit.
    pub(super) fn of(index: &Index<'_>, left_out: usize, rules: &mut Rules) -> Self {
        let diagnostics = &index.report.inventory.diagnostics;
        let of_run = diagnostics.iter().filter(|diagnostic| diagnostic.at.is_none()).take(RESULTS);
        let mut notifications: Vec<Notification> =
            of_run.map(|diagnostic| of_diagnostic(diagnostic, rules)).collect();
        let completeness = index.completeness();
        if completeness == Completeness::Incomplete {
            let gaps = diagnostics
                .iter()
                .filter(|diagnostic| diagnostic.code.completeness() == Completeness::Incomplete)
                .count();
            notifications.push(Notification::about_run(
                "warning",
                &format!(
                    "the scan is incomplete: {gaps} diagnostics say that something was not looked at"
                ),
            ));
        }
        if left_out > 0 {
            notifications.push(Notification::about_run(
                "warning",
                &format!(
                    "{left_out} results were left out, least severe first: code scanning takes \
                     {RESULTS}; the format `json` has all of them"
                ),
            ));
        }
        Self {
            execution_successful: completeness == Completeness::Complete,
            tool_execution_notifications: notifications,
        }
    }
}

fn of_diagnostic(diagnostic: &Diagnostic, rules: &mut Rules) -> Notification {
    Notification {
        associated_rule: Some(rules.of_diagnostic(diagnostic.code)),
        level: diagnostic.severity().name(),
        message: Message::with_help(&diagnostic.message, diagnostic.help.as_deref()),
    }
}
