"""The identity flows as a customer's client uses them: registration, authentication, photo update, liveness, farewell.

Arguments: API address, tokens of the tenants `demo` and `other`, folder with pictures. Prints each step that held.
"""

import collections
import concurrent.futures
import sys
import uuid

import boto3
from client import Api, Pictures, Stores, lift_quotas, simulator

url, demo_token, other_token, folder = sys.argv[1:5]
demo, other = Api(url, demo_token), Api(url, other_token)
picture, stores = Pictures(folder), Stores("idv-local")
rekognition = boto3.client("rekognition")

# Of so many attempts of one person at the same time exactly one may succeed.
CROWD = 50
# What a registration that was not approved may end as.
REFUSED = {"failed", "duplicate", "fraud", "incomplete", "abandoned"}


def new(name):
    """A user id that nobody had before."""
    return f"{name}-{uuid.uuid4()}"


def register(user, selfie, document, api=demo, **members):
    body = {"user_id": user, "document": picture(document)} | members
    if selfie:
        body["selfie"] = picture(selfie)
    return api.post("/identity/registrations", body)


def approved(user, selfie, document, **members):
    answer = register(user, selfie, document, **members).expect(201, state="approved", user_id=user)
    again = demo.get(f"/identity/registrations?registration_id={answer['registration_id']}")
    again.expect(200, state="approved", user_id=user, registration_id=answer["registration_id"])
    return answer


def authenticate(user=None, selfie=None, api=demo, **members):
    body = members | ({"user_id": user} if user else {}) | ({"selfie": picture(selfie)} if selfie else {})
    return api.post("/identity/authentications", body)


def leave(user, api=demo):
    answer = api.delete(f"/identity/users/{user}")
    assert answer.status in (200, 204), answer


def nothing_is_left_of(user, before):
    """Whoever was refused is in no collection, and neither are the pictures."""
    assert user not in stores.faces("registered"), f"{user} was refused and is searchable"
    assert stores.objects() <= before, f"pictures were kept: {sorted(stores.objects() - before)}"
    demo.get(f"/identity/users/{user}").refused(404, "user_not_found")


def refused(user, answer, before, step, reasons, states):
    """A registration that ended at a step for a reason, and left nothing behind."""
    assert answer["state"] in states, f"a state of {states} was expected: {answer}"
    assert answer["step"] == step and answer["reason"] in reasons, f"{step} and one of {reasons} were expected: {answer}"
    told = demo.get(f"/identity/registrations?registration_id={answer['registration_id']}").expect(200)
    for name in ("state", "step", "reason"):
        assert told[name] == answer[name], f"{name} differs: {answer} and {told}"
    nothing_is_left_of(user, before)


def a_person_is_registered_and_described():
    user = new("anna")
    answer = approved(user, "anna", "anna-card")
    assert answer["message"] and answer["created_at"], answer
    assert stores.faces("registered").count(user) == 2, "selfie and document are in the collection"
    told = demo.get(f"/identity/users/{user}").expect(200, user_id=user, model_version="7.0", faces=2)
    assert told["created_at"] and told["shard"] is not None, told
    other.get(f"/identity/users/{user}").refused(404, "user_not_found")
    other.get(f"/identity/registrations?registration_id={answer['registration_id']}").refused(404, "registration_not_found")
    demo.get(f"/identity/registrations?registration_id={uuid.uuid4()}").refused(404, "registration_not_found")
    return user


def a_user_id_is_made_where_none_is_given():
    answer = demo.post("/identity/registrations", {"selfie": picture("gina"), "document": picture("gina-card")})
    user = answer.expect(201, state="approved")["user_id"]
    assert uuid.UUID(user), answer
    leave(user)


