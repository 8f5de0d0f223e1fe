//! Taking over what an earlier life of the environment left behind.
//!
//! Tables, buckets and collections outlive their stack. When the stack is made again, CloudFormation takes them over
//! (`ImportExistingResources`), but only where the template names them by a plain string. A name put together from
//! parameters is therefore written out before the template is sent; every cloud gets the same treatment.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::aws::cloudformation::ResourceImport;
use crate::aws::sts::Place;

/// The property that holds a resource's own name, for the types that hold data and can be taken over by name.
const NAMES: [(&str, &str); 5] = [
    ("AWS::DynamoDB::Table", "TableName"),
    ("AWS::KMS::Alias", "AliasName"),
    ("AWS::Logs::LogGroup", "LogGroupName"),
    ("AWS::Rekognition::Collection", "CollectionId"),
    ("AWS::S3::Bucket", "BucketName"),
];

/// A resource that stays when its stack goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retained {
    /// Its name in the template.
    pub logical_id: String,
    /// Its CloudFormation type.
    pub resource_type: String,
    /// Its name in the cloud; `None` where the cloud chooses it.
    pub name: Option<String>,
}

/// Writes the names of retained resources out as plain strings. A name that depends on something else than parameters
/// and pseudo parameters is left as it is.
pub fn write_names_out(template: &mut Value, parameters: &BTreeMap<String, String>, place: &Place) {
    for resource in resources_mut(template).filter(|resource| is_retained(resource)) {
        let Some(property) = name_property(resource) else { continue };
        let name = &mut resource["Properties"][property];
        if let Some(literal) = literal(name, parameters, place) {
            *name = Value::String(literal);
        }
    }
}

/// The resources of a template that stay when their stack goes.
#[must_use]
pub fn retained(template: &Value) -> Vec<Retained> {
    let resources = template["Resources"].as_object().into_iter().flatten();
    resources
        .filter(|(_, resource)| is_retained(resource))
        .map(|(logical_id, resource)| Retained {
            logical_id: logical_id.clone(),
            resource_type: resource["Type"].as_str().unwrap_or_default().to_owned(),
            name: name_property(resource)
                .and_then(|property| resource["Properties"][property].as_str())
                .map(str::to_owned),
        })
        .collect()
}

/// A template of nothing but one resource with its parameters, and the order to take that resource over. A key has no
/// name of its own, so that `ImportExistingResources` cannot find it.
#[must_use]
pub fn import_of_key(template: &Value, key_id: &str) -> Option<(Value, ResourceImport)> {
    let (logical_id, key) = template["Resources"]
        .as_object()?
        .iter()
        .find(|(_, resource)| resource["Type"] == "AWS::KMS::Key" && is_retained(resource))?;
    let alone = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": template.get("Parameters").cloned().unwrap_or_else(|| json!({})),
        "Resources": { logical_id: key },
    });
    let import = ResourceImport {
        resource_type: "AWS::KMS::Key".to_owned(),
        logical_id: logical_id.clone(),
        identifier: ("KeyId".to_owned(), key_id.to_owned()),
    };
    Some((alone, import))
}

fn resources_mut(template: &mut Value) -> impl Iterator<Item = &mut Value> {
    template.get_mut("Resources").and_then(Value::as_object_mut).into_iter().flat_map(|all| all.values_mut())
}

fn is_retained(resource: &Value) -> bool {
    matches!(resource["DeletionPolicy"].as_str(), Some("Retain" | "RetainExceptOnCreate"))
}

fn name_property(resource: &Value) -> Option<&'static str> {
    let of_type = NAMES.iter().find(|(resource_type, _)| resource["Type"] == *resource_type);
    of_type.map(|(_, property)| *property).filter(|property| resource["Properties"].get(*property).is_some())
}

/// The plain string behind a `Ref` or `Fn::Sub`, where every variable is known before the deployment.
fn literal(name: &Value, parameters: &BTreeMap<String, String>, place: &Place) -> Option<String> {
    let lookup = |variable: &str| match variable {
        "AWS::AccountId" => Some(place.account.to_string()),
        "AWS::Region" => Some(place.region.to_string()),
        variable => parameters.get(variable).cloned(),
    };
    if let Some(variable) = name["Ref"].as_str() {
        return lookup(variable);
    }
    let mut rest = name["Fn::Sub"].as_str()?;
    let mut written = String::new();
    while let Some(start) = rest.find("${") {
        let end = start + rest[start..].find('}')?;
        written.push_str(&rest[..start]);
        written.push_str(&lookup(&rest[start + 2..end])?);
        rest = &rest[end + 1..];
    }
    written.push_str(rest);
    Some(written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AccountId, Region};

    fn place() -> Place {
        Place { account: AccountId::new("111111111111").unwrap(), region: Region::new("eu-west-1").unwrap() }
    }

    #[test]
    fn names_of_retained_resources_are_written_out() {
        let retained = |resource_type: &str, property: &str, name: Value| json!({"Type": resource_type, "DeletionPolicy": "Retain", "Properties": {property: name}});
        let mut template = json!({"Resources": {
            "Images": retained("AWS::S3::Bucket", "BucketName", json!({"Fn::Sub": "${Prefix}-images-${AWS::AccountId}-${AWS::Region}"})),
            "Faces": retained("AWS::DynamoDB::Table", "TableName", json!({"Ref": "Prefix"})),
            "Odd": retained("AWS::DynamoDB::Table", "TableName", json!({"Fn::Sub": "${Images}-x"})),
            "Temporary": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": "Prefix"}}},
            "Key": {"Type": "AWS::KMS::Key", "DeletionPolicy": "Retain", "Properties": {}},
        }});
        let parameters = BTreeMap::from([("Prefix".to_owned(), "idv-test".to_owned())]);
        write_names_out(&mut template, &parameters, &place());
        let names: Vec<(String, Option<String>)> =
            super::retained(&template).into_iter().map(|found| (found.logical_id, found.name)).collect();
        let name = |name: &str| Some(name.to_owned());
        assert_eq!(
            names,
            [
                ("Images".to_owned(), name("idv-test-images-111111111111-eu-west-1")),
                ("Faces".to_owned(), name("idv-test")),
                ("Odd".to_owned(), None),
                ("Key".to_owned(), None),
            ]
        );
        assert_eq!(template["Resources"]["Odd"]["Properties"]["TableName"], json!({"Fn::Sub": "${Images}-x"}));
        assert_eq!(template["Resources"]["Temporary"]["Properties"]["BucketName"], json!({"Ref": "Prefix"}));
    }

    #[test]
    fn a_key_is_taken_over_alone() {
        let template = json!({"Parameters": {"P": {}}, "Resources": {
            "Key": {"Type": "AWS::KMS::Key", "DeletionPolicy": "Retain"}, "Table": {"Type": "AWS::DynamoDB::Table"},
        }});
        let (alone, import) = import_of_key(&template, "1234").unwrap();
        assert_eq!(alone["Resources"], json!({"Key": template["Resources"]["Key"]}));
        assert_eq!(import.identifier, ("KeyId".to_owned(), "1234".to_owned()));
        assert_eq!(import_of_key(&json!({"Resources": {}}), "1234"), None);
    }
}
