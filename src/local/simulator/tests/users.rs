//! Users over HTTP: their life, their faces, searches for them, and tokens.

use super::*;

const USER_A: &str = "user:a";

impl Server {
    fn user(&self, collection: &str, user: &str) {
        assert_eq!(self.ok("CreateUser", &json!({ "CollectionId": collection, "UserId": user })), json!({}));
    }

    fn bind(&self, collection: &str, user: &str, faces: &[&Value]) -> Value {
        self.ok("AssociateFaces", &json!({ "CollectionId": collection, "UserId": user, "FaceIds": faces }))
    }
}

#[test]
fn a_user_lives_from_creation_to_deletion_and_its_faces_stay() {
    let server = Server::start();
    server.create("a");
    server.user("a", USER_A);
    let again = json!({ "CollectionId": "a", "UserId": USER_A });
    assert_eq!(server.error("CreateUser", &again), "ConflictException");
    let listed = |server: &Server| server.ok("ListUsers", &json!({ "CollectionId": "a" }))["Users"].clone();
    assert_eq!(listed(&server), json!([{ "UserId": USER_A, "UserStatus": "CREATED" }]));
    let face = server.index("a", "anna", "s1");
    let bound = server.bind("a", USER_A, &[&face["FaceId"]]);
    assert_eq!(bound["AssociatedFaces"], json!([{ "FaceId": face["FaceId"] }]));
    assert_eq!((&bound["UserStatus"], &bound["UnsuccessfulFaceAssociations"]), (&json!("UPDATING"), &json!([])));

    let server = server.restart();
    assert_eq!(listed(&server), json!([{ "UserId": USER_A, "UserStatus": "ACTIVE" }]));
    assert_eq!(server.ok("DescribeCollection", &json!({ "CollectionId": "a" }))["UserCount"], 1);
    let faces = |user: &str| server.ok("ListFaces", &json!({ "CollectionId": "a", "UserId": user }))["Faces"].clone();
    assert_eq!((&faces(USER_A)[0]["FaceId"], &faces(USER_A)[0]["UserId"]), (&face["FaceId"], &json!(USER_A)));
    assert_eq!(faces("other"), json!([]));
    assert_eq!(server.index("a", "anna", "s1")["UserId"], USER_A, "indexing it again leaves it bound");
    let kept = server.ok("DeleteFaces", &json!({ "CollectionId": "a", "FaceIds": [face["FaceId"]] }));
    let reasons = json!(["ASSOCIATED_TO_AN_EXISTING_USER"]);
    let expected = json!([{ "FaceId": face["FaceId"], "UserId": USER_A, "Reasons": reasons }]);
    assert_eq!((&kept["DeletedFaces"], &kept["UnsuccessfulFaceDeletions"]), (&json!([]), &expected));

    assert_eq!(server.ok("DeleteUser", &again), json!({}));
    assert_eq!(server.error("DeleteUser", &again), "ResourceNotFoundException");
    let freed = server.ok("ListFaces", &json!({ "CollectionId": "a" }))["Faces"].clone();
    assert_eq!((freed.as_array().unwrap().len(), &freed[0]["UserId"]), (1, &Value::Null));
}

#[test]
fn a_collection_takes_its_users_along() {
    let server = Server::start();
    server.create("a");
    server.user("a", USER_A);
    server.ok("DeleteCollection", &json!({ "CollectionId": "a" }));
    server.create("a");
    let server = server.restart();
    assert_eq!(server.ok("ListUsers", &json!({ "CollectionId": "a" })), json!({ "Users": [] }));
}

#[test]
fn users_are_listed_in_pages() {
    let server = Server::start();
    server.create("a");
    for user in ["u1", "u2", "u3"] {
        server.user("a", user);
    }
    let first = server.ok("ListUsers", &json!({ "CollectionId": "a", "MaxResults": 2 }));
    let token = &first["NextToken"];
    let rest = server.ok("ListUsers", &json!({ "CollectionId": "a", "MaxResults": 2, "NextToken": token }));
    assert_eq!((first["Users"].as_array().unwrap().len(), &rest["Users"][0]["UserId"]), (2, &json!("u3")));
    assert_eq!(rest["NextToken"], Value::Null);
    for wrong in [json!(0), json!(501)] {
        let request = json!({ "CollectionId": "a", "MaxResults": wrong });
        assert_eq!(server.error("ListUsers", &request), "InvalidParameterException");
    }
    assert_eq!(
        server.error("ListFaces", &json!({ "CollectionId": "a", "NextToken": token })),
        "InvalidPaginationTokenException"
    );
}

