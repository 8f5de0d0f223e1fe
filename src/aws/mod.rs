//! The only room that names the AWS SDK: one file or folder per service, and one place where its errors become ours.
//!
//! A [`Cloud`] is an environment's way to AWS: the same code talks to an AWS account and to the local cloud, only the
//! endpoints differ.

mod cloud;
#[cfg(feature = "cli")]
pub mod cloudformation;
#[cfg(feature = "cli")]
pub mod cloudwatch;
pub mod dynamodb;
mod error;
#[cfg(feature = "lambda")]
mod function;
#[cfg(feature = "cli")]
pub mod logs;
#[cfg(feature = "cli")]
pub mod organizations;
mod patience;
#[cfg(feature = "lambda")]
mod ports;
pub mod rekognition;
pub mod s3;
pub mod sqs;
#[cfg(feature = "lambda")]
pub mod states;
#[cfg(feature = "cli")]
pub mod sts;
mod web;

pub use cloud::Cloud;
pub use error::{CloudError, ErrorKind};
#[cfg(feature = "lambda")]
pub use ports::{AwsPorts, PortNames};
pub use web::{Web, WebError};
