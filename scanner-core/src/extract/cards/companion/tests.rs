use super::{Companion, NAMES};
use crate::extract::cards::testing::{extract, shown, wants};
use crate::model::Limits;

#[test]
fn companions_are_wanted_by_name_and_not_read() {
    assert!(NAMES.is_sorted());
    for name in NAMES {
        assert_eq!(shown(&extract(&Companion, name, b"\0{", 1, &Limits::default())), "");
    }
    for path in ["config.json", "model.json", "Modules.json"] {
        assert!(!wants(&Companion, path, b""), "{path}");
    }
}