#[test]
fn every_face_of_a_request_has_its_own_fate() {
    let server = Server::start();
    server.create("a");
    server.user("a", USER_A);
    server.user("a", "b");
    let anna = server.index("a", "anna", "s1")["FaceId"].clone();
    let other = server.index("a", "anna", "s2")["FaceId"].clone();
    let ben = server.index("a", "ben", "s3")["FaceId"].clone();
    let missing = json!("00000000-0000-4000-8000-000000000000");
    server.bind("a", USER_A, &[&anna]);
    server.bind("a", "b", &[&ben]);
    let stranger = server.index("a", "eva", "s4")["FaceId"].clone();
    let mixed = server.bind("a", USER_A, &[&anna, &other, &ben, &missing, &stranger]);
    assert_eq!(mixed["AssociatedFaces"], json!([{ "FaceId": other }]), "{mixed}");
    let fate = |face: &Value| {
        let all = mixed["UnsuccessfulFaceAssociations"].as_array().unwrap();
        all.iter().find(|one| one["FaceId"] == *face).cloned().unwrap_or_default()
    };
    assert_eq!(fate(&anna), Value::Null, "bound already: in neither list");
    assert_eq!(
        (&fate(&ben)["Reasons"], &fate(&ben)["UserId"]),
        (&json!(["ASSOCIATED_TO_A_DIFFERENT_USER"]), &json!("b"))
    );
    assert_eq!(fate(&missing)["Reasons"], json!(["FACE_NOT_FOUND"]));
    assert_eq!(fate(&stranger)["Reasons"], json!(["LOW_MATCH_CONFIDENCE"]));
    assert!(fate(&stranger)["Confidence"].as_f64().unwrap() < 75.0);
    let lenient = json!({ "CollectionId": "a", "UserId": USER_A, "FaceIds": [stranger], "UserMatchThreshold": 0 });
    assert_eq!(server.ok("AssociateFaces", &lenient)["AssociatedFaces"], json!([{ "FaceId": stranger }]));

    let leaving = json!({ "CollectionId": "a", "UserId": USER_A, "FaceIds": [anna, ben, missing] });
    let left = server.ok("DisassociateFaces", &leaving);
    assert_eq!((&left["DisassociatedFaces"], &left["UserStatus"]), (&json!([{ "FaceId": anna }]), &json!("UPDATING")));
    let reasons: Vec<_> =
        left["UnsuccessfulFaceDisassociations"].as_array().unwrap().iter().map(|one| &one["Reasons"][0]).collect();
    assert!(reasons.contains(&&json!("FACE_NOT_FOUND")) && reasons.contains(&&json!("ASSOCIATED_TO_A_DIFFERENT_USER")));
}

#[test]
fn a_user_has_at_most_a_hundred_faces() {
    let server = Server::start();
    server.create("a");
    server.user("a", USER_A);
    let picture = image(&png("anna"));
    let face = |number: usize| {
        let request = json!({ "CollectionId": "a", "Image": picture, "ExternalImageId": format!("s{number}") });
        server.ok("IndexFaces", &request)["FaceRecords"][0]["Face"]["FaceId"].clone()
    };
    let faces: Vec<_> = (0..101).map(face).collect();
    server.bind("a", USER_A, &faces[..99].iter().collect::<Vec<_>>());
    let two_more = json!({ "CollectionId": "a", "UserId": USER_A, "FaceIds": faces[99..] });
    assert_eq!(server.error("AssociateFaces", &two_more), "ServiceQuotaExceededException");
    let bound = |server: &Server| {
        server.ok("ListFaces", &json!({ "CollectionId": "a", "UserId": USER_A }))["Faces"].as_array().unwrap().len()
    };
    assert_eq!(bound(&server), 99, "all or nothing");
    server.bind("a", USER_A, &[&faces[99]]);
    assert_eq!(bound(&server), 100);
    let too_many = json!({ "CollectionId": "a", "UserId": USER_A, "FaceIds": faces });
    assert_eq!(server.error("AssociateFaces", &too_many), "InvalidParameterException");
}

