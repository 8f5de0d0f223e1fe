//! The collections, their users and their faces: on disk so that they outlast the process, and in memory so that a search is a
//! quick walk over vectors. Disk is written first; memory follows only when that went well.

mod disk;
mod record;
mod users;

pub use record::{CollectionRecord, StoredFace};
pub use users::{Binding, UserId};

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use self::disk::Disk;
use super::{ApiError, ErrorKind, SimulatorError};
use crate::model::{CollectionId, FaceId, ModelVersion};

/// Every collection, durable.
#[derive(Debug)]
pub struct Store {
    disk: Disk,
    memory: RwLock<Memory>,
}

/// What the disk holds, ready for use.
#[derive(Debug)]
pub struct Memory {
    /// The face model version of collections that are created from now on.
    pub version: ModelVersion,
    /// Collections by id.
    pub collections: BTreeMap<String, Shelf>,
}

/// One collection with its faces and users.
#[derive(Debug)]
pub struct Shelf {
    /// The collection itself.
    pub record: CollectionRecord,
    /// Its faces by id.
    pub faces: BTreeMap<String, StoredFace>,
    /// Its users. Which faces they have is said by the faces.
    pub users: BTreeSet<UserId>,
}

/// What became of faces that were to be deleted, in the order of their ids.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Deletion {
    /// Deleted.
    pub deleted: Vec<FaceId>,
    /// Still there, because they belong to users.
    pub bound: Vec<(FaceId, UserId)>,
    /// Never there.
    pub missing: Vec<FaceId>,
}

impl Store {
    /// Opens the store, or makes an empty one.
    pub fn open(path: &Path) -> Result<Self, SimulatorError> {
        let disk = Disk::open(path)?;
        let memory = RwLock::new(disk.load()?);
        Ok(Self { disk, memory })
    }

    /// Reads whatever is needed while nobody writes.
    pub fn read(&self) -> RwLockReadGuard<'_, Memory> {
        // Memory changes only in single steps after the disk did, so a panic elsewhere leaves it whole.
        self.memory.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Memory> {
        self.memory.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the face model version of collections that are created from now on.
    pub fn set_version(&self, version: ModelVersion) -> Result<(), ApiError> {
        let mut memory = self.write();
        self.disk.put_version(&version)?;
        memory.version = version;
        Ok(())
    }

    /// Creates an empty collection of the version in force.
    pub fn create(&self, id: &CollectionId, tags: BTreeMap<String, String>) -> Result<ModelVersion, ApiError> {
        let mut memory = self.write();
        if memory.collections.contains_key(id.as_str()) {
            let message = format!("The collection id: {id} already exists.");
            return Err(ApiError::new(ErrorKind::ResourceAlreadyExists, message));
        }
        let record = CollectionRecord::new(memory.version.clone(), tags);
        self.disk.put_collection(id.as_str(), &record)?;
        let version = record.model_version.clone();
        memory.collections.insert(id.to_string(), Shelf { record, faces: BTreeMap::new(), users: BTreeSet::new() });
        Ok(version)
    }

    /// Deletes a collection with all its users and faces.
    pub fn delete(&self, id: &CollectionId) -> Result<(), ApiError> {
        let mut memory = self.write();
        let collection = memory.shelf(id)?;
        self.disk.delete_collection(id.as_str(), collection)?;
        memory.collections.remove(id.as_str());
        Ok(())
    }

    /// Changes a collection's tags.
    pub fn retag(
        &self,
        id: &CollectionId,
        change: impl FnOnce(&mut BTreeMap<String, String>) -> Result<(), ApiError>,
    ) -> Result<(), ApiError> {
        let mut memory = self.write();
        let mut record = memory.shelf(id)?.record.clone();
        change(&mut record.tags)?;
        self.disk.put_collection(id.as_str(), &record)?;
        if let Some(collection) = memory.collections.get_mut(id.as_str()) {
            collection.record = record;
        }
        Ok(())
    }

    /// Adds faces that `choose` makes of the collection as it is now, so that nothing can come between looking and
    /// adding. Faces whose id is there already are left as they are.
    pub fn add<T>(
        &self,
        id: &CollectionId,
        choose: impl FnOnce(&Shelf) -> (Vec<StoredFace>, T),
    ) -> Result<T, ApiError> {
        let mut memory = self.write();
        let collection = memory.shelf(id)?;
        let (mut faces, answer) = choose(collection);
        faces.retain(|face| !collection.faces.contains_key(face.id.as_str()));
        if !faces.is_empty() {
            self.disk.put_faces(id.as_str(), &faces)?;
        }
        if let Some(collection) = memory.collections.get_mut(id.as_str()) {
            collection.faces.extend(faces.into_iter().map(|face| (face.id.to_string(), face)));
        }
        Ok(answer)
    }

    /// Deletes faces that belong to no user.
    pub fn delete_faces(&self, id: &CollectionId, faces: &[FaceId]) -> Result<Deletion, ApiError> {
        let mut memory = self.write();
        let collection = memory.shelf(id)?;
        let mut deletion = Deletion::default();
        for face in faces.iter().collect::<BTreeSet<_>>() {
            match collection.faces.get(face.as_str()).map(|known| &known.user) {
                Some(None) => deletion.deleted.push(face.clone()),
                Some(Some(user)) => deletion.bound.push((face.clone(), user.clone())),
                None => deletion.missing.push(face.clone()),
            }
        }
        if !deletion.deleted.is_empty() {
            self.disk.delete_faces(id.as_str(), &deletion.deleted)?;
        }
        if let Some(collection) = memory.collections.get_mut(id.as_str()) {
            for face in &deletion.deleted {
                collection.faces.remove(face.as_str());
            }
        }
        Ok(deletion)
    }
}

impl Memory {
    /// A collection.
    pub fn shelf(&self, id: &CollectionId) -> Result<&Shelf, ApiError> {
        self.collections.get(id.as_str()).ok_or_else(|| {
            ApiError::new(ErrorKind::ResourceNotFound, format!("The collection id: {id} does not exist"))
        })
    }
}

#[cfg(test)]
mod tests;
