//! From rendered templates to running stacks: plan, package, apply, watch; and back: destroy.
//!
//! A [`Deployment`] knows an environment's stacks and the way to its cloud. [`Deployment::plan`] makes the change sets
//! and a [`Plan`] to be read; [`Deployment::run`] executes exactly these change sets, stack by stack along
//! [`StackKind::needs`](crate::model::StackKind::needs), and tells a [`Watcher`] what happens;
//! [`Deployment::discard`] throws them away instead. A stack that needs outputs which did not exist when the plan was
//! made is planned again once they do.

mod adopt;
mod cause;
pub mod consent;
mod destroy;
mod error;
mod package;
mod parameters;
mod plan;
mod prepare;
mod retained;
mod routing;
mod run;
mod standing;
pub mod watch;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use cause::Cause;
pub use destroy::{DestroyReport, Destruction};
pub use error::DeployError;
pub use package::{Package, PackageError, Runtime, Search};
pub use plan::{Loss, Plan};
pub use prepare::Purpose;
pub use retained::{Holding, RetainedResource, Store};
pub use run::{DeployReport, StackReport};
pub use watch::Watcher;

use crate::aws::Cloud;
use crate::aws::cloudformation::CloudFormation;
use crate::aws::dynamodb::Tables;
use crate::aws::rekognition::Lifecycle;
use crate::aws::s3::Buckets;
use crate::aws::sts::Place;
use crate::model::{Environment, StackKind};
use crate::template::RenderedStack;
use watch::Pace;

/// What a deployment needs beside the templates.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The OIDC issuer of the parameter `Issuer`: the local cloud's own, where `idv.yaml` names none.
    pub issuer: Option<String>,
    /// The Lambda program; `None` leaves the parameters `HandlerBucket` and `HandlerKey` to the templates' defaults.
    pub package: Option<Package>,
    /// The stack policy of the data stack, a JSON document; `None` sets none.
    pub stack_policy: Option<String>,
}

/// An environment's stacks and the way to its cloud. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Deployment {
    site: Arc<Site>,
}

/// Where and what is deployed; shared by the tasks that work on its stacks side by side.
#[derive(Debug)]
struct Site {
    cloud: Cloud,
    stacks: CloudFormation,
    buckets: Buckets,
    tables: Tables,
    collections: Lifecycle,
    environment: Environment,
    rendered: Vec<RenderedStack>,
    place: Place,
    options: Options,
    pace: Pace,
    tags: BTreeMap<String, String>,
}

impl Deployment {
    /// The deployment of rendered stacks to a cloud. Nothing is called yet.
    #[must_use]
    pub fn new(
        cloud: &Cloud,
        place: Place,
        environment: &Environment,
        rendered: Vec<RenderedStack>,
        options: Options,
    ) -> Self {
        // These travel to every resource and to the bill: never anything personal.
        let tags = [("project", environment.project.to_string()), ("environment", environment.name.to_string())];
        Self {
            site: Arc::new(Site {
                cloud: cloud.clone(),
                stacks: CloudFormation::new(cloud),
                buckets: Buckets::new(cloud),
                tables: Tables::new(cloud),
                collections: Lifecycle::new(cloud),
                environment: environment.clone(),
                rendered,
                place,
                options,
                pace: if environment.is_simulated() { Pace::LOCAL } else { Pace::AWS },
                tags: tags.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            }),
        }
    }
}

impl Site {
    fn stack_name(&self, kind: StackKind) -> String {
        kind.stack_name(&self.environment)
    }
}
