"""What the clients of the API share: calls with a token, pictures, what is stored, the simulator's admin endpoints."""

import base64
import json
import os
import time
import urllib.error
import urllib.request

import boto3

# Longest wait for what goes on after the answer, seconds.
PATIENCE = 120


class Answer:
    """What the API said."""

    def __init__(self, call, status, headers, text):
        self.call, self.status, self.headers, self.text = call, status, headers, text
        self.document = json.loads(text) if text else None

    def __getitem__(self, member):
        return self.document[member]

    def get(self, member):
        return self.document.get(member)

    def __str__(self):
        return f"{self.call} -> {self.status} {self.text[:2_000]}"

    def expect(self, status, /, **members):
        """It has this status and these members; says what was got instead."""
        assert self.status == status, f"{status} was expected: {self}"
        for name, value in members.items():
            assert self.document.get(name) == value, f"{name} = {value!r} was expected: {self}"
        return self

    def refused(self, status, code, /, **members):
        """It is a problem document with this code."""
        content_type = self.headers.get_content_type()
        assert content_type == "application/problem+json", f"{content_type}: {self}"
        assert self.document.get("title") and self.document.get("detail"), f"a problem without words: {self}"
        return self.expect(status, code=code, **members)


class Api:
    """The API as the holder of one token sees it."""

    def __init__(self, url, token):
        self.url, self.token = url, token

    def call(self, method, path, body=None):
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, headers=headers, method=method)
        what = f"{method} {path} {({name: short(value) for name, value in (body or {}).items()})}"
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return Answer(what, answer.status, answer.headers, answer.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(what, error.code, error.headers, error.read().decode())

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body):
        return self.call("POST", path, body)

    def put(self, path, body):
        return self.call("PUT", path, body)

    def delete(self, path):
        return self.call("DELETE", path)


class Stores:
    """Everything that an environment keeps, seen past the API."""

    def __init__(self, prefix):
        self.prefix = prefix
        self.rekognition, self.s3 = boto3.client("rekognition"), boto3.client("s3")
        self.dynamodb, self.functions = boto3.client("dynamodb"), boto3.client("lambda")

    def collections(self, role):
        names = self.rekognition.list_collections(MaxResults=1000)["CollectionIds"]
        return [name for name in names if name.startswith(f"{self.prefix}-{role}-")]

    def faces(self, role):
        """External image id of every face in the collections of a role."""
        pages = self.rekognition.get_paginator("list_faces")
        names = self.collections(role)
        return [
            face.get("ExternalImageId")
            for name in names
            for page in pages.paginate(CollectionId=name)
            for face in page["Faces"]
        ]

    def objects(self):
        """Every key in the environment's buckets."""
        names = [bucket["Name"] for bucket in self.s3.list_buckets()["Buckets"]]
        pages = self.s3.get_paginator("list_objects_v2")
        return {
            f"{name}/{entry['Key']}"
            for name in names
            if name.startswith(f"{self.prefix}-")
            for page in pages.paginate(Bucket=name)
            for entry in page.get("Contents", [])
        }

    def mentions(self, text):
        """Names of the tables in which a text occurs, anywhere in an item."""
        tables = [name for page in self.dynamodb.get_paginator("list_tables").paginate() for name in page["TableNames"]]
        pages = self.dynamodb.get_paginator("scan")
        return [
            table
            for table in tables
            if table.startswith(f"{self.prefix}-")
            for page in pages.paginate(TableName=table, ConsistentRead=True)
            for item in page["Items"]
            if text in json.dumps(item, default=str)
        ]

    def sweep(self):
        """Runs the sweep now, for everything that is not concluded however young it is."""
        pages = self.functions.get_paginator("list_functions").paginate()
        names = [each["FunctionName"] for page in pages for each in page["Functions"]]
        [sweeper] = [name for name in names if name.startswith(f"{self.prefix}-") and name.endswith("sweeper")]
        answer = self.functions.invoke(FunctionName=sweeper, Payload=json.dumps({"older_than_seconds": 0}))
        said = answer["Payload"].read().decode()
        assert "FunctionError" not in answer, f"the sweep failed: {said}"
        return json.loads(said)


class Pictures:
    """The pictures of a folder, as base64 and as bytes."""

    def __init__(self, folder):
        self.folder = folder

    def __call__(self, name):
        return base64.b64encode(self.bytes(name)).decode()

    def bytes(self, name):
        with open(f"{self.folder}/{name}.png", "rb") as file:
            return file.read()


def simulator(method, path, document=None):
    """Calls an admin endpoint of the Rekognition simulator."""
    url = f"{os.environ['AWS_ENDPOINT_URL_REKOGNITION']}/_admin/{path}"
    body = None if document is None else json.dumps(document).encode()
    headers = {"Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method), timeout=30) as answer:
        return json.loads(answer.read())


def lift_quotas():
    """Tests ask more often than people do."""
    simulator("PUT", "quotas", dict.fromkeys(simulator("GET", "quotas")))


def wait_for(what, look):
    """Asks until there is an answer; what goes on behind the API takes its time."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = look()
        if found is not None:
            return found
        assert time.monotonic() < deadline, f"no {what} within {PATIENCE} s"
        time.sleep(0.2)


def short(value):
    return value if not isinstance(value, str) or len(value) < 60 else f"{value[:16]}… ({len(value)} characters)"
