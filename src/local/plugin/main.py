"""Starts MiniStack after teaching it what the templates need and it lacks.

MiniStack stays as it was published: each lesson replaces or wraps single functions of the running process, says which
and why, and knows nothing of the other lessons. The version of MiniStack is pinned, so a lesson that no longer fits
fails loudly at the start rather than quietly later.
"""

from lessons import adoption, alarms, collections, faults, functions, gateway, governance, lifecycle, metrics
from lessons import organizations, protection, queues, replacements, tables, transport, workflows

LESSONS = (
    transport,
    adoption,
    metrics,
    alarms,
    collections,
    faults,
    functions,
    gateway,
    governance,
    organizations,
    protection,
    queues,
    replacements,
    tables,
    workflows,
)


def main():
    lifecycle.end_with_parent()
    for lesson in LESSONS:
        lesson.teach()
    lifecycle.save_regularly()

    from ministack import app

    app.main()


if __name__ == "__main__":
    main()
