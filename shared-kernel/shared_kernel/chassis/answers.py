"""What routes answer: plain rows as JSON, without a second validation on the way out."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import Request
from pydantic.alias_generators import to_camel
from starlette.responses import Response

from shared_kernel.chassis.pagination import Listed, PageWish
from shared_kernel.chassis.unit_of_work import Answer


@lru_cache(maxsize=512)
def _camel(name: str) -> str:
    return to_camel(str(name))  # SQLAlchemy's names are a kind of str that orjson refuses


def camel(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row with the names of JSON: `first_name` → `firstName`."""
    return {_camel(name): value for name, value in row.items()}


def to_json(content: Any) -> bytes:
    """JSON bytes; decimals as strings, ids and instants in their standard forms."""
    return orjson.dumps(content, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value).__name__)


def json_response(content: Any, headers: Mapping[str, str] | None = None) -> Response:
    """200 with JSON."""
    return Response(to_json(content), headers=dict(headers or {}), media_type="application/json")


def versioned(content: Mapping[str, Any]) -> Response:
    """200 with one thing and its version as ETag."""
    return json_response(content, {"ETag": f'"{content["version"]}"'})


def created(path: str, content: Mapping[str, Any]) -> Answer:
    """201 with the thing made, where it is, and its version when it has one."""
    headers = {"Location": f"{path}/{content['id']}"}
    if "version" in content:
        headers["ETag"] = f'"{content["version"]}"'
    return Answer(201, to_json(content), headers)


def changed(content: Mapping[str, Any]) -> Answer:
    """200 with the thing changed and its new version."""
    return Answer(200, to_json(content), {"ETag": f'"{content["version"]}"'})


def respond(answer: Answer) -> Response:
    """An answer kept with a change, as it goes out."""
    return Response(answer.body, answer.status, dict(answer.headers), "application/json")


def collection(request: Request, listed: Listed, wish: PageWish) -> Response:
    """A page of a collection with the addresses of its neighbours."""

    def address(page: int) -> str:
        others = [(k, v) for k, v in request.query_params.multi_items() if k != "page"]
        return f"{request.url.path}?{urlencode([*others, ('page', page)])}"

    view = {
        "@id": address(wish.page),
        "first": address(1),
        "previous": address(wish.page - 1) if wish.page > 1 else None,
        "next": address(wish.page + 1) if listed.has_next else None,
    }
    return json_response(_collected(listed.rows, listed.total, listed.total_exact, view))


def newest_first(request: Request, listed: Listed) -> Response:
    """A page of a collection whose next page is what lies `before` the last thing on this one."""
    view = newest_first_view(request, listed.rows[-1]["id"] if listed.has_next else None)
    return json_response(_collected(listed.rows, listed.total, listed.total_exact, view))


def newest_first_view(request: Request, last: object) -> dict[str, str | None]:
    """Where the neighbours of such a page are; `last` is its last thing when others follow."""

    def address(before: object) -> str:
        others = [(k, v) for k, v in request.query_params.multi_items() if k != "before"]
        query = urlencode([*others, ("before", before)] if before else others)
        return f"{request.url.path}?{query}" if query else request.url.path

    return {
        "@id": address(request.query_params.get("before")),
        "first": address(None),
        "previous": None,
        "next": address(last) if last else None,
    }


def whole_collection(request: Request, rows: Sequence[Mapping[str, Any]]) -> Response:
    """A collection that is answered in one piece."""
    view = {"@id": request.url.path, "first": request.url.path, "previous": None, "next": None}
    return json_response(_collected(rows, len(rows), True, view))


def _collected(
    rows: Sequence[Mapping[str, Any]], total: int, exact: bool, view: Mapping[str, str | None]
) -> dict[str, Any]:
    return {
        "member": [camel(row) for row in rows],
        "totalItems": total,
        "totalItemsExact": exact,
        "view": view,
    }
