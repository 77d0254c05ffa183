//! The jobs of `jobs.yaml`.

pub mod first;
