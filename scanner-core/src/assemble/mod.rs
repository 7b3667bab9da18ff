//! TODO-SKELETON assemble
