//! The four stacks and the order between them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Environment;

/// One of the stacks that make up an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StackKind {
    /// Key, buckets, tables and collections: everything that holds data, everything retained.
    Data,
    /// Functions, queues and the API.
    Service,
    /// Alarms, the alarm topic and the CloudWatch dashboard.
    Monitoring,
    /// The audit trail and what else watches over the data.
    Governance,
}

impl StackKind {
    /// Every stack, in an order that respects [`Self::needs`].
    pub const ALL: [Self; 4] = [Self::Data, Self::Service, Self::Monitoring, Self::Governance];

    /// The stacks whose outputs are parameters of this one.
    #[must_use]
    pub const fn needs(self) -> &'static [Self] {
        match self {
            Self::Data => &[],
            Self::Service => &[Self::Data],
            Self::Monitoring | Self::Governance => &[Self::Data, Self::Service],
        }
    }

    /// Its short name, which is also the name of its template.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Service => "service",
            Self::Monitoring => "monitoring",
            Self::Governance => "governance",
        }
    }

    /// The CloudFormation stack name in an environment: `PROJECT-ENVIRONMENT-KIND`.
    #[must_use]
    pub fn stack_name(self, environment: &Environment) -> String {
        format!("{}-{}", environment.prefix(), self.name())
    }
}

impl fmt::Display for StackKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
