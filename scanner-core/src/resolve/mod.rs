//! TODO-SKELETON resolve
