"""AWS::Rekognition::Collection: created, tagged, adopted and deleted at the Rekognition simulator."""

import functools
import os

from lessons import resource_types

TYPE = "AWS::Rekognition::Collection"


def teach():
    resource_types.register(
        TYPE, create=_create, update=_update, delete=_delete, replacing=("CollectionId",), tagged=True
    )
    resource_types.importable(TYPE, "CollectionId", _import_problem, _adopt)


@functools.cache
def _rekognition():
    # Imported late: botocore is the slowest import of the process and only a deployment needs it.
    from botocore.config import Config
    from botocore.session import Session

    # CreateCollection has a quota of five calls per second; a stack has more collections than that.
    patient = Config(retries={"mode": "standard", "max_attempts": 12}, connect_timeout=2, read_timeout=10)
    region = os.environ["AWS_DEFAULT_REGION"]
    endpoint = os.environ["AWS_ENDPOINT_URL_REKOGNITION"]
    return Session().create_client("rekognition", region_name=region, endpoint_url=endpoint, config=patient)


def _create(_logical_id, properties, _stack_name):
    name = properties.get("CollectionId")
    if not name:
        raise ValueError("Properties validation failed: required key [CollectionId] not found")
    rekognition = _rekognition()
    try:
        arn = rekognition.create_collection(CollectionId=name, Tags=resource_types.user_tags(properties))["CollectionArn"]
    except rekognition.exceptions.ResourceAlreadyExistsException:
        raise ValueError(f"{name} already exists in stack or account (Service: Rekognition)") from None
    # CreateCollection answers the `aws:rekognition:…` form; CloudFormation's attribute is a whole ARN.
    return name, {"Arn": _whole_arn(arn)}


def _update(name, old, new, _stack_name):
    rekognition = _rekognition()
    arn = _describe(name)["CollectionARN"]
    before, after = resource_types.user_tags(old), resource_types.user_tags(new)
    if gone := [key for key in before if key not in after]:
        rekognition.untag_resource(ResourceArn=arn, TagKeys=gone)
    if changed := {key: value for key, value in after.items() if before.get(key) != value}:
        rekognition.tag_resource(ResourceArn=arn, Tags=changed)
    return name, {"Arn": arn}


def _delete(name, _properties):
    rekognition = _rekognition()
    try:
        rekognition.delete_collection(CollectionId=name)
    except rekognition.exceptions.ResourceNotFoundException:
        pass


def _describe(name):
    return _rekognition().describe_collection(CollectionId=name)


def _import_problem(name):
    try:
        _describe(name)
    except _rekognition().exceptions.ResourceNotFoundException:
        return f"Resource of type '{TYPE}' with identifier '{name}' was not found."
    return None


def _adopt(name):
    return name, {"Arn": _describe(name)["CollectionARN"]}


def _whole_arn(arn):
    return arn if arn.startswith("arn:") else f"arn:{arn}"
