"""Writes API Gateway access logs: the stage's format with its $context variables, into the stage's log group."""

import json
import re
import time

_VARIABLE = re.compile(r"\$context\.([A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*)")
# A variable that has no value, as API Gateway writes it.
_ABSENT = "-"


def quoted(message):
    return None if message is None else json.dumps(message)


def write(setting, variables, started, stream):
    """Appends one line. A log group that does not exist gets nothing, as on AWS."""
    from ministack.services import cloudwatch_logs as logs

    name = setting["destinationArn"].split(":log-group:", 1)[-1].removesuffix(":*")
    group = logs._log_groups.get(name)
    if group is None:
        return
    moment = time.gmtime(started)
    variables = {
        **variables,
        "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", moment),
        "requestTimeEpoch": int(started * 1000),
    }
    now = int(time.time() * 1000)
    event = {"timestamp": now, "message": rendered(setting["format"], variables), "ingestionTime": now}
    logs._append_log_events(group["streams"].setdefault(stream, _new_stream(now)), [event])


def rendered(form, variables):
    """The format with every variable replaced. Who called, from where and with what program is never written."""

    def value(match):
        found = variables.get(match.group(1))
        return _ABSENT if found is None else str(found)

    return _VARIABLE.sub(value, form)


def _new_stream(now):
    return {
        "events": [],
        "uploadSequenceToken": "1",
        "creationTime": now,
        "firstEventTimestamp": None,
        "lastEventTimestamp": None,
        "lastIngestionTime": None,
    }
