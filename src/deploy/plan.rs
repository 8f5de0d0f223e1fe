//! What a deployment would change, over all stacks, before anything happens.

use std::collections::BTreeMap;

use serde_json::Value;

use super::parameters;
use crate::aws::cloudformation::{ResourceChange, StackDescription};
use crate::model::{Change, ChangeAction, Reading, Replacement, StackAction, StackKind, StackPlan, Timestamp};

/// Types whose loss cannot be made good by deploying again.
const STATEFUL: [&str; 4] =
    ["AWS::Rekognition::Collection", "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key"];
/// The type whose loss is counted in faces.
pub(super) const COLLECTION: &str = "AWS::Rekognition::Collection";

/// The plan of every stack, in an order that respects what they need.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub(super) drafts: Vec<Draft>,
}

/// The plan of one stack, and what executes it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    pub kind: StackKind,
    pub name: String,
    pub plan: StackPlan,
    pub losses: Vec<Loss>,
    /// The stack as it was found.
    pub before: Option<StackDescription>,
    /// The parameters that the plan was made with.
    pub parameters: BTreeMap<String, String>,
    pub state: DraftState,
    /// Whether something must be taken over first, after which the stack is planned again.
    pub takes_over: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DraftState {
    /// A change set waits to be executed.
    Ready { change_set: String, stack_id: String, created: Timestamp },
    /// Nothing to change.
    Unchanged,
    /// The stack waits for the outputs of another; its plan was read from its template.
    Deferred,
}

/// Something that holds data and would be lost to its stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// The stack.
    pub stack: StackKind,
    /// The resource's name in the template.
    pub resource: String,
    /// Its CloudFormation type.
    pub resource_type: String,
    /// Whether it stays in the cloud, outside of its stack.
    pub retained: bool,
    /// How many faces it holds, where it is a collection.
    pub faces: Option<Reading<u64>>,
}

impl Plan {
    /// The plan as it is printed.
    #[must_use]
    pub fn stacks(&self) -> Vec<StackPlan> {
        self.drafts.iter().map(|draft| draft.plan.clone()).collect()
    }

    /// Whether anything would change.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        self.drafts.iter().any(|draft| draft.plan.action != StackAction::None)
    }

    /// Everything that holds data and would be lost to its stack.
    #[must_use]
    pub fn losses(&self) -> Vec<Loss> {
        self.drafts.iter().flat_map(|draft| draft.losses.iter().cloned()).collect()
    }
}

/// The plan of a stack that cannot be asked about yet: everything in its template is new.
pub(super) fn from_template(kind: StackKind, name: &str, template: &Value) -> StackPlan {
    let resources = template["Resources"].as_object().into_iter().flatten();
    let changes = resources
        .map(|(resource, declaration)| Change {
            action: ChangeAction::Add,
            resource: resource.clone(),
            resource_type: declaration["Type"].as_str().unwrap_or_default().to_owned(),
            replacement: Replacement::No,
            faces_at_risk: None,
            details: Vec::new(),
        })
        .collect();
    StackPlan { kind, name: name.to_owned(), action: StackAction::Create, changes }
}

/// The plan of a stack from its change set, riskiest change first.
pub(super) fn from_changes(
    kind: StackKind,
    name: &str,
    action: StackAction,
    changes: Vec<ResourceChange>,
) -> (StackPlan, Vec<Loss>) {
    let losses = changes.iter().filter(|change| loses(&change.change)).map(|found| Loss {
        stack: kind,
        resource: found.change.resource.clone(),
        resource_type: found.change.resource_type.clone(),
        retained: found.retained,
        faces: found.change.faces_at_risk.clone(),
    });
    let losses = losses.collect();
    let mut changes: Vec<Change> = changes.into_iter().map(|change| change.change).collect();
    changes.sort_by(|a, b| risk(a).cmp(&risk(b)).then_with(|| a.resource.cmp(&b.resource)));
    (StackPlan { kind, name: name.to_owned(), action, changes }, losses)
}

/// Whether a change takes something that holds data away from its stack.
pub(super) fn loses(change: &Change) -> bool {
    STATEFUL.contains(&change.resource_type.as_str())
        && match (change.action, change.replacement) {
            (ChangeAction::Remove, _) | (ChangeAction::Modify, Replacement::Yes) => true,
            // Tags never replace anything, whatever is known only at run time.
            (ChangeAction::Modify, Replacement::Conditional) => {
                change.details.is_empty()
                    || change.details.iter().any(|detail| !detail.property.split('.').any(|part| part == "Tags"))
            }
            _ => false,
        }
}

