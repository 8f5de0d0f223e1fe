//! What an answer proves. PASS only where the answer leaves no doubt.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::model::OptOutAnswer;

/// Whether a resource policy refuses every request without TLS to all of `resources`, whoever sends it. No `resources`
/// means that the policy can only speak of one.
///
/// # Errors
/// The policy is not JSON.
pub(super) fn refuses_plain_transport(policy: &str, service: &str, resources: &[&str]) -> Result<bool, String> {
    let policy: Value = serde_json::from_str(policy).map_err(|error| format!("the policy is not JSON: {error}"))?;
    let everything = format!("{service}:*");
    let is_refusal = |statement: &&Value| {
        let actions = texts(&statement["Action"]);
        statement["Effect"] == "Deny"
            && (statement["Principal"] == "*" || texts(&statement["Principal"]["AWS"]).contains("*"))
            && (actions.contains("*") || actions.iter().any(|action| action.eq_ignore_ascii_case(&everything)))
            && is_no_tls(&statement["Condition"])
    };
    let denied: BTreeSet<&str> =
        many(&policy["Statement"]).filter(is_refusal).flat_map(|statement| texts(&statement["Resource"])).collect();
    let covers = |resource: &str| denied.iter().any(|denied| denied.ends_with(resource));
    Ok(denied.contains("*") || (!denied.is_empty() && resources.iter().all(|resource| covers(resource))))
}

/// Exactly "the request came without TLS": a further condition would let some of those requests pass.
fn is_no_tls(condition: &Value) -> bool {
    let single = |value: &Value| value.as_object().is_some_and(|entries| entries.len() == 1);
    let flag = &condition["Bool"]["aws:SecureTransport"];
    let flag = flag.as_array().filter(|values| values.len() == 1).map_or(flag, |values| &values[0]);
    single(condition) && single(&condition["Bool"]) && (*flag == "false" || *flag == false)
}

/// A value that may stand alone or in a list.
fn many(value: &Value) -> impl Iterator<Item = &Value> {
    let items = value.as_array();
    items.into_iter().flatten().chain((items.is_none() && !value.is_null()).then_some(value))
}

fn texts(value: &Value) -> BTreeSet<&str> {
    many(value).filter_map(Value::as_str).collect()
}

/// What the policy in force says, as AWS merged it.
///
/// # Errors
/// The policy does not say anything that is understood.
pub(super) fn effective_opt_out(content: &str) -> Result<OptOutAnswer, String> {
    let services = services(content)?;
    let own = assigned(&services["rekognition"]).or_else(|| assigned(&services["default"]));
    match own {
        Some(value) => answer(value),
        None => Err("the policy in force names neither `rekognition` nor `default`".to_owned()),
    }
}

/// What attached policies give together where nobody merges them for us: certain only when they agree.
///
/// # Errors
/// The policies disagree, or cannot be read.
pub(super) fn combined_opt_out(contents: &[&str]) -> Result<OptOutAnswer, String> {
    let mut own = BTreeSet::new();
    let mut default = BTreeSet::new();
    for content in contents {
        let services = services(content)?;
        own.extend(assigned(&services["rekognition"]).map(str::to_owned));
        default.extend(assigned(&services["default"]).map(str::to_owned));
    }
    let decisive = if own.is_empty() { default } else { own };
    match decisive.iter().collect::<Vec<_>>().as_slice() {
        [] => Ok(OptOutAnswer::No),
        [value] => answer(value),
        _ => Err("the attached policies disagree; only AWS can say which one wins".to_owned()),
    }
}

fn services(content: &str) -> Result<Value, String> {
    let policy: Value = serde_json::from_str(content).map_err(|error| format!("the policy is not JSON: {error}"))?;
    Ok(policy["services"].clone())
}

/// The value of one service: plain in a merged policy, under `@@assign` in an attached one.
fn assigned(service: &Value) -> Option<&str> {
    let value = &service["opt_out_policy"];
    value.as_str().or_else(|| value["@@assign"].as_str())
}

fn answer(value: &str) -> Result<OptOutAnswer, String> {
    match value {
        "optOut" => Ok(OptOutAnswer::Yes),
        "optIn" => Ok(OptOutAnswer::No),
        other => Err(format!("`{other}` is neither optOut nor optIn")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn statement(change: impl Fn(&mut Value)) -> String {
        let mut statement = json!({
            "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:b", "arn:b/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}}
        });
        change(&mut statement);
        json!({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}, statement]})
            .to_string()
    }

    #[test]
    fn only_a_deny_without_loopholes_counts() {
        let refuses = |policy: &str| refuses_plain_transport(policy, "s3", &["arn:b", "arn:b/*"]).unwrap();
        assert!(refuses(&statement(|_| ())));
        assert!(refuses(&statement(|s| s["Principal"] = json!({"AWS": "*"}))));
        assert!(refuses(&statement(|s| s["Resource"] = json!("*"))));
        let loopholes: [fn(&mut Value); 7] = [
            |s| s["Effect"] = json!("Allow"),
            |s| s["Principal"] = json!({"AWS": "arn:aws:iam::111111111111:root"}),
            |s| s["Action"] = json!("s3:GetObject"),
            |s| s["Resource"] = json!("arn:b/*"),
            |s| s["Condition"]["Bool"]["aws:SecureTransport"] = json!("true"),
            |s| s["Condition"]["IpAddress"] = json!({"aws:SourceIp": "10.0.0.0/8"}),
            |s| s["Condition"] = json!({}),
        ];
        for (n, loophole) in loopholes.into_iter().enumerate() {
            assert!(!refuses(&statement(loophole)), "loophole {n}");
        }
        assert!(refuses_plain_transport("no JSON", "s3", &[]).is_err());
    }

    #[test]
    fn the_policy_in_force_decides_by_rekognition_before_default() {
        let says = |content: &Value| effective_opt_out(&content.to_string());
        let out = json!({"opt_out_policy": "optOut"});
        let stay = json!({"opt_out_policy": "optIn"});
        assert_eq!(says(&json!({"services": {"default": out}})), Ok(OptOutAnswer::Yes));
        assert_eq!(says(&json!({"services": {"default": out, "rekognition": stay}})), Ok(OptOutAnswer::No));
        assert!(says(&json!({"services": {"polly": out}})).is_err());
        assert!(says(&json!({"services": {"default": {"opt_out_policy": "OPTOUT"}}})).is_err());
    }

    #[test]
    fn attached_policies_must_agree() {
        let policy = |service: &str, value: &str| {
            json!({"services": {service: {"opt_out_policy": {"@@assign": value}}}}).to_string()
        };
        let says = |policies: &[String]| combined_opt_out(&policies.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(says(&[]), Ok(OptOutAnswer::No));
        assert_eq!(says(&[policy("rekognition", "optOut")]), Ok(OptOutAnswer::Yes));
        assert_eq!(says(&[policy("default", "optIn"), policy("rekognition", "optOut")]), Ok(OptOutAnswer::Yes));
        assert!(says(&[policy("default", "optIn"), policy("default", "optOut")]).is_err());
    }

    #[test]
    fn the_policy_that_comes_with_the_program_opts_out() {
        let policy = include_str!("../../policies/organizations/ai-services-opt-out.json");
        assert_eq!(combined_opt_out(&[policy]), Ok(OptOutAnswer::Yes));
        assert!(policy.len() <= 2_500, "AWS takes at most 2,500 characters");
    }
}