def poor_pictures_are_refused():
    for selfie, document, reason, rule in (
        ("ben-sunglasses", "ben-card", "quality_rejected", "sunglasses"),
        ("ben-dark", "ben-card", "quality_rejected", "brightness"),
        ("ben-turned", "ben-card", "quality_rejected", "yaw"),
        ("wall", "ben-card", "no_face_detected", None),
        ("two", "ben-card", "multiple_faces", None),
        ("ben", "wall", "no_face_detected", None),
    ):
        user, before = new("ben"), stores.objects()
        answer = register(user, selfie, document).refused(400, reason)
        refused(user, answer, before, "quality", {reason}, {"incomplete"})
        rules = [failure["rule"] for failure in answer.get("failures") or []]
        assert rule is None or rule in rules, f"the rule {rule} was expected: {answer}"
        assert all(failure["advice"] for failure in answer.get("failures") or []), answer
    for garbage in ("", "%%%", "aGVsbG8gd29ybGQ="):
        answer = demo.post("/identity/registrations", {"selfie": picture("ben"), "document": garbage})
        answer.refused(400, "invalid_image" if garbage else answer.get("code"))
    demo.post("/identity/registrations", {"selfie": picture("ben")}).refused(400, "invalid_request")


def somebody_elses_document_is_no_proof():
    user, before = new("impostor"), stores.objects()
    answer = register(user, "dora", "ben-card").expect(200)
    refused(user, answer, before, "compare", {"below_threshold", "no_match"}, {"failed"})


def a_known_fraudster_is_recognised():
    [collection, *_] = stores.collections("fraudulent")
    image = {"Bytes": picture.bytes("carl")}
    indexed = rekognition.index_faces(CollectionId=collection, Image=image, ExternalImageId="case-4711", MaxFaces=1)
    user, before = new("carl"), stores.objects()
    answer = register(user, "carl-aside", "carl-card").expect(200)
    refused(user, answer, before, "fraud_search", {"blacklisted"}, {"fraud"})
    assert "case-4711" not in answer.text, f"whose case it is concerns nobody: {answer}"
    faces = [record["Face"]["FaceId"] for record in indexed["FaceRecords"]]
    rekognition.delete_faces(CollectionId=collection, FaceIds=faces)


def nobody_is_registered_twice(anna):
    user, before = new("anna"), stores.objects()
    answer = register(user, "anna-aside", "anna-card").expect(200, existing_user_id=anna)
    refused(user, answer, before, "duplicate_search", {"already_registered"}, {"duplicate"})
    # Another customer learns that it is a duplicate, and not of whom.
    answer = register(user, "anna-aside", "anna-card", api=other).expect(200, state="duplicate")
    assert answer.get("existing_user_id") is None and anna not in answer.text, answer
    # The id is taken, whoever comes with it.
    before = stores.objects()
    answer = register(anna, "ben", "ben-card")
    assert answer.status in (200, 409) and answer["reason"] == "user_exists" and answer["state"] in REFUSED, answer
    assert stores.objects() <= before, sorted(stores.objects() - before)
    assert stores.faces("registered").count(anna) == 2, stores.faces("registered")


def a_user_is_authenticated(anna, ben):
    answer = authenticate(anna, "anna-aside").expect(200, outcome="approved", authenticated=True, user_id=anna)
    assert answer["similarity"] >= answer["threshold"] == 95, answer
    answer = authenticate(None, "anna-aside").expect(200, outcome="approved", authenticated=True, user_id=anna)
    no = {"outcome": "failed", "authenticated": False, "step": "search"}
    authenticate(ben, "anna-aside").expect(200, reason="other_person", **no)
    for user in (anna, None):
        answer = authenticate(user, "dora").expect(200, reason="no_match", **no)
        assert answer.get("user_id") in (None, user), answer
    authenticate(anna, "anna-sunglasses").refused(400, "quality_rejected")
    authenticate(anna, "wall").refused(400, "no_face_detected")
    unknown = authenticate(new("nobody"), "anna")
    assert unknown.status in (200, 404) and anna not in unknown.text, unknown
    assert unknown.get("reason") in ("unknown_user", None) and unknown.get("authenticated") is not True, unknown
    # For another customer neither of them exists.
    answer = authenticate(None, "anna-aside", api=other).expect(200, authenticated=False, reason="no_match")
    assert anna not in answer.text, answer


