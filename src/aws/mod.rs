//! The only room that names the AWS SDK: one file per service, and one place where its errors become ours.
//!
//! A [`Cloud`] is an environment's way to AWS: the same code talks to an AWS account and to the local cloud, only the
//! endpoints differ.

mod cloud;
#[cfg(feature = "cli")]
pub mod cloudwatch;
mod error;
#[cfg(feature = "cli")]
pub mod logs;
pub mod s3;
#[cfg(feature = "cli")]
pub mod sts;

pub use cloud::Cloud;
pub use error::{CloudError, ErrorKind};
