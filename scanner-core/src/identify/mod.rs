//! TODO-SKELETON identify
