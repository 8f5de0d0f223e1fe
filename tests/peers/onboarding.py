"""The steps of the onboarding workshop with boto3 against the Rekognition simulator: two collections, detect, compare at
99 with the HIGH filter, search both collections, index document and selfie, clean up.

Arguments: ID card, selfie, another person's selfie, a picture without a face. Every response is parsed by botocore
against AWS's own model; what it says is asserted here.
"""

import sys

import boto3
from botocore.exceptions import ClientError


def picture(path):
    with open(path, "rb") as file:
        return {"Bytes": file.read()}


def refused(call, code, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error.response["Error"]
        assert error.response["ResponseMetadata"]["RequestId"]
        return
    raise AssertionError(f"{code} was expected")


document, selfie, stranger, landscape = (picture(path) for path in sys.argv[1:5])
rekognition = boto3.client("rekognition")
registered, fraudulent = "workshop-registered-users", "workshop-fraudulent-users"

# Step 0: two collections, one of them with a known fraudster.
for name in (registered, fraudulent):
    created = rekognition.create_collection(CollectionId=name, Tags={"purpose": "workshop"})
    assert created["StatusCode"] == 200 and created["FaceModelVersion"], created
    assert rekognition.list_tags_for_resource(ResourceArn=created["CollectionArn"])["Tags"] == {"purpose": "workshop"}
refused(rekognition.create_collection, "ResourceAlreadyExistsException", CollectionId=registered)
indexed = rekognition.index_faces(
    CollectionId=fraudulent, Image=stranger, ExternalImageId="fraudster-1", MaxFaces=1, QualityFilter="AUTO"
)
assert len(indexed["FaceRecords"]) == 1, indexed

# Steps 3 and 4: faces and their quality.
for image in (document, selfie):
    faces = rekognition.detect_faces(Image=image, Attributes=["ALL"])["FaceDetails"]
    assert faces and faces[0]["Quality"]["Sharpness"] > 15 and faces[0]["Quality"]["Brightness"] > 15, faces
assert rekognition.detect_faces(Image=landscape)["FaceDetails"] == []

# Step 5: the document against the selfie, and against somebody else.
match = rekognition.compare_faces(SourceImage=document, TargetImage=selfie, SimilarityThreshold=99, QualityFilter="HIGH")
assert match["FaceMatches"] and match["FaceMatches"][0]["Similarity"] >= 99, match
other = rekognition.compare_faces(SourceImage=document, TargetImage=stranger, SimilarityThreshold=99, QualityFilter="HIGH")
assert not other["FaceMatches"] and other["UnmatchedFaces"], other
refused(rekognition.compare_faces, "InvalidParameterException", SourceImage=landscape, TargetImage=selfie)

# Step 6: neither registered nor a known fraudster.
for name in (registered, fraudulent):
    found = rekognition.search_faces_by_image(CollectionId=name, Image=selfie, FaceMatchThreshold=95, MaxFaces=5)
    assert found["FaceMatches"] == [], found
refused(rekognition.search_faces_by_image, "InvalidParameterException", CollectionId=registered, Image=landscape)

# Step 7: index both pictures, once each.
faces = []
for image, name in ((document, "person-1:document"), (selfie, "person-1:selfie")):
    for _ in range(2):
        indexed = rekognition.index_faces(CollectionId=registered, Image=image, ExternalImageId=name, MaxFaces=1)
    faces.append(indexed["FaceRecords"][0]["Face"]["FaceId"])
assert rekognition.index_faces(CollectionId=registered, Image=landscape)["FaceRecords"] == []
assert rekognition.describe_collection(CollectionId=registered)["FaceCount"] == 2
listed = rekognition.list_faces(CollectionId=registered, MaxResults=1)
assert len(listed["Faces"]) == 1 and listed["NextToken"], listed
pages = rekognition.get_paginator("list_faces").paginate(CollectionId=registered, PaginationConfig={"PageSize": 1})
assert sorted(face["FaceId"] for page in pages for face in page["Faces"]) == sorted(faces)
alike = rekognition.search_faces(CollectionId=registered, FaceId=faces[0], FaceMatchThreshold=90)
assert [found["Face"]["FaceId"] for found in alike["FaceMatches"]] == [faces[1]], alike
duplicate = rekognition.search_faces_by_image(CollectionId=registered, Image=selfie, FaceMatchThreshold=95)
similarities = [found["Similarity"] for found in duplicate["FaceMatches"]]
assert len(similarities) == 2 and similarities == sorted(similarities, reverse=True), duplicate

# Clean up.
unknown = "00000000-0000-4000-8000-000000000000"
deleted = rekognition.delete_faces(CollectionId=registered, FaceIds=[faces[0], unknown])
assert deleted["DeletedFaces"] == [faces[0]], deleted
assert [failure["FaceId"] for failure in deleted["UnsuccessfulFaceDeletions"]] == [unknown], deleted
for name in (registered, fraudulent):
    assert rekognition.delete_collection(CollectionId=name)["StatusCode"] == 200
    refused(rekognition.describe_collection, "ResourceNotFoundException", CollectionId=name)
print("every step held")
