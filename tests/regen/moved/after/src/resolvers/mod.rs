//! Empty: all of it moved to `api`.

pub mod b;
