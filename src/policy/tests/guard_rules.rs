//! For every Guard rule one resource that keeps it and one that breaks it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::policy::rules::RuleFile;

/// A rule, a template's resources that keep it, and resources whose `Subject` breaks it.
struct Case {
    rule: &'static str,
    kept: Value,
    broken: Value,
}

/// A case whose resources are all one resource called `Subject`.
fn subject(rule: &'static str, kind: &str, kept: &Value, broken: &Value) -> Case {
    let one = |properties: &Value| json!({"Subject": {"Type": kind, "Properties": properties}});
    Case { rule, kept: one(kept), broken: one(broken) }
}

fn encrypted(encryption: &Value) -> Value {
    json!({"BucketEncryption": {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": encryption}]}})
}

fn role(statement: &Value) -> Value {
    json!({"Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": statement}}]})
}

/// A store called `Subject` and a policy on `target` that denies `action` without TLS.
fn denied(store: &str, policy: &str, target: &Value, action: &str, effect: &str) -> Value {
    let statement = json!({
        "Effect": effect, "Principal": "*", "Action": action, "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}}
    });
    let mut properties = json!({"PolicyDocument": {"Statement": [statement]}});
    for (name, value) in target.as_object().unwrap() {
        properties[name] = value.clone();
    }
    json!({"Subject": {"Type": store, "Properties": {}}, "Policy": {"Type": policy, "Properties": properties}})
}

fn api(operation: &Value, scheme: &Value) -> Value {
    json!({"Body": {
        "paths": {"/ips": {"parameters": [], "post": operation}},
        "components": {"securitySchemes": {"bearer": scheme}}
    }})
}

