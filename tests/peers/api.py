"""Calls the API as a stranger would: no token, somebody else's token, too small a scope, and garbage of every kind.

Arguments: API address, token with every scope, token without any, folder with pictures. Every refusal must be a problem
document (RFC 9457) with a stable code, and nothing may ever be answered with 5xx. Then goes through every flow.
"""

import base64
import json
import sys
import time
import urllib.error
import urllib.request
import uuid

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

api, token, powerless, pictures = sys.argv[1:5]


def read(name):
    with open(f"{pictures}/{name}.png", "rb") as file:
        return base64.b64encode(file.read()).decode()


def call(method, path, body=None, bearer=token, content_type="application/json"):
    headers = {"Content-Type": content_type}
    if bearer is not None:
        headers["Authorization"] = f"Bearer {bearer}"
    data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
    request = urllib.request.Request(api + path, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers.get_content_type(), json.loads(answer.read())
    except urllib.error.HTTPError as error:
        text = error.read()
        try:
            return error.code, error.headers.get_content_type(), json.loads(text)
        except ValueError as broken:
            raise AssertionError(f"{method} {path}: {error.code} without JSON: {text[:200]!r}") from broken


def refused(status, code, *arguments, **options):
    got, content_type, problem = call(*arguments, **options)
    what = f"{arguments[:2]} {str(arguments[2:])[:80]}: {got} {problem}"
    assert got == status, what
    assert content_type == "application/problem+json", f"{content_type}: {what}"
    assert problem.get("code") == code and problem.get("status") == status and problem.get("title"), what


selfie, card, stranger, wall, glasses = (read(name) for name in ("selfie", "card", "stranger", "wall", "glasses"))
nobody = str(uuid.uuid4())
ROUTES = {
    "POST /ips": {"selfie": selfie, "dl": card},
    "POST /kyc/facematch/verify": {"source_image": card, "target_image": selfie},
    "POST /kyc/facematch/register": {"image": selfie, "session_id": "session-1"},
    "POST /kyc/facematch/search": {"image": selfie},
    "POST /kyc/facematch/blacklist": {"face_id": nobody, "reason": "chargeback"},
    "POST /kyc/facematch/upload-url": {"content_type": "image/png"},
    "POST /identity/registrations": {"document": card, "selfie": selfie},
    "POST /identity/authentications": {"selfie": selfie},
    "PUT /identity/users/nobody/photo": {"selfie": selfie},
    "POST /identity/liveness-sessions": {"purpose": "registration"},
    "DELETE /kyc/facematch/faces/" + nobody: None,
    "GET /kyc/facematch/collections/status": None,
    "GET /identity/registrations?registration_id=" + nobody: None,
    "GET /identity/users/nobody": None,
    "DELETE /identity/users/nobody": None,
    "GET /identity/liveness-sessions?session_id=" + nobody: None,
}
PICTURES = {"selfie", "dl", "document", "image", "source_image", "target_image"}

# Who may call.
claims = {"iss": "https://elsewhere.example", "aud": "idv-api", "sub": "x", "scope": "kyc:read kyc:create", "tenant": "demo"}
foreign = jwt.encode(claims | {"exp": int(time.time()) + 600}, ec.generate_private_key(ec.SECP256R1()), "ES256")
unsigned = jwt.encode(claims | {"exp": int(time.time()) + 600}, None, "none")
for route, body in ROUTES.items():
    method, path = route.split(" ")
    for bearer in (None, "", "garbage", "a.b.c", foreign, unsigned, token[:-8] + "AAAAAAAA"):
        refused(401, "unauthorized", method, path, body, bearer=bearer)
    refused(403, "permission_denied", method, path, body, bearer=powerless)

# What the flows answer.
status, _, verified = call("POST", "/kyc/facematch/verify", ROUTES["POST /kyc/facematch/verify"])
assert status == 200 and verified["is_match"] is True and 0.9 <= verified["similarity_score"] <= 1.0, verified
assert isinstance(verified["processing_time_ms"], int) and 0.0 <= verified["confidence"] <= 1.0, verified
status, _, mismatch = call("POST", "/kyc/facematch/verify", {"source_image": card, "target_image": stranger})
assert status == 200 and mismatch["is_match"] is False, mismatch
for body in (ROUTES["POST /ips"], {" selfie ": selfie, " dl ": card}, json.dumps(ROUTES["POST /ips"])):
    status, _, answer = call("POST", "/ips", body)
    assert status == 200 and answer["similarity"] >= 90, answer
status, _, answer = call("POST", "/ips", {"selfie": stranger, "dl": card})
assert status == 200, answer
status, _, registered = call("POST", "/kyc/facematch/register", ROUTES["POST /kyc/facematch/register"])
assert status == 201 and registered["face_id"] and registered["rekognition_face_id"] and registered["s3_key"], registered
status, _, found = call("POST", "/kyc/facematch/search", ROUTES["POST /kyc/facematch/search"])
assert status == 200 and found["total_matches"] >= 1, found
assert registered["face_id"] in [match["face_id"] for match in found["matches"]], found
assert {"session_id", "similarity", "metadata", "is_blacklisted"} <= set(found["matches"][0]), found
status, _, collection = call("GET", "/kyc/facematch/collections/status")
assert status == 200 and collection["face_count"] >= 1 and collection["status"] == "ACTIVE", collection

face = registered["face_id"]
status, _, marked = call("POST", "/kyc/facematch/blacklist", {"face_id": face, "reason": "chargeback", "reviewer": "r-7"})
assert status == 200 and marked["is_blacklisted"] is True and marked["reviewed_by"] == "r-7", marked
status, _, found = call("POST", "/kyc/facematch/search", {"image": selfie, "max_results": 100})
match = next(match for match in found["matches"] if match["face_id"] == face)
assert match["is_blacklisted"] is True and match["blacklist_reason"] == "chargeback", match
refused(404, "face_not_found", "POST", "/kyc/facematch/blacklist", {"face_id": nobody, "reason": "x"})
status, _, deleted = call("DELETE", f"/kyc/facematch/faces/{face}")
assert status == 200 and deleted["status"] == "deleted", deleted
refused(404, "face_not_found", "DELETE", f"/kyc/facematch/faces/{face}")
status, _, found = call("POST", "/kyc/facematch/search", {"image": selfie, "max_results": 100})
assert face not in [match["face_id"] for match in found["matches"]], found

# Uploads.
def upload(picture):
    status, _, address = call("POST", "/kyc/facematch/upload-url", {"content_type": "image/png"})
    assert status == 200 and address["expires_at"] > time.time() and address["s3_uri"].endswith(address["s3_key"]), address
    data, headers = base64.b64decode(picture), {"Content-Type": "image/png"}
    with urllib.request.urlopen(urllib.request.Request(address["upload_url"], data, headers, method="PUT"), timeout=60) as put:
        assert put.status == 200
    return address["s3_uri"]


uploaded = {"source_image": upload(card), "target_image": upload(selfie), "image_format": "s3"}
status, _, verified = call("POST", "/kyc/facematch/verify", uploaded)
assert status == 200 and verified["is_match"] is True, verified
body = {"image": upload(selfie), "image_format": "s3", "session_id": "session-upload"}
status, _, registered = call("POST", "/kyc/facematch/register", body)
assert status == 201 and registered["s3_key"].startswith("tenants/demo/faces/"), registered
status, _, deleted = call("DELETE", "/kyc/facematch/faces/" + registered["face_id"])
assert status == 200, deleted
refused(400, "invalid_image", "POST", "/kyc/facematch/search", {"image": "uploads/demo/none", "image_format": "s3"})
refused(403, "permission_denied", "POST", "/kyc/facematch/search", {"image": "uploads/other/x", "image_format": "s3"})

# A person: registered, recognised, found to be registered already, given a new photo, forgotten.
user = f"user-{uuid.uuid4()}"
status, _, answer = call("POST", "/identity/registrations", {"user_id": user, "document": card, "selfie": selfie})
assert status == 201 and answer["state"] == "approved" and answer["user_id"] == user, answer
status, _, again = call("GET", "/identity/registrations?registration_id=" + answer["registration_id"])
assert status == 200 and again == answer, (answer, again)
status, _, twin = call("POST", "/identity/registrations", {"document": card, "selfie": selfie})
assert status == 200 and twin["state"] == "duplicate" and twin["existing_user_id"] == user, twin
for body in ({"user_id": user, "selfie": selfie}, {"selfie": selfie}):
    status, _, known = call("POST", "/identity/authentications", body)
    assert status == 200 and known["authenticated"] is True and known["user_id"] == user, known
status, _, unknown = call("POST", "/identity/authentications", {"user_id": user, "selfie": stranger})
assert status == 200 and unknown["authenticated"] is False and unknown["reason"] and unknown["message"], unknown
status, _, replaced = call("PUT", f"/identity/users/{user}/photo", {"selfie": selfie})
assert status == 200 and replaced["authenticated"] is True, replaced
status, _, kept = call("GET", f"/identity/users/{user}")
assert status == 200 and kept["state"] == "active" and kept["faces"] >= 1, kept
status, _, session = call("POST", "/identity/liveness-sessions", {"purpose": "authentication", "user_id": user})
assert status == 201 and session["region"] and session["expires_at"], session
status, _, standing = call("GET", "/identity/liveness-sessions?session_id=" + session["session_id"])
assert status == 200 and standing["state"] == "open" and "confidence" not in standing, standing
body = {"user_id": user, "liveness_session_id": session["session_id"]}
status, _, early = call("POST", "/identity/authentications", body)
assert status == 200 and early["reason"] == "liveness_incomplete" and early["step"] == "liveness", early
status, _, deleted = call("DELETE", f"/identity/users/{user}")
assert status == 200 and deleted["status"] == "deleted", deleted
refused(404, "user_not_found", "GET", f"/identity/users/{user}")
refused(404, "user_not_found", "DELETE", f"/identity/users/{user}")
status, _, forgotten = call("POST", "/identity/authentications", {"selfie": selfie})
assert status == 200 and forgotten["authenticated"] is False, forgotten

# What the quality gate refuses, and what has no face.
refused(400, "quality_rejected", "POST", "/kyc/facematch/register", {"image": glasses, "session_id": "session-2"})
refused(400, "no_face_detected", "POST", "/kyc/facematch/search", {"image": wall})
refused(400, "quality_rejected", "POST", "/identity/registrations", {"document": card, "selfie": glasses})
refused(400, "no_face_detected", "POST", "/identity/registrations", {"document": card, "selfie": wall})
refused(400, "no_face_detected", "POST", "/identity/authentications", {"selfie": wall})

# Garbage.
deep = b"[" * 5_000 + b"]" * 5_000
tiny = base64.b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0").decode()
damaged = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 64).decode()
for route, body in ROUTES.items():
    method, path = route.split(" ")
    if body is None:
        continue
    field = next(iter(body))
    wrongs = [None, b"", b"{", b"\xff\xfe", b"null", b"[]", b"17", deep, {}, {field: 17}, {field: None}, {field: ["x"]}]
    for wrong in [*wrongs, body | {"unheard-of": 1}]:
        refused(400, "invalid_request", method, path, wrong)
    refused(400, "invalid_request", method, path, body, content_type="text/plain")
    for picture in PICTURES & body.keys():
        for text in ("", "%%%", "aGVsbG8gd29ybGQ=", damaged, tiny):
            refused(400, "invalid_image", method, path, body | {picture: text})
        status, content_type, problem = call(method, path, body | {picture: "A" * 8_000_000})
        assert status == 413 and content_type == "application/problem+json", problem
        assert "POST /kyc/facematch/upload-url" in problem["detail"], problem
