use super::*;
use crate::local::portrait::Bounds;
use crate::local::simulator::analysis::Signature;

fn id(name: &str) -> CollectionId {
    CollectionId::new(name).unwrap()
}

fn face(number: u8) -> StoredFace {
    StoredFace {
        id: FaceId::new(format!("00000000-0000-4000-8000-0000000000{number:02x}")).unwrap(),
        image_id: "image".to_owned(),
        external_image_id: None,
        user: None,
        bounds: Bounds { left: 0.1, top: 0.2, width: 0.3, height: 0.4 },
        confidence: 99.9,
        signature: Signature { pixels: vec![0.6, 0.8], identity: Some(vec![1.0]) },
    }
}

#[test]
fn everything_outlasts_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let tags = BTreeMap::from([("k".to_owned(), "v".to_owned())]);
    {
        let store = Store::open(&path).unwrap();
        store.create(&id("old"), tags.clone()).unwrap();
        store.set_version(ModelVersion::new("8.0").unwrap()).unwrap();
        store.create(&id("new"), BTreeMap::new()).unwrap();
        store.create(&id("gone"), BTreeMap::new()).unwrap();
        store.add(&id("old"), |_| (vec![face(1), face(2)], ())).unwrap();
        store.add(&id("gone"), |_| (vec![face(3)], ())).unwrap();
        store.delete_faces(&id("old"), &[face(2).id]).unwrap();
        store.delete(&id("gone")).unwrap();
    }
    let store = Store::open(&path).unwrap();
    let memory = store.read();
    assert_eq!(memory.collections.keys().collect::<Vec<_>>(), ["new", "old"]);
    let old = memory.shelf(&id("old")).unwrap();
    assert_eq!((old.record.model_version.as_str(), &old.record.tags), ("7.0", &tags));
    assert_eq!(old.faces.values().collect::<Vec<_>>(), [&face(1)]);
    assert_eq!(memory.shelf(&id("new")).unwrap().record.model_version.as_str(), "8.0");
}

#[test]
fn a_collection_made_again_has_none_of_its_old_faces() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let store = Store::open(&path).unwrap();
    store.create(&id("a"), BTreeMap::new()).unwrap();
    store.add(&id("a"), |_| (vec![face(1)], ())).unwrap();
    store.delete(&id("a")).unwrap();
    store.create(&id("a"), BTreeMap::new()).unwrap();
    drop(store);
    assert!(Store::open(&path).unwrap().read().shelf(&id("a")).unwrap().faces.is_empty());
}

#[test]
fn a_store_that_is_open_elsewhere_is_refused_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let _open = Store::open(&path).unwrap();
    let error = Store::open(&path).unwrap_err().to_string();
    assert!(error.contains(path.to_str().unwrap()), "{error}");
}
