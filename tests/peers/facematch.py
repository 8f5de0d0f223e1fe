"""The Face Matching API as a customer's client uses it: verify, register, search, blacklist, delete, and uploads.

Arguments: API address, then tokens of four tenants: `demo` (at most two faces of a session), `other`, `closed` (not
enabled) and `lenient` (no blacklist), then the folder with pictures.
"""

import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

from client import Api, Pictures, Stores, lift_quotas

url, demo_token, other_token, closed_token, lenient_token, folder = sys.argv[1:7]
demo, other, closed, lenient = (Api(url, token) for token in (demo_token, other_token, closed_token, lenient_token))
picture, stores = Pictures(folder), Stores("idv-local")
KYC = "/kyc/facematch"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def register(api, name, session=None, **members):
    body = {"image": picture(name), "session_id": session or f"session-{uuid.uuid4()}"} | members
    return api.post(f"{KYC}/register", body)


def search(api, name, **members):
    answer = api.post(f"{KYC}/search", {"image": picture(name)} | members).expect(200)
    assert answer["total_matches"] == len(answer["matches"]) and answer["search_time_ms"] >= 0, answer
    return {match["face_id"]: match for match in answer["matches"]}


def faces_of(tenant):
    return sorted(face for face in stores.faces(f"tenant-{tenant}"))


def one_person_is_verified():
    same = {"source_image": picture("anna-card"), "target_image": picture("anna")}
    answer = demo.post(f"{KYC}/verify", same).expect(200, is_match=True)
    assert 0.9 <= answer["similarity_score"] <= 1.0 and 0.0 < answer["confidence"] <= 1.0, answer
    strangers = {"source_image": picture("anna-card"), "target_image": picture("ben")}
    demo.post(f"{KYC}/verify", strangers).expect(200, is_match=False)
    nobody = {"source_image": picture("anna-card"), "target_image": picture("wall")}
    demo.post(f"{KYC}/verify", nobody).refused(400, "no_face_detected")


def a_face_is_registered_found_blacklisted_and_deleted():
    before, keys_before = faces_of("demo"), stores.objects()
    registered = register(demo, "anna", "session-anna", metadata={"branch": "north"}).expect(201)
    face = registered["face_id"]
    assert UUID.fullmatch(face) and UUID.fullmatch(registered["rekognition_face_id"]), registered
    assert registered["s3_key"].startswith("tenants/demo/faces/") and registered["message"], registered

    found = search(demo, "anna-aside")
    assert list(found) == [face], found
    match = found[face]
    assert match["session_id"] == "session-anna" and match["metadata"] == {"branch": "north"}, match
    assert match["is_blacklisted"] is False and match["blacklist_reason"] is None, match
    assert 0.8 <= match["similarity"] <= 1.0, match
    assert search(demo, "ben") == {}, "a stranger is nobody"
    assert search(demo, "anna-aside", threshold=1.0) == {}, "nobody is that similar"

    body = {"face_id": face, "reason": "charged back", "reviewer": "reviewer-7"}
    demo.post(f"{KYC}/blacklist", body).expect(200)
    match = search(demo, "anna-aside")[face]
    assert match["is_blacklisted"] is True and match["blacklist_reason"] == "charged back", match
    demo.post(f"{KYC}/blacklist", {"face_id": face}).refused(400, "invalid_request")
    demo.post(f"{KYC}/blacklist", body | {"face_id": str(uuid.uuid4())}).refused(404, "face_not_found")

    deleted = demo.delete(f"{KYC}/faces/{face}")
    assert deleted.status in (200, 204), deleted
    assert search(demo, "anna-aside") == {}, "a deleted face is found"
    demo.delete(f"{KYC}/faces/{face}").refused(404, "face_not_found")
    assert faces_of("demo") == before, faces_of("demo")
    assert stores.objects() == keys_before, stores.objects() - keys_before
    assert stores.mentions(face) == [], stores.mentions(face)


