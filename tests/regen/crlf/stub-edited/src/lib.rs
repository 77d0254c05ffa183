graphwright::include!();
pub mod jobs;
pub mod resolvers;
pub struct App;
