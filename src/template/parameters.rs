//! What idv.yaml knows, as parameters of the templates.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::TemplateError;
use super::expand::function;
use super::parse::Template;
use super::placeholders::references;
use crate::model::{Architecture, Environment, HandlerSettings, Target};

/// A Lambda function has 4,096 bytes for the names and values of all its variables. With the longest project and
/// environment names and an issuer of 120 letters, the others of ours take about 880.
const SETTINGS_LIMIT: usize = 3_200;

/// An environment as the templates see it.
#[derive(Debug, Clone)]
pub(super) struct Known {
    defaults: BTreeMap<&'static str, String>,
    region: Option<String>,
}

impl Known {
    /// Every parameter that an environment gives a value to, whether or not a template asks for it.
    pub fn of(environment: &Environment) -> Result<Self, TemplateError> {
        let Environment { alarms, retention, auth, .. } = environment;
        let shards: Vec<String> =
            environment.collections.iter().map(|one| format!("{}-{:02}", one.role, one.shard)).collect();
        let architecture = match environment.architecture {
            Architecture::Arm64 => "arm64",
            Architecture::X86_64 => "x86_64",
        };
        let mut defaults = BTreeMap::from([
            ("ApiErrorRatio", (f64::from(alarms.error_percent) / 100.0).to_string()),
            ("ApiP99Ms", alarms.api_p99_ms.to_string()),
            ("Architecture", architecture.to_owned()),
            ("Audience", auth.audience.clone()),
            ("BackupRetentionDays", retention.backup_days.to_string()),
            ("Collections", shards.join(",")),
            ("ImagesRetentionDays", retention.images_days.to_string()),
            ("LivenessRetentionDays", retention.liveness_days.to_string()),
            ("LogRetentionDays", retention.logs_days.to_string()),
            ("Prefix", environment.prefix()),
            ("QueueAgeSeconds", alarms.queue_age_seconds.to_string()),
            ("RekognitionP99Ms", alarms.rekognition_p99_ms.to_string()),
            ("RekognitionThrottlesPerMinute", alarms.throttles_per_minute.to_string()),
            ("Settings", settings(environment)?),
            ("TenantClaim", auth.tenant_claim.clone()),
            ("UploadsRetentionDays", retention.uploads_days.to_string()),
        ]);
        defaults.extend(auth.issuer.clone().map(|issuer| ("Issuer", issuer)));
        defaults.extend(alarms.email.clone().map(|email| ("AlarmEmail", email)));
        let region = match &environment.target {
            Target::Local => None,
            Target::Aws(aws) => Some(aws.region.to_string()),
        };
        Ok(Self { defaults, region })
    }

    /// The value of a parameter, where idv.yaml gives one.
    pub fn default(&self, parameter: &str) -> Option<String> {
        self.defaults.get(parameter).cloned()
    }

    /// The region, where the environment names one.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }
}

fn settings(environment: &Environment) -> Result<String, TemplateError> {
    let error = |message: String, remedy: &str| TemplateError {
        file: "idv.yaml".to_owned(),
        position: None,
        message,
        remedy: remedy.to_owned(),
    };
    let text = serde_json::to_string(&HandlerSettings::from(environment)).map_err(|cause| {
        error(format!("the settings of `{}` are no JSON: {cause}", environment.name), "report this")
    })?;
    if text.len() > SETTINGS_LIMIT {
        return Err(error(
            format!(
                "the settings of `{}` take {} bytes, a function holds {SETTINGS_LIMIT}",
                environment.name,
                text.len()
            ),
            "give the environment fewer tenants, or spread them over several environments",
        ));
    }
    Ok(text)
}

/// Writes what idv.yaml knows into the template, as text: that is what CloudFormation makes of it anyway.
pub(super) fn write_defaults(template: &mut Template, known: &Known) {
    let Some(parameters) = template.section_mut("Parameters") else { return };
    for (name, declaration) in parameters {
        if let (Some(declaration), Some(value)) = (declaration.as_object_mut(), known.default(name)) {
            declaration.insert("Default".to_owned(), json!(value));
        }
    }
}

/// Takes out the parameters, mappings and conditions that nothing refers to any more: their values are written where
/// they were used, and a parameter that changes nothing would only mislead.
pub(super) fn drop_unused(template: &mut Template) {
    // A dropped condition may have been the last to refer to another.
    loop {
        let mut used = Used::default();
        for section in ["Conditions", "Resources", "Outputs"] {
            for entry in template.section(section).into_iter().flat_map(Map::values) {
                used.node(entry);
            }
        }
        let mut dropped = false;
        for (section, names) in
            [("Parameters", &used.names), ("Mappings", &used.mappings), ("Conditions", &used.conditions)]
        {
            if let Some(entries) = template.section_mut(section) {
                let before = entries.len();
                entries.retain(|name, _| names.contains(name));
                dropped |= entries.len() < before;
            }
            template.drop_if_empty(section);
        }
        if !dropped {
            return;
        }
    }
}

/// What the entries of a template refer to.
#[derive(Default)]
struct Used {
    names: BTreeSet<String>,
    mappings: BTreeSet<String>,
    conditions: BTreeSet<String>,
}

impl Used {
    fn node(&mut self, node: &Value) {
        match node {
            Value::Array(items) => items.iter().for_each(|item| self.node(item)),
            Value::Object(entries) => {
                if let Some((name, argument)) = function(entries) {
                    self.function(name, argument);
                }
                if let Some(Value::String(condition)) = entries.get("Condition") {
                    self.conditions.insert(condition.clone());
                }
                entries.values().for_each(|value| self.node(value));
            }
            _ => {}
        }
    }

    fn function(&mut self, name: &str, argument: &Value) {
        let first = argument.get(0).and_then(Value::as_str);
        match (name, argument.as_str().or(first)) {
            ("Ref", Some(name)) => drop(self.names.insert(name.to_owned())),
            ("Fn::Sub", Some(text)) => self.names.extend(references(text).map(str::to_owned)),
            ("Fn::FindInMap", Some(name)) => drop(self.mappings.insert(name.to_owned())),
            ("Fn::If", Some(name)) => drop(self.conditions.insert(name.to_owned())),
            _ => {}
        }
    }
}
