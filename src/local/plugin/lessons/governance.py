"""AWS::CloudTrail::Trail at MiniStack's CloudTrail, and AWS::Macie::Session, which is only remembered by its stack."""

from lessons import resource_types

_TRAIL_MEMBERS = {
    "S3BucketName": "S3BucketName",
    "S3KeyPrefix": "S3KeyPrefix",
    "SnsTopicName": "SnsTopicName",
    "KMSKeyId": "KmsKeyId",
}
_TRAIL_SWITCHES = ("IncludeGlobalServiceEvents", "IsMultiRegionTrail", "EnableLogFileValidation", "IsOrganizationTrail")


def teach():
    resource_types.register(
        "AWS::CloudTrail::Trail",
        create=_create_trail,
        update=_update_trail,
        delete=_delete_trail,
        replacing=("TrailName",),
        tagged=True,
    )
    resource_types.register(
        "AWS::Macie::Session",
        create=lambda _logical_id, _properties, _stack: _macie_session(),
        update=lambda _physical_id, _old, _new, _stack: _macie_session(),
        delete=lambda _physical_id, _properties: None,
    )


def _create_trail(logical_id, properties, stack_name):
    from ministack.services import cloudtrail
    from ministack.services.cloudformation import provisioners

    name = properties.get("TrailName") or provisioners._physical_name(stack_name, logical_id, max_len=128)
    created = resource_types.answer(cloudtrail._create_trail(_trail_request(name, properties)))
    _configure(name, properties)
    return name, {"Arn": created["TrailARN"]}


def _update_trail(name, _old, new, _stack_name):
    from ministack.services import cloudtrail

    updated = resource_types.answer(cloudtrail._update_trail(_trail_request(name, new)))
    _configure(name, new)
    return name, {"Arn": updated["TrailARN"]}


def _delete_trail(name, _properties):
    from ministack.services import cloudtrail

    if cloudtrail._find_visible_trail(name)[2] is not None:
        resource_types.answer(cloudtrail._delete_trail({"Name": name}))


def _trail_request(name, properties):
    request = {"Name": name}
    request.update({api: properties[cfn] for cfn, api in _TRAIL_MEMBERS.items() if cfn in properties})
    request.update(
        {switch: resource_types.boolean(properties[switch]) for switch in _TRAIL_SWITCHES if switch in properties}
    )
    return request


def _configure(name, properties):
    """What CloudFormation does after CreateTrail: selectors and the switch."""
    from ministack.services import cloudtrail

    if selectors := properties.get("EventSelectors"):
        resource_types.answer(cloudtrail._put_event_selectors({"TrailName": name, "EventSelectors": selectors}))
    switch = cloudtrail._start_logging if resource_types.boolean(properties.get("IsLogging")) else cloudtrail._stop_logging
    resource_types.answer(switch({"Name": name}))


def _macie_session():
    from ministack.core.responses import get_account_id

    account = get_account_id()
    role = f"arn:aws:iam::{account}:role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie"
    return account, {"AwsAccountId": account, "ServiceRole": role}
