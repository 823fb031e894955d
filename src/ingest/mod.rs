//! Bytes to model: files and record exports become a [`crate::snapshot::Snapshot`].
