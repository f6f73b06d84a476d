"""Describes the whole API in one document, made of what each part says of itself."""

import time
from collections.abc import Mapping
from typing import Any

from gateway.parts import Parts
from gateway.routes import PARTS, Destination, RouteTable

KEPT_SECONDS = 300.0
_SCHEMAS = "#/components/schemas/"

Document = dict[str, Any]


def merge(own: Document, parts: Mapping[Destination, Document], routes: RouteTable) -> Document:
    """One document. A path is told only by the part that answers it at the door, so nothing internal shows.

    Two parts may give different schemas the same name: those of a part are then named after it.
    """
    whole: Document = own | {"paths": dict(own.get("paths", {})), "components": _copied_components(own)}
    for part, document in parts.items():
        document = _without_clashes(whole, document, part)
        whole["paths"] |= {
            path: item
            for path, item in document.get("paths", {}).items()
            if routes.find(path).destination is part
        }
        for kind, named in document.get("components", {}).items():
            whole["components"].setdefault(kind, {}).update(named)
    return whole


class WholeApi:
    """The merged document, kept for a while once every part has told its own."""

    def __init__(self, parts: Parts, own: Document, routes: RouteTable) -> None:
        self._parts = parts
        self._own = own
        self._routes = routes
        self._kept: Document | None = None
        self._kept_until = 0.0

    async def document(self) -> Document:
        if self._kept is not None and time.monotonic() < self._kept_until:
            return self._kept
        replies = await self._parts.ask(dict.fromkeys(PARTS, "/openapi.json"), {})
        told = {reply.part: reply.body for reply in replies if reply.succeeded}
        whole = merge(self._own, told, self._routes)
        if len(told) == len(PARTS):
            self._kept, self._kept_until = whole, time.monotonic() + KEPT_SECONDS
        return whole


def _copied_components(document: Document) -> Document:
    return {kind: dict(named) for kind, named in document.get("components", {}).items()}


def _without_clashes(whole: Document, document: Document, part: Destination) -> Document:
    """A schema that refers to a renamed one is no longer what its namesake is, so it is renamed as well."""
    taken = whole["components"].get("schemas", {})
    schemas = document.get("components", {}).get("schemas", {})
    new_names: dict[str, str] = {}
    while clashing := {
        name: f"{part.value.capitalize()}{name}"
        for name, schema in schemas.items()
        if name not in new_names and name in taken and taken[name] != schema
    }:
        new_names |= clashing
        references = {f"{_SCHEMAS}{old}": f"{_SCHEMAS}{new}" for old, new in clashing.items()}
        document = _with_references(document, references)
        schemas = document["components"]["schemas"]
    named = {new_names.get(name, name): schema for name, schema in schemas.items()}
    return document | {"components": document.get("components", {}) | {"schemas": named}}


def _with_references(value: Any, references: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _with_references(inner, references) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_references(inner, references) for inner in value]
    return references.get(value, value) if isinstance(value, str) else value
