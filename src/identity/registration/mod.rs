//! Registering a person: are selfie and document good, of one living person, nobody known as a fraudster, nobody
//! registered already? Then the faces are indexed and the person is a user.

mod record;

pub use record::{Conclusion, IndexedFaces, Pictures, Registration, RegistrationState};
