//! Finds a plugin's symbol in the file, before any of its code runs.

use flowdown_plugin_sdk::abi::{SYMBOL_PREFIX, Table};
use object::{BinaryFormat, Object as _, ObjectSymbol as _, SymbolKind};

use crate::error::Fault;

/// Bytes of a symbol's name.
const NAME_BYTES: usize = 255;

/// The one exported symbol that begins with [`SYMBOL_PREFIX`].
pub(super) fn find(image: &[u8]) -> Result<String, Fault> {
    let unknown = |error: object::Error| Fault::NotALibrary { reason: error.to_string() };
    let file = object::File::parse(image).map_err(unknown)?;
    let mut found: Option<String> = None;
    let mut take = |symbol: &str| match &found {
        Some(first) if first != symbol => {
            Err(Fault::SeveralSymbols { first: first.clone(), second: symbol.to_owned() })
        }
        _ => {
            found = Some(symbol.to_owned());
            Ok(())
        }
    };
    if file.format() == BinaryFormat::Elf {
        for symbol in file.dynamic_symbols().filter(object::ObjectSymbol::is_definition) {
            let Some(name) = symbol.name_bytes().ok().and_then(plugin_name) else { continue };
            // Only ELF says what a symbol is and how long; it keeps a function, or data that is
            // too short, from being read as a table.
            if symbol.kind() != SymbolKind::Data {
                let found = format!("no data but {:?}", symbol.kind()).to_lowercase();
                return Err(Fault::NotATable { symbol: name.to_owned(), found });
            }
            if symbol.size() < size_of::<Table>() as u64 {
                let (found, minimum) = (symbol.size(), size_of::<Table>());
                let found = format!("data of {found} bytes, a table has {minimum}");
                return Err(Fault::NotATable { symbol: name.to_owned(), found });
            }
            take(name)?;
        }
    } else {
        for export in file.exports().map_err(unknown)? {
            // Mach-O puts an underscore before every name of C.
            let name = export.name();
            let name = name.strip_prefix(b"_").unwrap_or(name);
            if let Some(name) = plugin_name(name) {
                take(name)?;
            }
        }
    }
    found.ok_or(Fault::NoSymbol)
}

fn plugin_name(name: &[u8]) -> Option<&str> {
    let name = std::str::from_utf8(name).ok()?;
    (name.starts_with(SYMBOL_PREFIX) && name.len() <= NAME_BYTES).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(image: &[u8]) -> String {
        find(image).map_or_else(|fault| fault.to_string(), |symbol| format!("found {symbol}"))
    }

    #[test]
    fn what_is_no_library_is_said_to_be_none() {
        for image in [b"".as_slice(), b"\x7fELF", b"#!/bin/sh\nexit 0\n", &[0xff; 4096]] {
            assert!(check(image).starts_with("the file is no dynamic library: "), "{image:?}");
        }
    }

    #[test]
    fn a_program_without_plugin_is_refused_however_it_is_cut() {
        let image = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        assert!(check(&image).starts_with("the library exports no symbol `flowdown_plugin_v1_…`"));
        let steps = (0..128).chain((7..14).map(|power| 1 << power));
        let cuts = steps.chain((1..32).map(|part| image.len() / 32 * part));
        for cut in cuts {
            assert!(find(&image[..cut]).is_err(), "cut at {cut}");
        }
    }
}
