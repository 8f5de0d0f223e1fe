"""Faults on demand in what functions call: errors, silence, and the death of the calling process.

| path | method | body or answer |
|---|---|---|
| `/_idvctl/faults` | PUT | `{"rules": [...]}` replaces the rules and begins to note what functions call |
| `/_idvctl/faults` | GET | the rules, how often each struck, and `seen`: every call since the PUT, in order |
| `/_idvctl/faults` | DELETE | no rules, nothing noted |
| `/_idvctl/crash` | POST | `{"function": name}`, or nothing for every function: kills the processes that run it |

A rule says which calls it means (`service`, `operation`, `function`; `*` is any), which of them it strikes (`nth`, from
1, and `times` in a row; every one without `nth`), `when` ("before" the call is done, or "after") and the `action`:

- error: a 500 in the form of the service's protocol;
- timeout: no answer for `hold_ms`, then the connection is closed;
- crash: the processes of the calling function are killed, and the connection is closed.

Calls that a person or a test makes are never struck and never noted. From the PUT to the DELETE functions reach
Rekognition through MiniStack, which for them is the service `rekognition`; the processes are started anew for that.
"""

import asyncio
import collections
import dataclasses
import json

from lessons import relay

ANY = "*"
# Only so that a forgotten PUT does not fill the memory.
MOST_NOTED = 10_000


class _Cut(Exception):
    """The connection is closed without an answer."""


class _Refused(ValueError):
    """A request to the endpoints that cannot be done."""


@dataclasses.dataclass
class _Rule:
    service: str = ANY
    operation: str = ANY
    function: str = ANY
    nth: int | None = None
    times: int = 1
    when: str = "before"
    action: str = "error"
    hold_ms: int = 7_000
    # How many calls it meant, and how many of them it struck.
    matched: int = 0
    struck: int = 0

    @classmethod
    def of(cls, given):
        settable = {field.name for field in dataclasses.fields(cls)} - {"matched", "struck"}
        if unknown := sorted(set(given) - settable):
            raise _Refused(f"a rule has no {', '.join(unknown)}; it has {', '.join(sorted(settable))}")
        rule = cls(**given)
        if rule.when not in ("before", "after"):
            raise _Refused(f"when is {rule.when!r}; it is before or after")
        if rule.action not in ("error", "timeout", "crash"):
            raise _Refused(f"action is {rule.action!r}; it is error, timeout or crash")
        for name in ("nth", "times", "hold_ms"):
            value = getattr(rule, name)
            if not (value is None and name == "nth") and (type(value) is not int or value < 1):
                raise _Refused(f"{name} is {value!r}; it is a whole number from 1 on")
        return rule

    def strikes(self, call):
        if any(wanted not in (ANY, call[name]) for name, wanted in self._meant()):
            return False
        self.matched += 1
        if self.nth is not None and not self.nth <= self.matched < self.nth + self.times:
            return False
        self.struck += 1
        return True

    def _meant(self):
        return ("service", self.service), ("operation", self.operation), ("function", self.function)


class _Plan:
    """The rules in force, and what was called since."""

    def __init__(self):
        self.rules, self.seen = [], None

    def replace(self, rules):
        self.rules, self.seen = rules, collections.deque(maxlen=MOST_NOTED)

    def clear(self):
        self.__init__()

    def meet(self, service, operation, function):
        """Notes a call and answers the rule that strikes it, if one does. The others count it all the same."""
        if self.seen is None:
            return None
        call = {"service": service, "operation": operation, "function": function}
        striking = [rule for rule in self.rules if rule.strikes(call)]
        self.seen.append({**call, "struck": bool(striking)})
        return striking[0] if striking else None

    def document(self):
        return {"rules": [dataclasses.asdict(rule) for rule in self.rules], "seen": list(self.seen or ())}


# Used on the event loop only.
_plan = _Plan()
_relay = relay.Relay()
# Access key of a function's processes -> name of the function.
_functions = {}


