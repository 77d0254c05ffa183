impl crate::generated::QueryResolvers for crate::App {
    async fn one(&self, _: &crate::generated::Context) -> crate::generated::Result<i32> {
        Ok(1)
    }
}
