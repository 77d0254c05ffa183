//! The data of a first start: a few people, a city or two in each region, some stays and what was said of them.
//!
//! Everybody's password is `correct horse`.
