//! The only room that names the AWS SDK: one file per service, and one place where its errors become ours.
//!
//! A [`Cloud`] is an environment's way to AWS: the same code talks to an AWS account and to the local cloud, only the
//! endpoints differ.

mod cloud;
#[cfg(feature = "cli")]
pub mod cloudformation;
#[cfg(feature = "cli")]
mod cloudwatch;
mod dynamodb;
mod error;
#[cfg(feature = "cli")]
mod organizations;
mod rekognition;
mod s3;
mod sqs;
pub mod cloudwatch;
mod error;
#[cfg(feature = "cli")]
pub mod logs;
pub mod dynamodb;
mod error;
pub mod rekognition;
pub mod s3;
#[cfg(feature = "cli")]
pub mod sts;
mod ports;
mod rekognition;
mod s3;
mod sqs;

pub use cloud::Cloud;
#[cfg(feature = "cli")]
pub use cloudformation::StackFacts;
#[cfg(feature = "cli")]
pub use cloudwatch::{MetricName, MetricQuery, Point, Statistic};
#[cfg(feature = "cli")]
pub use dynamodb::{LedgerTable, TableEncryption, TablePosture};
pub use dynamodb::FaceTable;
pub use error::{CloudError, ErrorKind};
pub use ports::{AwsPorts, PortNames};
#[cfg(feature = "cli")]
pub use organizations::{AttachedPolicy, Organizations};
#[cfg(feature = "cli")]
pub use rekognition::CollectionFacts;
#[cfg(feature = "cli")]
pub use s3::{BucketEncryption, BucketPosture, PublicAccessBlock};
#[cfg(feature = "cli")]
pub use sqs::{QueuePosture, QueueProtection};
pub use rekognition::RekognitionEngine;
pub use s3::ImageBucket;
pub use sqs::IndexQueueClient;
