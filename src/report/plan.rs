//! A plan on paper: one review over all stacks, riskiest first.

use serde_json::{Value, json};

use super::Palette;
use crate::model::{Change, ChangeAction, ChangeDetail, Reading, Replacement, StackAction, StackPlan};

/// Resources that are only added are counted, not listed, beyond this many per stack.
const LISTED_ADDITIONS: usize = 8;

/// A plan for people.
#[must_use]
pub fn plan_text(stacks: &[StackPlan], palette: Palette) -> String {
    if stacks.iter().all(|stack| stack.action == StackAction::None) {
        return "Nothing to change.\n".to_owned();
    }
    let mut lines = Vec::new();
    for stack in stacks {
        let heading = format!("{} {}", stack.kind, palette.dim(&stack.name));
        lines.push(format!("{}  {}", palette.strong(&heading), summary(stack)));
        let (additions, others): (Vec<_>, Vec<_>) =
            stack.changes.iter().partition(|change| change.action == ChangeAction::Add);
        let listed = others.into_iter().chain(additions.iter().copied().take(LISTED_ADDITIONS));
        lines.extend(listed.flat_map(|change| change_lines(change, palette)));
        if additions.len() > LISTED_ADDITIONS {
            lines.push(palette.dim(&format!("  + {} more are added", additions.len() - LISTED_ADDITIONS)));
        }
    }
    lines.join("\n") + "\n"
}

fn summary(stack: &StackPlan) -> String {
    match stack.action {
        StackAction::None => "nothing to change".to_owned(),
        StackAction::Create => format!("is created with {}", count(stack.changes.len(), "resource")),
        StackAction::Update if stack.changes.is_empty() => {
            "is updated; how is known once the stacks before it are deployed".to_owned()
        }
        StackAction::Update => format!("is updated: {}", count(stack.changes.len(), "change")),
    }
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

fn change_lines(change: &Change, palette: Palette) -> Vec<String> {
    let (mark, verb) = match (change.action, change.replacement) {
        (ChangeAction::Remove, _) => ("-", "remove"),
        (ChangeAction::Modify, Replacement::Yes) => ("±", "REPLACE"),
        (ChangeAction::Modify, Replacement::Conditional) => ("~", "modify, may replace"),
        (ChangeAction::Modify, Replacement::No) => ("~", "modify"),
        (ChangeAction::Import, _) => ("»", "take over"),
        (ChangeAction::Dynamic, _) => ("?", "known at run time"),
        (ChangeAction::Add, _) => ("+", "add"),
    };
    let line = format!("  {mark} {:<28} {:<34} {verb}", change.resource, change.resource_type);
    let line = match (change.action, change.replacement) {
        (ChangeAction::Remove, _) | (ChangeAction::Modify, Replacement::Yes) => palette.bad(&line),
        (ChangeAction::Modify | ChangeAction::Dynamic, _) => palette.warn(&line),
        (ChangeAction::Add | ChangeAction::Import, _) => palette.good(&line),
    };
    let faces = change.faces_at_risk.as_ref().map(|faces| match faces {
        Reading::Known(faces) => palette.bad(&format!("      ▲ faces at risk: {faces}")),
        Reading::Unknown(why) => palette.bad(&format!("      ▲ faces at risk: UNKNOWN, {why}")),
    });
    let details = change.details.iter().map(|detail| palette.dim(&format!("      {}", detail_text(detail))));
    std::iter::once(line).chain(faces).chain(details).collect()
}

fn detail_text(detail: &ChangeDetail) -> String {
    match (&detail.before, &detail.after) {
        (None, None) => detail.property.clone(),
        (before, after) => {
            let value = |value: &Option<String>| value.as_deref().unwrap_or("nothing").to_owned();
            format!("{}: {} → {}", detail.property, value(before), value(after))
        }
    }
}

/// The same plan for scripts: `{"stacks":[{"name","action","changes":[…]}]}`. Faces that could not be counted are
/// `null`, with the reason beside them.
#[must_use]
pub fn plan_json(stacks: &[StackPlan]) -> Value {
    let change = |change: &Change| {
        let mut object = json!({
            "action": change.action,
            "resource": change.resource,
            "type": change.resource_type,
            "replacement": change.replacement,
            "faces_at_risk": change.faces_at_risk.as_ref().and_then(Reading::known),
            "details": change.details,
        });
        if let Some(why) = change.faces_at_risk.as_ref().and_then(Reading::why) {
            object["faces_at_risk_why"] = json!(why);
        }
        object
    };
    let stack = |stack: &StackPlan| {
        json!({
            "name": stack.name,
            "kind": stack.kind,
            "action": stack.action,
            "changes": stack.changes.iter().map(change).collect::<Vec<_>>(),
        })
    };
    json!({ "stacks": stacks.iter().map(stack).collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::StackKind;

    fn change(action: ChangeAction, resource: &str, resource_type: &str) -> Change {
        Change {
            action,
            resource: resource.to_owned(),
            resource_type: resource_type.to_owned(),
            replacement: Replacement::No,
            faces_at_risk: None,
            details: Vec::new(),
        }
    }

    fn stacks() -> Vec<StackPlan> {
        let mut collection = change(ChangeAction::Remove, "Registered01", "AWS::Rekognition::Collection");
        collection.faces_at_risk = Some(Reading::Known(4_812));
        let mut unknown = change(ChangeAction::Modify, "Registered00", "AWS::Rekognition::Collection");
        unknown.replacement = Replacement::Yes;
        unknown.faces_at_risk = Some(Reading::unknown("Rekognition DescribeCollection: AccessDenied"));
        let mut table = change(ChangeAction::Modify, "FacesTable", "AWS::DynamoDB::Table");
        table.details.push(ChangeDetail {
            property: "Properties.BillingMode".to_owned(),
            before: Some("PROVISIONED".to_owned()),
            after: Some("PAY_PER_REQUEST".to_owned()),
        });
        let additions =
            (0..10).map(|number| change(ChangeAction::Add, &format!("Alarm{number}"), "AWS::CloudWatch::Alarm"));
        let stack =
            |kind: StackKind, action, changes| StackPlan { kind, name: format!("idv-test-{kind}"), action, changes };
        vec![
            stack(StackKind::Data, StackAction::Update, vec![collection, unknown, table]),
            stack(StackKind::Service, StackAction::None, Vec::new()),
            stack(StackKind::Monitoring, StackAction::Create, additions.collect()),
        ]
    }

    #[test]
    fn the_review_names_what_is_at_risk_first() {
        insta::assert_snapshot!(plan_text(&stacks(), Palette::PLAIN));
    }

    #[test]
    fn nothing_to_change_is_said_in_so_many_words() {
        let mut stacks = stacks();
        stacks.retain(|stack| stack.action == StackAction::None);
        assert_eq!(plan_text(&stacks, Palette::PLAIN), "Nothing to change.\n");
    }

    #[test]
    fn the_contract_with_scripts_holds() {
        let plan = plan_json(&stacks());
        let changes = &plan["stacks"][0]["changes"];
        assert_eq!(plan["stacks"][0]["name"], "idv-test-data");
        assert_eq!(plan["stacks"][1]["action"], "none");
        assert_eq!((&changes[0]["action"], &changes[0]["faces_at_risk"]), (&json!("remove"), &json!(4_812)));
        assert_eq!(changes[1]["faces_at_risk"], Value::Null);
        assert!(changes[1]["faces_at_risk_why"].as_str().unwrap().contains("AccessDenied"));
        assert_eq!(changes[2]["details"][0]["after"], "PAY_PER_REQUEST");
    }
}