#[test]
fn users_are_found_by_id_by_face_and_by_image() {
    let server = Server::start();
    server.create("a");
    for (user, person) in [("anna", "anna"), ("annas-twin", "anna"), ("ben", "ben")] {
        server.user("a", user);
        let face = server.index("a", person, user)["FaceId"].clone();
        server.bind("a", user, &[&face]);
    }
    server.user("a", "nobody");
    let names = |found: &Value| -> Vec<String> {
        let matches = found["UserMatches"].as_array().unwrap().iter();
        matches.map(|one| one["User"]["UserId"].as_str().unwrap().to_owned()).collect()
    };
    let by_user = server.ok("SearchUsers", &json!({ "CollectionId": "a", "UserId": "anna" }));
    assert_eq!(names(&by_user), ["annas-twin"], "never the user itself");
    assert_eq!((&by_user["SearchedUser"]["UserId"], &by_user["SearchedFace"]), (&json!("anna"), &Value::Null));
    assert_eq!(by_user["UserMatches"][0]["User"]["UserStatus"], "ACTIVE");
    let face = server.ok("ListFaces", &json!({ "CollectionId": "a", "UserId": "ben" }))["Faces"][0]["FaceId"].clone();
    let by_face = server.ok("SearchUsers", &json!({ "CollectionId": "a", "FaceId": face, "UserMatchThreshold": 0 }));
    assert_eq!((names(&by_face).len(), names(&by_face)[0].as_str()), (3, "ben"), "most alike first");
    assert_eq!(by_face["SearchedFace"]["FaceId"], face);
    let group = image(&Portrait::new("anna").faces(3).png().unwrap());
    let by_image = server.ok("SearchUsersByImage", &json!({ "CollectionId": "a", "Image": group, "MaxUsers": 1 }));
    assert_eq!((names(&by_image).len(), &by_image["FaceModelVersion"]), (1, &json!("7.0")));
    assert!(by_image["SearchedFace"]["FaceDetail"]["Landmarks"].is_array());
    let unsearched: Vec<_> =
        by_image["UnsearchedFaces"].as_array().unwrap().iter().map(|face| &face["Reasons"]).collect();
    assert_eq!(unsearched, [&json!(["FACE_NOT_LARGEST"]); 2]);
    assert_eq!(names(&server.ok("SearchUsers", &json!({ "CollectionId": "a", "UserId": "nobody" }))).len(), 0);
    for (both, exception) in [
        (json!({ "CollectionId": "a" }), "InvalidParameterException"),
        (json!({ "CollectionId": "a", "UserId": "anna", "FaceId": face }), "InvalidParameterException"),
        (json!({ "CollectionId": "a", "UserId": "none" }), "ResourceNotFoundException"),
        (json!({ "CollectionId": "a", "UserId": "a b" }), "InvalidParameterException"),
        (json!({ "CollectionId": "a", "UserId": "anna", "MaxUsers": 501 }), "InvalidParameterException"),
    ] {
        assert_eq!(server.error("SearchUsers", &both), exception, "{both}");
    }
}

#[test]
fn a_picture_without_a_usable_face_finds_no_user_and_is_no_error() {
    let server = Server::start();
    server.create("a");
    let empty = server.ok("SearchUsersByImage", &json!({ "CollectionId": "a", "Image": nobody() }));
    assert_eq!((&empty["UserMatches"], &empty["SearchedFace"]), (&json!([]), &Value::Null));
    let dark = image(&Portrait::new("anna").size(160).dark().png().unwrap());
    let request = json!({ "CollectionId": "a", "Image": dark, "QualityFilter": "HIGH" });
    let refused = server.ok("SearchUsersByImage", &request);
    assert_eq!((&refused["UserMatches"], &refused["SearchedFace"]), (&json!([]), &Value::Null));
    assert!(refused["UnsearchedFaces"][0]["Reasons"].as_array().unwrap().contains(&json!("LOW_BRIGHTNESS")));
}

#[test]
fn a_request_with_its_token_again_is_answered_again_and_not_done_again() {
    let server = Server::start();
    server.create("a");
    let create = json!({ "CollectionId": "a", "UserId": USER_A, "ClientRequestToken": "t-1" });
    server.ok("CreateUser", &create);
    server.ok("CreateUser", &create);
    let other = json!({ "CollectionId": "a", "UserId": "b", "ClientRequestToken": "t-1" });
    assert_eq!(server.error("CreateUser", &other), "IdempotentParameterMismatchException");
    let face = server.index("a", "anna", "s1")["FaceId"].clone();
    let bind = json!({ "CollectionId": "a", "UserId": USER_A, "FaceIds": [face], "ClientRequestToken": "t-1" });
    let first = server.ok("AssociateFaces", &bind);
    assert_eq!(server.ok("AssociateFaces", &bind), first, "a second association would leave the face out");
    let bad = json!({ "CollectionId": "a", "UserId": USER_A, "ClientRequestToken": "no spaces" });
    assert_eq!(server.error("DeleteUser", &bad), "InvalidParameterException");
    server.ok("DeleteCollection", &json!({ "CollectionId": "a" }));
    assert_eq!(server.error("CreateUser", &create), "ResourceNotFoundException", "another life, other tokens");
}