/// How dangerous a change is; the smallest number is the most dangerous.
fn risk(change: &Change) -> u8 {
    match (change.action, change.replacement) {
        _ if loses(change) => 0,
        (ChangeAction::Remove, _) => 1,
        (_, Replacement::Yes) => 2,
        (_, Replacement::Conditional) => 3,
        (ChangeAction::Dynamic, _) => 4,
        (ChangeAction::Modify, _) => 5,
        (ChangeAction::Import, _) => 6,
        (ChangeAction::Add, _) => 7,
    }
}

/// Whether a stack already is what its template, parameters and tags say, to the byte. CloudFormation would find
/// nothing to change then, but takes seconds to say so.
pub(super) fn is_current(
    stack: &StackDescription,
    deployed: &str,
    template: &Value,
    bound: &BTreeMap<String, String>,
    tags: &BTreeMap<String, String>,
) -> bool {
    // By value: CloudFormation may give a template back in another layout than it was sent in.
    serde_json::from_str::<Value>(deployed).is_ok_and(|deployed| deployed == *template)
        && stack.parameters == parameters::effective(template, bound)
        && stack.tags == *tags
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::ChangeDetail;

    fn change(action: ChangeAction, resource_type: &str, replacement: Replacement, property: &str) -> ResourceChange {
        let detail = ChangeDetail { property: property.to_owned(), before: None, after: None };
        ResourceChange {
            change: Change {
                action,
                resource: format!("{action:?}{replacement:?}{}", resource_type.rsplit(':').next().unwrap()),
                resource_type: resource_type.to_owned(),
                replacement,
                faces_at_risk: None,
                details: if property.is_empty() { Vec::new() } else { vec![detail] },
            },
            physical_id: None,
            retained: true,
        }
    }

    #[test]
    fn the_riskiest_change_comes_first() {
        let changes = vec![
            change(ChangeAction::Add, "AWS::SQS::Queue", Replacement::No, ""),
            change(ChangeAction::Modify, "AWS::Lambda::Function", Replacement::No, "Properties.Code"),
            change(ChangeAction::Remove, "AWS::SNS::Topic", Replacement::No, ""),
            change(ChangeAction::Modify, "AWS::SQS::Queue", Replacement::Yes, "Properties.QueueName"),
            change(ChangeAction::Remove, "AWS::Rekognition::Collection", Replacement::No, ""),
        ];
        let (plan, losses) = from_changes(StackKind::Data, "idv-local-data", StackAction::Update, changes);
        let order: Vec<&str> = plan.changes.iter().map(|change| change.resource.as_str()).collect();
        assert_eq!(order, ["RemoveNoCollection", "RemoveNoTopic", "ModifyYesQueue", "ModifyNoFunction", "AddNoQueue"]);
        assert_eq!(losses.len(), 1);
        assert_eq!(losses[0].resource, "RemoveNoCollection");
    }

    #[test]
    fn tags_lose_nothing_but_an_unknown_replacement_may() {
        let conditional =
            |property| loses(&change(ChangeAction::Modify, COLLECTION, Replacement::Conditional, property).change);
        assert!(!conditional("Properties.Tags"));
        assert!(!conditional("Tags"));
        assert!(conditional("Properties.CollectionId"));
        assert!(conditional(""), "nothing said is nothing known");
        assert!(!loses(&change(ChangeAction::Remove, "AWS::SQS::Queue", Replacement::No, "").change));
    }

    #[test]
    fn a_stack_is_current_only_when_template_parameters_and_tags_are() {
        let template = json!({"Parameters": {"Days": {"Type": "Number", "Default": 30}, "Key": {"Type": "String"}}});
        let pairs = |all: &[(&str, &str)]| -> BTreeMap<String, String> {
            all.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
        };
        let stack = |parameters: &[(&str, &str)]| StackDescription {
            id: String::new(),
            status: "CREATE_COMPLETE".to_owned(),
            reason: None,
            outputs: BTreeMap::new(),
            parameters: pairs(parameters),
            tags: pairs(&[("project", "idv")]),
            termination_protected: false,
        };
        let current = |stack: &StackDescription, deployed: &str, tags: &[(&str, &str)]| {
            is_current(stack, deployed, &template, &pairs(&[("Key", "a.zip")]), &pairs(tags))
        };
        let as_deployed = stack(&[("Days", "30"), ("Key", "a.zip")]);
        assert!(current(&as_deployed, &template.to_string(), &[("project", "idv")]));
        assert!(!current(&as_deployed, "{}", &[("project", "idv")]));
        assert!(!current(&as_deployed, &template.to_string(), &[]));
        assert!(!current(&stack(&[("Days", "7"), ("Key", "a.zip")]), &template.to_string(), &[("project", "idv")]));
    }
}
