//! A plugin that keeps the contract.
