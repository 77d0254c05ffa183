pub mod resolvers;
pub struct App;
