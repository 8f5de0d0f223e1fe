"""AWS/SQS metrics: MiniStack publishes none, so the depth and age of every queue are measured now and then."""

import threading
import time

from lessons import metrics

# CloudWatch measures queues once a minute; oftener here, so that a screen is alive after seconds.
INTERVAL_S = 10
# A message that was received this often without being deleted no longer counts as waiting (SQS developer guide).
RECEIVES_OF_A_STUCK_MESSAGE = 3


def teach():
    threading.Thread(target=_measure_forever, name="queue-metrics", daemon=True).start()


def _measure_forever():
    while True:
        time.sleep(INTERVAL_S)
        _measure()


def _measure():
    from ministack.core.responses import request_scope
    from ministack.services import sqs

    for (account, region, _url), queue in list(sqs._queues._data.items()):
        with request_scope(account, region):
            for name, (value, unit) in _readings(list(queue["messages"])).items():
                metrics.record("AWS/SQS", name, value, unit, {"QueueName": queue["name"]})


def _readings(messages):
    now = time.time()
    waiting = [message for message in messages if message["receive_count"] < RECEIVES_OF_A_STUCK_MESSAGE]
    hidden = [message for message in messages if message["visible_at"] > now]
    in_flight = sum(1 for message in hidden if message["receive_count"] > 0)
    age = max((now - message["sent_at"] for message in waiting), default=0)
    return {
        "ApproximateNumberOfMessagesVisible": (len(messages) - len(hidden), "Count"),
        "ApproximateNumberOfMessagesNotVisible": (in_flight, "Count"),
        "ApproximateNumberOfMessagesDelayed": (len(hidden) - in_flight, "Count"),
        "ApproximateAgeOfOldestMessage": (int(age), "Seconds"),
    }
