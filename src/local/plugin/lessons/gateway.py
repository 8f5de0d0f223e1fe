"""API Gateway: gateway responses of an OpenAPI body, updates in place, access logs and metrics.

MiniStack imports the routes of a body but not its gateway responses, makes a new API when the body changes, and
neither logs nor measures requests.
"""

import contextvars
import time

from lessons import access_log, metrics, resource_types

# What is learnt about the request that is being served.
_served = contextvars.ContextVar("served", default=None)


class _Served:
    """One request on its way through the gateway."""

    def __init__(self):
        self.started = time.time()
        self.request = None
        self.error = None
        self.integration_s = None
        self.integration_status = None


def teach():
    from ministack.services import apigateway_v1
    from ministack.services.cloudformation import provisioners

    _teach_gateway_responses(apigateway_v1)
    _teach_update_in_place(apigateway_v1, provisioners)
    _teach_access_log_setting(apigateway_v1)
    _teach_observation(apigateway_v1)


def _teach_gateway_responses(gateway):
    import_api = gateway._import_rest_api

    def import_with_responses(spec, base_data=None):
        api_id = import_api(spec, base_data)
        _import_responses(gateway, api_id, spec)
        return api_id

    gateway._import_rest_api = import_with_responses


def _import_responses(gateway, api_id, spec):
    for response_type, response in (spec.get("x-amazon-apigateway-gateway-responses") or {}).items():
        status, _headers, body = gateway._put_gateway_response(api_id, response_type, response or {})
        if status >= 400:
            raise ValueError(f"gateway response {response_type}: {body!r}")


def _teach_update_in_place(gateway, provisioners):
    """A changed body is put over the API as PutRestApi does, so that its id and address stay."""
    handler = provisioners._RESOURCE_HANDLERS["AWS::ApiGateway::RestApi"]
    update = handler["update"]

    def update_in_place(api_id, old, new, stack_name, logical_id=None):
        body = new.get("Body")
        if not isinstance(body, dict) or body == old.get("Body") or api_id not in gateway._rest_apis:
            return update(api_id, old, new, stack_name, logical_id)
        # The body's turn comes below; here only the other properties differ.
        update(api_id, {**old, "Body": body}, new, stack_name, logical_id)
        _overwrite(gateway, api_id, body)
        return api_id, provisioners._apigw_rest_api_attrs(api_id)

    handler["update"] = update_in_place
    handler["update_with_logical_id"] = True


def _overwrite(gateway, api_id, spec):
    resources = gateway._resources[api_id]
    for resource_id, resource in list(resources.items()):
        if resource["path"] == "/":
            resource["resourceMethods"] = {}
        else:
            del resources[resource_id]
    gateway._authorizers_v1[api_id] = {}
    gateway._gateway_responses[api_id] = {}
    schemes = gateway._import_security_schemes(api_id, spec)
    for path, item in (spec.get("paths") or {}).items():
        gateway._import_path_item(api_id, path, item, schemes, spec.get("security"))
    _import_responses(gateway, api_id, spec)


def _teach_access_log_setting(gateway):
    """MiniStack drops the AccessLogSetting of a stage."""

    def keep(stage_name, properties):
        stage = gateway._stages_v1.get(properties.get("RestApiId", ""), {}).get(stage_name)
        setting = properties.get("AccessLogSetting") or {}
        if stage is not None:
            stage["accessLogSettings"] = {
                "destinationArn": setting.get("DestinationArn", ""),
                "format": setting.get("Format", ""),
            }

    resource_types.afterwards("AWS::ApiGateway::Stage", keep)


def _teach_observation(gateway):
    handle = gateway._handle_execute_in_scope
    execute = gateway._execute_in_scope

    async def handle_observed(api_id, stage_name, method, path, headers, body, query_params, account, region):
        served = _Served()
        token = _served.set(served)
        try:
            response = await handle(
                api_id, stage_name, method, path, headers, body, query_params, account, region
            )
        finally:
            _served.reset(token)
        if served.request is not None and served.request["stage"]:
            _observe(gateway, served, response, api_id, method, path, account)
        return response

    async def execute_observed(request, *rest):
        response = await execute(request, *rest)
        if (served := _served.get()) is not None:
            served.request = request
            served.error = response if isinstance(response, gateway._GatewayError) else None
        return response

    gateway._handle_execute_in_scope = handle_observed
    gateway._execute_in_scope = execute_observed
    for name in ("_invoke_lambda_proxy_v1", "_invoke_lambda_custom_v1", "_invoke_sqs_v1", "_invoke_http_proxy_v1"):
        setattr(gateway, name, _timed(getattr(gateway, name)))


def _timed(integrate):
    async def timed(*arguments, **options):
        started = time.time()
        response = await integrate(*arguments, **options)
        if (served := _served.get()) is not None:
            served.integration_s = time.time() - started
            served.integration_status = response[0] if isinstance(response, tuple) else None
        return response

    return timed


def _observe(gateway, served, response, api_id, method, path, account):
    status, _headers, body = response[:3]
    latency_ms = round((time.time() - served.started) * 1000)
    integration_ms = None if served.integration_s is None else round(served.integration_s * 1000)
    request = served.request
    stage = request["stage"]
    _measure(gateway, request, api_id, method, int(status), latency_ms, integration_ms)
    setting = stage.get("accessLogSettings") or {}
    if setting.get("destinationArn") and setting.get("format"):
        error = served.error
        variables = {
            "accountId": account,
            "apiId": api_id,
            "error.message": error and error.message,
            "error.messageString": error and access_log.quoted(error.message),
            "error.responseType": error and error.response_type,
            "httpMethod": method,
            "integration.latency": integration_ms,
            "integration.status": served.integration_status,
            "integrationLatency": integration_ms,
            "integrationStatus": served.integration_status,
            "path": f"/{request['stage_name']}/{path.lstrip('/')}",
            "protocol": "HTTP/1.1",
            "requestId": request["request_id"],
            "resourcePath": request["resource_path"] or None,
            "responseLatency": latency_ms,
            "responseLength": len(body) if isinstance(body, (bytes, str)) else None,
            "stage": request["stage_name"],
            "status": int(status),
        }
        access_log.write(setting, variables, served.started, stream=f"{api_id}_{request['stage_name']}")


def _measure(gateway, request, api_id, method, status, latency_ms, integration_ms):
    api = gateway._rest_apis.get(api_id) or {}
    by_api = {"ApiName": api.get("name", api_id)}
    by_stage = {**by_api, "Stage": request["stage_name"]}
    labels = [by_api, by_stage]
    if request["resource_path"] and _detailed(request["stage"], request["resource_path"], method):
        labels.append({**by_stage, "Resource": request["resource_path"], "Method": method})
    for each in labels:
        metrics.record("AWS/ApiGateway", "Count", 1, "Count", each)
        # Zeros count too: the average of these metrics is the error rate.
        metrics.record("AWS/ApiGateway", "4XXError", 1 if 400 <= status < 500 else 0, "Count", each)
        metrics.record("AWS/ApiGateway", "5XXError", 1 if status >= 500 else 0, "Count", each)
        metrics.record("AWS/ApiGateway", "Latency", latency_ms, "Milliseconds", each)
        if integration_ms is not None:
            metrics.record("AWS/ApiGateway", "IntegrationLatency", integration_ms, "Milliseconds", each)


def _detailed(stage, resource_path, method):
    """Whether the stage asks for metrics by method."""
    settings = stage.get("methodSettings") or {}
    own = settings.get(f"{resource_path}/{method}") or settings.get("*/*") or {}
    return bool(own.get("metricsEnabled"))
