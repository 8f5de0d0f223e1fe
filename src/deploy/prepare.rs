//! From a rendered stack to a change set that can be reviewed and executed.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::JoinSet;

use super::parameters::{self, Bound, Givens};
use super::plan::{self, COLLECTION, Draft, DraftState, Plan};
use super::retained::Store;
use super::run::next;
use super::standing::{Standing, says_no_change};
use super::watch::{Operation, Reporter};
use super::{DeployError, Deployment, Site, Watcher, adopt};
use crate::aws::cloudformation::{
    ChangeSet, ChangeSetRequest, ChangeSetState, ChangeSetType, StackDescription, TemplateSource,
};
use crate::aws::{CloudError, ErrorKind};
use crate::model::{Reading, StackAction, StackKind, StackPlan, Timestamp};

/// The largest template that CloudFormation takes inline, bytes.
const INLINE_LIMIT: usize = 51_200;
/// Times that a left-over change set is cleared out of the way before it is an error.
const CLEARINGS: usize = 6;

/// What a plan is made for. Each purpose has change sets of its own name, so that looking never disturbs a deployment
/// that waits for its confirmation; a left-over of the same name is cleared away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be read and thrown away.
    Review,
    /// To be executed.
    Deploy,
}

impl Purpose {
    const fn change_set_name(self) -> &'static str {
        match self {
            Self::Review => "idvctl-plan",
            Self::Deploy => "idvctl-deploy",
        }
    }
}

/// Whether a stack that stands in the way may be cleared, because the deployment was agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clearing {
    Forbidden,
    Allowed,
}

