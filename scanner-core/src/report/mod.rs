//! TODO-SKELETON report
