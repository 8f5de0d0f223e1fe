//! `idvctl token`: a bearer token of the local cloud's own issuer.

use std::time::Duration;

use clap::Args;

use super::{CliError, Context, Exit};
use crate::local;
use crate::local::issuer::TokenRequest;
use crate::model::{Environment, TenantId};

/// Seconds in each unit of a duration.
const UNITS: [(char, u64); 4] = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400)];

/// The longest time that anything here may last: a year, in seconds.
const LONGEST: u64 = 366 * 86_400;

/// Print a bearer token for the API of the local cloud, and nothing else.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  idvctl token --tenant demo --scope \"kyc:read kyc:create\"
  curl -H \"Authorization: Bearer $(idvctl token --tenant demo --scope kyc:read)\" …
  idvctl token --tenant demo --scope kyc:read --ttl 5m")]
pub struct TokenArgs {
    /// Customer of the Face Matching API that the token speaks for.
    #[arg(long, value_name = "TENANT", value_parser = |text: &str| TenantId::new(text))]
    tenant: TenantId,
    /// What the token allows, separated by spaces.
    #[arg(long, value_name = "SCOPES", default_value = "kyc:read kyc:create")]
    scope: String,
    /// How long the token is valid: a number with s, m, h or d.
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = duration)]
    ttl: Duration,
}

/// Runs the subcommand.
pub fn run(context: &Context, args: &TokenArgs) -> Result<Exit, CliError> {
    let environment = context.environment()?;
    if !environment.is_simulated() {
        return Err(CliError::new(
            Exit::Usage,
            format!("environment {} runs on AWS; only the local cloud issues tokens here", environment.name),
            "ask the issuer that idv.yaml names under auth for a token",
        ));
    }
    if let Some(issuer) = &environment.auth.issuer {
        return Err(CliError::new(
            Exit::Usage,
            format!("environment {} trusts the issuer {issuer}, not the local cloud's own", environment.name),
            "ask that issuer for a token, or remove auth.issuer of this environment from idv.yaml",
        ));
    }
    let token = issue(context, &environment, &args.tenant, &args.scope, args.ttl)?;
    context.print(&format!("{token}\n"))?;
    Ok(Exit::Done)
}

/// A token of the running local cloud's issuer.
pub(super) fn issue(
    context: &Context,
    environment: &Environment,
    tenant: &TenantId,
    scope: &str,
    ttl: Duration,
) -> Result<String, CliError> {
    let folder = context.local_folder();
    let request = TokenRequest {
        tenant: tenant.clone(),
        tenant_claim: environment.auth.tenant_claim.clone(),
        audience: environment.auth.audience.clone(),
        scope: scope.to_owned(),
        ttl,
    };
    Ok(local::issuer::token(&folder, &local::running(&folder)?, &request)?)
}

/// A time span such as `90s`, `5m` or `1h`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no time: write a number with s, m, h or d, for example 90s or 1h");
    let unit = text.chars().last().and_then(|last| UNITS.iter().find(|(unit, _)| *unit == last)).ok_or_else(wrong)?;
    let number: u64 = text[..text.len() - unit.0.len_utf8()].parse().map_err(|_| wrong())?;
    number
        .checked_mul(unit.1)
        .filter(|seconds| (1..=LONGEST).contains(seconds))
        .map(Duration::from_secs)
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_number_and_a_unit() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("5m"), Ok(Duration::from_mins(5)));
        assert_eq!(duration("1h"), Ok(Duration::from_hours(1)));
        for wrong in ["", "h", "1", "-1h", "1.5h", "0s", "1 h", "367d", "99999999999999999999d", "1ħ"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
