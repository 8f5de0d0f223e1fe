"""DescribeEffectivePolicy for the policies of an organization that inherit (such as the AI opt-out)."""

import json
import time


def teach():
    from ministack.services import organizations

    organizations._DISPATCH["DescribeEffectivePolicy"] = _describe_effective_policy


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
