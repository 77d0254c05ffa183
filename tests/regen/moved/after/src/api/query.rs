use super::super::App;
use crate::generated::QueryResolvers as Root;
impl Root for App
{
	async fn one(&self, _: &crate::generated::Context) -> crate::generated::Result<i32> { Ok(1) }

	async fn two(&self, cx: &crate::generated::Context) -> crate::generated::Result<i32> {
		let _ = cx;
		Err(crate::generated::Error::not_implemented("Query.two"))
	}

	async fn three(&self, cx: &crate::generated::Context) -> crate::generated::Result<crate::generated::Other> {
		let _ = cx;
		Err(crate::generated::Error::not_implemented("Query.three"))
	}
}
