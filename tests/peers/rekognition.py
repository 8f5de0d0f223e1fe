"""Calls every operation of the Rekognition simulator with boto3 and holds each raw answer against AWS's own model.

Usage: rekognition.py SELFIE CARD WALL; the variables of `idvctl local env` say where everything is. Prints the number of
operations that were called, as JSON.
"""

import base64
import json
import re
import sys
import urllib.request
import uuid

import boto3
from botocore.config import Config

SELFIE, CARD, WALL = ({"Bytes": open(path, "rb").read()} for path in sys.argv[1:4])
rekognition = boto3.client("rekognition", config=Config(retries={"total_max_attempts": 1}))
s3 = boto3.client("s3")
service = rekognition.meta.service_model
ENDPOINT = rekognition.meta.endpoint_url
called = set()

SCALARS = {"string": str, "blob": str, "timestamp": (int, float), "integer": int, "long": int, "float": (int, float),
           "double": (int, float), "boolean": bool}
# What AWS itself answers although its model forbids it: nothing was deleted.
MAY_BE_EMPTY = {"DeletedFaces"}


def hold(value, shape, at):
    """Fails unless a value is exactly what its shape says: members, types, required ones, lengths, ranges, patterns."""
    limits = shape.metadata
    if shape.type_name == "structure":
        assert isinstance(value, dict), f"{at}: {value!r} is no object"
        unknown = set(value) - set(shape.members)
        assert not unknown, f"{at}: AWS has no {unknown}"
        missing = set(shape.required_members) - set(value)
        assert not missing, f"{at}: {missing} missing"
        for name, member in value.items():
            hold(member, shape.members[name], f"{at}.{name}")
    elif shape.type_name == "list":
        assert isinstance(value, list), f"{at}: {value!r} is no list"
        shortest = 0 if at.rsplit(".", 1)[-1] in MAY_BE_EMPTY else limits.get("min", 0)
        assert shortest <= len(value) <= limits.get("max", len(value)), f"{at}: {len(value)} items"
        for number, item in enumerate(value):
            hold(item, shape.member, f"{at}[{number}]")
    elif shape.type_name == "map":
        for key, item in value.items():
            hold(key, shape.key, f"{at}.{key} (key)")
            hold(item, shape.value, f"{at}.{key}")
    else:
        kind = SCALARS[shape.type_name]
        assert isinstance(value, kind), f"{at}: {value!r} is no {shape.type_name}"
        assert shape.type_name == "boolean" or not isinstance(value, bool), f"{at}: {value!r} is a boolean"
        size = value
        if shape.type_name == "blob":
            size = len(base64.b64decode(value, validate=True))
        elif shape.type_name == "string":
            size = len(value)
            # Letters, spaces and digits of any script, as Python writes them.
            pattern = limits.get("pattern", "(?s).*").replace(r"\p{L}\p{Z}\p{N}", r"\w\s")
            assert re.fullmatch(pattern, value), f"{at}: {value!r} is not {pattern}"
            choices = getattr(shape, "enum", [])
            assert not choices or value in choices, f"{at}: {value!r} is none of {choices}"
        if shape.type_name != "timestamp":
            assert limits.get("min", size) <= size <= limits.get("max", size), f"{at}: {size} out of range"


def after(http_response, model, **_):
    """Called by botocore behind every call, with the bytes that came."""
    called.add(model.name)
    if http_response.status_code == 200 and model.output_shape is not None:
        hold(json.loads(http_response.content or b"{}"), model.output_shape, model.name)


rekognition.meta.events.register("after-call.rekognition", after)


def refused(exception, method, **arguments):
    """Fails unless a call is refused with this class of exception."""
    expected = getattr(rekognition.exceptions, exception)
    try:
        getattr(rekognition, method)(**arguments)
    except expected as error:
        answer = error.response
        assert answer["Error"]["Code"] == exception and answer["Error"]["Message"], answer
        assert answer["ResponseMetadata"]["RequestId"], answer
        name = rekognition.meta.method_to_api_mapping[method]
        modelled = {shape.name for shape in service.operation_model(name).error_shapes}
        assert exception in modelled, f"{name} never answers {exception}"
        return
    raise AssertionError(f"{method} was not refused with {exception}")


