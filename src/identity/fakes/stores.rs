//! The world as picture store, queue, workflow and routing table.

use std::time::Duration;

use super::World;
use crate::identity::routing::Routing;
use crate::identity::*;
use crate::model::{CollectionRole, Timestamp};

impl ImageStore for World {
    async fn store(&self, key: &str, picture: &Picture) -> Result<(), ServiceError> {
        let keep = |state: &mut super::State| {
            state.images.insert(key.to_owned(), picture.bytes().to_vec());
            Ok(())
        };
        self.call("store", keep).await
    }

    async fn load(&self, key: &str, limit: usize) -> Result<Stored, ServiceError> {
        self.call("load", |state| {
            Ok(match state.images.get(key) {
                None => Stored::Missing,
                Some(bytes) if bytes.len() > limit => Stored::TooLarge { bytes: bytes.len() },
                Some(bytes) => Stored::Bytes(bytes.clone()),
            })
        })
        .await
    }

    async fn look(&self, key: &str) -> Result<Looked, ServiceError> {
        self.call("look", |state| {
            Ok(match state.images.get(key).map(|bytes| PictureFacts::read(bytes, bytes.len())) {
                None => Looked::Missing,
                Some(Err(error)) => Looked::Refused(error),
                Some(Ok(facts)) => Looked::Picture(facts),
            })
        })
        .await
    }

    async fn copy(&self, from: &str, to: &str) -> Result<(), ServiceError> {
        self.call("copy", |state| {
            let missing = || ServiceError::new(ServiceErrorKind::Missing, "nothing to copy");
            let bytes = state.images.get(from).cloned().ok_or_else(missing)?;
            state.images.insert(to.to_owned(), bytes);
            Ok(())
        })
        .await
    }

    async fn delete(&self, key: &str) -> Result<(), ServiceError> {
        self.call("delete", |state| {
            state.images.remove(key);
            Ok(())
        })
        .await
    }

    async fn upload_address(&self, key: &str, _: PictureFormat, _: Duration) -> Result<Upload, ServiceError> {
        let url = format!("https://images.example/{key}?signature");
        self.call("upload_address", |_| Ok(Upload { url, expires_at: Timestamp::from_millis(0) })).await
    }
}

impl JobQueue for World {
    async fn enqueue(&self, job: &Job) -> Result<(), ServiceError> {
        self.call("enqueue", |state| {
            state.queue.push(job.clone());
            Ok(())
        })
        .await
    }
}

impl Workflow for World {
    /// There is no workflow engine here: tests run the steps themselves.
    async fn run(&self, _: &WorkflowInput) -> Result<WorkflowEnd, ServiceError> {
        self.call("workflow", |_| Ok(WorkflowEnd::Succeeded)).await
    }
}

impl RoutingRecords for World {
    async fn routing(&self, role: &CollectionRole) -> Result<Option<Routing>, ServiceError> {
        self.call("routing", |state| Ok(state.routing.get(role).cloned())).await
    }
}
