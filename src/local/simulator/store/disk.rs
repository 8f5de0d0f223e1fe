//! The store on disk: one redb file, five tables, every change durable before it is answered.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};

use super::{CollectionRecord, Memory, Shelf, StoredFace, UserId};
use crate::local::simulator::analysis::Signature;
use crate::local::simulator::{ApiError, ErrorKind, SimulatorError};
use crate::model::{FaceId, ModelVersion};

/// Collection id to record, JSON.
const COLLECTIONS: TableDefinition<&str, &[u8]> = TableDefinition::new("collections");
/// Collection id and face id to face, JSON.
const FACES: TableDefinition<(&str, &str), &[u8]> = TableDefinition::new("faces");
/// Collection id and face id to signature.
const SIGNATURES: TableDefinition<(&str, &str), &[u8]> = TableDefinition::new("signatures");
/// Collection id and user id. Which faces a user has is said by its faces.
const USERS: TableDefinition<(&str, &str), ()> = TableDefinition::new("users");
/// Name of a setting to its value.
const SETTINGS: TableDefinition<&str, &str> = TableDefinition::new("settings");
/// The setting that holds the version of new collections.
const VERSION: &str = "model_version";
/// Its value in a new store.
const NEWEST_VERSION: &str = "7.0";

/// The file.
#[derive(Debug)]
pub struct Disk {
    database: Database,
    path: PathBuf,
}

impl Disk {
    /// Opens the file, or makes it with its tables.
    pub fn open(path: &Path) -> Result<Self, SimulatorError> {
        let open = || -> Result<Database, redb::Error> {
            let database = Database::create(path)?;
            let change = database.begin_write()?;
            change.open_table(COLLECTIONS)?;
            change.open_table(FACES)?;
            change.open_table(SIGNATURES)?;
            change.open_table(USERS)?;
            change.open_table(SETTINGS)?;
            change.commit()?;
            Ok(database)
        };
        let database = open().map_err(|error| SimulatorError::store(path, &error))?;
        Ok(Self { database, path: path.to_owned() })
    }

    /// Reads everything.
    pub fn load(&self) -> Result<Memory, SimulatorError> {
        let damaged = |what: String| SimulatorError::store(&self.path, &what);
        let rows = self.rows().map_err(|error| SimulatorError::store(&self.path, &error))?;
        let version = rows.version.as_deref().unwrap_or(NEWEST_VERSION);
        let version = ModelVersion::new(version).map_err(|error| damaged(error.to_string()))?;
        let mut shelves = BTreeMap::new();
        for (id, json) in rows.collections {
            let record: CollectionRecord =
                serde_json::from_slice(&json).map_err(|error| damaged(format!("collection {id}: {error}")))?;
            shelves.insert(id, Shelf { record, faces: BTreeMap::new(), users: BTreeSet::new() });
        }
        for row in rows.faces {
            let mut face: StoredFace = serde_json::from_slice(&row.json)
                .map_err(|error| damaged(format!("a face of collection {}: {error}", row.collection)))?;
            face.signature = Signature::from_bytes(&row.signature)
                .ok_or_else(|| damaged(format!("a face of collection {} has no signature", row.collection)))?;
            if let Some(shelf) = shelves.get_mut(&row.collection) {
                shelf.faces.insert(face.id.to_string(), face);
            }
        }
        for (collection, user) in rows.users {
            let user = UserId::new(user).ok_or_else(|| damaged(format!("a user of collection {collection}")))?;
            if let Some(shelf) = shelves.get_mut(&collection) {
                shelf.users.insert(user);
            }
        }
        Ok(Memory { version, collections: shelves })
    }

    fn rows(&self) -> Result<Rows, redb::Error> {
        let view = self.database.begin_read()?;
        let version = view.open_table(SETTINGS)?.get(VERSION)?.map(|value| value.value().to_owned());
        let mut collections = Vec::new();
        for row in view.open_table(COLLECTIONS)?.iter()? {
            let (id, json) = row?;
            collections.push((id.value().to_owned(), json.value().to_vec()));
        }
        let signatures = view.open_table(SIGNATURES)?;
        let mut faces = Vec::new();
        for row in view.open_table(FACES)?.iter()? {
            let (key, json) = row?;
            let signature = signatures.get(key.value())?.map(|bytes| bytes.value().to_vec()).unwrap_or_default();
            faces.push(FaceRow { collection: key.value().0.to_owned(), json: json.value().to_vec(), signature });
        }
        let mut users = Vec::new();
        for row in view.open_table(USERS)?.iter()? {
            let key = row?.0;
            users.push((key.value().0.to_owned(), key.value().1.to_owned()));
        }
        Ok(Rows { version, collections, faces, users })
    }

