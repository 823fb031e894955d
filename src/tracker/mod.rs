//! Trackers: columns, reading, merging, linting.
