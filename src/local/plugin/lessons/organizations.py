"""AWS::Organizations::Policy, and DescribeEffectivePolicy for the policies that inherit (such as the AI opt-out)."""

import json
import time

from lessons import resource_types


def teach():
    from ministack.services import organizations

    resource_types.register(
        "AWS::Organizations::Policy", create=_create, update=_update, delete=_delete, replacing=("Type",), tagged=True
    )
    organizations._DISPATCH["DescribeEffectivePolicy"] = _describe_effective_policy


def _content(properties):
    content = properties["Content"]
    return content if isinstance(content, str) else json.dumps(content)


def _create(_logical_id, properties, _stack_name):
    from ministack.services import organizations

    organizations._ensure_org()
    if not organizations._policy_type_enabled(properties["Type"]):
        root = next(iter(organizations._roots.keys()))
        request = {"RootId": root, "PolicyType": properties["Type"]}
        resource_types.answer(organizations._enable_policy_type(request))
    request = {
        "Name": properties["Name"],
        "Type": properties["Type"],
        "Description": properties.get("Description", ""),
        "Content": _content(properties),
        "Tags": [{"Key": key, "Value": value} for key, value in resource_types.user_tags(properties).items()],
    }
    summary = resource_types.answer(organizations._create_policy(request))["Policy"]["PolicySummary"]
    _attach(summary["Id"], [], properties.get("TargetIds") or [])
    return summary["Id"], {"Id": summary["Id"], "Arn": summary["Arn"], "AwsManaged": False}


def _update(policy_id, old, new, _stack_name):
    from ministack.services import organizations

    request = {
        "PolicyId": policy_id,
        "Name": new["Name"],
        "Description": new.get("Description", ""),
        "Content": _content(new),
    }
    summary = resource_types.answer(organizations._update_policy(request))["Policy"]["PolicySummary"]
    _attach(policy_id, old.get("TargetIds") or [], new.get("TargetIds") or [])
    return policy_id, {"Id": policy_id, "Arn": summary["Arn"], "AwsManaged": False}


def _delete(policy_id, properties):
    from ministack.services import organizations

    if organizations._policies.get(policy_id) is None:
        return
    _attach(policy_id, properties.get("TargetIds") or [], [])
    resource_types.answer(organizations._delete_policy({"PolicyId": policy_id}))


def _attach(policy_id, before, after):
    from ministack.services import organizations

    for change, targets in (
        (organizations._attach_policy, [target for target in after if target not in before]),
        (organizations._detach_policy, [target for target in before if target not in after]),
    ):
        for target in targets:
            resource_types.answer(change({"PolicyId": policy_id, "TargetId": target}))


def _describe_effective_policy(payload):
    """The policies of the root, the units and the account, merged from above; the nearer one wins."""
    from ministack.core.responses import error_response_json, get_account_id
    from ministack.services import organizations

    organizations._ensure_org()
    target = payload.get("TargetId") or get_account_id()
    wanted = payload.get("PolicyType")
    effective = {}
    for place in _line_of_descent(organizations, target):
        for policy_id, policy in organizations._policies.items():
            if policy["Type"] == wanted and place in (organizations._attachments.get(policy_id) or []):
                effective = _merged(effective, json.loads(policy["_Content"]))
    if not effective:
        message = "If you ran this action on the management account, this policy type is not enabled or attached."
        return error_response_json("EffectivePolicyNotFoundException", message, 400)
    document = {
        "PolicyContent": json.dumps(effective),
        "LastUpdatedTimestamp": int(time.time()),
        "TargetId": target,
        "PolicyType": wanted,
    }
    return organizations._json(200, {"EffectivePolicy": document})


def _line_of_descent(organizations, target):
    """From the root down to the account."""
    line = [target]
    while (record := organizations._accounts.get(line[0]) or organizations._ous.get(line[0])) is not None:
        parent = record.get("_ParentId") or record.get("ParentId")
        if not parent:
            break
        line.insert(0, parent)
    return line


def _merged(above, below):
    """`@@assign` sets a value; everything else is descended into. Other inheritance operators limit children only."""
    result = dict(above)
    for key, value in below.items():
        if isinstance(value, dict) and "@@assign" in value:
            result[key] = value["@@assign"]
        elif isinstance(value, dict):
            result[key] = _merged(result.get(key) if isinstance(result.get(key), dict) else {}, value)
        elif not key.startswith("@@"):
            result[key] = value
    return result
