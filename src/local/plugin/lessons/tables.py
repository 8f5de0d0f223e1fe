"""AWS::DynamoDB::Table: the attribute by which items expire, which MiniStack drops from a template."""

from lessons import resource_types

TYPE = "AWS::DynamoDB::Table"


def teach():
    resource_types.afterwards(TYPE, _set_expiry)


def _set_expiry(name, properties):
    from ministack.services import dynamodb

    wanted = properties.get("TimeToLiveSpecification") or {}
    enabled = resource_types.boolean(wanted.get("Enabled", False))
    current = dynamodb._ttl_settings.get(name) or {}
    attribute = wanted.get("AttributeName") or current.get("AttributeName")
    if attribute is None:
        return  # It never had one.
    specification = {"AttributeName": attribute, "Enabled": enabled}
    resource_types.answer(dynamodb._update_ttl({"TableName": name, "TimeToLiveSpecification": specification}))
