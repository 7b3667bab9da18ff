//! TODO-SKELETON family
