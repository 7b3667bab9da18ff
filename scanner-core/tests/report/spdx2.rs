//! spdx2
