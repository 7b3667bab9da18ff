//! Vendor terms for models.
