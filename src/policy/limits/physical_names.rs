//! That no two resources ask for the same name in the account.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::{Environment, Finding};
use crate::policy::place::{Note, section};
use crate::template::RenderedStack;

/// Which property names a resource of a type.
const NAME_PROPERTIES: [(&str, &str); 16] = [
    ("AWS::ApiGateway::RestApi", "Name"),
    ("AWS::CloudTrail::Trail", "TrailName"),
    ("AWS::CloudWatch::Alarm", "AlarmName"),
    ("AWS::CloudWatch::CompositeAlarm", "AlarmName"),
    ("AWS::CloudWatch::Dashboard", "DashboardName"),
    ("AWS::DynamoDB::Table", "TableName"),
    ("AWS::Events::Rule", "Name"),
    ("AWS::IAM::Role", "RoleName"),
    ("AWS::KMS::Alias", "AliasName"),
    ("AWS::Lambda::Function", "FunctionName"),
    ("AWS::Logs::LogGroup", "LogGroupName"),
    ("AWS::Rekognition::Collection", "CollectionId"),
    ("AWS::S3::Bucket", "BucketName"),
    ("AWS::SNS::Topic", "TopicName"),
    ("AWS::SQS::Queue", "QueueName"),
    ("AWS::StepFunctions::StateMachine", "StateMachineName"),
];

pub(super) fn check(_environment: &Environment, stacks: &[RenderedStack]) -> Vec<Finding> {
    // Alarms and composite alarms share one space of names, hence the property and not the type as the key. The
    // exception is `Name`, which different services use.
    let mut owners: BTreeMap<(String, String), &str> = BTreeMap::new();
    let mut findings = Vec::new();
    for stack in stacks {
        for (id, resource) in section(stack, "Resources") {
            let Some((space, name)) = physical_name(resource) else { continue };
            let shown = name.as_str().map_or_else(|| name.to_string(), str::to_owned);
            if let Some(first) = owners.get(&(space.clone(), shown.clone())) {
                let message = format!("{shown} is already the name of `{first}`");
                findings
                    .push(Note::error("PHYSICAL_NAME_TWICE", message, "give one of them another name").at(stack, id));
            } else {
                owners.insert((space, shown), id);
            }
        }
    }
    findings
}

/// The space in which a resource's name must be unique, and the name as the template writes it.
fn physical_name(resource: &Value) -> Option<(String, &Value)> {
    let kind = resource["Type"].as_str()?;
    let (_, property) = NAME_PROPERTIES.iter().find(|(named, _)| *named == kind)?;
    let name = resource["Properties"].get(*property)?;
    let space = if *property == "Name" { kind } else { property };
    Some((space.to_owned(), name))
}
