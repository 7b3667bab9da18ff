//! TODO-SKELETON engine
