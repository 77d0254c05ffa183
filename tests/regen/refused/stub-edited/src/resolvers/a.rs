use crate::App;
use crate::generated as gw;

impl gw::QueryResolvers for App {
    forward_to_the_shelf!(one);
}
