//! Plugins that are linked into the program.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use flowdown_plugin_sdk::abi::AbiError;
use flowdown_plugin_sdk::message::{Descriptor, ResolveRequest, ResolveResponse};
use flowdown_plugin_sdk::{ResolveError, Resolver, check};

use crate::error::{Failure, Fault, MessageKind};

/// A resolver of this program, behind a net for panics.
pub(crate) struct BuiltIn {
    resolver: Box<dyn Resolver>,
    descriptor: Arc<Descriptor>,
    /// The first failure; once it is set, the resolver is not called.
    stopped: OnceLock<String>,
}

impl BuiltIn {
    pub(crate) fn new(resolver: Box<dyn Resolver>) -> Result<Self, Failure> {
        let descriptor = catch(|| resolver.describe())?;
        check::descriptor(&descriptor)
            .map_err(|error| Failure::Message { message: MessageKind::Descriptor, error })?;
        Ok(Self { resolver, descriptor: Arc::new(descriptor), stopped: OnceLock::new() })
    }

    pub(crate) fn descriptor(&self) -> &Arc<Descriptor> {
        &self.descriptor
    }

    fn call(&self, request: &ResolveRequest) -> Result<ResolveResponse, Failure> {
        if let Some(because) = self.stopped.get() {
            return Err(Failure::Stopped { because: because.clone() });
        }
        let response = catch(|| self.resolver.resolve(request))?
            .map_err(|ResolveError(reason)| Fault::Abi(AbiError::Refused { reason }))?;
        check::response(request, &response)
            .map_err(|error| Failure::Message { message: MessageKind::Answer, error })?;
        Ok(response)
    }
}

impl Resolver for BuiltIn {
    fn describe(&self) -> Descriptor {
        Descriptor::clone(&self.descriptor)
    }

    fn resolve(&self, request: &ResolveRequest) -> Result<ResolveResponse, ResolveError> {
        self.call(request).map_err(|failure| {
            let message = failure.to_string();
            if !failure.is_refusal() {
                self.stopped.get_or_init(|| message.clone());
            }
            ResolveError(message)
        })
    }
}

/// Runs `work`; an error if it panics. Whoever calls this does not use
/// the same resolver again after a panic, so nobody sees what it left half done.
fn catch<T>(work: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|payload| Fault::Abi(AbiError::Panicked { message: text_of(&*payload) }))
}

fn text_of(payload: &(dyn Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("without text").to_owned()
}

#[cfg(test)]
mod tests;
