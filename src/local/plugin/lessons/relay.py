"""What functions ask of Rekognition, led through MiniStack on demand.

Rekognition's simulator listens elsewhere, so MiniStack sees nothing of these calls. While they are led through it, they
stand in one order with all others, and the same faults can strike them.
"""

import asyncio
import os
import urllib.error
import urllib.request

SERVICE = "rekognition"
_ENDPOINT = "AWS_ENDPOINT_URL_REKOGNITION"
_TARGET = "RekognitionService."
_FORWARDED = ("authorization", "content-type", "user-agent", "x-amz-date", "x-amz-security-token", "x-amz-target")
# Longer than any function waits for an answer.
_PATIENCE_S = 60


class Relay:
    """Function processes that start while it is on call MiniStack in Rekognition's place."""

    def __init__(self):
        self.on = False

    def teach(self):
        from ministack.services import lambda_svc

        environment_of = lambda_svc._provided_worker_env

        def environment(*arguments):
            made = environment_of(*arguments)
            if self.on:
                made[_ENDPOINT] = os.environ["AWS_ENDPOINT_URL"]
            return made

        lambda_svc._provided_worker_env = environment


def is_meant(headers):
    return headers.get("x-amz-target", "").startswith(_TARGET)


async def forward(headers, body):
    """The simulator's answer in the form of MiniStack's own."""
    kept = {name: value for name, value in headers.items() if name in _FORWARDED}
    request = urllib.request.Request(os.environ[_ENDPOINT], data=body, headers=kept, method="POST")
    return await asyncio.to_thread(_send, request)


def _send(request):
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE_S) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, dict(refused.headers), refused.read()
