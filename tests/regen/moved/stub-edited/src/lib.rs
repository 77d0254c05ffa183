graphwright::include!();
mod api { pub(crate) mod query; }
pub mod resolvers;
pub struct App;