def one_face_of_two_users_is_ambiguous(ben):
    [collection, *_] = stores.collections("registered")
    image = {"Bytes": picture.bytes("anna")}
    indexed = rekognition.index_faces(CollectionId=collection, Image=image, ExternalImageId=ben, MaxFaces=1)
    authenticate(None, "anna-aside").expect(200, outcome="failed", authenticated=False, reason="ambiguous")
    faces = [record["Face"]["FaceId"] for record in indexed["FaceRecords"]]
    rekognition.delete_faces(CollectionId=collection, FaceIds=faces)


def a_photo_is_replaced(anna):
    path = f"/identity/users/{anna}/photo"
    objects = len(stores.objects())
    demo.put(path, {"selfie": picture("dora")}).expect(200, outcome="failed", reason="no_match", authenticated=False)
    demo.put(path, {"selfie": picture("anna-dark")}).refused(400, "quality_rejected")
    other.put(path, {"selfie": picture("anna-aside")}).refused(404, "user_not_found")
    demo.put(path, {"selfie": picture("anna-later")}).expect(200, outcome="approved", user_id=anna)
    assert stores.faces("registered").count(anna) == 2, "the old face is gone and the new one is there"
    assert len(stores.objects()) == objects, "the old picture is gone and the new one is there"
    authenticate(anna, "anna-aside").expect(200, authenticated=True)


def live_session(purpose, user=None, confidence=99.0, status="SUCCEEDED", person="emil", api=demo):
    """A session in which the person's part was played."""
    body = {"purpose": purpose} | ({"user_id": user} if user else {})
    begun = api.post("/identity/liveness-sessions", body).expect(201, region="us-east-1")
    assert begun["expires_at"], begun
    part = {"status": status, "confidence": confidence, "image": picture(f"{person}-camera")}
    simulator("POST", f"liveness/{begun['session_id']}", part)
    return begun["session_id"]


def session_state(session, state, api=demo):
    answer = api.get(f"/identity/liveness-sessions?session_id={session}").expect(200, session_id=session, state=state)
    assert "confidence" not in answer.document, f"scores concern nobody: {answer}"


def a_living_person_needs_no_selfie():
    user = new("emil")
    open_session = demo.post("/identity/liveness-sessions", {"purpose": "registration", "user_id": user}).expect(201)
    session_state(open_session["session_id"], "open")

    session = live_session("registration", user)
    session_state(session, "passed")
    answer = approved(user, None, "emil-card", liveness_session_id=session)
    session_state(session, "used")
    session = live_session("authentication", user)
    authenticate(user, liveness_session_id=session).expect(200, authenticated=True, user_id=user)
    session = live_session("photo_update", user)
    answer = demo.put(f"/identity/users/{user}/photo", {"liveness_session_id": session})
    answer.expect(200, outcome="approved", user_id=user)
    return user


def a_session_that_does_not_count_is_refused(emil):
    def no(session, reason, user=emil, api=demo):
        answer = authenticate(user, liveness_session_id=session, api=api)
        assert answer.status in (200, 404), answer
        if answer.status == 200:
            answer.expect(200, outcome="failed", authenticated=False, step="liveness", reason=reason)

    used = live_session("authentication", emil)
    authenticate(emil, liveness_session_id=used).expect(200, authenticated=True)
    no(used, "liveness_reused")
    unsure = live_session("authentication", emil, confidence=89.9)
    session_state(unsure, "failed")
    no(unsure, "not_live")
    expired = live_session("authentication", emil, status="EXPIRED")
    session_state(expired, "expired")
    no(expired, "liveness_expired")
    no(live_session("authentication", emil, status="FAILED"), "liveness_incomplete")
    no(live_session("authentication", emil, status="IN_PROGRESS"), "liveness_incomplete")
    for session in (
        live_session("photo_update", emil),
        live_session("authentication", new("somebody")),
        str(uuid.uuid4()),
    ):
        no(session, "liveness_foreign")
    theirs = live_session("authentication", api=other)
    no(theirs, "liveness_foreign")
    demo.get(f"/identity/liveness-sessions?session_id={theirs}").refused(404, "liveness_session_not_found")

    # The person in front of the camera is another one.
    answer = authenticate(emil, liveness_session_id=live_session("authentication", emil, person="dora"))
    answer.expect(200, outcome="failed", authenticated=False, reason="no_match")
    # The same holds for registrations, and nothing stays behind.
    user, before = new("emil"), stores.objects()
    answer = register(user, None, "emil-card", liveness_session_id=live_session("registration", user, confidence=10.0))
    assert answer["state"] == "failed" and answer["step"] == "liveness" and answer["reason"] == "not_live", answer
    assert user not in stores.faces("registered"), "who is not live is searchable"
    kept = {key for key in stores.objects() - before if "/liveness/" not in key}
    assert not kept, f"pictures were kept: {sorted(kept)}"