#[allow(clippy::too_many_lines)] // A table, read line by line.
fn cases() -> Vec<Case> {
    let bucket = "AWS::S3::Bucket";
    let table = "AWS::DynamoDB::Table";
    let stage = "AWS::ApiGateway::Stage";
    let rest_api = "AWS::ApiGateway::RestApi";
    let iam = "AWS::IAM::Role";
    let machine = "AWS::StepFunctions::StateMachine";
    let logged = |level: &str, data: bool| {
        json!({"LoggingConfiguration": {
            "Level": level, "IncludeExecutionData": data, "Destinations": ["group"]
        }})
    };
    let key = json!({"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": {"Ref": "DataKey"}});
    let secured = json!({"security": [{"bearer": []}]});
    let authorizer = json!({"type": "apiKey", "x-amazon-apigateway-authorizer": {"type": "token"}});
    let blocked = |last: bool| {
        json!({"PublicAccessBlockConfiguration": {
            "BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": last
        }})
    };
    let retained = |policy: &str, value: &str| {
        let mut resource = json!({"Type": "AWS::Rekognition::Collection"});
        resource[policy] = json!(value);
        json!({ "Subject": resource })
    };
    let bucket_policy = |target: &str, effect: &str| {
        denied(bucket, "AWS::S3::BucketPolicy", &json!({"Bucket": {"Ref": target}}), "s3:*", effect)
    };
    let queue_policy = |target: &str, effect: &str| {
        denied("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", &json!({"Queues": [{"Ref": target}]}), "sqs:*", effect)
    };
    let allow =
        |action: Value, resource: Value| role(&json!([{"Effect": "Allow", "Action": action, "Resource": resource}]));
    let arn = json!({"Fn::GetAtt": ["Bucket", "Arn"]});
    vec![
        subject("API_OPERATION_AUTHORISED", rest_api, &api(&secured, &authorizer), &api(&json!({}), &authorizer)),
        subject(
            "API_OPERATION_AUTHORISED",
            rest_api,
            &api(&secured, &authorizer),
            &api(&json!({"security": [{}]}), &authorizer),
        ),
        subject(
            "API_METHOD_AUTHORISED",
            "AWS::ApiGateway::Method",
            &json!({"HttpMethod": "GET", "AuthorizationType": "CUSTOM"}),
            &json!({"HttpMethod": "GET", "AuthorizationType": "NONE"}),
        ),
        subject(
            "API_AUTHORIZER_DEFINED",
            rest_api,
            &api(&secured, &authorizer),
            &api(&secured, &json!({"type": "apiKey"})),
        ),
        subject(
            "API_STAGE_ACCESS_LOG",
            stage,
            &json!({"AccessLogSetting": {"DestinationArn": "a", "Format": "{}"}}),
            &json!({}),
        ),
        subject(
            "API_STAGE_NO_PAYLOAD_LOG",
            stage,
            &json!({"MethodSettings": [{"DataTraceEnabled": false}, {"MetricsEnabled": true}]}),
            &json!({"MethodSettings": [{"DataTraceEnabled": true}]}),
        ),
        subject(
            "API_ACCESS_LOG_WITHOUT_IDENTITY",
            stage,
            &json!({"AccessLogSetting": {"Format": "{\"status\":\"$context.status\"}"}}),
            &json!({"AccessLogSetting": {"Format": "{\"ip\":\"$context.identity.sourceIp\"}"}}),
        ),
        subject("S3_BUCKET_ENCRYPTED", bucket, &encrypted(&key), &json!({"BucketName": "b"})),
        subject("S3_BUCKET_OWN_KEY", bucket, &encrypted(&key), &encrypted(&json!({"SSEAlgorithm": "aws:kms"}))),
        subject(
            "DYNAMODB_TABLE_ENCRYPTED",
            table,
            &json!({"SSESpecification": {"SSEEnabled": true, "KMSMasterKeyId": "k"}}),
            &json!({"SSESpecification": {"SSEEnabled": true}}),
        ),
        subject(
            "SQS_QUEUE_ENCRYPTED",
            "AWS::SQS::Queue",
            &json!({"SqsManagedSseEnabled": true}),
            &json!({"SqsManagedSseEnabled": false}),
        ),
        subject("SNS_TOPIC_ENCRYPTED", "AWS::SNS::Topic", &json!({"KmsMasterKeyId": "k"}), &json!({})),
        subject("LOG_GROUP_ENCRYPTED", "AWS::Logs::LogGroup", &json!({"KmsKeyId": "k"}), &json!({})),
        subject("CLOUDTRAIL_ENCRYPTED", "AWS::CloudTrail::Trail", &json!({"KMSKeyId": "k"}), &json!({})),
        subject(
            "KMS_KEY_ROTATES",
            "AWS::KMS::Key",
            &json!({"EnableKeyRotation": true}),
            &json!({"EnableKeyRotation": false}),
        ),
        subject("IAM_STATEMENTS_ARE_LISTS", iam, &role(&json!([])), &role(&json!({"Effect": "Allow"}))),
        subject(
            "IAM_NO_WILDCARD_ACTION",
            iam,
            &allow(json!("s3:GetObject"), arn.clone()),
            &allow(json!(["s3:Get*"]), arn.clone()),
        ),
        subject(
            "IAM_NO_WILDCARD_ACTION",
            iam,
            &role(&json!([{"Effect": "Deny", "Action": "*", "Resource": "*"}])),
            &role(&json!([{"Effect": "Allow", "NotAction": "iam:PassRole", "Resource": arn}])),
        ),
        subject(
            "IAM_NO_WILDCARD_RESOURCE",
            iam,
            &allow(json!("s3:GetObject"), arn.clone()),
            &allow(json!("s3:GetObject"), json!("*")),
        ),
        subject(
            "IAM_NO_WILDCARD_RESOURCE",
            iam,
            &allow(json!(["rekognition:CompareFaces"]), json!("*")),
            &allow(json!(["rekognition:CompareFaces", "rekognition:IndexFaces"]), json!(["*"])),
        ),
        subject(
            "IAM_NO_WILDCARD_RESOURCE",
            iam,
            &allow(json!(["logs:CreateLogDelivery", "logs:DescribeLogGroups"]), json!("*")),
            &allow(json!(["logs:CreateLogDelivery", "logs:PutLogEvents"]), json!("*")),
        ),
        subject(
            "IAM_UNSCOPED_ACTION_ON_STAR",
            iam,
            &allow(json!(["rekognition:DetectFaces"]), json!("*")),
            &allow(json!(["rekognition:DetectFaces"]), arn.clone()),
        ),
        subject("LOG_GROUP_RETENTION", "AWS::Logs::LogGroup", &json!({"RetentionInDays": 30}), &json!({})),
        subject("S3_BUCKET_NO_PUBLIC_ACCESS", bucket, &blocked(true), &blocked(false)),
        subject(
            "DYNAMODB_TABLE_PITR",
            table,
            &json!({"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": true}}),
            &json!({}),
        ),
        Case {
            rule: "STATEFUL_RETAINED_ON_DELETE",
            kept: retained("DeletionPolicy", "Retain"),
            broken: retained("DeletionPolicy", "Delete"),
        },
        Case {
            rule: "STATEFUL_RETAINED_ON_REPLACE",
            kept: retained("UpdateReplacePolicy", "Retain"),
            broken: retained("UpdateReplacePolicy", "Delete"),
        },
        Case {
            rule: "S3_BUCKET_TLS_ONLY",
            kept: bucket_policy("Subject", "Deny"),
            broken: bucket_policy("Other", "Deny"),
        },
        Case {
            rule: "S3_BUCKET_TLS_ONLY",
            kept: bucket_policy("Subject", "Deny"),
            broken: bucket_policy("Subject", "Allow"),
        },
        Case {
            rule: "SQS_QUEUE_TLS_ONLY",
            kept: queue_policy("Subject", "Deny"),
            broken: queue_policy("Other", "Deny"),
        },
        Case {
            rule: "SQS_QUEUE_TLS_ONLY",
            kept: queue_policy("Subject", "Deny"),
            broken: queue_policy("Subject", "Allow"),
        },
        subject("WORKFLOW_LOGS_ERRORS", machine, &logged("ERROR", false), &json!({})),
        subject("WORKFLOW_LOGS_ERRORS", machine, &logged("ALL", false), &logged("OFF", false)),
        subject("WORKFLOW_NO_PAYLOAD_LOG", machine, &logged("ERROR", false), &logged("ERROR", true)),
        subject("WORKFLOW_NO_PAYLOAD_LOG", machine, &json!({}), &logged("ALL", true)),
        subject(
            "WORKFLOW_KEEPS_NO_HISTORY",
            machine,
            &json!({"StateMachineType": "EXPRESS"}),
            &json!({"StateMachineType": "STANDARD"}),
        ),
        subject("WORKFLOW_KEEPS_NO_HISTORY", machine, &json!({"StateMachineType": "EXPRESS"}), &json!({})),
        subject("WORKFLOW_ENDS", machine, &json!({"Definition": {"TimeoutSeconds": 9}}), &json!({"Definition": {}})),
    ]
}

