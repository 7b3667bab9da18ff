//! What a model derives from, as its cards and configurations say.
