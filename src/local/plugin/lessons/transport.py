"""The loopback stands in for TLS: policies that refuse plain HTTP hold on AWS and would refuse everything here."""


def teach():
    from ministack import app
    from ministack.core import iam_evaluator

    # `app` imported the function by its name, so it is replaced there.
    app.pin_request_origin = lambda source_ip, _secure: iam_evaluator.pin_request_origin(source_ip, True)
