#![expect(unreachable_pub, reason = "a plugin's macro stands in the root of its crate")]

use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::message::{ABI_MAJOR, Descriptor, Phase, ResolveRequest, ResolveResponse};
use crate::{ResolveError, Resolver};

/// Does what the request's first artifact is called.
struct Obedient;

/// Panics when it is dropped, too.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("told so")
    }
}

impl Resolver for Obedient {
    fn describe(&self) -> Descriptor {
        Descriptor {
            id: "obedient".into(),
            version: "1.0.0".into(),
            families: vec![],
            phase: Phase::License,
            needs: vec![],
            tags: vec![],
            terms: vec![],
            listed: vec![],
            profiles: vec![],
            phrases: vec![],
        }
    }

    fn resolve(&self, request: &ResolveRequest) -> Result<ResolveResponse, ResolveError> {
        match request.artifacts.first().and_then(|artifact| artifact.name.as_deref()) {
            Some("panic") => panic!("told to {}", "panic"),
            Some("payload") => std::panic::panic_any(7_u8),
            Some("bomb") => std::panic::panic_any(Bomb),
            Some("refuse") => Err(ResolveError("told to refuse".into())),
            _ => Ok(ResolveResponse::default()),
        }
    }
}

crate::export_plugin!(obedient, Obedient);

fn plugin(table: &Table) -> Result<Plugin, AbiError> {
    // SAFETY: a table of this type, with functions of this program.
    unsafe { Plugin::new(table) }
}

fn check(table: Table) -> AbiError {
    plugin(&table).unwrap_err()
}

fn call(input: &str) -> Result<String, AbiError> {
    let output = plugin(&FLOWDOWN_PLUGIN)?.call(Operation::RESOLVE, input.as_bytes())?;
    Ok(String::from_utf8(output.to_vec()).unwrap())
}

fn named(name: &str) -> String {
    format!(r#"{{"abi":1,"artifacts":[{{"id":"a","kind":"model","name":"{name}"}}]}}"#)
}

#[test]
fn a_round_trip_crosses_as_json() {
    let plugin = plugin(&FLOWDOWN_PLUGIN).unwrap();
    let descriptor: Descriptor = crate::check::decode(&plugin.describe().unwrap()).unwrap();
    assert_eq!(descriptor, Obedient.describe());
    assert_eq!(call(&named("x")).unwrap(), r#"{"artifacts":[]}"#);
}

#[test]
fn panics_and_refusals_come_back_as_text() {
    let panicked = |message: &str| AbiError::Panicked { message: message.into() };
    assert_eq!(call(&named("panic")).unwrap_err(), panicked("told to panic"));
    assert_eq!(call(&named("payload")).unwrap_err(), panicked("a panic without text"));
    let refused = AbiError::Refused { reason: "told to refuse".into() };
    assert_eq!(call(&named("refuse")).unwrap_err(), refused);
    // A panic leaves the plugin callable, which the next test of the same process needs.
    assert!(call(&named("x")).is_ok());
}

/// The second payload is leaked on purpose: a leak checker skips this test.
#[test]
fn a_payload_that_panics_when_dropped_is_leaked() {
    let panicked = AbiError::Panicked { message: "a panic without text".into() };
    assert_eq!(call(&named("bomb")).unwrap_err(), panicked);
}

#[test]
fn a_plugin_refuses_what_is_no_request() {
    let reason =
        "at `artifacts`: invalid type: integer `1`, expected a sequence at line 1 column 14";
    let refused = AbiError::Refused { reason: reason.into() };
    assert_eq!(call(r#"{"artifacts":1}"#).unwrap_err(), refused);
    assert!(matches!(call("").unwrap_err(), AbiError::Refused { .. }));
    let operation = Operation(9);
    let unknown = plugin(&FLOWDOWN_PLUGIN).unwrap().call(operation, b"").unwrap_err();
    assert_eq!(unknown, AbiError::UnknownOperation { operation: 9 });
}

#[test]
fn a_host_refuses_other_tables() {
    let good = FLOWDOWN_PLUGIN;
    let minimum = size_of::<Table>();
    assert_eq!(
        check(Table { size: minimum - 1, ..good }),
        AbiError::TableSize { minimum, found: minimum - 1 }
    );
    assert_eq!(
        check(Table { abi_major: ABI_MAJOR + 1, ..good }),
        AbiError::Major { expected: ABI_MAJOR, found: ABI_MAJOR + 1 }
    );
    assert_eq!(
        check(Table { abi_minor: u32::MAX, ..good }),
        AbiError::Minor { newest: 0, found: u32::MAX }
    );
    let missing = |name: &str| AbiError::MissingFunction { name: name.into() };
    assert_eq!(check(Table { describe: None, ..good }), missing("describe"));
    assert_eq!(check(Table { call: None, ..good }), missing("call"));
    assert_eq!(check(Table { free: None, ..good }), missing("free"));
    // A longer table is a newer one whose tail this host does not know.
    #[repr(C)]
    struct Longer {
        table: Table,
        later: usize,
    }
    let longer = Longer { table: Table { size: size_of::<Longer>(), ..good }, later: 7 };
    // SAFETY: a table that has the size it states, with functions of this program.
    assert!(unsafe { Plugin::new((&raw const longer).cast()) }.is_ok());
    assert_eq!(longer.later, 7);
}

#[test]
fn a_misaligned_table_is_refused_before_it_is_read() {
    static BYTES: [u64; 8] = [0; 8];
    let table = ptr::from_ref(&BYTES).cast::<u8>().wrapping_add(1).cast::<Table>();
    // SAFETY: the pointer stays inside a static; `new` must not read through it.
    let refused = unsafe { Plugin::new(table) }.unwrap_err();
    assert_eq!(refused, AbiError::Misaligned { alignment: align_of::<Table>() });
}

static FREED: AtomicUsize = AtomicUsize::new(0);

extern "C" fn count(_: Answer) {
    FREED.fetch_add(1, Ordering::Relaxed);
}

extern "C" fn claims_bytes_at_null() -> Answer {
    Answer { length: 8, data: ptr::null_mut(), status: Status::OK }
}

extern "C" fn says_nothing(_: Operation, _: Bytes) -> Answer {
    Answer { length: 0, data: ptr::null_mut(), status: Status::OK }
}

extern "C" fn unknown_status(_: Operation, _: Bytes) -> Answer {
    Answer { length: 0, data: ptr::null_mut(), status: Status(4) }
}

#[test]
fn answers_are_checked_and_given_back_once() {
    const BASE: Table =
        Table { describe: Some(claims_bytes_at_null), free: Some(count), ..FLOWDOWN_PLUGIN };
    static SILENT: Table = Table { call: Some(says_nothing), ..BASE };
    static UNKNOWN: Table = Table { call: Some(unknown_status), ..BASE };
    let silent = plugin(&SILENT).unwrap();
    assert_eq!(silent.describe().unwrap_err(), AbiError::BadAnswer { length: 8 });
    assert_eq!(FREED.load(Ordering::Relaxed), 0);
    let output = silent.call(Operation::RESOLVE, b"{}").unwrap();
    assert!(output.is_empty());
    drop(output);
    assert_eq!(FREED.load(Ordering::Relaxed), 1);
    let unknown = plugin(&UNKNOWN).unwrap().call(Operation::RESOLVE, b"").unwrap_err();
    assert_eq!(unknown, AbiError::UnknownStatus { status: 4 });
    assert_eq!(FREED.load(Ordering::Relaxed), 2);
}
