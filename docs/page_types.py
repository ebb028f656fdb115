"""The page's TypeScript types of the service's JSON, made from the OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sessions_service.web.openapi import make_document
from sessions_service.web.tornado_app import ROUTES

PAGE_TYPES: Final = Path(__file__).parents[1] / "hub_service" / "ui" / "src" / "api" / "schemas.ts"
_HEAD: Final = (
    "/** The schemas of the service's OpenAPI document; written by `make docs`, not by hand. */\n"
)
_PLAIN: Final = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}


def make_page_types() -> str:
    """Return the module with one interface for each schema."""
    documented = [route for route in ROUTES if route.operations()]
    schemas = make_document(documented, "/", "")["components"]["schemas"]
    return _HEAD + "".join(
        f"\nexport interface {name} {_fields(schema)}\n" for name, schema in sorted(schemas.items())
    )


def type_of(schema: Mapping[str, Any]) -> str:
    """Return the TypeScript type of a JSON schema."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return " | ".join(json.dumps(value) for value in values)
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " | ".join(dict.fromkeys(type_of(one) for one in schema[several]))
    if schema.get("type") == "array":
        return f"({type_of(schema.get('items', {}))})[]"
    if schema.get("type") == "object":
        return _object(schema)
    return _PLAIN.get(schema.get("type", ""), "unknown")


def _object(schema: Mapping[str, Any]) -> str:
    if schema.get("properties"):
        return _fields(schema)
    values = schema.get("additionalProperties", True)
    return f"Record<string, {type_of(values) if isinstance(values, dict) else 'unknown'}>"


def _fields(schema: Mapping[str, Any]) -> str:
    """Return the fields of an object; those that need not be there have a question mark."""
    required = schema.get("required", ())
    lines = [
        f"  {name}{'' if name in required else '?'}: {type_of(field)};".replace("\n", "\n  ")
        for name, field in schema.get("properties", {}).items()
    ]
    return "\n".join(["{", *lines, "}"])
