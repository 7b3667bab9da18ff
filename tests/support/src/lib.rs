//! Builders of small inputs for the tests.
