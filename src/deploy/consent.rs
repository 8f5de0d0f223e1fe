//! When a person must agree, and what counts as agreeing.

use crate::model::{Environment, Target};

/// What would happen, as far as agreeing to it is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stakes {
    /// Nothing that deploying again would not bring back.
    Harmless,
    /// The environment asks to be protected from any change.
    Protected,
    /// Something that holds data would be lost.
    Loss,
}

/// How the user agreed beforehand, and whether one can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consent<'a> {
    /// `--yes`.
    pub yes: bool,
    /// `--confirm NAME`.
    pub confirm: Option<&'a str>,
    /// Whether a person sits at the terminal.
    pub interactive: bool,
}

/// Whether to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Go on.
    Agreed,
    /// Ask for the environment's name, typed.
    Ask,
    /// Nobody agreed and nobody can be asked.
    Refused,
}

/// The stakes of a deployment.
#[must_use]
pub fn stakes(environment: &Environment, loses_data: bool) -> Stakes {
    match &environment.target {
        _ if loses_data => Stakes::Loss,
        Target::Aws(target) if target.protect => Stakes::Protected,
        _ => Stakes::Harmless,
    }
}

/// Whether to go on. `--yes` is no answer to the question whether data may be lost, except on this machine, where the
/// faces are drawn. A wrong name is a refusal even where a person could be asked: it was meant for somewhere else.
#[must_use]
pub fn judge(stakes: Stakes, consent: Consent<'_>, environment: &Environment) -> Verdict {
    let named = consent.confirm.map(|name| name == environment.name.as_str());
    match (stakes, named) {
        (_, Some(false)) => Verdict::Refused,
        (Stakes::Harmless, _) | (_, Some(true)) => Verdict::Agreed,
        (Stakes::Protected, None) if consent.yes => Verdict::Agreed,
        (Stakes::Loss, None) if consent.yes && environment.is_simulated() => Verdict::Agreed,
        (Stakes::Protected | Stakes::Loss, None) if consent.interactive => Verdict::Ask,
        (Stakes::Protected | Stakes::Loss, None) => Verdict::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AccountId, AwsTarget, Region};

    fn on_aws(protect: bool) -> Environment {
        let mut environment = Environment::fixture();
        environment.target = Target::Aws(AwsTarget {
            account: AccountId::new("111111111111").unwrap(),
            region: Region::new("eu-west-1").unwrap(),
            profile: None,
            fips: false,
            protect,
        });
        environment
    }

    #[test]
    fn losing_data_needs_the_name_and_yes_is_not_enough() {
        let aws = on_aws(false);
        let script = Consent { yes: true, confirm: None, interactive: false };
        assert_eq!(judge(Stakes::Loss, script, &aws), Verdict::Refused);
        assert_eq!(judge(Stakes::Loss, Consent { confirm: Some("local"), ..script }, &aws), Verdict::Agreed);
        assert_eq!(judge(Stakes::Loss, Consent { interactive: true, ..script }, &aws), Verdict::Ask);
        assert_eq!(judge(Stakes::Loss, script, &Environment::fixture()), Verdict::Agreed, "faces there are drawn");
    }

    #[test]
    fn another_environments_name_is_refused_whatever_else_was_said() {
        let consent = Consent { yes: true, confirm: Some("prod"), interactive: true };
        for stakes in [Stakes::Harmless, Stakes::Protected, Stakes::Loss] {
            assert_eq!(judge(stakes, consent, &on_aws(true)), Verdict::Refused);
        }
    }

    #[test]
    fn a_protected_environment_always_asks() {
        let nobody = Consent { yes: false, confirm: None, interactive: false };
        assert_eq!(stakes(&on_aws(true), false), Stakes::Protected);
        assert_eq!(judge(Stakes::Protected, nobody, &on_aws(true)), Verdict::Refused);
        assert_eq!(judge(Stakes::Protected, Consent { yes: true, ..nobody }, &on_aws(true)), Verdict::Agreed);
        assert_eq!(judge(stakes(&on_aws(false), false), nobody, &on_aws(false)), Verdict::Agreed);
        assert_eq!(stakes(&on_aws(true), true), Stakes::Loss);
    }
}
