//! What a name means: a licence, a category of use restrictions, a kind of obligation, a code.
//!
//! Everything comes from the records of the plugins that take part; the words around it are in
//! `words`, so that every way to show them says the same.

mod codes;
mod json;
mod subject;
mod words;

pub(crate) use self::json::{json, json_list};
pub(crate) use self::subject::{License, List, Subject, find};
pub(crate) use self::words::{
    acceptance, conveyance, directness, distillation, doubts, mental, owed, verified,
};
