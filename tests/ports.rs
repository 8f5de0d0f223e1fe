//! The ports of the flows on the services of the local cloud, deployed as everybody deploys it.

// Clippy takes only functions marked `#[test]` for tests, not their helpers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../src/identity/ports/contract/mod.rs"]
mod contract;
mod support;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use idvctl::aws::dynamodb::{RoutingTable, RoutingWritten, Tables};
use idvctl::aws::{AwsPorts, Cloud, PortNames};
use idvctl::identity::routing::{RoutedShard, Routing};
use idvctl::identity::{
    EngineError, FaceEngine, ImageStore, LivenessEngine, LivenessStatus, Looked, PictureError, PictureFormat,
    PictureRef, Ports, RoutingRecords, Workflow, WorkflowEnd, WorkflowInput,
};
use idvctl::local::{self, Folder};
use idvctl::model::{
    Collection, CollectionId, CollectionRole, FaceId, LivenessSessionId, LocalCloud, RegistrationId, ShardStrategy,
    Step,
};
// What the contract names by its path within the crate.
use idvctl::{identity, model};
use support::peers;
use support::project::Project;

/// Days that concluded registrations are kept.
const DAYS: u32 = 90;

#[tokio::test(flavor = "multi_thread")]
async fn the_services_keep_the_contract_of_the_ports() {
    let project = Project::new();
    project.ok(&["local", "start"]);
    project.ok(&["deploy"]);
    let local = local::running(&Folder::new(project.path().join(".idvctl/local"))).unwrap();
    let cloud = Cloud::local(&local).await;
    let machine = workflow(&local).await;
    let ports = Arc::new(AwsPorts::new(&cloud, names(&local, Some(machine)), DAYS));

    contract::contract(&ports).await;
    nothing_is_left_of_faces_and_pictures(&cloud, &local).await;
    what_is_over_expires_and_nothing_else(&local).await;
    pictures_are_uploaded_without_credentials(&project, &ports).await;
    the_engine_fetches_what_is_stored(&project, &ports).await;
    liveness_sessions_are_known_by_their_token(&ports).await;
    routing_tables_grow_and_nothing_else(&cloud, &ports).await;
    a_workflow_ends_in_one_of_three_ways(&ports).await;
}

fn names(local: &LocalCloud, workflow: Option<String>) -> PortNames {
    let table = |name: &str| format!("idv-local-{name}");
    PortNames {
        faces_table: table("faces"),
        registrations_table: table("registrations"),
        users_table: table("users"),
        liveness_table: table("liveness"),
        routing_table: table("routing"),
        image_bucket: format!("idv-local-images-{}-{}", local.account, local.region),
        index_queue_url: None,
        workflow,
    }
}

/// Sessions give their places back to the last one, and a picture goes with all its versions.
async fn nothing_is_left_of_faces_and_pictures(cloud: &Cloud, local: &LocalCloud) {
    assert_eq!(Tables::new(cloud).count("idv-local-faces").await, Ok(Some(0)));
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(local.region.to_string()))
        .endpoint_url(&local.endpoint)
        .credentials_provider(credentials(local))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .force_path_style(true);
    let client = aws_sdk_s3::Client::from_conf(config.build());
    let left = client.list_object_versions().bucket(names(local, None).image_bucket).send().await.unwrap();
    assert!(left.versions().is_empty() && left.delete_markers().is_empty(), "{left:?}");
}

/// Every record is either in the index of what is unsettled, or expires.
async fn what_is_over_expires_and_nothing_else(local: &LocalCloud) {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(local.region.to_string()))
        .endpoint_url(&local.endpoint)
        .credentials_provider(credentials(local))
        .http_client(aws_smithy_http_client::Builder::new().build_http());
    let client = aws_sdk_dynamodb::Client::from_conf(config.build());
    let mut seen = HashMap::new();
    for table in ["registrations", "liveness"] {
        let scan = client.scan().table_name(format!("idv-local-{table}")).consistent_read(true).send().await.unwrap();
        for item in scan.items() {
            let expires = item.contains_key("expires_at");
            assert_ne!(expires, item.contains_key("unsettled"), "{item:?}");
            assert_eq!(item.contains_key("unsettled"), item.contains_key("since"), "{item:?}");
            *seen.entry((table, expires)).or_insert(0) += 1;
        }
        let concluded = scan.items().iter().find(|item| item.contains_key("concluded_at"));
        if let Some(concluded) = concluded {
            // The contract's registrations end 1,700,000,000.009 s after 1970.
            let expected = 1_700_000_000 + u64::from(DAYS) * 86_400;
            assert_eq!(concluded["expires_at"].as_n().unwrap(), &expected.to_string());
        }
    }
    assert!(seen[&("registrations", true)] > 10 && seen[&("registrations", false)] > 0, "{seen:?}");
    assert_eq!(seen.get(&("liveness", true)), Some(&2));
}