def a_large_picture_is_uploaded_first():
    upload = demo.post(f"{KYC}/upload-url", {"content_type": "image/png"}).expect(200)
    assert upload["s3_key"].startswith("uploads/demo/") and upload["s3_uri"].endswith(upload["s3_key"]), upload
    now = time.time()
    assert isinstance(upload["expires_at"], int) and now < upload["expires_at"] < now + 3_700, upload
    headers = {"Content-Type": "image/png"}
    put = urllib.request.Request(upload["upload_url"], picture.bytes("ben"), headers, method="PUT")
    with urllib.request.urlopen(put, timeout=30) as answer:
        assert answer.status == 200, answer.status
    for place in (upload["s3_uri"], upload["s3_key"]):
        found = demo.post(f"{KYC}/search", {"image": place, "image_format": "s3"}).expect(200)
        assert found["matches"] == [], found
    stolen = {"image": upload["s3_uri"], "image_format": "s3", "session_id": "session-other"}
    other.post(f"{KYC}/register", stolen).refused(403, "permission_denied")
    registered = demo.post(f"{KYC}/register", stolen | {"session_id": "session-upload"}).expect(201)
    assert list(search(demo, "ben-aside")) == [registered["face_id"]]
    both = {"source_image": registered["s3_key"], "target_image": registered["s3_key"], "image_format": "s3"}
    demo.post(f"{KYC}/verify", both).expect(200, is_match=True)

    # The address is good for this place and this method only.
    moved = upload["upload_url"].replace(urllib.parse.quote(upload["s3_key"]), "tenants/demo/faces/forged.png")
    assert moved != upload["upload_url"], upload
    for forged, method in ((moved, "PUT"), (upload["upload_url"], "DELETE")):
        request = urllib.request.Request(forged, b"forged" if method == "PUT" else None, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                raise AssertionError(f"{method} {forged.split('?')[0]} was answered with {answer.status}")
        except urllib.error.HTTPError as refused:
            assert refused.code == 403, (method, refused.code)
    demo.post(f"{KYC}/upload-url", {"content_type": "text/html"}).refused(400, "invalid_request")
    assert demo.delete(f"{KYC}/faces/{registered['face_id']}").status in (200, 204)


def a_session_has_so_many_faces():
    faces = [register(demo, name, "session-full").expect(201)["face_id"] for name in ("anna", "ben")]
    register(demo, "carl", "session-full").refused(400, "max_faces_exceeded")
    assert search(demo, "carl") == {}, "a refused face is found"
    assert demo.delete(f"{KYC}/faces/{faces[0]}").status in (200, 204)
    # A deleted face gives its place free.
    faces[0] = register(demo, "carl", "session-full").expect(201)["face_id"]
    for face in faces:
        assert demo.delete(f"{KYC}/faces/{face}").status in (200, 204)


def tenants_see_nothing_of_each_other():
    face = register(demo, "anna").expect(201)["face_id"]
    assert search(other, "anna-aside") == {}, "another tenant's face is found"
    other.delete(f"{KYC}/faces/{face}").refused(404, "face_not_found")
    other.post(f"{KYC}/blacklist", {"face_id": face, "reason": "spite", "reviewer": "x"}).refused(404, "face_not_found")
    assert search(demo, "anna-aside")[face]["is_blacklisted"] is False
    theirs = register(other, "anna").expect(201)["face_id"]
    assert theirs != face and list(search(other, "anna-aside")) == [theirs]
    sizes = [api.get(f"{KYC}/collections/status").expect(200, status="ACTIVE") for api in (demo, other)]
    assert sizes[0]["collection_name"] != sizes[1]["collection_name"], [str(size) for size in sizes]
    assert all(size["face_count"] >= 1 for size in sizes), [str(size) for size in sizes]
    assert other.delete(f"{KYC}/faces/{theirs}").status in (200, 204)
    assert list(search(demo, "anna-aside")) == [face], "another tenant deleted it"
    assert demo.delete(f"{KYC}/faces/{face}").status in (200, 204)


def who_may_not_is_told_so():
    for method, path, body in (
        ("POST", "verify", {"source_image": picture("anna"), "target_image": picture("anna")}),
        ("POST", "register", {"image": picture("anna"), "session_id": "session-closed"}),
        ("POST", "search", {"image": picture("anna")}),
        ("POST", "blacklist", {"face_id": str(uuid.uuid4()), "reason": "x", "reviewer": "x"}),
        ("POST", "upload-url", {"content_type": "image/png"}),
        ("DELETE", f"faces/{uuid.uuid4()}", None),
        ("GET", "collections/status", None),
    ):
        closed.call(method, f"{KYC}/{path}", body).refused(403, "feature_not_enabled")
    face = register(lenient, "anna").expect(201)["face_id"]
    lenient.post(f"{KYC}/blacklist", {"face_id": face, "reason": "x", "reviewer": "x"}).refused(403, "feature_not_enabled")
    assert search(lenient, "anna-aside")[face]["is_blacklisted"] is False
    assert lenient.delete(f"{KYC}/faces/{face}").status in (200, 204)


lift_quotas()
for step in (
    one_person_is_verified,
    a_face_is_registered_found_blacklisted_and_deleted,
    a_large_picture_is_uploaded_first,
    a_session_has_so_many_faces,
    tenants_see_nothing_of_each_other,
    who_may_not_is_told_so,
):
    step()
    print(step.__name__.replace("_", " "))
