//! Stable pseudonyms for people and clients.
