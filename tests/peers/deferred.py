"""Registrations whose last steps are done after the answer: 202, then asking until it is over.

Arguments: API address, token of the tenant `demo`, folder with pictures. The environment `later` defers the search for
duplicates and the indexing, has two shards of registered users, and wants documents with text.
"""

import sys
import uuid

from client import Api, Pictures, Stores, lift_quotas, wait_for

url, token, folder = sys.argv[1:4]
demo, picture, stores = Api(url, token), Pictures(folder), Stores("idv-later")


def register(user, selfie, document):
    body = {"user_id": user, "selfie": picture(selfie), "document": picture(document)}
    return demo.post("/identity/registrations", body)


def accepted(user, selfie, document):
    """The registration was taken; answers how it ended."""
    answer = register(user, selfie, document).expect(202, state="pending", user_id=user)
    place = answer.headers["Location"]
    assert place and answer["registration_id"] in place, f"Location: {place}; {answer}"
    path = f"/identity/registrations?registration_id={answer['registration_id']}"

    def ended():
        told = demo.get(path).expect(200, registration_id=answer["registration_id"])
        return told if told["state"] != "pending" else None

    return wait_for(f"end of the registration of {user}", ended)


def authenticated(selfie):
    body = {"selfie": picture(selfie)}
    return demo.post("/identity/authentications", body).expect(200).get("user_id")


lift_quotas()
assert len(stores.collections("registered")) == 2, stores.collections("registered")

# What does not wait is refused at once: nobody polls for bad news about a picture.
register("anna", "anna-sunglasses", "anna-card").refused(400, "quality_rejected")
register("impostor", "dora", "anna-card").expect(200, state="failed", step="compare")
print("what can be told at once is told at once")

users = {name: f"{name}-{uuid.uuid4()}" for name in ("anna", "ben", "gina", "hanna")}
for name, user in users.items():
    told = accepted(user, name, f"{name}-card")
    assert told["state"] == "approved", told
    assert authenticated(f"{name}-aside" if name != "gina" else name) == user
    assert stores.faces("registered").count(user) == 2, stores.faces("registered")
print("who was accepted is approved and found, in whichever shard")

# The duplicate is found after the answer, in any shard, and is rolled back.
before = stores.objects()
for name in ("anna", "ben"):
    told = accepted(f"{name}-again", f"{name}-aside", f"{name}-card")
    assert told["state"] == "duplicate" and told["existing_user_id"] == users[name], told
    assert f"{name}-again" not in stores.faces("registered"), stores.faces("registered")
assert stores.objects() <= before, sorted(stores.objects() - before)
print("who was there before is no second user")

for user in users.values():
    answer = demo.delete(f"/identity/users/{user}")
    assert answer.status in (200, 204), answer
assert not set(users.values()) & set(stores.faces("registered")), stores.faces("registered")
print("who leaves is gone")
