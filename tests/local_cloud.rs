//! The local cloud, whole: the real program, the real emulator, the real simulator, and what survives a restart.

// Clippy takes only functions marked `#[test]` for tests, not their helpers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::{Duration, Instant};

use aws_sdk_cloudwatch::types::{MetricDataQuery, StateValue};
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use idvctl::aws::Cloud;
use idvctl::aws::cloudwatch::publish::{Datum, Publisher};
use idvctl::local::{self, Folder};
use idvctl::model::{LocalCloud, Timestamp};
use support::peers;
use support::project::Project;

/// Where the project's local cloud listens.
fn cloud(project: &Project) -> LocalCloud {
    local::running(&folder(project)).unwrap()
}

fn folder(project: &Project) -> Folder {
    Folder::new(project.path().join(".idvctl/local"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_made_in_the_local_cloud_survives_a_restart() {
    let project = Project::new();
    project.ok(&["local", "start"]);
    let before = cloud(&project);
    let status = project.json(&["local", "status"]);
    assert_eq!((&status["state"], &status["healthy"]), (&"running".into(), &true.into()));
    assert_eq!(status["endpoint"], before.endpoint.as_str());
    assert!(project.ok(&["local", "env"]).contains(&format!("export AWS_ENDPOINT_URL={}\n", before.endpoint)));
    create_stack(&before).await;
    publish_and_judge(&before).await;

    project.ok(&["local", "start"]);
    assert_eq!(cloud(&project), before, "a second start changes nothing");

    project.ok(&["local", "stop"]);
    assert!(local::running(&folder(&project)).is_err());
    project.ok(&["local", "stop"]);
    project.ok(&["local", "start"]);
    let after = cloud(&project);
    assert_eq!(after, before, "ports and credentials are remembered");
    let stacks = cloudformation(&after).describe_stacks().stack_name("proof").send().await.unwrap();
    assert_eq!(stacks.stacks()[0].stack_status().unwrap().as_str(), "CREATE_COMPLETE");
    let collections = rekognition(&after).list_collections().send().await.unwrap();
    assert_eq!(collections.collection_ids(), ["proof-registered-00"]);

    // Nobody can be asked, so nothing is forgotten.
    project.run(&["local", "reset"]).expect_code(4, &["local", "reset"]);
    project.ok(&["local", "reset", "--yes"]);
    let collections = rekognition(&cloud(&project)).list_collections().send().await.unwrap();
    assert!(collections.collection_ids().is_empty());
}

#[test]
fn workflows_and_expiring_tables_are_as_on_aws() {
    let project = Project::new();
    project.ok(&["local", "start"]);
    peers::script("workflows.py", &[], &project.variables());
}

#[test]
fn without_a_running_local_cloud_every_answer_says_how_to_start_it() {
    let project = Project::new();
    assert_eq!(project.ok(&["local", "status"]), "stopped\n");
    for arguments in [&["local", "env"][..], &["token", "--tenant", "demo"]] {
        let run = project.run(arguments).expect_code(1, arguments);
        assert!(run.stderr.contains("idvctl local start"), "{}", run.stderr);
    }
}

#[test]
fn rekognition_answers_as_the_model_of_aws_says() {
    let project = Project::new();
    project.ok(&["local", "start"]);
    let pictures =
        [("selfie", vec![]), ("card", vec!["--id-card"]), ("wall", vec!["--faces", "0"])].map(|(name, options)| {
            let file = project.path().join(format!("{name}.png")).to_str().unwrap().to_owned();
            let drawn = [&["portrait", "--person", "peer"][..], &options, &["-o", &file]].concat();
            project.ok(&drawn);
            file
        });
    let variables: Vec<_> = project.ok(&["local", "env"]).lines().filter_map(variable).collect();
    let said = peers::script("rekognition.py", &pictures.each_ref().map(String::as_str), &variables);
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["operations"], 24);

    let session = boto_session(&variables);
    let live = project.ok(&["local", "liveness", &session, "--confidence", "97", "--image", &pictures[0]]);
    assert_eq!(live, "SUCCEEDED\n");
    let again = ["local", "liveness", &session];
    let run = project.run(&again).expect_code(1, &again);
    assert!(run.stderr.contains("used once"), "{}", run.stderr);
}

/// A line of `idvctl local env` that sets a variable.
fn variable(line: &str) -> Option<(String, String)> {
    let (name, value) = line.strip_prefix("export ")?.split_once('=')?;
    Some((name.to_owned(), value.to_owned()))
}

/// A new liveness session, made by a client that is not ours.
fn boto_session(variables: &[(String, String)]) -> String {
    let code = "import boto3; print(boto3.client('rekognition').create_face_liveness_session()['SessionId'])";
    let output = peers::run("python3", &["-c", code], variables);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A collection and its alarms, of the types that the emulator was taught.
async fn create_stack(cloud: &LocalCloud) {
    let template = serde_json::json!({"Resources": {
        "Faces": {"Type": "AWS::Rekognition::Collection", "Properties": {"CollectionId": "proof-registered-00"}},
        "Errors": {"Type": "AWS::CloudWatch::Alarm", "Properties": {
            "AlarmName": "proof-errors", "Namespace": "Proof", "MetricName": "Errors", "Statistic": "Sum", "Period": 60,
            "EvaluationPeriods": 1, "Threshold": 0, "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching"}},
        "Any": {"Type": "AWS::CloudWatch::CompositeAlarm", "DependsOn": "Errors", "Properties": {
            "AlarmName": "proof-any", "AlarmRule": "ALARM(\"proof-errors\")"}},
    }});
    let client = cloudformation(cloud);
    client.create_stack().stack_name("proof").template_body(template.to_string()).send().await.unwrap();
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        let stacks = client.describe_stacks().stack_name("proof").send().await.unwrap();
        match stacks.stacks()[0].stack_status().unwrap().as_str() {
            "CREATE_COMPLETE" => return,
            "CREATE_IN_PROGRESS" => assert!(Instant::now() < deadline, "the stack is never complete"),
            other => panic!("{other}: {:?}", stacks.stacks()[0].stack_status_reason()),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Percentiles of what this program publishes, and an alarm that the observer judges without any data.
async fn publish_and_judge(cloud: &LocalCloud) {
    let now = Timestamp::now();
    let datum = Datum {
        name: "Latency".to_owned(),
        dimensions: vec![("Environment".to_owned(), "proof".to_owned())],
        at: now,
        unit: "Milliseconds".to_owned(),
        values: (1..=100).map(f64::from).collect(),
        resolution: 60,
    };
    Publisher::new(&Cloud::local(cloud).await).put("Proof", &[datum]).await.unwrap();

    let client = aws_sdk_cloudwatch::Client::from_conf(
        aws_sdk_cloudwatch::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(cloud.region.to_string()))
            .endpoint_url(&cloud.endpoint)
            .credentials_provider(credentials(cloud))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build(),
    );
    let metric = aws_sdk_cloudwatch::types::Metric::builder()
        .namespace("Proof")
        .metric_name("Latency")
        .dimensions(aws_sdk_cloudwatch::types::Dimension::builder().name("Environment").value("proof").build());
    let stat = aws_sdk_cloudwatch::types::MetricStat::builder().metric(metric.build()).period(60).stat("p90").build();
    let moment = |seconds: i64| aws_sdk_cloudwatch::primitives::DateTime::from_secs(now.millis() / 1_000 + seconds);
    let answer = client
        .get_metric_data()
        .metric_data_queries(MetricDataQuery::builder().id("p90").metric_stat(stat).build())
        .start_time(moment(-1))
        .end_time(moment(60))
        .send()
        .await
        .unwrap();
    let values = answer.metric_data_results()[0].values();
    assert!((values[0] - 90.1).abs() < 1e-9, "{values:?}");

    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        let alarms = client.describe_alarms().alarm_names("proof-errors").send().await.unwrap();
        let alarm = &alarms.metric_alarms()[0];
        if alarm.state_value() == Some(&StateValue::Ok) {
            assert!(alarm.state_reason().unwrap().contains("treated as [NonBreaching]"), "{:?}", alarm.state_reason());
            return;
        }
        assert!(Instant::now() < deadline, "nobody judges the alarm");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn credentials(cloud: &LocalCloud) -> Credentials {
    Credentials::new(&cloud.access_key_id, &cloud.secret_access_key, None, None, "test")
}

fn cloudformation(cloud: &LocalCloud) -> aws_sdk_cloudformation::Client {
    aws_sdk_cloudformation::Client::from_conf(
        aws_sdk_cloudformation::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(cloud.region.to_string()))
            .endpoint_url(&cloud.endpoint)
            .credentials_provider(credentials(cloud))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build(),
    )
}

fn rekognition(cloud: &LocalCloud) -> aws_sdk_rekognition::Client {
    aws_sdk_rekognition::Client::from_conf(
        aws_sdk_rekognition::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(cloud.region.to_string()))
            .endpoint_url(&cloud.rekognition_endpoint)
            .credentials_provider(credentials(cloud))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build(),
    )
}
