//! What a crash can leave half done, and the sweep finishes.

use std::fmt;

/// A kind of things that the sweep settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnsettledKind {
    /// Registrations that are not concluded.
    Registration,
    /// Photo updates between two faces.
    PhotoUpdate,
    /// Faces of tenants that are neither registered nor gone.
    TenantFace,
    /// Liveness sessions that nobody came back with.
    LivenessSession,
}

impl UnsettledKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Registration, Self::PhotoUpdate, Self::TenantFace, Self::LivenessSession];

    /// The kind as a label.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::PhotoUpdate => "photo_update",
            Self::TenantFace => "tenant_face",
            Self::LivenessSession => "liveness_session",
        }
    }

    /// So many of them, in words: `1 photo update`, `3 registrations`.
    #[must_use]
    pub fn counted(self, number: u64) -> String {
        let ending = if number == 1 { "" } else { "s" };
        format!("{number} {}{ending}", self.name().replace('_', " "))
    }
}

impl fmt::Display for UnsettledKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