def admin(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{ENDPOINT}/_admin/{path}", data, {"content-type": "application/json"}, method=method)
    return json.load(urllib.request.urlopen(request))


ID, STRANGER = "peers-conformance", str(uuid.uuid4())
operations = list(admin("GET", "quotas"))
# What is tested is not how fast a test may call.
admin("PUT", "quotas", {operation: None for operation in operations})

# Collections and tags.
arn = rekognition.create_collection(CollectionId=ID, Tags={"made-by": "peers"})["CollectionArn"]
refused("ResourceAlreadyExistsException", "create_collection", CollectionId=ID)
assert ID in rekognition.list_collections()["CollectionIds"]
refused("InvalidPaginationTokenException", "list_collections", NextToken="nonsense")
rekognition.tag_resource(ResourceArn=arn, Tags={"a": "b"})
rekognition.untag_resource(ResourceArn=arn, TagKeys=["made-by"])
assert rekognition.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"a": "b"}
refused("ResourceNotFoundException", "tag_resource", ResourceArn=arn + "-none", Tags={})

# Faces and text of a picture.
assert rekognition.detect_faces(Image=SELFIE, Attributes=["ALL"])["FaceDetails"]
assert rekognition.compare_faces(SourceImage=CARD, TargetImage=SELFIE)["FaceMatches"]
refused("InvalidParameterException", "compare_faces", SourceImage=WALL, TargetImage=SELFIE)
refused("InvalidImageFormatException", "detect_faces", Image={"Bytes": b"no picture"})
refused("InvalidS3ObjectException", "detect_text", Image={"S3Object": {"Bucket": "peers-none", "Name": "none"}})
words = [text["DetectedText"] for text in rekognition.detect_text(Image=CARD)["TextDetections"] if text["Type"] == "WORD"]
assert "SPECIMEN" in words and "PERSON" in words, words
assert rekognition.detect_text(Image=SELFIE)["TextDetections"] == []

# Faces of a collection.
face = rekognition.index_faces(CollectionId=ID, Image=SELFIE, ExternalImageId="p1", DetectionAttributes=["ALL"])
face = face["FaceRecords"][0]["Face"]["FaceId"]
twin = rekognition.index_faces(CollectionId=ID, Image=CARD, ExternalImageId="p1")["FaceRecords"][0]["Face"]["FaceId"]
assert rekognition.index_faces(CollectionId=ID, Image=WALL)["FaceRecords"] == []
refused("ResourceNotFoundException", "index_faces", CollectionId="peers-none", Image=SELFIE)
assert rekognition.search_faces_by_image(CollectionId=ID, Image=SELFIE)["FaceMatches"][0]["Face"]["FaceId"] == face
refused("InvalidParameterException", "search_faces_by_image", CollectionId=ID, Image=WALL)
assert rekognition.search_faces(CollectionId=ID, FaceId=face)["FaceMatches"][0]["Face"]["FaceId"] == twin
refused("ResourceNotFoundException", "search_faces", CollectionId=ID, FaceId=STRANGER)