    /// Remembers the version of new collections.
    pub fn put_version(&self, version: &ModelVersion) -> Result<(), ApiError> {
        self.change(|change| {
            change.open_table(SETTINGS)?.insert(VERSION, version.as_str())?;
            Ok(())
        })
    }

    /// Writes a collection's record.
    pub fn put_collection(&self, id: &str, record: &CollectionRecord) -> Result<(), ApiError> {
        let json = json(record)?;
        self.change(|change| {
            change.open_table(COLLECTIONS)?.insert(id, json.as_slice())?;
            Ok(())
        })
    }

    /// Deletes a collection, its users and its faces.
    pub fn delete_collection(&self, id: &str, content: &Shelf) -> Result<(), ApiError> {
        self.change(|change| {
            change.open_table(COLLECTIONS)?.remove(id)?;
            let mut users = change.open_table(USERS)?;
            for user in &content.users {
                users.remove((id, user.as_str()))?;
            }
            remove_faces(change, id, content.faces.keys().map(String::as_str))
        })
    }

    /// Writes a user.
    pub fn put_user(&self, collection: &str, user: &UserId) -> Result<(), ApiError> {
        self.change(|change| {
            change.open_table(USERS)?.insert((collection, user.as_str()), ())?;
            Ok(())
        })
    }

    /// Deletes a user and writes the faces that it had, all or none.
    pub fn delete_user(&self, collection: &str, user: &UserId, freed: &[StoredFace]) -> Result<(), ApiError> {
        let rows = rows_of(freed)?;
        self.change(|change| {
            change.open_table(USERS)?.remove((collection, user.as_str()))?;
            insert_faces(change, collection, &rows)
        })
    }

    /// Writes faces, all or none.
    pub fn put_faces(&self, collection: &str, faces: &[StoredFace]) -> Result<(), ApiError> {
        let rows = rows_of(faces)?;
        self.change(|change| insert_faces(change, collection, &rows))
    }

    /// Deletes faces, all or none.
    pub fn delete_faces(&self, collection: &str, faces: &[FaceId]) -> Result<(), ApiError> {
        self.change(|change| remove_faces(change, collection, faces.iter().map(FaceId::as_str)))
    }

    /// One durable change.
    fn change(&self, work: impl FnOnce(&redb::WriteTransaction) -> Result<(), redb::Error>) -> Result<(), ApiError> {
        let run = || -> Result<(), redb::Error> {
            let change = self.database.begin_write()?;
            work(&change)?;
            change.commit()?;
            Ok(())
        };
        run().map_err(|error| {
            let message = format!("the simulator's store {} cannot be written: {error}", self.path.display());
            ApiError::new(ErrorKind::InternalServer, message)
        })
    }
}

/// Everything, as the tables hold it.
struct Rows {
    version: Option<String>,
    collections: Vec<(String, Vec<u8>)>,
    faces: Vec<FaceRow>,
    users: Vec<(String, String)>,
}

/// A face as the tables hold it.
struct FaceRow {
    collection: String,
    json: Vec<u8>,
    signature: Vec<u8>,
}

fn rows_of(faces: &[StoredFace]) -> Result<Vec<(&StoredFace, Vec<u8>)>, ApiError> {
    faces.iter().map(|face| Ok((face, json(face)?))).collect()
}

fn insert_faces(
    change: &redb::WriteTransaction,
    collection: &str,
    rows: &[(&StoredFace, Vec<u8>)],
) -> Result<(), redb::Error> {
    let (mut table, mut signatures) = (change.open_table(FACES)?, change.open_table(SIGNATURES)?);
    for (face, json) in rows {
        let key = (collection, face.id.as_str());
        table.insert(key, json.as_slice())?;
        signatures.insert(key, face.signature.to_bytes().as_slice())?;
    }
    Ok(())
}

fn remove_faces<'a>(
    change: &redb::WriteTransaction,
    collection: &str,
    faces: impl Iterator<Item = &'a str>,
) -> Result<(), redb::Error> {
    let (mut table, mut signatures) = (change.open_table(FACES)?, change.open_table(SIGNATURES)?);
    for face in faces {
        table.remove((collection, face))?;
        signatures.remove((collection, face))?;
    }
    Ok(())
}

fn json(value: &impl serde::Serialize) -> Result<Vec<u8>, ApiError> {
    serde_json::to_vec(value).map_err(|error| ApiError::new(ErrorKind::InternalServer, error.to_string()))
}
