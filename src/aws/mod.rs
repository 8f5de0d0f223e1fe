//! The only room that names the AWS SDK: one file per service, and one place where its errors become ours.
//!
//! A [`Cloud`] is an environment's way to AWS: the same code talks to an AWS account and to the local cloud, only the
//! endpoints differ.

mod cloud;
#[cfg(feature = "cli")]
mod cloudformation;
#[cfg(feature = "cli")]
mod cloudwatch;
mod dynamodb;
mod error;
mod ports;
mod rekognition;
mod s3;
mod sqs;

pub use cloud::Cloud;
#[cfg(feature = "cli")]
pub use cloudformation::StackFacts;
#[cfg(feature = "cli")]
pub use cloudwatch::{MetricName, MetricQuery, Point, Statistic};
pub use dynamodb::FaceTable;
pub use error::{CloudError, ErrorKind};
pub use ports::{AwsPorts, PortNames};
#[cfg(feature = "cli")]
pub use rekognition::CollectionFacts;
pub use rekognition::RekognitionEngine;
pub use s3::ImageBucket;
pub use sqs::IndexQueueClient;