#[test]
fn every_rule_is_kept_by_one_template_and_broken_by_another() {
    for case in cases() {
        let kept = findings(&[stack(StackKind::Service, case.kept)]);
        assert!(!rules_of(&kept).contains(&case.rule), "{} is kept, yet: {kept:#?}", case.rule);
        let broken = findings(&[stack(StackKind::Service, case.broken)]);
        let found = broken.iter().find(|finding| finding.rule == case.rule);
        let found = found.unwrap_or_else(|| panic!("{} is broken, yet not found in {broken:#?}", case.rule));
        assert_eq!(found.resource, "Subject", "{found:?}");
        assert_eq!(found.line, Some(1), "{found:?}");
    }
}

#[test]
fn a_role_without_policies_hides_no_other() {
    let statement = json!([{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]);
    let roles = json!({
        "Subject": {"Type": "AWS::IAM::Role", "Properties": role(&statement)},
        "Other": {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}},
    });
    let found = findings(&[stack(StackKind::Service, roles)]);
    assert!(rules_of(&found).contains(&"IAM_NO_WILDCARD_RESOURCE"), "{found:#?}");
}

#[test]
fn no_rule_is_without_a_case() {
    let covered: BTreeSet<&str> = cases().iter().map(|case| case.rule).collect();
    let rules = Rules::built_in();
    let all: BTreeSet<&str> = rules.names().collect();
    assert_eq!(all, covered);
}

#[test]
fn every_message_says_how_to_mend_it() {
    for file in Rules::built_in().files() {
        let messages: Vec<&str> = messages(file).collect();
        assert!(!messages.is_empty(), "{}", file.name);
        for message in messages {
            assert!(message.contains("; fix: "), "{}: {message}", file.name);
        }
    }
}

fn messages(file: &RuleFile) -> impl Iterator<Item = &str> {
    file.text.split("<<").skip(1).filter_map(|rest| rest.split_once(">>")).map(|(message, _)| message)
}
