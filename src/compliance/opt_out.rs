//! Whether AWS may keep the account's content and use it to improve its AI services.
//!
//! Without a policy of the organization it may. The answer is YES only where a policy in force says so.

use super::judge::{combined_opt_out, effective_opt_out};

use crate::aws::dynamodb::TablePosture;
use crate::aws::organizations::Organizations;
use crate::aws::{Cloud, CloudError};
use crate::model::{AccountId, Environment, Evidence, OptOut, OptOutAnswer, Target};

const EFFECTIVE: &str = "organizations:DescribeEffectivePolicy";
const ATTACHED: &str = "organizations:ListPoliciesForTarget";

/// Asks the organization for the opt-out policy in force. Where the cloud does not offer that call, the policies
/// attached above the account are read instead.
pub async fn opt_out(cloud: &Cloud, environment: &Environment) -> OptOut {
    let organizations = Organizations::new(cloud);
    match organizations.effective_opt_out().await {
        Ok(content) => judged(effective_opt_out(&content), vec![Evidence::new(EFFECTIVE, compact(&content))]),
        Err(error) => match error.code.as_str() {
            "EffectivePolicyNotFoundException" => {
                conclude(OptOutAnswer::No, "no opt-out policy applies to the account", EFFECTIVE, &error)
            }
            "AWSOrganizationsNotInUseException" => {
                let reason = "the account belongs to no organization, so it cannot opt out by policy";
                conclude(OptOutAnswer::No, reason, EFFECTIVE, &error)
            }
            // The call is unknown to this cloud, which says nothing about the policies themselves.
            "InvalidAction" | "UnknownOperationException" | "UnknownOperation" => {
                match from_attached(cloud, environment, &organizations).await {
                    Ok(opt_out) => opt_out,
                    Err(error) => unreadable(ATTACHED, &error),
                }
            }
            _ => unreadable(EFFECTIVE, &error),
        },
    }
}

async fn from_attached(
    cloud: &Cloud,
    environment: &Environment,
    organizations: &Organizations,
) -> Result<OptOut, CloudError> {
    if !organizations.opt_out_is_enabled().await? {
        let evidence = vec![Evidence::new("organizations:ListRoots", "AISERVICES_OPT_OUT_POLICY is not enabled")];
        let reason = "opt-out policies are not enabled in the organization".to_owned();
        return Ok(OptOut { answer: OptOutAnswer::No, reason, evidence });
    }
    let account = account(cloud, environment).await?;
    let policies = organizations.attached_opt_out_policies(&account).await?;
    let contents: Vec<&str> = policies.iter().map(|policy| policy.content.as_str()).collect();
    let mut evidence: Vec<Evidence> = policies
        .iter()
        .map(|policy| {
            Evidence::new(ATTACHED, format!("{} on {}: {}", policy.name, policy.target, compact(&policy.content)))
        })
        .collect();
    if evidence.is_empty() {
        evidence.push(Evidence::new(ATTACHED, format!("no opt-out policy above account {account}")));
    }
    Ok(judged(combined_opt_out(&contents), evidence))
}

/// The account: as configured, or, on the local cloud, as the ARN of a table names it.
async fn account(cloud: &Cloud, environment: &Environment) -> Result<AccountId, CloudError> {
    if let Target::Aws(target) = &environment.target {
        return Ok(target.account.clone());
    }
    let table = TablePosture::new(cloud).encryption(&format!("{}-faces", environment.prefix())).await?;
    let account = table.arn.split(':').nth(4).and_then(|account| AccountId::new(account).ok());
    account.ok_or_else(|| CloudError::incomplete("DynamoDB", "DescribeTable", "account in its TableArn"))
}

fn judged(answer: Result<OptOutAnswer, String>, evidence: Vec<Evidence>) -> OptOut {
    let (answer, reason) = match answer {
        Ok(OptOutAnswer::Yes) => {
            (OptOutAnswer::Yes, "a policy in force opts out of Rekognition's use of content".to_owned())
        }
        Ok(answer) => (answer, "no policy in force opts out".to_owned()),
        Err(reason) => (OptOutAnswer::Unknown, reason),
    };
    OptOut { answer, reason, evidence }
}

/// A policy on one line, for quoting.
fn compact(policy: &str) -> String {
    serde_json::from_str::<serde_json::Value>(policy).map_or_else(|_| policy.to_owned(), |policy| policy.to_string())
}

fn conclude(answer: OptOutAnswer, reason: &str, call: &str, error: &CloudError) -> OptOut {
    OptOut { answer, reason: reason.to_owned(), evidence: vec![Evidence::new(call, error.code.as_str())] }
}

fn unreadable(call: &str, error: &CloudError) -> OptOut {
    let reason = format!("the policy could not be read; {}", error.remedy());
    OptOut { answer: OptOutAnswer::Unknown, reason, evidence: vec![Evidence::new(call, error.to_string())] }
}
