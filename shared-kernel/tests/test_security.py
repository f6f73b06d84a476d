"""Only a token that identity signed for us, now, for the right audience, speaks for anybody."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest

from shared_kernel.chassis.security import EVERYONE, KeysAway, NotAuthenticated, TokenVerifier
from testkit.tokens import SigningKey


class Published:
    """Identity's key list, counted; can be away."""

    def __init__(self, key: SigningKey) -> None:
        self.keys = dict(key.jwks)
        self.asked = 0
        self.away = False

    async def fetch(self) -> dict[str, Any]:
        self.asked += 1
        if self.away:
            raise httpx.ConnectError("away")
        return self.keys


@pytest.fixture
def published(signing_key: SigningKey) -> Published:
    return Published(signing_key)


@pytest.fixture
def verifier(published: Published) -> TokenVerifier:
    return TokenVerifier(published.fetch, "clinic", "clinic-api")


async def test_a_good_token_speaks_for_its_user(
    verifier: TokenVerifier, token_for: Callable[..., str]
) -> None:
    caller = await verifier.verify(token_for("ROLE_ADMIN", user_id="u1", name="Ana"))
    assert (caller.id, caller.name) == ("u1", "Ana")
    assert caller.may(EVERYONE)


async def test_verified_tokens_are_remembered_but_not_past_their_end(
    verifier: TokenVerifier, published: Published, token_for: Callable[..., str]
) -> None:
    token = token_for("ROLE_USER")
    for _ in range(5):
        await verifier.verify(token)
    assert published.asked == 1
    ended = token_for("ROLE_USER", now=datetime.now(UTC) - timedelta(minutes=16))
    with pytest.raises(NotAuthenticated):
        await verifier.verify(ended)


def claims(**changes: object) -> dict[str, Any]:
    now = datetime.now(UTC)
    usual = {"iss": "clinic", "aud": "clinic-api", "sub": "u", "jti": "j", "roles": ["ROLE_ADMIN"]}
    return usual | {"iat": now, "nbf": now, "exp": now + timedelta(minutes=5)} | changes


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody"},
        {"aud": "clinic-internal"},
        {"exp": datetime.now(UTC) - timedelta(seconds=1)},
        {"nbf": datetime.now(UTC) + timedelta(days=1)},
        {"exp": None},
        {"sub": None},
    ],
)
async def test_a_signed_token_with_wrong_claims_is_refused(
    verifier: TokenVerifier, signing_key: SigningKey, changes: dict[str, object]
) -> None:
    wrong = {name: value for name, value in claims(**changes).items() if value is not None}
    with pytest.raises(NotAuthenticated):
        await verifier.verify(signing_key.sign(wrong))


async def test_the_algorithm_is_the_keys_and_never_the_tokens(
    verifier: TokenVerifier, signing_key: SigningKey, published: Published
) -> None:
    header = {"kid": signing_key.kid}
    unsigned = jwt.encode(claims(), "", algorithm="none", headers=header)
    with pytest.raises(NotAuthenticated):
        await verifier.verify(unsigned)
    with pytest.raises(NotAuthenticated):
        await verifier.verify(signed_with_public_key(published.keys["keys"][0], header))


def signed_with_public_key(key: dict[str, str], header: dict[str, str]) -> str:
    """The classic confusion: HS256 with the public key as the secret."""

    def encoded(part: dict[str, Any]) -> bytes:
        return base64.urlsafe_b64encode(
            json.dumps(part, default=lambda d: int(d.timestamp())).encode()
        ).rstrip(b"=")

    signed = encoded({"alg": "HS256", "typ": "JWT"} | header) + b"." + encoded(claims())
    signature = hmac.new(key["n"].encode(), signed, hashlib.sha256).digest()
    return (signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


@pytest.mark.parametrize("garbage", ["", "x", "a.b.c", "é.é.é", "." * 5000])
async def test_garbage_is_refused(verifier: TokenVerifier, garbage: str) -> None:
    with pytest.raises(NotAuthenticated):
        await verifier.verify(garbage)


async def test_unknown_keys_do_not_flood_identity(verifier: TokenVerifier, published: Published) -> None:
    for _ in range(20):
        with pytest.raises(NotAuthenticated):
            await verifier.verify(strangers_token())
    assert published.asked == 1


STRANGER = SigningKey()


def strangers_token() -> str:
    return STRANGER.sign(claims())


async def test_identity_being_away_is_not_the_callers_fault(
    verifier: TokenVerifier, published: Published, token_for: Callable[..., str]
) -> None:
    published.away = True
    for _ in range(20):
        with pytest.raises(KeysAway):
            await verifier.verify(token_for("ROLE_USER"))
    assert published.asked == 1