for number in ("078-05-1120", "078051120"):
    refused(400, "invalid_request", "POST", "/identity/registrations", {"user_id": number, "document": card, "selfie": selfie})
for odd in ("%C3%A4%E2%80%AE", "a%00b", "*", "x" * 2_000):
    refused(404, "user_not_found", "GET", f"/identity/users/{odd}")
    refused(404, "face_not_found", "DELETE", f"/kyc/facematch/faces/{odd}")
# A gateway may take it for an id or for another path.
for path in ("/identity/users/%2e%2e%2f%2e%2e", "/identity/users/../../ips", "/identity/users//"):
    status, content_type, problem = call("GET", path)
    assert status == 404 and content_type == "application/problem+json" and problem["code"].endswith("not_found"), problem
for path, name, code in (
    ("/identity/registrations", "registration_id", "registration_not_found"),
    ("/identity/liveness-sessions", "session_id", "liveness_session_not_found"),
):
    refused(404, code, "GET", f"{path}?{name}=%C3%A4")
    for query in ("", "?", f"?{name}={nobody}&{name}={nobody}", "?id=1", f"?{name}={nobody}&tenant=other"):
        refused(400, "invalid_request", "GET", path + query)
status, content_type, problem = call("GET", "/kyc/facematch/nowhere")
assert 400 <= status < 500 and content_type == "application/problem+json" and problem["code"], (status, problem)
print("every answer was as it should be")
