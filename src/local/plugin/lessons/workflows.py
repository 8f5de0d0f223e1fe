"""Step Functions: EXPRESS executions with a time limit, under their role, measured and forgotten at their end.

MiniStack runs the states; it neither asks the machine's role nor minds the machine's TimeoutSeconds, waits before every
start, and keeps each execution with its input for ever.
"""

import contextvars
import json
import threading
import time

from lessons import metrics, resource_types

TYPE = "AWS::StepFunctions::StateMachine"
# Step Functions service quotas: input, and what a state hands to the next, in bytes of UTF-8.
MAX_PAYLOAD_BYTES = 262_144
# An EXPRESS execution ends after five minutes at the latest (Step Functions service quotas).
LONGEST_EXECUTION_S = 300
# MiniStack's pause before the first state.
START_PAUSE_S = 0.15

# The role under which the states of this execution run. Branches inherit it with their context.
_role = contextvars.ContextVar("role", default=None)


class _EagerClock:
    """The module `time` without the pause before the first state."""

    def __getattr__(self, name):
        return getattr(time, name)

    def sleep(self, seconds):
        if seconds != START_PAUSE_S:
            time.sleep(seconds)


def teach():
    from ministack.services import stepfunctions

    stepfunctions.time = _EagerClock()
    _teach_time_limit(stepfunctions)
    _teach_role_and_sizes(stepfunctions)
    _teach_answers(stepfunctions)
    resource_types.afterwards(TYPE, _spell_logging_as_the_api)


def _teach_time_limit(states):
    run, fail, execute_task = states._run_execution, states._fail_execution, states._execute_task

    def run_in_time(execution_arn):
        execution = states._executions.get(execution_arn)
        machine = states._state_machines.get(execution["stateMachineArn"]) if execution else None
        if machine is None:
            run(execution_arn)
            return
        _role.set(machine["roleArn"])
        limit = _time_limit(machine)
        if limit is None:
            run(execution_arn)
            return
        work = threading.Thread(target=contextvars.copy_context().run, args=(run, execution_arn), daemon=True)
        work.start()
        work.join(limit)
        if execution["status"] == "RUNNING":
            details = {"error": "States.Timeout", "cause": ""}
            execution.update(status="TIMED_OUT", stopDate=states.now_iso(), **details)
            states._add_event(execution, "ExecutionTimedOut", {"executionTimedOutEventDetails": details})

    def fail_unless_it_has_ended(execution, error, cause):
        if execution["status"] == "RUNNING":
            fail(execution, error, cause)

    def execute_unless_it_has_ended(state, given, execution, context):
        if execution["status"] != "RUNNING":
            raise states._ExecutionError("States.Timeout", "the execution has ended")
        return execute_task(state, given, execution, context)

    states._run_execution = run_in_time
    states._fail_execution = fail_unless_it_has_ended
    states._execute_task = execute_unless_it_has_ended


def _time_limit(machine):
    """Seconds, or None for a machine that may run for ever."""
    try:
        given = json.loads(machine["definition"]).get("TimeoutSeconds")
    except (ValueError, AttributeError):
        given = None  # MiniStack says at the start what is wrong with the definition.
    if machine["type"] == "EXPRESS":
        return min(given or LONGEST_EXECUTION_S, LONGEST_EXECUTION_S)
    return given


def _teach_role_and_sizes(states):
    call_function = states._call_lambda

    def call_within_rights(function, event):
        if (denial := _denial(states, function)) is not None:
            raise states._ExecutionError("Lambda.AWSLambdaException", denial)
        result = call_function(function, event)
        if _bytes_of(json.dumps(result)) > MAX_PAYLOAD_BYTES:
            told = "returned a result with a size exceeding the maximum number of bytes service limit."
            raise states._ExecutionError("States.DataLimitExceeded", f"The state/task 'lambda' {told}")
        return result

    states._call_lambda = call_within_rights


def _denial(states, function):
    """Why the role of the running machine may not invoke a function, or None."""
    from ministack.core import iam_evaluator

    role_arn = _role.get()
    if role_arn is None:
        return None
    account, name = states.get_account_id(), role_arn.rsplit("/", 1)[-1]
    prefix = f"arn:aws:lambda:{states.get_region()}:{account}:function:"
    resource = function if function.startswith("arn:") else prefix + function
    caller = f"arn:aws:sts::{account}:assumed-role/{name}/states"
    context = iam_evaluator.EvalContext(
        principal_arn=caller,
        principal_type="AssumedRole",
        principal_account=account,
        action="lambda:InvokeFunction",
        resource_arn=resource,
        region=states.get_region(),
    )
    if iam_evaluator.evaluate(context, iam_evaluator._gather_role_policies(name, account)).decision == "Allow":
        return None
    return (
        f"User: {caller} is not authorized to perform: lambda:InvokeFunction on resource: {resource} because no "
        "identity-based policy allows the lambda:InvokeFunction action (Service: Lambda, Status Code: 403)"
    )


def _teach_answers(states):
    start = states._start_sync_execution

    def start_and_forget(data):
        machine = states._state_machines.get(data.get("stateMachineArn", ""))
        if machine is None:
            return start(data)
        if machine["type"] != "EXPRESS":
            told = f"This operation is not supported by this type of state machine: {machine['stateMachineArn']}"
            return states.error_response_json("StateMachineTypeNotSupported", told, 400)
        if _bytes_of(data.get("input", "")) > MAX_PAYLOAD_BYTES:
            told = (
                "1 validation error detected: Value at 'input' failed to satisfy constraint: "
                f"Member must have length less than or equal to {MAX_PAYLOAD_BYTES}"
            )
            return states.error_response_json("ValidationException", told, 400)
        began = time.time()
        status, headers, body = start(data)
        answer = json.loads(body)
        execution = states._executions.pop(answer["executionArn"])
        if execution["status"] != "SUCCEEDED":
            del answer["output"], answer["outputDetails"]
            answer.update(error=execution["error"], cause=execution["cause"])
        _measure(machine["stateMachineArn"], execution["status"], (time.time() - began) * 1_000)
        return status, headers, json.dumps(answer).encode()

    states._start_sync_execution = start_and_forget


def _measure(machine_arn, status, duration_ms):
    names = {"SUCCEEDED": "ExecutionsSucceeded", "FAILED": "ExecutionsFailed", "TIMED_OUT": "ExecutionsTimedOut"}
    labels = {"StateMachineArn": machine_arn}
    metrics.record("AWS/States", "ExecutionsStarted", 1, "Count", labels)
    metrics.record("AWS/States", "ExecutionTime", duration_ms, "Milliseconds", labels)
    for ended_as, name in names.items():
        metrics.record("AWS/States", name, 1 if status == ended_as else 0, "Count", labels)


def _spell_logging_as_the_api(machine_arn, properties):
    """MiniStack stores the template's own spelling, which no client of DescribeStateMachine reads."""
    from ministack.services import stepfunctions

    wanted = properties.get("LoggingConfiguration")
    if wanted:
        spelt = _with_small_initials(wanted)
        spelt["includeExecutionData"] = resource_types.boolean(spelt.get("includeExecutionData", False))
        stepfunctions._state_machines[machine_arn]["loggingConfiguration"] = spelt


def _with_small_initials(value):
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: _with_small_initials(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_small_initials(each) for each in value]
    return value


def _bytes_of(text):
    return len(text.encode())
