//! Empty: all of it moved to `api`.
