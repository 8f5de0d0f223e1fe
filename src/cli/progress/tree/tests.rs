use super::*;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_000_000 + millis)
}

fn resource(stack: StackKind, name: &str, resource_type: &str, status: &str, reason: &str, when: i64) -> DeployEvent {
    DeployEvent::Resource {
        stack,
        resource: name.to_owned(),
        resource_type: resource_type.to_owned(),
        status: status.to_owned(),
        phase: Phase::of(status),
        reason: (!reason.is_empty()).then(|| reason.to_owned()),
        at: at(when),
    }
}

fn recording() -> Tree {
    let (data, service) = (StackKind::Data, StackKind::Service);
    let mut tree = Tree::default();
    let mut take = |event: DeployEvent, when| tree.take(&event, at(when));
    take(DeployEvent::Started { stack: data, operation: Operation::Create }, 0);
    take(resource(data, "FacesTable", "AWS::DynamoDB::Table", "CREATE_COMPLETE", "", 900), 900);
    take(DeployEvent::Finished { stack: data, result: StackResult::Created, millis: 1_200 }, 1_200);
    take(DeployEvent::Started { stack: service, operation: Operation::Create }, 1_300);
    take(resource(service, "ApiRole", "AWS::IAM::Role", "CREATE_IN_PROGRESS", "", 1_400), 1_400);
    take(resource(service, "ApiRole", "AWS::IAM::Role", "CREATE_COMPLETE", "", 1_500), 1_500);
    take(resource(service, "ApiFunction", "AWS::Lambda::Function", "CREATE_IN_PROGRESS", "", 2_000), 2_000);
    take(resource(service, "IndexQueue", "AWS::SQS::Queue", "CREATE_IN_PROGRESS", "", 2_100), 2_100);
    let reason = "Queue already exists: idv-local-index, and this explanation is longer than any terminal is wide";
    take(resource(service, "IndexQueue", "AWS::SQS::Queue", "CREATE_FAILED", reason, 2_300), 2_300);
    tree
}

#[test]
fn a_running_deployment_at_80_columns() {
    let lines = recording().lines(at(4_700), 80, 24, Palette::PLAIN);
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_small_terminal_shows_failures_first_and_counts_the_rest() {
    let mut tree = recording();
    for number in 0..40 {
        let event = resource(
            StackKind::Service,
            &format!("Alarm{number}"),
            "AWS::CloudWatch::Alarm",
            "CREATE_IN_PROGRESS",
            "",
            2_500,
        );
        tree.take(&event, at(2_500));
    }
    let lines = tree.lines(at(4_700), 60, 10, Palette::PLAIN);
    assert!(lines.len() <= 10, "{lines:#?}");
    assert!(lines.iter().all(|line| line.chars().count() <= 60), "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains("✗ IndexQueue")), "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains("more")), "{lines:#?}");
}

#[test]
fn text_from_the_cloud_cannot_move_the_cursor() {
    let mut tree = Tree::default();
    let reason = "\u{1b}[2Jgone\nnext line";
    tree.take(&resource(StackKind::Data, "Key", "AWS::KMS::Key", "CREATE_FAILED", reason, 0), at(0));
    let lines = tree.lines(at(0), 80, 24, Palette::PLAIN);
    assert!(lines.iter().all(|line| !line.contains('\u{1b}') && !line.contains('\n')), "{lines:?}");
}

#[test]
fn spans_have_units() {
    let spans = [40, 1_250, 59_900, 185_000].map(span);
    assert_eq!(spans, ["40 ms", "1.2 s", "59.9 s", "3 min 5 s"]);
}
