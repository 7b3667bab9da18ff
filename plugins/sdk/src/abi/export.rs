//! The plugin's side of the table: entry points that catch panics and own their answers.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice;

use super::{Answer, Bytes, Operation, Status, Table};
use crate::message::{ABI_MAJOR, ABI_MINOR, ResolveRequest};
use crate::{Resolver, check};

/// Ties a table to the resolver behind it; [`crate::export_plugin!`] implements it.
pub trait Exported: 'static {
    /// The one instance of the resolver.
    fn resolver() -> &'static dyn Resolver;
}

/// The table of a Rust plugin.
pub const fn table<E: Exported>() -> Table {
    Table {
        size: size_of::<Table>(),
        abi_major: ABI_MAJOR,
        abi_minor: ABI_MINOR,
        describe: Some(describe::<E>),
        call: Some(call::<E>),
        free: Some(free),
    }
}

/// Exports a resolver as a plugin.
///
/// The name becomes part of the exported symbol, `flowdown_plugin_v1_<name>`, so that several
/// plugins can be linked into one binary. The expression makes the [`Resolver`] when the plugin
/// is first asked. The crate needs `crate-type = ["cdylib"]`, and `"rlib"` beside it for tests,
/// which reach the table as `FLOWDOWN_PLUGIN`. One plugin per crate.
///
/// ```
/// use flowdown_plugin_sdk::message::{Descriptor, Phase, ResolveRequest, ResolveResponse};
/// use flowdown_plugin_sdk::{ResolveError, Resolver};
///
/// struct Silent;
///
/// impl Resolver for Silent {
///     fn describe(&self) -> Descriptor {
///         Descriptor {
///             id: "silent".into(),
///             version: "1.0.0".into(),
///             families: vec![],
///             phase: Phase::License,
///             needs: vec![],
///             tags: vec![],
///             terms: vec![],
///             listed: vec![],
///             profiles: vec![],
///             phrases: vec![],
///         }
///     }
///
///     fn resolve(&self, _: &ResolveRequest) -> Result<ResolveResponse, ResolveError> {
///         Ok(ResolveResponse::default())
///     }
/// }
///
/// flowdown_plugin_sdk::export_plugin!(silent, Silent);
///
/// let harness = flowdown_plugin_sdk::harness::Harness::new(&FLOWDOWN_PLUGIN).unwrap();
/// assert_eq!(harness.descriptor().id, "silent");
/// ```
#[macro_export]
macro_rules! export_plugin {
    ($name:ident, $resolver:expr $(,)?) => {
        /// The table that a Flowdown host reads.
        #[unsafe(export_name = concat!("flowdown_plugin_v1_", stringify!($name)))]
        pub static FLOWDOWN_PLUGIN: $crate::abi::Table = {
            struct Plugin;
            impl $crate::abi::Exported for Plugin {
                fn resolver() -> &'static dyn $crate::Resolver {
                    static RESOLVER: ::std::sync::LazyLock<
                        ::std::boxed::Box<dyn $crate::Resolver>,
                    > = ::std::sync::LazyLock::new(|| ::std::boxed::Box::new($resolver));
                    &**RESOLVER
                }
            }
            $crate::abi::table::<Plugin>()
        };
    };
}

extern "C" fn describe<E: Exported>() -> Answer {
    answer(|| encode(&E::resolver().describe()))
}

/// # Safety
/// `input` obeys the contract of [`Bytes`]: `length` bytes are readable at `data` for this call.
unsafe extern "C" fn call<E: Exported>(operation: Operation, input: Bytes) -> Answer {
    if operation != Operation::RESOLVE {
        return owned(Status::UNKNOWN_OPERATION, Vec::new());
    }
    answer(|| {
        let input = if input.length == 0 {
            &[]
        } else {
            // SAFETY: the caller promises `length` readable bytes at `data` for the call, and
            // the slice does not outlive this closure.
            unsafe { slice::from_raw_parts(input.data, input.length) }
        };
        let request: ResolveRequest = check::decode(input).map_err(|error| error.to_string())?;
        encode(&E::resolver().resolve(&request).map_err(|error| error.0)?)
    })
}

/// # Safety
/// `answer` was made by [`owned`] in this library and is not used afterwards.
unsafe extern "C" fn free(answer: Answer) {
    let bytes = std::ptr::slice_from_raw_parts_mut(answer.data, answer.length);
    // SAFETY: the caller gives back an answer that `owned` took from a box of this length, once.
    drop(unsafe { Box::from_raw(bytes) });
}

fn encode(message: &impl serde::Serialize) -> Result<Vec<u8>, String> {
    serde_json::to_vec(message)
        .map_err(|error| format!("the answer cannot be written as JSON: {error}"))
}

fn answer(work: impl FnOnce() -> Result<Vec<u8>, String>) -> Answer {
    // A resolver that panicked is not called again, so nobody sees what it left half done.
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(bytes)) => owned(Status::OK, bytes),
        Ok(Err(reason)) => owned(Status::REFUSED, reason.into_bytes()),
        Err(payload) => {
            let message = panic_message(&*payload).to_owned();
            // Dropping a payload runs code of the plugin that may panic again, and no panic may
            // leave an `extern "C"` function.
            if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
                std::mem::forget(again);
            }
            owned(Status::PANICKED, message.into_bytes())
        }
    }
}

fn owned(status: Status, bytes: Vec<u8>) -> Answer {
    let length = bytes.len();
    let data = Box::into_raw(bytes.into_boxed_slice()).cast::<u8>();
    Answer { length, data, status }
}

/// The text of a caught panic.
fn panic_message(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without text")
}
