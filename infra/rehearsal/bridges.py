"""MiniStack with what it lacks of AWS for this stack, each by name; none of it is in the template.

Run by MiniStack's own Python, in its own process: python -m infra.rehearsal.bridges. The rehearsal prints GAPS, and what
is written to the file $REHEARSAL_IGNORED: the properties that nothing in MiniStack reads.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.rehearsal.unread import watched

GAPS: list[str] = []
Json = dict[str, Any]


def gap(lacks: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Remember what a bridge is for."""

    def remember(bridge: Callable[[], None]) -> Callable[[], None]:
        GAPS.append(lacks)
        bridges.append(bridge)
        return bridge

    return remember


bridges: list[Callable[[], None]] = []


@gap("SAM's transform is not told the parameters' values, which AWS tells it: they become the defaults first")
def tell_the_transform() -> None:
    from ministack.services.cloudformation import changesets, engine, handlers

    transform = engine._apply_transforms

    def told(template: Json, provided: Any = None, previous: Any = None) -> Any:
        if isinstance(template.get("Parameters"), dict):
            template = copy.deepcopy(template)
            for name, value in engine._transform_parameters(template, provided, previous).items():
                template["Parameters"][name]["Default"] = value
        return transform(template, provided, previous)

    for module in (engine, changesets, handlers):
        module._apply_transforms = told


@gap("an API's OpenAPI body makes no routes: each path becomes one, with its integration")
def make_routes() -> None:
    from ministack.services.cloudformation import provisioners as made

    def import_body(api: str, properties: Json) -> None:
        for kept in (made._apigw_v2._routes, made._apigw_v2._integrations):
            kept[api] = {}
        for path, methods in properties.get("Body", {}).get("paths", {}).items():
            for method, operation in methods.items():
                if not isinstance(operation, dict) or "x-amazon-apigateway-integration" not in operation:
                    continue
                wanted = operation["x-amazon-apigateway-integration"]
                integration, _ = made._apigw_v2_integration_create(
                    "",
                    {
                        "ApiId": api,
                        "IntegrationType": wanted["type"].upper(),
                        "IntegrationUri": wanted["uri"],
                        "PayloadFormatVersion": wanted["payloadFormatVersion"],
                        "TimeoutInMillis": int(wanted["timeoutInMillis"]),
                    },
                    "",
                )
                name = "ANY" if method == "x-amazon-apigateway-any-method" else method.upper()
                route = {"ApiId": api, "RouteKey": f"{name} {path}", "Target": f"integrations/{integration}"}
                made._apigw_v2_route_create("", route, "")

    handler = made._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"]
    create, update = handler["create"], handler["update"]

    def create_with_routes(logical_id: str, properties: Json, stack: str) -> Any:
        made_api = create(logical_id, properties, stack)
        import_body(made_api[0], properties)
        return made_api

    def update_with_routes(physical_id: str, before: Json, after: Json, *rest: Any, **named: Any) -> Any:
        updated = update(physical_id, before, after, *rest, **named)
        import_body(updated[0], after)
        return updated

    handler |= {"create": create_with_routes, "update": update_with_routes}


@gap("CloudFront refuses origins on amazonaws.com: those of the emulated API are dialled here")
def dial_the_api() -> None:
    from ministack.services import cloudfront

    dial = cloudfront._forward_to_origin
    port = int(os.environ["GATEWAY_PORT"])

    def dial_here(origin: Json, *rest: Any, **named: Any) -> Any:
        api, dot, after = origin["domain_name"].partition(".execute-api.")
        if dot and after.endswith("amazonaws.com"):
            origin = origin | {"domain_name": f"{api}.execute-api.localhost", "https_port": port}
        return dial(origin, *rest, **named)

    def here(origin: Json, viewer_is_https: bool) -> tuple[str, int, bool]:
        host, number, secure = target(origin, viewer_is_https)
        return ("localhost" if host.endswith(".execute-api.localhost") else host), number, secure

    target = cloudfront._origin_connect_target
    cloudfront._forward_to_origin, cloudfront._origin_connect_target = dial_here, here


