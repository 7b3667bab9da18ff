//! A directory, or a single file.