async fn pictures_are_uploaded_without_credentials(project: &Project, ports: &AwsPorts) {
    let path = portrait(project, "upload");
    let bytes = std::fs::metadata(&path).unwrap().len();
    let key = "uploads/demo/0f3ae2b0-1111-4222-8333-9abcdef01234";
    let address = ports.images().upload_address(key, PictureFormat::Png, Duration::from_mins(5)).await.unwrap();
    let put = |media_type: &str| peers::script("upload.py", &[&address.url, media_type, &path], &[]);
    assert_eq!(put("text/html").trim(), "403", "the address is for a PNG and for nothing else");
    assert_eq!(ports.images().look(key).await, Ok(Looked::Missing));
    assert_eq!(put("image/png").trim(), "200");
    match ports.images().look(key).await {
        Ok(Looked::Picture(facts)) => assert_eq!((facts.format, facts.bytes as u64), (PictureFormat::Png, bytes)),
        other => panic!("{other:?}"),
    }
    assert_eq!(ports.images().delete(key).await, Ok(()));
}

async fn the_engine_fetches_what_is_stored(project: &Project, ports: &AwsPorts) {
    let picture = identity::Picture::new(std::fs::read(portrait(project, "stored")).unwrap()).unwrap();
    let (engine, collection) = (ports.engine(), CollectionId::new("idv-local-registered-00").unwrap());
    let (key, missing) = ("registrations/2/selfie", "registrations/2/document");
    let absent = Err(EngineError::Picture(PictureError::Unreadable));
    ports.images().store(key, &picture).await.unwrap();
    let (stored, nowhere) = (PictureRef::Stored(key), PictureRef::Stored(missing));
    assert_eq!(engine.detect(stored).await.unwrap().len(), 1);
    assert_eq!(engine.detect(nowhere).await, absent);
    assert_eq!(engine.lines_of_text(stored).await, Ok(0), "a portrait is no document");
    assert_eq!(engine.lines_of_text(nowhere).await.unwrap_err(), absent.clone().unwrap_err());
    let alike = engine.compare(stored, PictureRef::Inline(&picture)).await.unwrap();
    assert!(alike.similarity.value() > 99.0, "{alike:?}");
    assert_eq!(engine.compare(stored, nowhere).await.unwrap_err(), absent.clone().unwrap_err());

    let reference = model::ExternalImageId::new("customer:7").unwrap();
    let identity::Indexing::Indexed(indexed) = engine.index(&collection, stored, &reference).await.unwrap() else {
        panic!("the portrait was not indexed")
    };
    let floor = model::Percent::new(80.0).unwrap();
    let found = engine.search(&collection, stored, floor, 5).await.unwrap();
    assert_eq!(found.faces[0].reference.as_ref(), Some(&reference));
    let unknown = FaceId::new("0f3ae2b0-1111-4222-8333-9abcdef01234").unwrap();
    assert_eq!(engine.forget(&collection, &[unknown, indexed.engine_face]).await, Ok(()));
    assert_eq!(engine.forget(&collection, &[]).await, Ok(()));
    assert_eq!(engine.search(&collection, stored, floor, 5).await.unwrap().faces, Vec::new());
    ports.images().delete(key).await.unwrap();
}

async fn liveness_sessions_are_known_by_their_token(ports: &AwsPorts) {
    let engine = ports.engine();
    let session = engine.create_session("once-and-again", "liveness/once", 2).await.unwrap();
    assert_eq!(engine.create_session("once-and-again", "liveness/once", 2).await, Ok(session.clone()));
    let result = engine.session_result(&session).await.unwrap().unwrap();
    assert_eq!((result.status, result.reference, result.audit), (LivenessStatus::Open, None, Vec::new()));
    let unknown = LivenessSessionId::new("0f3ae2b0-1111-4222-8333-9abcdef01234").unwrap();
    assert_eq!(engine.session_result(&unknown).await, Ok(None));
}

