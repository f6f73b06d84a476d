"""Routes of trust: the published keys, and tokens by which services know each other."""

import hmac
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import SecretStr
from starlette.responses import Response

from identity.adapters.rs256 import SigningKeys, Tokens
from identity.http.access import Anyone
from identity.http.signing_in import TokenOutput
from shared_kernel.chassis.answers import json_response
from shared_kernel.chassis.json_models import ApiModel, Line
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import NotAuthenticated

_REMEMBER_SECONDS = 60


class ServiceCredentials(ApiModel):
    """Which service asks, and the secret that all of them share."""

    service: Annotated[str, Line(40)]
    secret: Annotated[str, Line(500)]


class KeySet(ApiModel):
    """A JWK set (RFC 7517)."""

    keys: list[dict[str, Any]]


def key_routes(keys: SigningKeys, tokens: Tokens, service_secret: SecretStr) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("keys")
    secret = service_secret.get_secret_value().encode()

    @router.get("/.well-known/jwks.json", response_model=KeySet)
    async def jwks() -> Response:
        remember = {"Cache-Control": f"public, max-age={_REMEMBER_SECONDS}"}
        return json_response(await keys.published(), remember)

    @router.post("/internal/service-token", response_model=TokenOutput, include_in_schema=False)
    async def service_token(body: ServiceCredentials, call: Anyone) -> Response:
        if not secret or not hmac.compare_digest(body.secret.encode(), secret):
            raise NotAuthenticated
        issued = await tokens.for_service(body.service, call.now)
        return json_response(
            {"token": issued.token, "expiresIn": issued.expires_in}, {"Cache-Control": "no-store"}
        )

    return router
