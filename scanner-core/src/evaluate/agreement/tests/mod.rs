//! The judgement on passages that a person labelled.

mod labelled;
