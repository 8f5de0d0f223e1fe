//! The templates that come with the program keep the rules that come with it.

use super::*;
use crate::template::{Sources, render};

#[test]
fn the_built_in_templates_have_no_finding_but_the_documented_tenant_defaults() {
    let environment = Environment::fixture();
    let stacks = render(&environment, &Sources::built_in()).unwrap();
    let findings = check(&environment, &stacks, &Rules::built_in()).unwrap();
    assert_eq!(rules_of(&findings), ["TENANT_THRESHOLD_BELOW_90"], "{findings:#?}");
}
