//! What a deployment would change, as CloudFormation's own change sets say it.

use serde::{Deserialize, Serialize};

use super::{Reading, StackKind};

/// The changes of one stack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StackPlan {
    /// Which stack.
    pub kind: StackKind,
    /// Its CloudFormation name.
    pub name: String,
    /// What happens to the stack as a whole.
    pub action: StackAction,
    /// Its resources, riskiest first.
    pub changes: Vec<Change>,
}

/// What happens to a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StackAction {
    /// It does not exist yet.
    Create,
    /// It exists and changes.
    Update,
    /// Nothing to change.
    None,
}

/// What happens to one resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Added, changed, removed.
    pub action: ChangeAction,
    /// Logical id.
    pub resource: String,
    /// CloudFormation type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Whether the resource is made anew.
    pub replacement: Replacement,
    /// Faces that would be lost, where the resource is a collection.
    pub faces_at_risk: Option<Reading<u64>>,
    /// What changes inside the resource.
    pub details: Vec<ChangeDetail>,
}

/// What happens to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeAction {
    /// Created.
    Add,
    /// Changed in place or replaced.
    Modify,
    /// Deleted, or let go of where it is retained.
    Remove,
    /// Adopted into the stack.
    Import,
    /// Decided by CloudFormation while it runs.
    Dynamic,
}

/// Whether a changed resource is made anew, as CloudFormation words it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Replacement {
    /// Changed in place.
    No,
    /// Depends on values that are known only at run time.
    Conditional,
    /// Made anew: the old one goes.
    Yes,
}

/// One changed property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeDetail {
    /// The property's path, for example `Properties.RetentionInDays`.
    pub property: String,
    /// The value before; `None` where CloudFormation does not say.
    pub before: Option<String>,
    /// The value after; `None` where CloudFormation does not say.
    pub after: Option<String>,
}
