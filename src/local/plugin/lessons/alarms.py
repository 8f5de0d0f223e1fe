"""CloudWatch alarms: metric math, composite alarms in CloudFormation, and no verdict of MiniStack's own.

MiniStack judges metric alarms without their dimensions, periods and missing data, so one error trips every alarm. The
observer of the local cloud judges them by CloudWatch's rules and sets their state; composite alarms MiniStack judges
well itself whenever the state of a child changes.
"""

from lessons import resource_types


def teach():
    from ministack.services import cloudwatch
    from ministack.services.cloudformation import provisioners

    cloudwatch._evaluate_alarm = lambda alarm: None
    _teach_metric_math(cloudwatch, provisioners)
    resource_types.register(
        "AWS::CloudWatch::CompositeAlarm",
        create=_create_composite,
        update=lambda name, _old, new, _stack: _put_composite(name, new),
        delete=_delete_composite,
        replacing=("AlarmName",),
        tagged=True,
    )


def _teach_metric_math(cloudwatch, provisioners):
    put_alarm = cloudwatch._put_metric_alarm
    record_of_template = provisioners._cw_metric_alarm_record

    def put_alarm_with_math(params, cbor_data, is_cbor, is_json=False):
        response = put_alarm(params, cbor_data, is_cbor, is_json)
        alarm = cloudwatch._alarms.get((cbor_data or {}).get("AlarmName"))
        if response[0] < 400 and alarm is not None:
            _give_math(alarm, cbor_data)
        return response

    def record_with_math(name, properties):
        if not properties.get("Metrics"):
            return record_of_template(name, properties)
        plain = {key: value for key, value in properties.items() if key != "Metrics"}
        # MiniStack insists on these; they are taken out again below.
        alarm = record_of_template(name, {"Threshold": 0, **plain, "MetricName": "math", "Namespace": "math"})
        _give_math(alarm, properties)
        return alarm

    cloudwatch._put_metric_alarm = put_alarm_with_math
    provisioners._cw_metric_alarm_record = record_with_math


def _give_math(alarm, given):
    """Replaces the single metric of a stored alarm by the queries of the request or template."""
    if given.get("ThresholdMetricId"):
        alarm["ThresholdMetricId"] = given["ThresholdMetricId"]
        alarm.pop("Threshold", None)
    if not given.get("Metrics"):
        return
    for member in ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions", "Unit"):
        alarm.pop(member, None)
    alarm["Metrics"] = [_query(query) for query in given["Metrics"]]


def _query(given):
    """One query in the API's types: templates may carry numbers and booleans as text."""
    query = dict(given)
    if "ReturnData" in query:
        query["ReturnData"] = resource_types.boolean(query["ReturnData"])
    if "Period" in query:
        query["Period"] = int(query["Period"])
    if "MetricStat" in query:
        query["MetricStat"] = {**query["MetricStat"], "Period": int(query["MetricStat"]["Period"])}
    return query


def _create_composite(logical_id, properties, stack_name):
    from ministack.services.cloudformation import provisioners

    name = properties.get("AlarmName") or provisioners._physical_name(stack_name, logical_id, max_len=255)
    return _put_composite(name, properties)


def _put_composite(name, properties):
    from ministack.services import cloudwatch

    request = {**properties, "AlarmName": name}
    request["Tags"] = [{"Key": key, "Value": value} for key, value in resource_types.user_tags(properties).items()]
    request["ActionsEnabled"] = resource_types.boolean(properties.get("ActionsEnabled", True))
    resource_types.answer(cloudwatch._put_composite_alarm({}, request, False, True))
    return name, {"Arn": cloudwatch._composite_alarms[name]["AlarmArn"]}


def _delete_composite(name, _properties):
    from ministack.services import cloudwatch

    alarm = cloudwatch._composite_alarms.pop(name, None)
    if alarm is not None:
        cloudwatch._resource_tags.pop(alarm["AlarmArn"], None)
