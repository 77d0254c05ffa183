#[cfg(unix)]
impl gw::QueryResolvers for App {}

#[cfg(not(unix))]
impl gw::QueryResolvers for App {}
