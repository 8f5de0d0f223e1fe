"""Calls the API as a stranger would: no token, somebody else's token, too small a scope, and garbage of every kind.

Arguments: API address, token with every scope, token without any, folder with pictures. Every refusal must be a problem
document (RFC 9457) with a stable code, and nothing may ever be answered with 5xx.
"""

import base64
import json
import sys
import time
import urllib.error
import urllib.request

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
ROUTES = {
    "/ips": {"selfie": selfie, "dl": card},
    "/kyc/facematch/verify": {"source_image": card, "target_image": selfie},
    "/kyc/facematch/register": {"image": selfie, "session_id": "session-1"},
    "/kyc/facematch/search": {"image": selfie},
}
STATUS = "/kyc/facematch/collections/status"

# Who may call.
claims = {"iss": "https://elsewhere.example", "aud": "idv-api", "sub": "x", "scope": "kyc:read kyc:create", "tenant": "demo"}
foreign = jwt.encode(claims | {"exp": int(time.time()) + 600}, ec.generate_private_key(ec.SECP256R1()), "ES256")
unsigned = jwt.encode(claims | {"exp": int(time.time()) + 600}, None, "none")
for path, body in [*ROUTES.items(), (STATUS, None)]:
    method = "GET" if path == STATUS else "POST"
    for bearer in (None, "", "garbage", "a.b.c", foreign, unsigned, token[:-8] + "AAAAAAAA"):
        refused(401, "unauthorized", method, path, body, bearer=bearer)
    refused(403, "permission_denied", method, path, body, bearer=powerless)

# What the flows answer.
status, _, verified = call("POST", "/kyc/facematch/verify", ROUTES["/kyc/facematch/verify"])
assert status == 200 and verified["is_match"] is True and 0.9 <= verified["similarity_score"] <= 1.0, verified
assert isinstance(verified["processing_time_ms"], int) and 0.0 <= verified["confidence"] <= 1.0, verified
status, _, mismatch = call("POST", "/kyc/facematch/verify", {"source_image": card, "target_image": stranger})
assert status == 200 and mismatch["is_match"] is False, mismatch
for body in (ROUTES["/ips"], {" selfie ": selfie, " dl ": card}, json.dumps(ROUTES["/ips"])):
    status, _, answer = call("POST", "/ips", body)
    assert status == 200 and answer["similarity"] >= 90, answer
status, _, answer = call("POST", "/ips", {"selfie": stranger, "dl": card})
assert status == 200, answer
status, _, registered = call("POST", "/kyc/facematch/register", ROUTES["/kyc/facematch/register"])
assert status == 201 and registered["face_id"] and registered["rekognition_face_id"] and registered["s3_key"], registered
status, _, found = call("POST", "/kyc/facematch/search", ROUTES["/kyc/facematch/search"])
assert status == 200 and found["total_matches"] >= 1, found
assert registered["face_id"] in [match["face_id"] for match in found["matches"]], found
assert {"session_id", "similarity", "metadata", "is_blacklisted"} <= set(found["matches"][0]), found
status, _, collection = call("GET", STATUS)
assert status == 200 and collection["face_count"] >= 1 and collection["status"] == "ACTIVE", collection

# What the quality gate refuses, and what has no face.
refused(400, "quality_rejected", "POST", "/kyc/facematch/register", {"image": glasses, "session_id": "session-2"})
refused(400, "no_face_detected", "POST", "/kyc/facematch/search", {"image": wall})

# Garbage.
deep = b"[" * 5_000 + b"]" * 5_000
for path, body in ROUTES.items():
    field = next(iter(body))
    for wrong in (None, b"", b"{", b"\xff\xfe", b"null", b"[]", b"17", deep, {}, {field: 17}, {field: None}, {field: ["x"]}):
        refused(400, "invalid_request", "POST", path, wrong)
    for picture in ("%%%", "aGVsbG8gd29ybGQ=", base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 64).decode()):
        refused(400, "invalid_image", "POST", path, body | {field: picture})
    status, content_type, problem = call("POST", path, body | {field: "A" * 8_000_000})
    assert status in (400, 413) and content_type == "application/problem+json" and problem["code"], problem
status, content_type, problem = call("GET", "/kyc/facematch/nowhere")
assert 400 <= status < 500 and content_type == "application/problem+json" and problem["code"], (status, problem)
print("every answer was as it should be")
