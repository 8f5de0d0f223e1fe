//! Why a stack failed: the first resource that failed by itself, and what to do about it.

use std::fmt;

use serde::Serialize;

use crate::aws::cloudformation::StackEvent;

/// The first failure of a stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// The resource's name in the template.
    pub resource: String,
    /// Its CloudFormation type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Why, in the service's own words.
    pub reason: String,
    /// What to do about it.
    pub remedy: &'static str,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.resource, self.resource_type, self.reason)
    }
}

/// The failure that set off all others: the earliest one of a resource that was not merely cancelled because another
/// had failed. The stack's own failure only sums them up and is the last resort.
#[must_use]
pub fn first_cause(events: &[StackEvent]) -> Option<Cause> {
    let failures = || events.iter().filter(|event| event.status.ends_with("_FAILED") && !is_cancelled(event));
    let first = failures().filter(|event| !event.of_stack).min_by_key(|event| event.at);
    // CloudFormation also explains a failure on the stack's own rollback event.
    let summed_up =
        || events.iter().find(|event| event.of_stack && event.status.contains("ROLLBACK") && event.reason.is_some());
    let event = first.or_else(|| failures().min_by_key(|event| event.at)).or_else(summed_up)?;
    let reason = event.reason.clone().unwrap_or_else(|| format!("{} without a reason", event.status));
    Some(Cause {
        resource: event.resource.clone(),
        resource_type: event.resource_type.clone(),
        remedy: remedy(&reason),
        reason,
    })
}

fn is_cancelled(event: &StackEvent) -> bool {
    event.reason.as_deref().is_some_and(|reason| {
        ["Resource creation cancelled", "Resource update cancelled", "Resource import cancelled"]
            .iter()
            .any(|known| reason.starts_with(known))
    })
}

/// Words by which known causes are recognised, in lower case, and what to do about each. The first that fits wins.
const KNOWN: [(&[&str], &str); 7] = [
    (
        &["expired", "security token included in the request is invalid"],
        "refresh the credentials (`aws sso login`, AWS_PROFILE) and run it again",
    ),
    (
        &["not authorized to perform", "accessdenied", "access denied", "is not authorized"],
        "grant the action that the reason names to the identity that deploys; policies/iam/platform.json has them all",
    ),
    (
        &["already exists", "alreadyexists", "already owned", "bucketalreadyownedbyyou", "name is taken"],
        "the name is taken: delete or rename the existing one; what an earlier deployment retained is taken over when \
         its DeletionPolicy is Retain",
    ),
    (
        &["limitexceeded", "limit exceeded", "quota", "too many"],
        "raise the quota in Service Quotas or remove what is no longer used, then run it again",
    ),
    (&["throttl", "rate exceeded"], "too many calls at once: run it again, it goes on where it stopped"),
    (
        &["does not exist", "not found", "notfound", "nosuch"],
        "something that it refers to is missing: run `idvctl check`, then deploy again",
    ),
    (
        &["validation", "invalid", "malformed", "must match", "extraneous key", "required key", "unresolved"],
        "mend the property that the reason names (`idvctl check` names file and line) and run it again",
    ),
];

/// What to do about a reason that CloudFormation or a service gave.
#[must_use]
pub fn remedy(reason: &str) -> &'static str {
    let reason = reason.to_lowercase();
    let known = KNOWN.iter().find(|(words, _)| words.iter().any(|word| reason.contains(word)));
    known.map_or(
        "mend what the reason names and run it again; the stack was brought back to where it was",
        |(_, remedy)| remedy,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;

    fn event(at: i64, resource: &str, status: &str, reason: &str) -> StackEvent {
        StackEvent {
            id: at.to_string(),
            at: Timestamp::from_millis(at),
            resource: resource.to_owned(),
            resource_type: "AWS::DynamoDB::Table".to_owned(),
            physical_id: None,
            status: status.to_owned(),
            reason: (!reason.is_empty()).then(|| reason.to_owned()),
            of_stack: resource == "stack",
        }
    }

    #[test]
    fn the_first_failure_in_time_is_the_cause_and_not_what_it_cancelled() {
        let events = [
            event(1, "stack", "CREATE_IN_PROGRESS", "User Initiated"),
            event(5, "Later", "CREATE_FAILED", "Access denied"),
            event(3, "Cancelled", "CREATE_FAILED", "Resource creation cancelled"),
            event(4, "First", "CREATE_FAILED", "Table already exists: idv-local-faces"),
            event(6, "stack", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [First, Later]."),
        ];
        let cause = first_cause(&events).unwrap();
        assert_eq!(cause.resource, "First");
        assert!(cause.remedy.starts_with("the name is taken"), "{}", cause.remedy);
    }

    #[test]
    fn a_stack_that_fails_by_itself_is_its_own_cause() {
        let rolled_back = [event(1, "stack", "ROLLBACK_IN_PROGRESS", "Output X cannot be resolved")];
        assert_eq!(first_cause(&rolled_back).unwrap().reason, "Output X cannot be resolved");
        assert_eq!(first_cause(&[event(1, "Table", "CREATE_COMPLETE", "")]), None);
    }

    #[test]
    fn known_reasons_have_a_remedy_of_their_own() {
        for (reason, words) in [
            (
                "User: arn:aws:iam::1:user/x is not authorized to perform: kms:CreateKey on resource: *",
                "grant the action",
            ),
            ("The security token included in the request is expired", "refresh the credentials"),
            ("Resource handler returned message: \"Limit exceeded\" (LimitExceededException)", "quota"),
            ("Properties validation failed for resource X: extraneous key [Foo] is not permitted", "mend the property"),
            ("Rate exceeded", "too many calls"),
            ("Something quite new", "mend what the reason names"),
        ] {
            assert!(remedy(reason).contains(words), "{reason}: {}", remedy(reason));
        }
    }
}