async fn routing_tables_grow_and_nothing_else(cloud: &Cloud, ports: &AwsPorts) {
    let table = RoutingTable::new(cloud, "idv-local-routing".to_owned());
    let role = CollectionRole::Tenant(model::TenantId::new("growing").unwrap());
    let shards = |count: u16| -> Vec<Collection> {
        let name = |shard| CollectionId::new(format!("idv-local-tenant-growing-{shard:02}")).unwrap();
        (0..count).map(|shard| Collection { id: name(shard), role: role.clone(), shard }).collect()
    };
    let open = |count| Routing::configured(ShardStrategy::Hash, &shards(count));
    let write = |strategy, count| {
        let (table, role, shards) = (&table, &role, shards(count));
        async move { table.write_missing(role, strategy, &shards).await }
    };
    assert_eq!(ports.routing().routing(&role).await, Ok(None));
    assert_eq!(write(ShardStrategy::Hash, 2).await, Ok(RoutingWritten::Created));
    assert_eq!(ports.routing().routing(&role).await, Ok(Some(open(2))));
    assert_eq!(write(ShardStrategy::Hash, 2).await, Ok(RoutingWritten::Unchanged));
    // Two at once, and another strategy in one of them: each shard is appended once, and the strategy stays.
    let (one, other) = tokio::join!(write(ShardStrategy::Hash, 4), write(ShardStrategy::LastDigit, 4));
    assert!([&one, &other].contains(&&Ok(RoutingWritten::Appended(2))), "{one:?} {other:?}");
    assert_eq!(ports.routing().routing(&role).await, Ok(Some(open(4))));
    assert_eq!(write(ShardStrategy::Hash, 1).await, Ok(RoutingWritten::Unchanged), "nothing is taken away");
    let last = RoutedShard { collection: shards(4)[3].id.clone(), open: true };
    assert_eq!(ports.routing().routing(&role).await.unwrap().unwrap().shards.last(), Some(&last));
}

async fn a_workflow_ends_in_one_of_three_ways(ports: &AwsPorts) {
    let input = |liveness, document_text| WorkflowInput {
        registration_id: RegistrationId::new("0f3ae2b0-1111-4222-8333-9abcdef01234").unwrap(),
        liveness,
        document_text,
        deferred_from: Some(Step::Index),
    };
    let workflow = ports.workflow();
    assert_eq!(workflow.run(&input(false, false)).await, Ok(WorkflowEnd::Succeeded));
    assert_eq!(workflow.run(&input(false, false)).await, Ok(WorkflowEnd::Succeeded), "a name is not used up");
    assert_eq!(workflow.run(&input(false, true)).await, Ok(WorkflowEnd::Failed));
    assert_eq!(workflow.run(&input(true, false)).await, Ok(WorkflowEnd::TimedOut));
}

/// A workflow that takes too long for liveness and fails for document text.
async fn workflow(local: &LocalCloud) -> String {
    let choice = |member: &str, next: &str| serde_json::json!({"Variable": format!("$.{member}"), "BooleanEquals": true, "Next": next});
    let definition = serde_json::json!({"StartAt": "Which", "TimeoutSeconds": 1, "States": {
        "Which": {"Type": "Choice", "Choices": [choice("liveness", "Slow"), choice("document_text", "Wrong")],
            "Default": "Right"},
        "Slow": {"Type": "Wait", "Seconds": 5, "Next": "Right"},
        "Wrong": {"Type": "Fail", "Error": "Wrong"},
        "Right": {"Type": "Succeed"},
    }});
    let config = aws_sdk_cloudformation::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(local.region.to_string()))
        .endpoint_url(&local.endpoint)
        .credentials_provider(credentials(local))
        .http_client(aws_smithy_http_client::Builder::new().build_http());
    let deployed = aws_sdk_cloudformation::Client::from_conf(config.build());
    let deployed = deployed.describe_stack_resources().stack_name("idv-local-service").send().await.unwrap();
    let role = deployed.stack_resources().iter().find(|one| one.resource_type() == Some("AWS::IAM::Role"));
    // It calls nothing, so any role will do.
    let role = role.unwrap().physical_resource_id().unwrap();

    let config = aws_sdk_sfn::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(local.region.to_string()))
        .endpoint_url(&local.endpoint)
        .credentials_provider(credentials(local))
        .http_client(aws_smithy_http_client::Builder::new().build_http());
    let machine = aws_sdk_sfn::Client::from_conf(config.build())
        .create_state_machine()
        .name("ports")
        .r#type(aws_sdk_sfn::types::StateMachineType::Express)
        .role_arn(format!("arn:aws:iam::{}:role/{role}", local.account))
        .definition(definition.to_string());
    machine.send().await.unwrap().state_machine_arn
}

fn portrait(project: &Project, person: &str) -> String {
    let path = project.path().join(format!("{person}.png")).to_str().unwrap().to_owned();
    project.ok(&["portrait", "--person", person, "-o", &path]);
    path
}

fn credentials(local: &LocalCloud) -> Credentials {
    Credentials::new(&local.access_key_id, &local.secret_access_key, None, None, "test")
}
