//! Folders, archives and memory as entries: (path, bytes), with limits.
