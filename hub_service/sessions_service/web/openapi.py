"""The OpenAPI document, made from the operations and the schemas that check them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from .operation import Operation
from .routes import Route

_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "id"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "id": {"type": "string"},
                "nothing_happened": {"type": "boolean"},
                "fields": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        }
    },
}


def make_document(routes: Iterable[Route], base_url: str, version: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of these routes."""
    listed = list(routes)
    models = {
        model
        for route in listed
        for operation in route.operations().values()
        for model in (operation.body or operation.reads, operation.answer)
        if model is not None
    }
    ordered = sorted(models, key=lambda model: model.__name__)
    references, definitions = models_json_schema(
        [(model, "validation") for model in ordered],
        ref_template="#/components/schemas/{model}",
    )
    paths = {
        f"/{route.template}": {
            method.lower(): _describe(route, method, operation, references)
            for method, operation in route.operations().items()
        }
        for route in listed
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "JupyterHub Sessions", "version": version},
        "servers": [{"url": base_url}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {**definitions.get("$defs", {}), "Error": _ERROR},
            "securitySchemes": {
                "token": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "`token <a token of the hub>`",
                }
            },
        },
    }


def _describe(
    route: Route, method: str, operation: Operation, references: dict[Any, Any]
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": f"{method.lower()}_{re.sub(r'[^a-z0-9]+', '_', route.template)}".strip("_"),
        "summary": operation.summary,
        "parameters": [
            *_path_parameters(route),
            *_query_parameters(operation.query),
            *_header_parameters(operation),
        ],
        "responses": {
            **{
                str(status): _answer(operation, references)
                for status in (operation.status, *operation.also)
            },
            "default": {
                "description": "An error, in the one shape of errors.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
            },
        },
    }
    body = operation.body or operation.reads
    if body is not None:
        schema = references[body, "validation"]
        described["requestBody"] = {
            "required": not operation.body_is_optional,
            "content": {"application/json": {"schema": schema}},
        }
    return described


def _answer(operation: Operation, references: dict[Any, Any]) -> dict[str, Any]:
    is_json = operation.media_type == "application/json"
    schema: Any = {"type": "object" if is_json else "string"}
    if operation.answer is not None:
        schema = references[operation.answer, "validation"]
    content = {operation.media_type: {"schema": schema}}
    return {"description": operation.summary, "content": content}


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", route.template)
    ]


def _query_parameters(query: type[BaseModel] | None) -> list[dict[str, Any]]:
    if query is None:
        return []
    described = query.model_json_schema()
    required = described.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": schema}
        for name, schema in described["properties"].items()
    ]


def _header_parameters(operation: Operation) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "header",
            "required": False,
            "description": sentence,
            "schema": {"type": "string"},
        }
        for name, sentence in operation.headers.items()
    ]