impl Deployment {
    /// Plans every stack, all at once. Nothing that exists is changed.
    pub async fn plan(&self, purpose: Purpose, watcher: &mut dyn Watcher) -> Result<Plan, DeployError> {
        let (sender, mut events) = unbounded_channel();
        let mut surveys = JoinSet::new();
        for kind in self.site.kinds() {
            let (site, reporter) = (Arc::clone(&self.site), Reporter::new(sender.clone(), kind));
            surveys.spawn(async move { (kind, site.settled(&site.stack_name(kind), &reporter).await) });
        }
        let mut found: BTreeMap<StackKind, Option<StackDescription>> = BTreeMap::new();
        while let Some(survey) = next(&mut surveys, &mut events, watcher).await {
            let (kind, stack) = survey?;
            found.insert(kind, stack?);
        }
        let mut drafting = JoinSet::new();
        for (kind, before) in &found {
            let outputs = kind.needs().iter().filter_map(|needed| found.get(needed)?.as_ref());
            let outputs = outputs.flat_map(|stack| stack.outputs.clone()).collect();
            let (site, reporter) = (Arc::clone(&self.site), Reporter::new(sender.clone(), *kind));
            let before = before.clone();
            drafting.spawn(async move { site.draft(before, &outputs, purpose, Clearing::Forbidden, &reporter).await });
        }
        let mut drafts = Vec::new();
        let mut failure = None;
        while let Some(draft) = next(&mut drafting, &mut events, watcher).await {
            match draft.and_then(|draft| draft) {
                Ok(draft) => drafts.push(draft),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        drafts.sort_by_key(|draft| draft.kind);
        let plan = Plan { drafts };
        match failure {
            None => Ok(plan),
            Some(error) => {
                self.discard(&plan).await?;
                Err(error)
            }
        }
    }

    /// Throws a plan's change sets away, and with them the stacks that only they announced.
    pub async fn discard(&self, plan: &Plan) -> Result<(), DeployError> {
        for draft in &plan.drafts {
            self.site.discard(draft).await?;
        }
        Ok(())
    }
}

impl Site {
    pub(super) fn kinds(&self) -> impl Iterator<Item = StackKind> {
        self.rendered.iter().map(|rendered| rendered.kind)
    }

    pub(super) fn bind(&self, kind: StackKind, outputs: &BTreeMap<String, String>) -> Bound {
        let givens = Givens {
            outputs,
            issuer: self.options.issuer.as_deref(),
            handler_key: self.options.package.as_ref().map(super::Package::key),
        };
        parameters::bind(self.rendered_template(kind), &givens)
    }

    fn rendered_template(&self, kind: StackKind) -> &Value {
        self.rendered.iter().find(|rendered| rendered.kind == kind).map_or(&Value::Null, |rendered| &rendered.template)
    }

    /// The template as it is sent: the names of what is retained are plain strings.
    pub(super) fn template(&self, kind: StackKind, bound: &BTreeMap<String, String>) -> Value {
        let mut template = self.rendered_template(kind).clone();
        let values = parameters::effective(&template, bound);
        adopt::write_names_out(&mut template, &values, &self.place);
        template
    }

    /// A stack once nothing is running on it.
    pub(super) async fn settled(
        &self,
        name: &str,
        reporter: &Reporter,
    ) -> Result<Option<StackDescription>, DeployError> {
        let mut pauses = self.pace.pauses();
        let mut told = false;
        loop {
            let stack = self.stacks.describe_stack(name).await?;
            let status = stack.as_ref().map(|stack| stack.status.as_str());
            if Standing::of(status) != Standing::Busy {
                return Ok(stack);
            }
            if !told {
                reporter.note(format!("waits: {name} is {}", status.unwrap_or_default()));
                told = true;
            }
            tokio::time::sleep(pauses.next().unwrap_or(self.pace.longest)).await;
        }
    }

    /// Plans one stack, given the outputs of the stacks that it needs.
    pub(super) async fn draft(
        &self,
        before: Option<StackDescription>,
        outputs: &BTreeMap<String, String>,
        purpose: Purpose,
        clearing: Clearing,
        reporter: &Reporter,
    ) -> Result<Draft, DeployError> {
        let kind = reporter.stack();
        let name = self.stack_name(kind);
        let standing = Standing::of(before.as_ref().map(|stack| stack.status.as_str()));
        let deferred = |before: Option<StackDescription>| {
            let mut plan = plan::from_template(kind, &name, self.rendered_template(kind));
            if standing == Standing::Settled {
                // It will change, and how is known once the values are.
                plan = StackPlan { action: StackAction::Update, changes: Vec::new(), ..plan };
            }
            Draft {
                kind,
                name: name.clone(),
                plan,
                losses: Vec::new(),
                before,
                parameters: BTreeMap::new(),
                state: DraftState::Deferred,
                takes_over: false,
            }
        };
        let Bound::Complete(bound) = self.bind(kind, outputs) else {
            return Ok(deferred(before));
        };
        let template = self.template(kind, &bound);
        let (before, change_set_type) = match (standing, before) {
            (Standing::Stuck, Some(stack)) => return Err(DeployError::Stuck { stack: kind, status: stack.status }),
            (Standing::Shell, Some(shell)) if clearing == Clearing::Allowed => {
                reporter.note("an earlier creation was rolled back; its empty stack is deleted and made again");
                self.delete_and_follow(&shell.id, reporter).await?;
                (None, ChangeSetType::Create)
            }
            (Standing::Shell, shell) => return Ok(deferred(shell)),
            (Standing::Settled, Some(stack)) => {
                let deployed = self.stacks.template(&stack.id).await?;
                if plan::is_current(&stack, &deployed, &template, &bound, &self.tags) {
                    return Ok(self.unchanged(kind, stack, bound));
                }
                (Some(stack), ChangeSetType::Update)
            }
            (_, before) => (before, ChangeSetType::Create),
        };
        let orphan = match change_set_type {
            ChangeSetType::Create => self.orphaned_key(kind, &template).await?,
            _ => None,
        };
        let (before, change_set_type) = match (&orphan, clearing) {
            (Some(key), Clearing::Allowed) => {
                reporter.note("an earlier deployment retained its key, which is taken over");
                (self.import_key(kind, &template, &bound, key, reporter).await?, ChangeSetType::Update)
            }
            _ => (before, change_set_type),
        };
        let request = (change_set_type, purpose);
        let mut draft = self.change_set(kind, before, request, &template, bound, outputs).await?;
        draft.takes_over = orphan.is_some() && clearing == Clearing::Forbidden;
        Ok(draft)
    }

    fn unchanged(&self, kind: StackKind, stack: StackDescription, parameters: BTreeMap<String, String>) -> Draft {
        let name = self.stack_name(kind);
        let plan = StackPlan { kind, name: name.clone(), action: StackAction::None, changes: Vec::new() };
        Draft {
            kind,
            name,
            plan,
            losses: Vec::new(),
            before: Some(stack),
            parameters,
            state: DraftState::Unchanged,
            takes_over: false,
        }
    }

    async fn change_set(
        &self,
        kind: StackKind,
        before: Option<StackDescription>,
        (change_set_type, purpose): (ChangeSetType, Purpose),
        template: &Value,
        parameters: BTreeMap<String, String>,
        outputs: &BTreeMap<String, String>,
    ) -> Result<Draft, DeployError> {
        let name = self.stack_name(kind);
        let body = template.to_string();
        let url = self.upload_template(kind, &body, outputs).await?;
        let request = ChangeSetRequest {
            stack: &name,
            name: purpose.change_set_name(),
            kind: change_set_type.clone(),
            template: url.as_deref().map_or(TemplateSource::Inline(&body), TemplateSource::Url),
            parameters: &parameters,
            tags: &self.tags,
            token: &uuid::Uuid::new_v4().to_string(),
        };
        let id = self.create_change_set(&request).await?;
        let change_set = self.computed(&id).await?;
        if let ChangeSetState::Failed(reason) = change_set.state {
            self.stacks.delete_change_set(&name, &id).await?;
            return match before {
                Some(stack) if says_no_change(&reason) => Ok(self.unchanged(kind, stack, parameters)),
                before => {
                    if change_set_type == ChangeSetType::Create && before.is_none() {
                        // The refused change set leaves an announced stack behind, which counts to the quota.
                        self.stacks.delete_stack(&change_set.stack_id, request.token).await?;
                    }
                    Err(DeployError::Refused { stack: kind, reason })
                }
            };
        }
        let mut changes = change_set.changes;
        for found in changes.iter_mut().filter(|found| plan::loses(&found.change)) {
            if found.change.resource_type == COLLECTION {
                found.change.faces_at_risk = Some(self.faces(found.physical_id.as_deref()).await);
            }
        }
        let is_new = change_set_type == ChangeSetType::Create;
        let action = if is_new { StackAction::Create } else { StackAction::Update };
        let (plan, losses) = plan::from_changes(kind, &name, action, changes);
        let state = DraftState::Ready { change_set: id, stack_id: change_set.stack_id, created: change_set.created };
        Ok(Draft { kind, name, plan, losses, before, parameters, state, takes_over: false })
    }

    /// Begins a change set, clearing away the one of the same name that the run before executed or left behind.
    async fn create_change_set(&self, request: &ChangeSetRequest<'_>) -> Result<String, CloudError> {
        let mut pauses = self.pace.pauses();
        let mut clearings = 0;
        loop {
            match self.stacks.create_change_set(request).await {
                Err(error) if error.kind == ErrorKind::Conflict && clearings < CLEARINGS => {
                    if clearings > 0 {
                        // It is deleted in the background.
                        tokio::time::sleep(pauses.next().unwrap_or(self.pace.longest)).await;
                    }
                    clearings += 1;
                    match self.stacks.delete_change_set(request.stack, request.name).await {
                        Err(error) if !matches!(error.kind, ErrorKind::Conflict | ErrorKind::NotFound) => {
                            return Err(error);
                        }
                        _ => {}
                    }
                }
                result => return result,
            }
        }
    }

    /// A change set once CloudFormation has computed it.
    async fn computed(&self, id: &str) -> Result<ChangeSet, CloudError> {
        let mut pauses = self.pace.pauses();
        loop {
            let change_set = self.stacks.describe_change_set(id).await?;
            if change_set.state != ChangeSetState::Pending {
                return Ok(change_set);
            }
            tokio::time::sleep(pauses.next().unwrap_or(self.pace.longest)).await;
        }
    }

    /// Uploads a template that is too large to be sent inline, and gives its URL.
    async fn upload_template(
        &self,
        kind: StackKind,
        body: &str,
        outputs: &BTreeMap<String, String>,
    ) -> Result<Option<String>, DeployError> {
        if body.len() <= INLINE_LIMIT {
            return Ok(None);
        }
        let Some(bucket) = outputs.get("ArtifactBucketName") else {
            return Err(DeployError::TooLarge { stack: kind, bytes: body.len(), limit: INLINE_LIMIT });
        };
        let key = format!("templates/{:x}.json", Sha256::digest(body));
        if !self.buckets.has(bucket, &key).await? {
            self.buckets.put(bucket, &key, body.as_bytes().to_vec(), "application/json").await?;
        }
        Ok(Some(self.buckets.url(bucket, &key, &self.place.region)))
    }

    async fn faces(&self, collection: Option<&str>) -> Reading<u64> {
        match collection {
            None => Reading::unknown("CloudFormation does not name the collection"),
            Some(collection) => match self.collections.faces(collection).await {
                Ok(Some(faces)) => Reading::Known(faces),
                Ok(None) => Reading::unknown(format!("Rekognition has no collection {collection}")),
                Err(error) => Reading::unknown(error.to_string()),
            },
        }
    }

    async fn discard(&self, draft: &Draft) -> Result<(), CloudError> {
        let DraftState::Ready { change_set, stack_id, .. } = &draft.state else {
            return Ok(());
        };
        let result = match &draft.before {
            // Deleting the announced stack deletes its change sets.
            None => self.stacks.delete_stack(stack_id, &uuid::Uuid::new_v4().to_string()).await,
            Some(stack) if Standing::of(Some(&stack.status)) == Standing::Announced => {
                self.stacks.delete_stack(stack_id, &uuid::Uuid::new_v4().to_string()).await
            }
            Some(_) => self.stacks.delete_change_set(&draft.name, change_set).await,
        };
        // Executing a change set deletes the others of its stack.
        result.or_else(|error| if error.kind == ErrorKind::NotFound { Ok(()) } else { Err(error) })
    }

    pub(super) async fn discard_quietly(&self, draft: &Draft, reporter: &Reporter) {
        if let Err(error) = self.discard(draft).await {
            reporter.note(format!("a change set is left over ({error}); the next run clears it away"));
        }
    }

    /// The key that an earlier life of the environment left behind, where the stack is about to be made anew. What it
    /// encrypts still knows it.
    async fn orphaned_key(&self, kind: StackKind, template: &Value) -> Result<Option<String>, DeployError> {
        if kind != StackKind::Data || adopt::import_of_key(template, "").is_none() {
            return Ok(None);
        }
        for resource in adopt::retained(template) {
            let (Some(store), Some(name)) = (Store::of(&resource.resource_type), &resource.name) else { continue };
            if let Some(key) = self.key_of(store, name).await? {
                return Ok(Some(key));
            }
        }
        Ok(None)
    }

    async fn import_key(
        &self,
        kind: StackKind,
        template: &Value,
        parameters: &BTreeMap<String, String>,
        key: &str,
        reporter: &Reporter,
    ) -> Result<Option<StackDescription>, DeployError> {
        let name = self.stack_name(kind);
        let Some((alone, import)) = adopt::import_of_key(template, key) else {
            return Ok(None);
        };
        let request = ChangeSetRequest {
            stack: &name,
            name: Purpose::Deploy.change_set_name(),
            kind: ChangeSetType::Import(vec![import]),
            template: TemplateSource::Inline(&alone.to_string()),
            parameters,
            tags: &self.tags,
            token: &uuid::Uuid::new_v4().to_string(),
        };
        let id = self.create_change_set(&request).await?;
        let change_set = self.computed(&id).await?;
        if let ChangeSetState::Failed(reason) = change_set.state {
            return Err(DeployError::Refused { stack: kind, reason });
        }
        let after: Timestamp = change_set.created;
        self.execute_and_follow(&id, &change_set.stack_id, after, Operation::Import, reporter).await.map(Some)
    }
}
