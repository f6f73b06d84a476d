"""What a request says of versions is understood as RFC 9110 says."""

import pytest
from fastapi import FastAPI, Request

from shared_kernel.chassis.calls import Call, call_of
from shared_kernel.chassis.problems import VersionRequired
from shared_kernel.chassis.security import Caller
from shared_kernel.errors import Stale

ANA = Caller("ana", "Ana Ruiz", frozenset(), None, 0.0)


async def call_with(if_match: str | None) -> Call:
    app = FastAPI()
    app.state.default_locale = "es"
    headers = [] if if_match is None else [(b"if-match", if_match.encode("latin-1", "replace"))]
    scope = {"type": "http", "method": "PUT", "path": "/", "headers": headers, "app": app, "client": None}
    return await call_of(Request(scope), ANA)


async def test_the_version_in_if_match_is_expected() -> None:
    assert (await call_with(' "7" ')).version() == 7


async def test_a_star_is_any_version() -> None:
    call = await call_with("*")
    assert (call.if_match, call.version()) == (None, None)


async def test_without_if_match_any_version_will_do_unless_one_is_required() -> None:
    call = await call_with(None)
    assert call.if_match is None
    with pytest.raises(VersionRequired):
        call.version()


@pytest.mark.parametrize(
    "tag", ['W/"7"', "7", '"07"', '"x"', '""', "", '"7', "**", '"7" "8"', '"٧"', '"1234567890"']
)
async def test_a_weak_tag_or_what_we_never_gave_out_matches_nothing(tag: str) -> None:
    with pytest.raises(Stale):
        await call_with(tag)