def teach():
    from ministack import app

    _learn_who_is_a_function()
    _relay.teach()
    serve, dispatch = app.app, app._dispatch_service_request

    async def serve_with_endpoints(scope, receive, send):
        if scope["type"] == "http" and (endpoint := _ENDPOINTS.get((scope["method"], scope["path"]))):
            await _administer(endpoint, receive, send)
            return
        try:
            await serve(scope, receive, send)
        except _Cut:
            await _close_connection(send)

    async def dispatch_with_faults(method, path, headers, body, query, request_id):
        def call():
            if service == relay.SERVICE:
                return relay.forward(headers, body)
            return dispatch(method, path, headers, body, query, request_id)

        service = relay.SERVICE if relay.is_meant(headers) else None
        function = _functions.get(app.extract_access_key_id(headers, query))
        if function is None:
            return await call()
        if service is None:
            routing = app._routing_params(method, path, headers, body, query)
            service = app.detect_service(method, path, headers, routing)
        rule = _plan.meet(service, app._ct_event_name(service, method, path, headers, query), function)
        if rule is None:
            return await call()
        if rule.when == "after":
            await call()
        return await _strike(rule, service, function, request_id)

    app.app, app._dispatch_service_request = serve_with_endpoints, dispatch_with_faults


def _learn_who_is_a_function():
    """MiniStack gives the processes of every function credentials of their own."""
    from ministack.core import lambda_runtime
    from ministack.services import lambda_svc

    credentials_of = lambda_runtime.execution_credentials

    def credentials_and_note(config):
        credentials = credentials_of(config)
        _functions[credentials["AWS_ACCESS_KEY_ID"]] = config.get("FunctionName", "unknown")
        return credentials

    # `lambda_svc` imported the function by its name, so it is replaced in both.
    lambda_runtime.execution_credentials = lambda_svc.execution_credentials = credentials_and_note


async def _strike(rule, service, function, request_id):
    if rule.action == "error":
        return _internal_error(service, request_id)
    if rule.action == "timeout":
        await asyncio.sleep(rule.hold_ms / 1_000)
    else:
        _kill(function)
    raise _Cut


def _internal_error(service, request_id):
    told = "We encountered an internal error. Please try again."
    if service == "s3":
        body = f"<Error><Code>InternalError</Code><Message>{told}</Message><RequestId>{request_id}</RequestId></Error>"
        return 500, {"Content-Type": "application/xml"}, body.encode()
    headers = {"Content-Type": "application/x-amz-json-1.0", "x-amzn-requestid": request_id}
    return 500, headers, json.dumps({"__type": "InternalServerError", "message": told}).encode()


def _kill(function=None):
    """Kills the processes of one function or of all, and answers how many. MiniStack notices within 50 ms, ends what
    they were doing with Runtime.ExitError, and starts a new process for the next invocation."""
    from ministack.core import lambda_runtime

    with lambda_runtime._lock:
        workers = [worker for pool in lambda_runtime._workers.values() for worker in pool]
    wanted = [worker._proc for worker in workers if function is None or worker.func_name == function]
    alive = [process for process in wanted if process is not None and process.poll() is None]
    for process in alive:
        process.kill()
    return len(alive)


async def _close_connection(send):
    from hypercorn.protocol.events import StreamClosed

    stream = send.__self__
    if not stream.closed:
        await stream.send(StreamClosed(stream_id=stream.stream_id))


async def _administer(endpoint, receive, send):
    body = b""
    while (message := await receive())["type"] == "http.request":
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    try:
        status, answer = 200, endpoint(json.loads(body or b"{}"))
    except (_Refused, json.JSONDecodeError, TypeError, AttributeError) as problem:
        status, answer = 400, {"error": str(problem)}
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})


def _read(_given):
    return _plan.document()


def _replace(given):
    _plan.replace([_Rule.of(rule) for rule in given.get("rules", [])])
    _lead_through(True)
    return _plan.document()


def _clear(_given):
    _plan.clear()
    _lead_through(False)
    return _plan.document()


def _lead_through(on):
    """A process keeps the endpoint that it started with."""
    if _relay.on is not on:
        _relay.on = on
        _kill()


def _crash(given):
    return {"killed": _kill(given.get("function"))}


_ENDPOINTS = {
    ("GET", "/_idvctl/faults"): _read,
    ("PUT", "/_idvctl/faults"): _replace,
    ("DELETE", "/_idvctl/faults"): _clear,
    ("POST", "/_idvctl/crash"): _crash,
}
