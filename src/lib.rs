//! The map of the house. Each module is a room with one concern; arrows point in one direction only, and
//! `tests/layering.rs` keeps it that way. ARCHITECTURE.md tells the whole story.
//!
//! ```text
//! model                                   plain data that crosses rooms
//! yaml        -> -                        the one file that reads YAML
//! config      -> model, yaml              idv.yaml to Environment
//! template    -> model, config, yaml      templates/*.yaml to CloudFormation; pure
//! policy      -> model, template, config  rendered templates to findings; pure
//! identity    -> model                    the verification domain, written against traits
//! aws         -> model, identity          the only room that names the AWS SDK
//! handler     -> identity, aws, model     the Lambda program
//! deploy      -> template, policy, aws, model
//! compliance  -> identity, aws, model
//! observe     -> aws, model               one Snapshot of an environment
//! dashboard   -> observe, model           the terminal interface
//! local       -> aws, model               the local cloud
//! report      -> model                    text, json, … to any Write
//! cli         -> all but handler          one file per subcommand
//! ```

pub mod aws;
pub mod identity;
pub mod model;

#[cfg(feature = "lambda")]
pub mod handler;

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod compliance;
#[cfg(feature = "cli")]
pub mod config;
#[cfg(feature = "cli")]
pub mod dashboard;
#[cfg(feature = "cli")]
pub mod deploy;
#[cfg(feature = "cli")]
pub mod local;
#[cfg(feature = "cli")]
pub mod observe;
#[cfg(feature = "cli")]
pub mod policy;
#[cfg(feature = "cli")]
pub mod report;
#[cfg(feature = "cli")]
pub mod template;
#[cfg(feature = "cli")]
pub mod yaml;
