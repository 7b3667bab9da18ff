//! The RAIL family: use restrictions that must flow down.
