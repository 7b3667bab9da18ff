//! Finds, verifies, loads, calls and contains plugins.
