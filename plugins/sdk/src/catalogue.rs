//! TODO-SKELETON catalogue
