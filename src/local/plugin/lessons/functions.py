"""Lambda: AWS/Lambda metrics for every trigger, and answers without Nagle's delay."""

import socketserver

from lessons import metrics


def teach():
    # The Runtime API answers in two small writes; with Nagle's algorithm each call waits 40 ms for an acknowledgement.
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True

    from ministack.services import lambda_svc

    # MiniStack measures direct calls only. Every executor and trigger passes where it writes the logs.
    write_logs = lambda_svc._emit_lambda_logs
    measure_call = lambda_svc._emit_lambda_metrics

    def write_logs_and_measure(func, request_id, log_text, error, duration_ms, **rest):
        write_logs(func, request_id, log_text, error, duration_ms, **rest)
        config = func.get("config") or func
        labels = {"FunctionName": config.get("FunctionName", "unknown")}
        metrics.record("AWS/Lambda", "Invocations", 1, "Count", labels)
        metrics.record("AWS/Lambda", "Errors", 1 if error else 0, "Count", labels)
        metrics.record("AWS/Lambda", "Throttles", 0, "Count", labels)
        metrics.record("AWS/Lambda", "Duration", duration_ms, "Milliseconds", labels)

    def measure_throttles_only(function_name, duration_ms, error, throttle):
        # A throttled call never reaches the logs; all others were measured above.
        if throttle:
            measure_call(function_name, duration_ms, error, throttle)

    lambda_svc._emit_lambda_logs = write_logs_and_measure
    lambda_svc._emit_lambda_metrics = measure_throttles_only
