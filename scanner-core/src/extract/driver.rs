//! Reads a file once and feeds parsers, digests and tensor digests from that one read.
