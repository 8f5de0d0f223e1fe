//! Organizations: whether a policy keeps AWS from using the account's content to improve its AI services.

use aws_sdk_organizations::Client;
use aws_sdk_organizations::types::{EffectivePolicyType, PolicyType, PolicyTypeStatus};

use super::{Cloud, CloudError};
use crate::model::AccountId;

const SERVICE: &str = "Organizations";
/// An account has at most five organizational units above it; more levels would be a circle.
const MOST_LEVELS: usize = 8;

/// The organization that the account belongs to.
#[derive(Debug, Clone)]
pub struct Organizations {
    client: Client,
}

/// A policy that is attached somewhere above an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedPolicy {
    /// Its name.
    pub name: String,
    /// What it is attached to: a root, an organizational unit or an account.
    pub target: String,
    /// Its text, with the operators of inheritance.
    pub content: String,
}

impl Organizations {
    /// The way to the organization through this cloud.
    #[must_use]
    pub fn new(cloud: &Cloud) -> Self {
        Self { client: Client::new(&cloud.shared) }
    }

    /// The opt-out policy in force for the calling account, merged by AWS.
    pub async fn effective_opt_out(&self) -> Result<String, CloudError> {
        let operation = "DescribeEffectivePolicy";
        let answer = self.client.describe_effective_policy().policy_type(EffectivePolicyType::AiservicesOptOutPolicy);
        let answer = answer.send().await.map_err(|error| CloudError::from_sdk(SERVICE, operation, &error))?;
        let content = answer.effective_policy().and_then(|policy| policy.policy_content());
        content.map(str::to_owned).ok_or_else(|| CloudError::incomplete(SERVICE, operation, "PolicyContent"))
    }

    /// Whether opt-out policies are switched on in the organization; without that an attached policy does nothing.
    pub async fn opt_out_is_enabled(&self) -> Result<bool, CloudError> {
        let answer = self.client.list_roots().send().await;
        let answer = answer.map_err(|error| CloudError::from_sdk(SERVICE, "ListRoots", &error))?;
        Ok(answer.roots().iter().flat_map(aws_sdk_organizations::types::Root::policy_types).any(|kind| {
            kind.r#type() == Some(&PolicyType::AiservicesOptOutPolicy)
                && kind.status() == Some(&PolicyTypeStatus::Enabled)
        }))
    }

    /// Every opt-out policy attached to the account or to anything above it.
    pub async fn attached_opt_out_policies(&self, account: &AccountId) -> Result<Vec<AttachedPolicy>, CloudError> {
        let mut policies = Vec::new();
        let mut level = Some(account.to_string());
        for _ in 0..MOST_LEVELS {
            let Some(target) = level else { break };
            policies.extend(self.attached_to(&target).await?);
            level = self.parent(&target).await?;
        }
        Ok(policies)
    }

    async fn attached_to(&self, target: &str) -> Result<Vec<AttachedPolicy>, CloudError> {
        let mut pages = self
            .client
            .list_policies_for_target()
            .target_id(target)
            .filter(PolicyType::AiservicesOptOutPolicy)
            .into_paginator()
            .send();
        let mut policies = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| CloudError::from_sdk(SERVICE, "ListPoliciesForTarget", &error))?;
            for id in page.policies().iter().filter_map(|policy| policy.id()) {
                policies.push(self.policy(id, target).await?);
            }
        }
        Ok(policies)
    }

    async fn policy(&self, id: &str, target: &str) -> Result<AttachedPolicy, CloudError> {
        let operation = "DescribePolicy";
        let answer = self.client.describe_policy().policy_id(id).send().await;
        let answer = answer.map_err(|error| CloudError::from_sdk(SERVICE, operation, &error))?;
        let policy = answer.policy().ok_or_else(|| CloudError::incomplete(SERVICE, operation, "Policy"))?;
        let name = policy.policy_summary().and_then(|summary| summary.name()).unwrap_or(id).to_owned();
        let content = policy.content().ok_or_else(|| CloudError::incomplete(SERVICE, operation, "Content"))?;
        Ok(AttachedPolicy { name, target: target.to_owned(), content: content.to_owned() })
    }

    /// What a node hangs on; `None` for a root.
    async fn parent(&self, child: &str) -> Result<Option<String>, CloudError> {
        if child.starts_with("r-") {
            return Ok(None);
        }
        let answer = self.client.list_parents().child_id(child).send().await;
        let answer = answer.map_err(|error| CloudError::from_sdk(SERVICE, "ListParents", &error))?;
        Ok(answer.parents().first().and_then(|parent| parent.id()).map(str::to_owned))
    }
}
