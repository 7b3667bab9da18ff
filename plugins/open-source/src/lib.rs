//! Licences of the SPDX License List: direct licensing, notice and source duties.
