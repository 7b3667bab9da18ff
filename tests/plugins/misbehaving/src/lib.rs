//! A plugin that breaks the contract in every way.
