//! Flowdown.
fn main() {}
