//! The only room that names the AWS SDK: one file per service, and one place where its errors become ours.
//!
//! A [`Cloud`] is an environment's way to AWS: the same code talks to an AWS account and to the local cloud, only the
//! endpoints differ.

mod cloud;
#[cfg(feature = "cli")]
pub mod cloudformation;
#[cfg(feature = "cli")]
mod cloudwatch;
pub mod dynamodb;
mod error;
pub mod rekognition;
pub mod s3;
#[cfg(feature = "cli")]
pub mod sts;

pub use cloud::Cloud;
#[cfg(feature = "cli")]
pub use cloudformation::StackFacts;
#[cfg(feature = "cli")]
pub use cloudwatch::{MetricName, MetricQuery, Point, Statistic};
pub use error::{CloudError, ErrorKind};
#[cfg(feature = "cli")]
pub use rekognition::CollectionFacts;
