//! Recognises known texts by their fingerprints.
