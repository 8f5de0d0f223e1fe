//! Users of a collection: who there is, and whose each face is.

use std::borrow::Borrow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Shelf, Store, StoredFace};
use crate::local::simulator::{ApiError, ErrorKind};
use crate::model::{CollectionId, FaceId};

/// The id of a Rekognition user (1–128 of `[a-zA-Z0-9_.:-]`; AWS API model `UserId`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(String);

/// A face and the user that it shall belong to from now on; `None` for nobody.
pub type Binding = (FaceId, Option<UserId>);

impl UserId {
    /// Longest id.
    const LONGEST: usize = 128;

    /// A user id, unless the text breaks its rule.
    #[must_use]
    pub fn new(text: String) -> Option<Self> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_.-:".contains(c);
        ((1..=Self::LONGEST).contains(&text.len()) && text.chars().all(allowed)).then_some(Self(text))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for UserId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Shelf {
    /// Refuses a user that the collection does not have.
    pub fn expect_user(&self, user: &UserId) -> Result<(), ApiError> {
        if self.users.contains(user) {
            return Ok(());
        }
        Err(ApiError::new(ErrorKind::ResourceNotFound, "The user id was not found in the collection"))
    }

    /// The faces of a user.
    pub fn faces_of(&self, user: &UserId) -> impl Iterator<Item = &StoredFace> {
        self.faces.values().filter(move |face| face.user.as_ref() == Some(user))
    }
}

impl Store {
    /// Creates a user without faces.
    pub fn create_user(&self, id: &CollectionId, user: UserId) -> Result<(), ApiError> {
        let mut memory = self.write();
        if memory.shelf(id)?.users.contains(&user) {
            let message = "A user with the same id already exists within the collection";
            return Err(ApiError::new(ErrorKind::Conflict, message));
        }
        self.disk.put_user(id.as_str(), &user)?;
        if let Some(collection) = memory.collections.get_mut(id.as_str()) {
            collection.users.insert(user);
        }
        Ok(())
    }

    /// Deletes a user. Its faces stay, and belong to nobody.
    pub fn delete_user(&self, id: &CollectionId, user: &UserId) -> Result<(), ApiError> {
        let mut memory = self.write();
        let collection = memory.shelf(id)?;
        collection.expect_user(user)?;
        let freed: Vec<_> = collection.faces_of(user).map(|face| StoredFace { user: None, ..face.clone() }).collect();
        self.disk.delete_user(id.as_str(), user, &freed)?;
        if let Some(collection) = memory.collections.get_mut(id.as_str()) {
            collection.users.remove(user);
            collection.faces.extend(freed.into_iter().map(|face| (face.id.to_string(), face)));
        }
        Ok(())
    }

    /// Gives faces to users as `choose` says of the collection as it is now, so that nothing can come between looking
    /// and binding. All or nothing.
    pub fn bind<T>(
        &self,
        id: &CollectionId,
        choose: impl FnOnce(&Shelf) -> Result<(Vec<Binding>, T), ApiError>,
    ) -> Result<T, ApiError> {
        let mut memory = self.write();
        let collection = memory.shelf(id)?;
        let (bindings, answer) = choose(collection)?;
        let bound = |(face, user): Binding| {
            collection.faces.get(face.as_str()).map(|known| StoredFace { user, ..known.clone() })
        };
        let changed: Vec<_> = bindings.into_iter().filter_map(bound).collect();
        if !changed.is_empty() {
            self.disk.put_faces(id.as_str(), &changed)?;
        }
        if let Some(collection) = memory.collections.get_mut(id.as_str()) {
            collection.faces.extend(changed.into_iter().map(|face| (face.id.to_string(), face)));
        }
        Ok(answer)
    }
}
