//! The host's side of the table: checked once, then called through safe functions.

use std::ops::Deref;
use std::{fmt, slice};

use serde::{Deserialize, Serialize};

use super::{Answer, Bytes, Operation, Status, Table};
use crate::message::{ABI_MAJOR, ABI_MINOR};

/// How much of a plugin's own text an error repeats.
const REASON_BYTES: usize = 2048;

/// A table or an answer that breaks the contract, or a plugin that says it cannot answer.
///
/// Serialisable, because it is found in the child process that holds the plugin.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AbiError {
    /// The symbol is not where a table can be.
    #[error("the table is not aligned to {alignment} bytes; export it as data of type `Table`")]
    Misaligned {
        /// What it must be aligned to.
        alignment: usize,
    },
    /// The table is shorter than version 1 of it.
    #[error("the table says it has {found} bytes, version 1 has {minimum}")]
    TableSize {
        /// Size of the table in version 1.0.
        minimum: usize,
        /// What the table says.
        found: usize,
    },
    /// Made for another major version.
    #[error(
        "it speaks version {found} of the plugin interface, this host version {expected}; \
         build it against the SDK of this host"
    )]
    Major {
        /// The host's.
        expected: u32,
        /// The plugin's.
        found: u32,
    },
    /// Made for a newer minor version.
    #[error(
        "it needs version {ABI_MAJOR}.{found} of the plugin interface, this host has \
         {ABI_MAJOR}.{newest}; update Flowdown"
    )]
    Minor {
        /// The newest that the host knows.
        newest: u32,
        /// The plugin's.
        found: u32,
    },
    /// A function of the table is null.
    #[error("the table has no function `{name}`")]
    MissingFunction {
        /// The field's name.
        name: String,
    },
    /// An answer without bytes that says it has some.
    #[error("the answer has {length} bytes at an address where none can be")]
    BadAnswer {
        /// What it says.
        length: usize,
    },
    /// A status that version 1 does not have.
    #[error("the answer has status {status}, version {ABI_MAJOR}.{ABI_MINOR} has 0 to 3")]
    UnknownStatus {
        /// What it says.
        status: u32,
    },
    /// The plugin does not know the operation.
    #[error("it does not know operation {operation}")]
    UnknownOperation {
        /// What it was asked.
        operation: u32,
    },
    /// The plugin says that it cannot answer.
    #[error("it says: {reason}")]
    Refused {
        /// Its words.
        reason: String,
    },
    /// The plugin panicked.
    #[error("it panicked: {message}")]
    Panicked {
        /// The text of the panic.
        message: String,
    },
}

/// A checked table.
#[derive(Clone, Copy)]
pub struct Plugin {
    describe: unsafe extern "C" fn() -> Answer,
    call: unsafe extern "C" fn(Operation, Bytes) -> Answer,
    free: unsafe extern "C" fn(Answer),
}

impl Plugin {
    /// Checks a table.
    ///
    /// # Safety
    /// `table` is not null and points to a table of at least the size that it states. Its
    /// functions stay where they are for the life of the program and obey the contract of
    /// [`Table`].
    ///
    /// # Errors
    /// When the table is not one of version 1 that this host can call.
    pub unsafe fn new(table: *const Table) -> Result<Self, AbiError> {
        if !table.is_aligned() {
            return Err(AbiError::Misaligned { alignment: align_of::<Table>() });
        }
        // SAFETY: the caller promises a table; every table begins with its size, and the pointer
        // is aligned. Only this field is read before the size is known to be enough.
        let size = unsafe { (&raw const (*table).size).read() };
        if size < size_of::<Table>() {
            return Err(AbiError::TableSize { minimum: size_of::<Table>(), found: size });
        }
        // SAFETY: the table states that it is as long as ours or longer, and the caller promises
        // that this is so; every bit pattern of numbers and optional functions is a value.
        let table = unsafe { table.read() };
        if table.abi_major != ABI_MAJOR {
            return Err(AbiError::Major { expected: ABI_MAJOR, found: table.abi_major });
        }
        if table.abi_minor > ABI_MINOR {
            return Err(AbiError::Minor { newest: ABI_MINOR, found: table.abi_minor });
        }
        let missing = |name: &str| AbiError::MissingFunction { name: name.to_owned() };
        Ok(Self {
            describe: table.describe.ok_or_else(|| missing("describe"))?,
            call: table.call.ok_or_else(|| missing("call"))?,
            free: table.free.ok_or_else(|| missing("free"))?,
        })
    }

    /// Asks the plugin for its descriptor, as JSON.
    ///
    /// # Errors
    /// When the plugin cannot answer, or answers what no plugin may.
    pub fn describe(&self) -> Result<Output, AbiError> {
        // SAFETY: `new` was promised that the function obeys the contract; it takes nothing.
        let answer = unsafe { (self.describe)() };
        self.take(answer, Operation(0))
    }

    /// Asks the plugin to do something, JSON to JSON.
    ///
    /// # Errors
    /// When the plugin cannot answer, or answers what no plugin may.
    pub fn call(&self, operation: Operation, input: &[u8]) -> Result<Output, AbiError> {
        let input = Bytes { length: input.len(), data: input.as_ptr() };
        // SAFETY: `new` was promised that the function obeys the contract; the input is a live
        // slice for the whole call.
        let answer = unsafe { (self.call)(operation, input) };
        self.take(answer, operation)
    }

    fn take(&self, answer: Answer, operation: Operation) -> Result<Output, AbiError> {
        let impossible = answer.length > isize::MAX as usize;
        if impossible || (answer.data.is_null() && answer.length > 0) {
            // Not given to `free`: there is nothing that it could have allocated.
            return Err(AbiError::BadAnswer { length: answer.length });
        }
        let output = Output { answer, free: self.free };
        match answer.status {
            Status::OK => Ok(output),
            Status::REFUSED => Err(AbiError::Refused { reason: output.text() }),
            Status::PANICKED => Err(AbiError::Panicked { message: output.text() }),
            Status::UNKNOWN_OPERATION => Err(AbiError::UnknownOperation { operation: operation.0 }),
            Status(status) => Err(AbiError::UnknownStatus { status }),
        }
    }
}

impl fmt::Debug for Plugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plugin").finish_non_exhaustive()
    }
}

/// The bytes of an answer; given back to the plugin when dropped.
pub struct Output {
    answer: Answer,
    free: unsafe extern "C" fn(Answer),
}

impl Output {
    fn text(&self) -> String {
        let bytes = &self[..self.len().min(REASON_BYTES)];
        String::from_utf8_lossy(bytes).into_owned()
    }
}

impl Deref for Output {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        if self.answer.length == 0 {
            return &[];
        }
        // SAFETY: `take` saw a non-null pointer and a possible length, the plugin promises as
        // many bytes until `free`, and `free` is called by `drop` only.
        unsafe { slice::from_raw_parts(self.answer.data, self.answer.length) }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // SAFETY: the answer came from the same table and is given back once, here.
        unsafe { (self.free)(self.answer) }
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output").field("bytes", &self.len()).finish_non_exhaustive()
    }
}
