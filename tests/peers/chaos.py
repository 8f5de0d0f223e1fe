"""Strikes every call of a flow with every fault, and compares the stores after each: vectors, pictures and records
agree exactly, and nothing that was refused can be found.

Arguments: API address, token, folder with pictures, `all` or the number of strikes to draw per flow, seed. A run
without faults tells the calls of a flow, those of the worker that settles it included. Each is struck in turn; what the
flow calls beyond that to recover is struck too, beside the first fault. Prints one line per run, and fails when
anything disagreed.
"""

import dataclasses
import random
import sys
import time

from faults import LASTING, Faults, Strike, kinds_of
from flows import FLOWS, Cloud

# Faults that befall a recovery: it fails for good, or is cut off on either side of a call.
SECOND_KINDS = (("error", "before", LASTING), ("crash", "before", 1), ("crash", "after", 1))
# Of a drawn sample, how many are silences: each costs seconds.
SILENCES = 1


@dataclasses.dataclass
class Run:
    """What one run of a flow under faults came to."""

    strikes: tuple
    calls: list
    struck: int
    status: int
    problems: list
    seconds: float

    def line(self, flow):
        faults = " + ".join(map(str, self.strikes)) or "no fault"
        verdict = "; ".join(self.problems) or "agrees"
        return f"{flow.name}: {faults}: {self.status}, {verdict} ({self.seconds:.1f} s)"


def run(flow, faults, *strikes):
    """Once under faults, the first settling included; then settled without any, and compared."""
    began = time.monotonic()
    faults.begin(*strikes)
    try:
        status = flow.run()
        flow.settle(receives=1)
        calls, struck = faults.noted()
        faults.begin()
        left = flow.settle()
        problems = flow.problems()
    finally:
        faults.begin()
        flow.forget_messages()
    problems += ["a message that nobody can conclude"] * len(left)
    return Run(strikes, calls, struck, status, problems, time.monotonic() - began)


def recovery(first, learnt):
    """The calls that a run made because of its fault: those that no run without faults makes."""
    return [call for call in dict.fromkeys(first.calls) if call not in learnt and call != first.strikes[0].call]


def second_strikes(runs, learnt):
    """Each recovery once, however many faults lead to it."""
    known = set()
    for first in runs:
        calls = recovery(first, learnt)
        if (key := (first.strikes[0].call, tuple(calls))) in known:
            continue
        known.add(key)
        yield from ((first.strikes[0], Strike(call, *kind)) for call in calls for kind in SECOND_KINDS)


def drawn(strikes, number, dice):
    """A sample, with few of the slow ones; the same for the same seed."""
    quick = [strike for strike in strikes if strike.action != "timeout"]
    slow = [strike for strike in strikes if strike.action == "timeout"]
    return dice.sample(slow, SILENCES) + dice.sample(quick, min(number - SILENCES, len(quick)))


def chaos(flow, faults, number, dice):
    """All strikes, or a number of drawn ones, a quarter of them on recoveries."""
    quiet = run(flow, faults)
    print(quiet.line(flow), "; calls:", ", ".join(map(str, quiet.calls)), flush=True)
    assert quiet.calls and not quiet.problems, "the flow does not agree even without faults"
    learnt = set(quiet.calls)
    first = [strike for call in quiet.calls for strike in kinds_of(call)]
    if number is not None:
        first = drawn(first, number - number // 4, dice)
    runs = [struck(flow, faults, learnt, strike) for strike in first]
    if number is None:
        second = list(second_strikes(runs, learnt))
    else:
        quick = [done for done in runs if done.strikes[0].action != "timeout"]
        second = list(second_strikes(quick, learnt))
        second = dice.sample(second, min(number // 4, len(second)))
    return runs + [struck(flow, faults, learnt, *pair) for pair in second]


def struck(flow, faults, learnt, *strikes):
    done = run(flow, faults, *strikes)
    print(done.line(flow), flush=True)
    # A strike that met nothing proves nothing.
    assert done.struck >= 1, f"{done.line(flow)}: nothing was struck"
    return done


def main():
    api, token, folder, wanted, seed = sys.argv[1:6]
    number = None if wanted == "all" else int(wanted)
    print(f"seed {seed}")
    dice, faults, cloud = random.Random(int(seed)), Faults(), Cloud(api, token, folder)
    runs = []
    for kind in FLOWS:
        flow = kind(cloud)
        try:
            runs += chaos(flow, faults, number, dice)
        finally:
            faults.end()
            flow.end()
    wrong = [run for run in runs if run.problems]
    print(f"{len(runs)} runs under faults, {len(wrong)} disagree")
    sys.exit(1 if wrong else 0)


main()