@gap("CloudFront reads the bucket without the mark of secure transport, which NothingInTheClear then refuses")
def read_the_bucket_over_tls() -> None:
    from ministack.core import iam_evaluator
    from ministack.services import cloudfront

    read = cloudfront._serve_s3_origin

    def read_securely(*arguments: Any, **named: Any) -> Any:
        before = iam_evaluator._request_origin.get()
        iam_evaluator.pin_request_origin(before[0], True)
        try:
            return read(*arguments, **named)
        finally:
            iam_evaluator.pin_request_origin(*before)

    cloudfront._serve_s3_origin = read_securely


@gap("layers are not at /opt: what the function's variables say of /opt is said of the layer's folder")
def put_layers_at_opt() -> None:
    from ministack.core import lambda_runtime

    plain = "    os.environ.update(env)\n"
    mapped = (
        '    _layer = os.environ.get("_LAMBDA_LAYERS_DIRS", "").split(os.pathsep)[0]\n'
        '    os.environ.update({k: _layer + v[4:] if v.startswith("/opt/") else v for k, v in env.items()})\n'
    )
    lambda_runtime._PYTHON_WORKER_SCRIPT = lambda_runtime._PYTHON_WORKER_SCRIPT.replace(plain, mapped)


@gap("it has no AWS::Budgets::Budget and no AWS::S3Vectors: a budget counts as made, an index is left to moto's server")
def take_budgets_for_made() -> None:
    from ministack.services.cloudformation import provisioners

    def create(logical_id: str, properties: Json, stack: str) -> tuple[str, Json]:
        return f"{stack}-{logical_id}", {}

    def update(physical_id: str, *_: Any, **__: Any) -> tuple[str, Json]:
        return physical_id, {}

    def delete(physical_id: str, properties: Json) -> None:
        """There is nothing."""

    provisioners._RESOURCE_HANDLERS["AWS::Budgets::Budget"] = {"create": create, "update": update, "delete": delete}


@gap(
    "a function's metrics know no alias, and alarms do not look at them: each is recorded for the alias, too, and looked at"
)
def measure_the_alias() -> None:
    from ministack.services import cloudwatch, lambda_svc

    record = lambda_svc._emit_lambda_metrics

    def record_twice(name: str, duration_ms: float, error: bool, throttle: bool) -> None:
        record(name, duration_ms, error, throttle)
        live = {"FunctionName": name, "Resource": f"{name}:live"}
        cloudwatch.record_metric("AWS/Lambda", "Errors", 1 if error else 0, "Count", live)
        cloudwatch.record_metric("AWS/Lambda", "Duration", duration_ms, "Milliseconds", live)
        cloudwatch._evaluate_all_alarms()

    lambda_svc._emit_lambda_metrics = record_twice


def note_what_is_ignored(path: str) -> None:
    """A line for each resource that is made, with the properties that were not read."""
    from ministack.services.cloudformation import provisioners

    def noting(kind: str, create: Callable[..., Any]) -> Callable[..., Any]:
        def made(logical_id: str, properties: Json, stack: str, *rest: Any, **named: Any) -> Any:
            read, unread = watched(properties)
            answer = create(logical_id, read, stack, *rest, **named)
            with Path(path).open("a") as file:
                file.write(json.dumps([kind, sorted(unread)]) + "\n")
            return answer

        return made

    for kind, handler in provisioners._RESOURCE_HANDLERS.items():
        handler["create"] = noting(kind, handler["create"])


def main() -> None:
    os.environ.pop("PYTHONPATH", None)  # it was for this module, and is nothing to a function
    from ministack import app

    app._port_is_bindable = lambda host, port: False  # 443 is left to others
    if path := os.environ.get("REHEARSAL_IGNORED"):
        note_what_is_ignored(path)
    for bridge in bridges:
        bridge()
    app.main()


if __name__ == "__main__":
    main()