# Users.
rekognition.create_user(CollectionId=ID, UserId="u", ClientRequestToken="t")
rekognition.create_user(CollectionId=ID, UserId="u", ClientRequestToken="t")
refused("ConflictException", "create_user", CollectionId=ID, UserId="u")
refused("IdempotentParameterMismatchException", "create_user", CollectionId=ID, UserId="v", ClientRequestToken="t")
rekognition.create_user(CollectionId=ID, UserId="v")
bound = rekognition.associate_faces(CollectionId=ID, UserId="u", FaceIds=[face, STRANGER])
assert [one["Reasons"] for one in bound["UnsuccessfulFaceAssociations"]] == [["FACE_NOT_FOUND"]], bound
other = rekognition.associate_faces(CollectionId=ID, UserId="v", FaceIds=[face, twin])
assert [one["Reasons"] for one in other["UnsuccessfulFaceAssociations"]] == [["ASSOCIATED_TO_A_DIFFERENT_USER"]], other
refused("ResourceNotFoundException", "associate_faces", CollectionId=ID, UserId="none", FaceIds=[face])
assert [user["UserStatus"] for user in rekognition.list_users(CollectionId=ID)["Users"]] == ["ACTIVE", "ACTIVE"]
refused("InvalidPaginationTokenException", "list_users", CollectionId=ID, NextToken="nonsense")
assert rekognition.search_users(CollectionId=ID, UserId="u")["UserMatches"][0]["User"]["UserId"] == "v"
assert len(rekognition.search_users(CollectionId=ID, FaceId=face)["UserMatches"]) == 2
refused("InvalidParameterException", "search_users", CollectionId=ID)
assert rekognition.search_users_by_image(CollectionId=ID, Image=SELFIE)["UserMatches"]
assert "SearchedFace" not in rekognition.search_users_by_image(CollectionId=ID, Image=WALL)
assert rekognition.list_faces(CollectionId=ID, UserId="u")["Faces"][0]["UserId"] == "u"
assert rekognition.describe_collection(CollectionId=ID)["UserCount"] == 2
kept = rekognition.delete_faces(CollectionId=ID, FaceIds=[face, STRANGER])["UnsuccessfulFaceDeletions"]
reasons = {reason for one in kept for reason in one["Reasons"]}
assert reasons == {"ASSOCIATED_TO_AN_EXISTING_USER", "FACE_NOT_FOUND"}, kept
rekognition.disassociate_faces(CollectionId=ID, UserId="u", FaceIds=[face])
rekognition.delete_user(CollectionId=ID, UserId="v")
refused("ResourceNotFoundException", "delete_user", CollectionId=ID, UserId="v")
assert len(rekognition.delete_faces(CollectionId=ID, FaceIds=[face, twin])["DeletedFaces"]) == 2

# Liveness: in the answer, and in a bucket.
session = rekognition.create_face_liveness_session(Settings={"AuditImagesLimit": 2}, ClientRequestToken="t")["SessionId"]
assert rekognition.create_face_liveness_session(ClientRequestToken="t")["SessionId"] == session
assert rekognition.get_face_liveness_session_results(SessionId=session)["Status"] == "CREATED"
admin("POST", f"liveness/{session}", {"confidence": 91.25})
results = rekognition.get_face_liveness_session_results(SessionId=session)
assert (results["Status"], results["Confidence"], len(results["AuditImages"])) == ("SUCCEEDED", 91.25, 2), results["Status"]
assert rekognition.detect_faces(Image={"Bytes": results["ReferenceImage"]["Bytes"]})["FaceDetails"]
refused("SessionNotFoundException", "get_face_liveness_session_results", SessionId=STRANGER)
refused("InvalidParameterException", "create_face_liveness_session", Settings={"OutputConfig": {"S3Bucket": "x y z"}})
s3.create_bucket(Bucket=ID)
output = {"OutputConfig": {"S3Bucket": ID, "S3KeyPrefix": "liveness"}, "AuditImagesLimit": 1}
session = rekognition.create_face_liveness_session(Settings=output)["SessionId"]
admin("POST", f"liveness/{session}", {"status": "SUCCEEDED"})
reference = rekognition.get_face_liveness_session_results(SessionId=session)["ReferenceImage"]
assert "Bytes" not in reference and reference["S3Object"]["Name"].startswith(f"liveness/{session}/"), reference
assert rekognition.detect_faces(Image={"S3Object": reference["S3Object"]})["FaceDetails"]
written = s3.list_objects_v2(Bucket=ID)["Contents"]
assert len(written) == 2, written
for written_object in written:
    s3.delete_object(Bucket=ID, Key=written_object["Key"])
s3.delete_bucket(Bucket=ID)

# The errors that every operation knows.
for exception in ["ProvisionedThroughputExceededException", "ThrottlingException", "InternalServerError", "AccessDeniedException"]:
    admin("PUT", "faults", {"*": {"error_rate": 1.0, "error_code": exception}})
    refused(exception, "describe_collection", CollectionId=ID)
admin("DELETE", "faults")

rekognition.delete_collection(CollectionId=ID)
refused("ResourceNotFoundException", "delete_collection", CollectionId=ID)
admin("DELETE", "quotas")
assert called == set(operations), f"never called: {set(operations) - called}"
print(json.dumps({"operations": len(called)}))
