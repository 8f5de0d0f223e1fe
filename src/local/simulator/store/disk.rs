//! The store on disk: one redb file, four tables, every change durable before it is answered.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};

use super::{CollectionRecord, Memory, Shelf, StoredFace};
use crate::local::simulator::analysis::Signature;
use crate::local::simulator::{ApiError, ErrorKind, SimulatorError};
use crate::model::{FaceId, ModelVersion};

/// Collection id to record, JSON.
const COLLECTIONS: TableDefinition<&str, &[u8]> = TableDefinition::new("collections");
/// Collection id and face id to face, JSON.
const FACES: TableDefinition<(&str, &str), &[u8]> = TableDefinition::new("faces");
/// Collection id and face id to signature.
const SIGNATURES: TableDefinition<(&str, &str), &[u8]> = TableDefinition::new("signatures");
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
        let (version, collections, faces) = self.rows().map_err(|error| SimulatorError::store(&self.path, &error))?;
        let version = version.as_deref().unwrap_or(NEWEST_VERSION);
        let version = ModelVersion::new(version).map_err(|error| damaged(error.to_string()))?;
        let mut shelves = BTreeMap::new();
        for (id, json) in collections {
            let record: CollectionRecord =
                serde_json::from_slice(&json).map_err(|error| damaged(format!("collection {id}: {error}")))?;
            shelves.insert(id, Shelf { record, faces: BTreeMap::new() });
        }
        for row in faces {
            let mut face: StoredFace = serde_json::from_slice(&row.json)
                .map_err(|error| damaged(format!("a face of collection {}: {error}", row.collection)))?;
            face.signature = Signature::from_bytes(&row.signature)
                .ok_or_else(|| damaged(format!("a face of collection {} has no signature", row.collection)))?;
            if let Some(shelf) = shelves.get_mut(&row.collection) {
                shelf.faces.insert(face.id.to_string(), face);
            }
        }
        Ok(Memory { version, collections: shelves })
    }

    #[allow(clippy::type_complexity)] // The raw rows of three tables, named one line below their only use.
    fn rows(&self) -> Result<(Option<String>, Vec<(String, Vec<u8>)>, Vec<FaceRow>), redb::Error> {
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
        Ok((version, collections, faces))
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

    /// Deletes a collection and its faces.
    pub fn delete_collection<'a>(&self, id: &str, faces: impl Iterator<Item = &'a String>) -> Result<(), ApiError> {
        self.change(|change| {
            change.open_table(COLLECTIONS)?.remove(id)?;
            remove_faces(change, id, faces.map(String::as_str))
        })
    }

    /// Writes faces, all or none.
    pub fn put_faces(&self, collection: &str, faces: &[StoredFace]) -> Result<(), ApiError> {
        let rows = faces.iter().map(|face| Ok((face, json(face)?))).collect::<Result<Vec<_>, ApiError>>()?;
        self.change(|change| {
            let (mut table, mut signatures) = (change.open_table(FACES)?, change.open_table(SIGNATURES)?);
            for (face, json) in &rows {
                let key = (collection, face.id.as_str());
                table.insert(key, json.as_slice())?;
                signatures.insert(key, face.signature.to_bytes().as_slice())?;
            }
            Ok(())
        })
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

/// A face as the tables hold it.
struct FaceRow {
    collection: String,
    json: Vec<u8>,
    signature: Vec<u8>,
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
