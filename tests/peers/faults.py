"""Strikes what functions call on the local cloud: the client of the emulator's fault endpoints."""

import collections
import dataclasses
import json
import os
import urllib.request

# A call lasts longer than the functions wait for one attempt (4 s), so they see silence and not a closed connection.
SILENCE_MS = 4_500
# More calls of one kind than any flow makes: the fault lasts until it is cleared.
LASTING = 1_000


@dataclasses.dataclass(frozen=True)
class Call:
    """The nth call of an operation by a function within one run of a flow."""

    service: str
    operation: str
    function: str
    nth: int

    def __str__(self):
        return f"{self.function.rsplit('-', 1)[-1]}:{self.operation}#{self.nth}"


@dataclasses.dataclass(frozen=True)
class Strike:
    """What befalls a call."""

    call: Call
    action: str
    when: str
    times: int = 1

    def rule(self):
        meant = {"service": self.call.service, "operation": self.call.operation, "function": self.call.function}
        how = {"nth": self.call.nth, "times": self.times, "action": self.action, "when": self.when}
        return {**meant, **how, "hold_ms": SILENCE_MS}

    def __str__(self):
        return f"{'lasting ' if self.times == LASTING else ''}{self.action} {self.when} {self.call}"


# Everything that can befall one call. A single error or silence is retried by the functions; a lasting one is not
# outlived.
KINDS = [
    (action, when, times)
    for action, counts in (("error", (1, LASTING)), ("timeout", (1, LASTING)), ("crash", (1,)))
    for times in counts
    for when in ("before", "after")
]


def kinds_of(call):
    return [Strike(call, *kind) for kind in KINDS]


class Faults:
    """The rules in force. Between `begin` and `end` every call of a function is noted."""

    def __init__(self, endpoint=None):
        self._url = (endpoint or os.environ["AWS_ENDPOINT_URL"]) + "/_idvctl/faults"

    def begin(self, *strikes):
        return self._ask("PUT", {"rules": [strike.rule() for strike in strikes]})

    def noted(self):
        """Every call since `begin`, in order, and how many calls were struck."""
        document = self._ask("GET")
        counts, calls = collections.Counter(), []
        for seen in document["seen"]:
            key = seen["service"], seen["operation"], seen["function"]
            counts[key] += 1
            calls.append(Call(*key, counts[key]))
        return calls, sum(rule["struck"] for rule in document["rules"])

    def end(self):
        self._ask("DELETE")

    def _ask(self, method, document=None):
        body = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(self._url, data=body, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())
