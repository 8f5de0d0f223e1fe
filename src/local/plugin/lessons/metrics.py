"""CloudWatch metrics: stored by the minute, read by exact dimensions.

MiniStack keeps one record per value for ever and walks all of them on every request, so a few minutes of traffic make
it slow. CloudWatch keeps standard metrics by the minute, with the distinct values and how often each was seen, which is
all that sums, averages and percentiles need.
"""

import threading
import time

MINUTE = 60

_lock = threading.Lock()
# (account, region, metric key, moment) -> value -> its stored point; only moments of the last minutes are kept.
_open_points = {}


class _ExactDimensions(dict):
    """Dimensions of a query. True also when empty: MiniStack takes empty ones for "any", CloudWatch for "none"."""

    def __bool__(self):
        return True


def record(namespace, name, value, unit, dimensions):
    """Publishes one value of the current account and region, now."""
    _store(namespace, name, dict(dimensions), time.time(), unit, float(value), 1.0)


def teach():
    from ministack.services import cloudwatch

    store_datum = cloudwatch._store_datum
    dimensions_of = cloudwatch._dims_from_list
    evict = cloudwatch._evict_old_metrics
    get_data = cloudwatch._get_metric_data
    last_eviction = 0.0

    def store_by_minute(namespace, name, dims, ts, unit, value, values, counts, stat_values):
        if stat_values is not None:
            store_datum(namespace, name, dims, ts, unit, value, values, counts, stat_values)
            return
        values = values if values is not None else [value or 0]
        for each, count in zip(values, counts or [1.0] * len(values)):
            _store(namespace, name, dims, ts, unit, float(each), float(count))

    def evict_now_and_then():
        nonlocal last_eviction
        if time.time() - last_eviction > MINUTE:
            last_eviction = time.time()
            evict()

    def get_data_of_whole_minutes(params, cbor_data, is_cbor, is_json=False):
        # CloudWatch rounds the start down; a start within a minute must not lose that minute.
        start = cloudwatch._parse_ts((cbor_data or {}).get("StartTime"))
        if start is not None:
            cbor_data = {**cbor_data, "StartTime": start // MINUTE * MINUTE}
        return get_data(params, cbor_data, is_cbor, is_json)

    cloudwatch._store_datum = store_by_minute
    cloudwatch._dims_from_list = lambda given: _ExactDimensions(dimensions_of(given))
    cloudwatch._evict_old_metrics = evict_now_and_then
    cloudwatch._get_metric_data = get_data_of_whole_minutes
    cloudwatch.record_metric = lambda namespace, name, value, unit="None", dimensions=None: record(
        namespace, name, value, unit, dimensions or {}
    )


def _store(namespace, name, dims, ts, unit, value, count):
    from ministack.core.responses import get_account_id, get_region
    from ministack.services import cloudwatch

    minute = ts // MINUTE * MINUTE
    key = (namespace, name, cloudwatch._dims_key(dims))
    with _lock:
        for stale in [opened for opened in _open_points if opened[3] < minute - 10 * MINUTE]:
            del _open_points[stale]
        points = _open_points.setdefault((get_account_id(), get_region(), key, minute), {})
        if (point := points.get((value, unit))) is not None:
            point["Count"] += count
            return
        point = {"Timestamp": minute, "Value": value, "Count": count, "Unit": unit, "Dimensions": dims}
        points[value, unit] = point
        cloudwatch._metric_bucket(key).append(point)
