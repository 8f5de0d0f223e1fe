//! The Lambda program.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    idvctl::handler::run().await
}
