//! Who calls, as the authorizer found out, and what they may do.

use super::RequestEvent;
use crate::handler::problem::{Code, Problem};
use crate::model::{HandlerSettings, TenantId, TenantSettings};

/// What a token must allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Compare and search.
    Read,
    /// Add and remove faces.
    Create,
}

/// The caller of a request.
#[derive(Debug)]
pub(super) struct Caller<'a> {
    tenant: Option<&'a str>,
    scopes: &'a str,
}

impl<'a> Caller<'a> {
    /// Reads what the authorizer said; nothing said is nothing allowed.
    pub(super) fn of(event: &'a RequestEvent) -> Self {
        let said = |name: &str| event.request_context.authorizer.as_ref()?.get(name)?.as_str();
        Self { tenant: said("tenant").filter(|tenant| !tenant.is_empty()), scopes: said("scope").unwrap_or_default() }
    }

    /// The tenant that the token names.
    pub(super) const fn tenant(&self) -> Option<&'a str> {
        self.tenant
    }

    /// Refuses a token without the scope.
    pub(super) fn check_scope(&self, scope: Scope) -> Result<(), Problem> {
        if self.scopes.split_ascii_whitespace().any(|own| own == scope.name()) {
            return Ok(());
        }
        let detail = format!("Insufficient permissions: the token lacks the scope {}.", scope.name());
        Err(Problem::new(Code::PermissionDenied, detail))
    }

    /// The tenant with its settings; refuses one that is not configured or not enabled.
    pub(super) fn enabled_tenant<'s>(
        &self,
        settings: &'s HandlerSettings,
    ) -> Result<(&'s TenantId, &'s TenantSettings), Problem> {
        let Some(name) = self.tenant else {
            return Err(Problem::new(Code::PermissionDenied, "The token names no tenant."));
        };
        let Some((tenant, own)) = settings.tenants.iter().find(|(tenant, _)| tenant.as_str() == name) else {
            return Err(Problem::new(Code::PermissionDenied, "The token's tenant is not known in this environment."));
        };
        if own.enabled {
            return Ok((tenant, own));
        }
        Err(Problem::new(Code::FeatureNotEnabled, "Face matching is not enabled for this tenant."))
    }
}

impl Scope {
    const fn name(self) -> &'static str {
        match self {
            Self::Read => "kyc:read",
            Self::Create => "kyc:create",
        }
    }
}