def who_leaves_is_nowhere(before):
    user = new("hanna")
    registration = approved(user, "hanna", "hanna-card")["registration_id"]
    other.delete(f"/identity/users/{user}").refused(404, "user_not_found")
    leave(user)
    demo.get(f"/identity/users/{user}").refused(404, "user_not_found")
    assert authenticate(None, "hanna-aside").expect(200, authenticated=False)["reason"] == "no_match"
    assert user not in stores.faces("registered"), "a face was kept"
    left = {key for key in stores.objects() - before if registration in key or user in key}
    assert not left, f"pictures were kept: {sorted(left)}"
    # The record of the registration stays until it expires; no other table names the user.
    named = [table for table in stores.mentions(user) if not table.endswith("-registrations")]
    assert named == [], f"tables still name the user: {named}"
    # The person may come again, and is no duplicate of what was.
    approved(new("hanna"), "hanna", "hanna-card")


def of_many_attempts_one_is_approved():
    users = [new("crowd") for _ in range(CROWD)]
    with concurrent.futures.ThreadPoolExecutor(CROWD) as pool:
        answers = list(pool.map(lambda user: register(user, "crowd", "crowd-card"), users))
    stores.sweep()
    ends = []
    for user, answer in zip(users, answers):
        assert answer.status in (200, 201, 400, 429, 500, 502, 504), answer
        identifier = (answer.document or {}).get("registration_id")
        # Who was answered nothing useful asks again; the sweep has concluded everything.
        state = demo.get(f"/identity/registrations?registration_id={identifier}")["state"] if identifier else "unheard"
        assert state in REFUSED | {"approved", "unheard"}, f"{state} after the sweep: {answer}"
        ends.append(state)
    counted = collections.Counter(ends)
    faces = {face for face in stores.faces("registered") if face in users}
    known = {user for user in users if demo.get(f"/identity/users/{user}").status == 200}
    assert counted["approved"] <= 1 and len(known) == 1, f"{counted}; users: {known}"
    assert faces == known, f"searchable are {faces}, registered is {known}; {counted}"
    print(f"{CROWD} at once: {dict(counted)}")
    leave(known.pop())


def step(does, *arguments):
    result = does(*arguments)
    print(does.__name__.replace("_", " "), flush=True)
    return result


lift_quotas()
empty = stores.objects()
anna = step(a_person_is_registered_and_described)
step(a_user_id_is_made_where_none_is_given)
step(poor_pictures_are_refused)
step(somebody_elses_document_is_no_proof)
step(a_known_fraudster_is_recognised)
step(nobody_is_registered_twice, anna)
ben = new("ben")
approved(ben, "ben", "ben-card")
step(a_user_is_authenticated, anna, ben)
step(one_face_of_two_users_is_ambiguous, ben)
step(a_photo_is_replaced, anna)
emil = step(a_living_person_needs_no_selfie)
step(a_session_that_does_not_count_is_refused, emil)
step(who_leaves_is_nowhere, empty)
step(of_many_attempts_one_is_approved)
