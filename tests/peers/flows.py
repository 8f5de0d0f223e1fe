"""The flows that faults are tried on. Each is a class with a `name` and

- `run()`: goes once through the flow as a new visitor, and answers the HTTP status;
- `settle(receives)`: does what queues and sweeps would do in time, so often, and answers what is left;
- `problems()`: what does not agree after that;
- `forget_messages()` and `end()`: leave nothing to the next run, and nothing to others.
"""

import base64
import json
import os
import urllib.error
import urllib.parse
import urllib.request
import uuid

import boto3

# Attempts that the queue gives a message before it is put aside.
RECEIVES = 5


class Cloud:
    """What was deployed, and who may be asked about it."""

    def __init__(self, api, token, folder):
        self.api, self._token, self._folder = api, token, folder
        self._told = set()
        outputs = {}
        formation = boto3.client("cloudformation")
        for stack in formation.describe_stacks()["Stacks"]:
            outputs.update({output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])})
        self.bucket, self.table = outputs["ImageBucketName"], outputs["FacesTableName"]
        self.users, self.registrations = outputs["UsersTableName"], outputs["RegistrationsTableName"]
        self.sweeper = outputs["SweeperFunctionName"]
        self.queue, self.worker = outputs["IndexQueueUrl"], outputs["WorkerFunctionName"]
        self.s3, self.dynamodb, self.sqs = boto3.client("s3"), boto3.client("dynamodb"), boto3.client("sqs")
        self.functions, self.rekognition = boto3.client("lambda"), boto3.client("rekognition")
        self._lift_quotas()

    def picture(self, name):
        with open(f"{self._folder}/{name}.png", "rb") as file:
            return base64.b64encode(file.read()).decode()

    def post(self, path, body):
        """Status and document of a call of the API; whatever answers, an answer it is."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        request = urllib.request.Request(self.api + path, data=json.dumps(body).encode(), headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read())

    def delete(self, path):
        """Status of a deletion."""
        headers = {"Authorization": f"Bearer {self._token}"}
        request = urllib.request.Request(self.api + path, headers=headers, method="DELETE")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status
        except urllib.error.HTTPError as refused:
            return refused.code

    def sweep(self):
        """Has everything swept that is open, however young it is."""
        self.functions.invoke(FunctionName=self.sweeper, Payload=json.dumps({"older_than_seconds": 0}))

    def deliver_by_hand(self, function, enabled):
        """Stops the queue from delivering to a function (or lets it again), so that a test says when it does."""
        for mapping in self.functions.list_event_source_mappings(FunctionName=function)["EventSourceMappings"]:
            self.functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=enabled)

    def deliver(self, function, messages):
        """Delivers a batch as the queue would, and answers what must come again."""
        records = [{"messageId": message["MessageId"], "body": message["Body"]} for message in messages]
        answer = self.functions.invoke(FunctionName=function, Payload=json.dumps({"Records": records}))
        reply = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            return messages
        failed = {failure["itemIdentifier"] for failure in reply["batchItemFailures"]}
        return [message for message in messages if message["MessageId"] in failed]

    def waiting(self, queue):
        """The messages of a queue, also those that are not to be delivered yet."""
        question = urllib.parse.urlencode({"QueueUrl": queue})
        endpoint = os.environ["AWS_ENDPOINT_URL"]
        with urllib.request.urlopen(f"{endpoint}/_ministack/sqs/messages?{question}", timeout=10) as answer:
            accounts = json.loads(answer.read())["messages"]
        by_region = [queues for regions in accounts.values() for queues in regions.values()]
        return [message for queues in by_region for messages in queues.values() for message in messages]

    def vectors(self):
        """Reference of each face in the tenants' collections -> its id there."""
        names = self.rekognition.list_collections()["CollectionIds"]
        pages = self.rekognition.get_paginator("list_faces")
        found = {}
        for name in names:
            if "-tenant-" in name:
                for page in pages.paginate(CollectionId=name):
                    found.update({face["ExternalImageId"]: face["FaceId"] for face in page["Faces"]})
        return found

    def images(self):
        """Face of each picture that is kept."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix="tenants/")
        keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        return {key.rsplit("/", 1)[-1].rsplit(".", 1)[0] for key in keys}

    def records(self):
        """Face of each record -> the record. The counters of sessions stand in the same table."""
        items = self.items(self.table)
        return {item["face_id"]["S"]: item for item in items if not item["face_id"]["S"].startswith("session:")}

    def items(self, table):
        """Everything in a table."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]

    def plan_for_rekognition(self, plan):
        """What the simulator itself lets go wrong, on top of the faults of a run."""
        self._simulator("PUT", "faults", plan)

    def disagreements(self):
        """What stands in one store and not in another. What an earlier run has broken is not held against this one."""
        vectors, images, records = self.vectors(), self.images(), self.records()
        wrong = set()
        for one, other, what in (
            (vectors, records, "a vector without a record"),
            (vectors, images, "a vector without a picture"),
            (images, records, "a picture without a record"),
            (records, vectors, "a record without a vector"),
            (records, images, "a record without a picture"),
        ):
            wrong |= {(what, face) for face in set(one) - set(other)}
        for face in set(records) & set(vectors):
            if records[face].get("engine_face_id", {}).get("S") != vectors[face]:
                wrong.add(("a record that does not name its vector", face))
        new = sorted(wrong - self._told)
        self._told |= wrong
        return [what for what, _face in new]

    def _lift_quotas(self):
        """Comparing the stores after each run asks more often than a quota allows, and is no part of what is tried."""
        self._simulator("PUT", "quotas", dict.fromkeys(self._simulator("GET", "quotas")))

    @staticmethod
    def _simulator(method, what, document=None):
        url = f"{os.environ['AWS_ENDPOINT_URL_REKOGNITION']}/_admin/{what}"
        body = None if document is None else json.dumps(document).encode()
        headers = {"Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method), timeout=10) as answer:
            return json.loads(answer.read())


class Registration:
    """POST /kyc/facematch/register: picture, record and vector, and a message that completes what is left pending."""

    name = "registration"
    picture = "selfie"

    def __init__(self, cloud):
        self._cloud = cloud
        self._picture = cloud.picture(self.picture)
        self._session = self.status = None
        cloud.deliver_by_hand(cloud.worker, False)

    def run(self):
        self._session = str(uuid.uuid4())
        body = {"image": self._picture, "session_id": self._session}
        self.status, _document = self._cloud.post("/kyc/facematch/register", body)
        return self.status

    def settle(self, receives=RECEIVES):
        """Delivers what the queue holds, as often as it would. Answers what the worker cannot conclude."""
        left = self._cloud.waiting(self._cloud.queue)
        for _ in range(receives):
            if not left:
                break
            left = self._cloud.deliver(self._cloud.worker, left)
        return left

    def forget_messages(self):
        self._cloud.sqs.purge_queue(QueueUrl=self._cloud.queue)

    def problems(self):
        """What does not agree since the last run, after the flow has settled."""
        said = self._cloud.disagreements()
        records = self._cloud.records()
        mine = [face for face, record in records.items() if record["session_id"]["S"] == self._session]
        if 400 <= self.status < 500 and mine:
            said.append(f"refused with {self.status} and searchable")
        if self.status in (201, 202) and not mine:
            said.append(f"accepted with {self.status} and gone")
        return said

    def end(self):
        self._cloud.deliver_by_hand(self._cloud.worker, True)


class ThrottledRegistration(Registration):
    """The same while Rekognition has no capacity: the API answers 202, and the worker does what is left."""

    name = "throttled registration"

    def run(self):
        self._cloud.plan_for_rekognition({"IndexFaces": {"throttle_rate": 1.0}})
        try:
            return super().run()
        finally:
            self._cloud.plan_for_rekognition({})


class RefusedRegistration(Registration):
    """A picture that the quality rules refuse."""

    name = "refused registration"
    picture = "sunglasses"


class IdentityRegistration(Registration):
    """POST /identity/registrations: intake, the workflow with all of its steps, and the sweep for what is left open."""

    name = "identity registration"

    def __init__(self, cloud):
        super().__init__(cloud)
        self._document = cloud.picture("card")
        self._user = None

    def run(self):
        self._user = f"chaos-{uuid.uuid4()}"
        body = {"user_id": self._user, "selfie": self._picture, "document": self._document}
        self.status, document = self._cloud.post("/identity/registrations", body)
        self._state = (document or {}).get("state")
        return self.status

    def settle(self, receives=RECEIVES):
        left = super().settle(receives)
        self._cloud.sweep()
        return left

    def problems(self):
        said = []
        users, faces, pictures = self._registered(), self._faces(), self._pictures()
        states = [item["state"]["S"] for item in self._cloud.items(self._cloud.registrations)]
        reserved = [item for item in self._cloud.items(self._cloud.users) if item["state"]["S"] != "ACTIVE"]
        said += ["a registration that is not concluded"] * len([state for state in states if state != "CONCLUDED"])
        said += ["a user id that stays reserved"] * len(reserved)
        said += ["a face without a user"] * len(set(faces) - set(users))
        said += ["a user without both faces"] * len([user for user in users if faces.count(user) != 2])
        if pictures != set(users.values()):
            said.append("pictures that do not belong to the users")
        if self._state in ("failed", "duplicate", "fraud", "incomplete") and self._user in faces:
            said.append(f"refused with {self.status} and searchable")
        if self.status == 201 and self._user not in users:
            said.append("approved and gone")
        # Of each person there is one user: whoever was registered makes room for the next run.
        for user in users:
            assert self._cloud.delete(f"/identity/users/{user}") in (200, 204), "a user cannot be removed"
        return said

    def _registered(self):
        """Id of each user -> the registration."""
        items = self._cloud.items(self._cloud.users)
        active = [item for item in items if item["state"]["S"] == "ACTIVE"]
        return {item["user_id"]["S"]: item["registration_id"]["S"] for item in active}

    def _faces(self):
        names = self._cloud.rekognition.list_collections()["CollectionIds"]
        pages = self._cloud.rekognition.get_paginator("list_faces")
        registered = [name for name in names if "-registered-" in name]
        found = (page for name in registered for page in pages.paginate(CollectionId=name))
        return [face["ExternalImageId"] for page in found for face in page["Faces"]]

    def _pictures(self):
        pages = self._cloud.s3.get_paginator("list_objects_v2")
        pages = pages.paginate(Bucket=self._cloud.bucket, Prefix="registrations/")
        return {entry["Key"].split("/")[1] for page in pages for entry in page.get("Contents", [])}


FLOWS = (Registration, ThrottledRegistration, RefusedRegistration, IdentityRegistration)
