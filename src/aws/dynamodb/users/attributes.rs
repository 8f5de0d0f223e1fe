//! A user as an item and back.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::aws::dynamodb::item::{Fields, Record, Unreadable};
use crate::identity::Indexed;
use crate::identity::user::{PhotoChange, User, UserFace};
use crate::model::{CollectionId, FaceId, ModelVersion, RegistrationId, TenantId, UserId};

pub(super) const TABLE: &str = "users";
pub(super) const RESERVED: &str = "RESERVED";
pub(super) const ACTIVE: &str = "ACTIVE";
const ADDING: &str = "ADDING";
const RETIRING: &str = "RETIRING";
const ERASING: &str = "ERASING";

/// A user, but for what the index of unsettled changes needs.
pub(super) fn to_item(user: &User) -> Fields {
    let fields = Fields::new()
        .text("user_id", &user.id)
        .text("state", ACTIVE)
        .text("tenant", &user.tenant)
        .text("registration_id", &user.registration)
        .text("collection", &user.collection)
        .with("selfie", user_face(&user.selfie))
        .text("document_key", &user.document_image)
        .text("created_at", user.created_at)
        .text("seen_at", user.seen_at);
    let document = user.document.as_ref().map(|face| ("document", user_face(face)));
    let change = user.change.as_ref().map(|running| ("change", change(running)));
    document.into_iter().chain(change).fold(fields, |fields, (name, value)| fields.with(name, value))
}

/// A face of a user.
pub(super) fn user_face(face: &UserFace) -> AttributeValue {
    indexed_face(&face.indexed).text("image_key", &face.image).map()
}

/// A face in a collection.
pub(in crate::aws::dynamodb) fn indexed_face(face: &Indexed) -> Fields {
    Fields::new().text("face_id", &face.engine_face).text_if("model_version", face.model_version.as_ref())
}

/// A photo update that is going on.
pub(super) fn change(change: &PhotoChange) -> AttributeValue {
    let fields = match change {
        PhotoChange::Adding { image, .. } => Fields::new().text("kind", ADDING).text("image_key", image),
        PhotoChange::Retiring { old, .. } => Fields::new().text("kind", RETIRING).with("old", user_face(old)),
        PhotoChange::Erasing { .. } => Fields::new().text("kind", ERASING),
    };
    fields.text("since", change.since()).map()
}

/// Reads what [`to_item`] and the changes wrote; a reserved id is no user.
pub(super) fn from_item(record: Record<'_>) -> Result<Option<User>, Unreadable> {
    match record.text("state")? {
        RESERVED => return Ok(None),
        ACTIVE => {}
        _ => return Err(record.unreadable("state")),
    }
    Ok(Some(User {
        id: record.checked("user_id", UserId::new)?,
        tenant: record.checked("tenant", TenantId::new)?,
        registration: record.checked("registration_id", RegistrationId::new)?,
        collection: record.checked("collection", CollectionId::new)?,
        selfie: read_user_face(record.part("selfie")?)?,
        document: record.part_if("document")?.map(read_user_face).transpose()?,
        document_image: record.text("document_key")?.to_owned(),
        created_at: record.moment("created_at")?,
        seen_at: record.moment("seen_at")?,
        change: record.part_if("change")?.map(read_change).transpose()?,
    }))
}

fn read_user_face(part: Record<'_>) -> Result<UserFace, Unreadable> {
    Ok(UserFace { indexed: read_indexed_face(part)?, image: part.text("image_key")?.to_owned() })
}

/// Reads what [`indexed_face`] wrote.
pub(in crate::aws::dynamodb) fn read_indexed_face(part: Record<'_>) -> Result<Indexed, Unreadable> {
    Ok(Indexed {
        engine_face: part.checked("face_id", FaceId::new)?,
        model_version: part.checked_if("model_version", ModelVersion::new)?,
    })
}

fn read_change(part: Record<'_>) -> Result<PhotoChange, Unreadable> {
    let since = part.moment("since")?;
    match part.text("kind")? {
        ADDING => Ok(PhotoChange::Adding { image: part.text("image_key")?.to_owned(), since }),
        RETIRING => Ok(PhotoChange::Retiring { old: read_user_face(part.part("old")?)?, since }),
        ERASING => Ok(PhotoChange::Erasing { since }),
        _ => Err(part.unreadable("kind")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fakes::{collection, face_id, registration_id};
    use crate::model::Timestamp;
    use proptest::prelude::*;

    fn faces() -> impl Strategy<Value = UserFace> {
        (0u32..1_000, proptest::option::of("[1-9]{1,2}\\.0"), "[a-z/]{1,20}").prop_map(|(number, version, image)| {
            let model_version = version.map(|version| ModelVersion::new(version).unwrap());
            UserFace { indexed: Indexed { engine_face: face_id(number), model_version }, image }
        })
    }

    fn changes() -> impl Strategy<Value = PhotoChange> {
        let moment = (0i64..4_000_000_000_000).prop_map(Timestamp::from_millis);
        prop_oneof![
            ("[a-z/]{1,20}", moment.clone()).prop_map(|(image, since)| PhotoChange::Adding { image, since }),
            (faces(), moment.clone()).prop_map(|(old, since)| PhotoChange::Retiring { old, since }),
            moment.prop_map(|since| PhotoChange::Erasing { since }),
        ]
    }

    proptest! {
        #[test]
        fn users_survive_the_trip_through_the_table(
            id in "[a-zA-Z0-9_.:-]{1,128}",
            selfie in faces(),
            document in proptest::option::of(faces()),
            change in proptest::option::of(changes()),
            millis in 0i64..4_000_000_000_000,
        ) {
            let user = User {
                id: UserId::new(id).unwrap(),
                tenant: TenantId::new("demo").unwrap(),
                registration: registration_id(7),
                collection: collection(1),
                selfie,
                document,
                document_image: "registrations/7/document".to_owned(),
                created_at: Timestamp::from_millis(millis),
                seen_at: Timestamp::from_millis(millis + 1),
                change,
            };
            let item = to_item(&user).item();
            prop_assert_eq!(from_item(Record::new(TABLE, &item)), Ok(Some(user)));
        }
    }

    #[test]
    fn a_reserved_id_is_no_user_and_an_unknown_state_is_an_error() {
        let item = |state: &str| Fields::new().text("state", state).item();
        assert_eq!(from_item(Record::new(TABLE, &item(RESERVED))), Ok(None));
        let error = from_item(Record::new(TABLE, &item("GONE"))).unwrap_err();
        assert_eq!((error.table, error.attribute), (TABLE, "state"));
    }
}
