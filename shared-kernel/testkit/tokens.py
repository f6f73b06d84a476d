"""Tokens signed by a key of the test run, so that a service can be tested without identity."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

ISSUER = "clinic"
AUDIENCE = "clinic-api"
INTERNAL_AUDIENCE = "clinic-internal"
SOMEBODY = "01890000-0000-7000-8000-000000000001"


class SigningKey:
    """Stands where identity's key stands; `jwks` is what identity would publish of it."""

    def __init__(self) -> None:
        self.kid = uuid4().hex
        self._private = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def jwks(self) -> dict[str, list[dict[str, str]]]:
        public = json.loads(RSAAlgorithm.to_jwk(self._private.public_key()))
        return {"keys": [{**public, "kid": self.kid, "alg": "RS256", "use": "sig"}]}

    def token_for(
        self,
        roles: str | Sequence[str],
        *,
        user_id: str = SOMEBODY,
        name: str = "Ana Prueba",
        practitioner: bool = False,
        now: datetime | None = None,
        **other_claims: object,
    ) -> str:
        """An access token as identity mints it; other claims replace or add to the usual ones."""
        return self.sign(
            _lasting(now, timedelta(minutes=15))
            | {
                "aud": AUDIENCE,
                "sub": user_id,
                "name": name,
                "roles": [roles] if isinstance(roles, str) else list(roles),
                "practitioner": practitioner,
                "sid": uuid4().hex,
            }
            | other_claims
        )

    def service_token_for(self, context: str, *, now: datetime | None = None) -> str:
        """What a service shows at another service's `/internal/*`."""
        return self.sign(
            _lasting(now, timedelta(minutes=15)) | {"aud": INTERNAL_AUDIENCE, "sub": f"service:{context}"}
        )

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self._private, algorithm="RS256", headers={"kid": self.kid})


def _lasting(now: datetime | None, lifetime: timedelta) -> dict[str, Any]:
    issued = now or datetime.now(UTC)
    return {"iss": ISSUER, "iat": issued, "nbf": issued, "exp": issued + lifetime, "jti": uuid4().hex}
