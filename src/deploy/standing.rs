//! What a stack's status allows.

/// What can be done with a stack, by its status (CloudFormation user guide, stack statuses).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// There is none.
    Absent,
    /// Only announced by a change set that was never executed.
    Announced,
    /// It can be updated or deleted.
    Settled,
    /// An operation is running: wait.
    Busy,
    /// Its creation was rolled back; it is an empty shell that can only be deleted.
    Shell,
    /// It needs a hand.
    Stuck,
}

impl Standing {
    /// The standing of a status; no status means no stack.
    #[must_use]
    pub fn of(status: Option<&str>) -> Self {
        match status {
            None | Some("DELETE_COMPLETE") => Self::Absent,
            Some("REVIEW_IN_PROGRESS") => Self::Announced,
            Some("ROLLBACK_COMPLETE") => Self::Shell,
            Some(
                "CREATE_COMPLETE"
                | "UPDATE_COMPLETE"
                | "UPDATE_ROLLBACK_COMPLETE"
                | "IMPORT_COMPLETE"
                | "IMPORT_ROLLBACK_COMPLETE",
            ) => Self::Settled,
            Some(status) if status.ends_with("_IN_PROGRESS") => Self::Busy,
            Some(_) => Self::Stuck,
        }
    }
}

/// What to do about a stack that is stuck.
#[must_use]
pub fn remedy(status: &str) -> &'static str {
    match status {
        "UPDATE_ROLLBACK_FAILED" => {
            "mend what its events name, then continue the rollback: aws cloudformation continue-update-rollback --stack-name NAME"
        }
        "DELETE_FAILED" | "ROLLBACK_FAILED" | "CREATE_FAILED" => {
            "mend what its events name, then delete what is left with `idvctl destroy` and deploy again"
        }
        _ => "look at its events in the CloudFormation console, bring it to a *_COMPLETE status and run it again",
    }
}

/// Whether a status that an operation ended with is what was asked for. A rollback also ends `COMPLETE`.
#[must_use]
pub fn succeeded(status: &str) -> bool {
    matches!(status, "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "IMPORT_COMPLETE" | "DELETE_COMPLETE")
}

/// Whether a change set failed only because there is nothing to change (CloudFormation has no code for it).
#[must_use]
pub fn says_no_change(reason: &str) -> bool {
    ["The submitted information didn't contain changes", "No updates are to be performed"]
        .iter()
        .any(|known| reason.starts_with(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_standing() {
        for (status, standing) in [
            (None, Standing::Absent),
            (Some("DELETE_COMPLETE"), Standing::Absent),
            (Some("REVIEW_IN_PROGRESS"), Standing::Announced),
            (Some("ROLLBACK_COMPLETE"), Standing::Shell),
            (Some("UPDATE_ROLLBACK_COMPLETE"), Standing::Settled),
            (Some("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"), Standing::Busy),
            (Some("UPDATE_ROLLBACK_FAILED"), Standing::Stuck),
            (Some("A_STATUS_OF_TOMORROW"), Standing::Stuck),
        ] {
            assert_eq!(Standing::of(status), standing, "{status:?}");
        }
    }

    #[test]
    fn a_rollback_that_completed_is_no_success() {
        assert!(succeeded("CREATE_COMPLETE"));
        for status in ["ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_FAILED", "DELETE_FAILED"] {
            assert!(!succeeded(status), "{status}");
        }
    }

    #[test]
    fn no_change_is_told_from_failure_by_its_known_words() {
        assert!(says_no_change(
            "The submitted information didn't contain changes. Submit different information to create a change set."
        ));
        assert!(says_no_change("No updates are to be performed."));
        assert!(!says_no_change("Transform AWS::Serverless failed with: no changes"));
    }
}
