"""Tokens signed with RS256, by keys that are kept encrypted in the database and changed without a pause."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from identity.adapters.tables import signing_keys
from identity.domain.keys import KeyAge, past, signing
from identity.domain.sessions import Session
from identity.domain.users import User
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.security import SERVICE_AUDIENCE
from shared_kernel.identifiers import new_id

_BITS = 3072
_SERVICE_TOKEN_LIFETIME = timedelta(minutes=15)


class NoPassphrase(RuntimeError):
    """JWT_KEY_PASSPHRASE is missing: signing keys are not kept in the clear."""


class WrongPassphrase(RuntimeError):
    """JWT_KEY_PASSPHRASE is not the one that the signing key in the database was encrypted with."""


@dataclass(frozen=True)
class StoredKey(KeyAge):
    """A signing key as it is kept. `jwk` is its public half (RFC 7517)."""

    kid: str
    private_pem: str
    jwk: Mapping[str, str]


class SigningKeys:
    """All keys, of which one signs. `token_lifetime` is that of the longest-lived token."""

    def __init__(self, database: Database, passphrase: str, token_lifetime: timedelta) -> None:
        self._database = database
        self._passphrase = passphrase.encode()
        self._token_lifetime = token_lifetime
        self._opened: dict[str, rsa.RSAPrivateKey] = {}
        self._opening = asyncio.Lock()

    async def refuse_unless_openable(self) -> None:
        """Raises NoPassphrase or WrongPassphrase, before anybody needs a token."""
        if not self._passphrase:
            raise NoPassphrase(NoPassphrase.__doc__)
        keys = await self._stored()
        if keys:
            await self._open(keys[-1])

    async def published(self) -> dict[str, Any]:
        """The public halves of all keys whose tokens may be about (RFC 7517 §5)."""
        keys = await self._stored() or await self._begun()
        gone = {key.number for key in past(keys, self._token_lifetime, datetime.now(UTC))}
        return {"keys": [dict(key.jwk) for key in keys if key.number not in gone]}

    async def sign(self, claims: Mapping[str, Any], now: datetime) -> str:
        """A token with these claims, signed by the key whose turn it is."""
        keys = await self._stored() or await self._begun()
        turn = signing(keys, now)
        key = next(key for key in keys if turn is not None and key.number == turn.number)
        private = await self._open(key)
        return jwt.encode(dict(claims), private, algorithm="RS256", headers={"kid": key.kid})

    async def rotate(self, now: datetime) -> str:
        """Announce a new key and remove those that are past; answers the new one's id."""
        await self.refuse_unless_openable()
        keys = await self._stored()
        gone = [key.number for key in past(keys, self._token_lifetime, now)]
        async with self._database.writing() as connection:
            await connection.execute(delete(signing_keys).where(signing_keys.c.number.in_(gone)))
            await connection.commit()
        return await self._add(now)

    async def _stored(self) -> list[StoredKey]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(signing_keys).order_by(signing_keys.c.number))).mappings()
            return [
                StoredKey(
                    number=row["number"],
                    created_at=row["created_at"],
                    kid=row["kid"],
                    private_pem=row["private_pem"],
                    jwk=json.loads(row["public_jwk"]),
                )
                for row in rows
            ]

    async def _begun(self) -> list[StoredKey]:
        """The keys, once there is the first one. Whichever process is first makes it; all use that one."""
        async with self._opening:
            if not await self._stored():
                await self._insert(1, await self._made(), datetime.now(UTC))
        return await self._stored()

    async def _add(self, now: datetime) -> str:
        made = await self._made()
        async with self._database.reading() as connection:
            highest = (await connection.execute(select(func.max(signing_keys.c.number)))).scalar()
        return await self._insert((highest or 0) + 1, made, now)

    async def _insert(self, number: int, private: rsa.RSAPrivateKey, now: datetime) -> str:
        """Its id; of two processes that make the same number, the second keeps nothing."""
        kid = new_id(now).hex
        pem = private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(self._passphrase),
        )
        public = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
        jwk = {name: public[name] for name in ("kty", "n", "e")} | {"kid": kid, "alg": "RS256", "use": "sig"}
        row = {
            "number": number,
            "kid": kid,
            "private_pem": pem.decode(),
            "public_jwk": json.dumps(jwk),
            "created_at": now,
        }
        try:
            async with self._database.writing() as connection:
                await connection.execute(insert(signing_keys).values(**row))
                await connection.commit()
        except IntegrityError:
            return next(key.kid for key in await self._stored() if key.number == number)
        self._opened[kid] = private
        return kid

    async def _made(self) -> rsa.RSAPrivateKey:
        return await asyncio.to_thread(rsa.generate_private_key, 65537, _BITS)

    async def _open(self, key: StoredKey) -> rsa.RSAPrivateKey:
        if key.kid not in self._opened:
            async with self._opening:
                self._opened[key.kid] = await asyncio.to_thread(self._decrypted, key.private_pem)
        return self._opened[key.kid]

    def _decrypted(self, pem: str) -> rsa.RSAPrivateKey:
        try:
            private = serialization.load_pem_private_key(pem.encode(), self._passphrase)
        except ValueError as error:
            raise WrongPassphrase(WrongPassphrase.__doc__) from error
        assert isinstance(private, rsa.RSAPrivateKey)  # noqa: S101 - nothing else is ever kept
        return private


@dataclass(frozen=True)
class Issued:
    """A token and how many seconds it lasts."""

    token: str
    expires_in: int


class Tokens:
    """Says who somebody is, for others to verify."""

    def __init__(self, keys: SigningKeys, issuer: str, audience: str, lifetime: timedelta) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._lifetime = lifetime

    async def for_user(self, user: User, session: Session, now: datetime) -> Issued:
        """An access token of this session."""
        claims = {
            "aud": self._audience,
            "sub": str(user.id),
            "name": user.profile.name,
            "roles": sorted(user.profile.roles),
            "practitioner": user.profile.practitioner,
            "sid": str(session.id),
        }
        return await self._issue(claims, self._lifetime, now)

    async def for_service(self, service: str, now: datetime) -> Issued:
        """What a service shows to other services."""
        claims = {"aud": SERVICE_AUDIENCE, "sub": f"service:{service}"}
        return await self._issue(claims, _SERVICE_TOKEN_LIFETIME, now)

    async def _issue(self, claims: Mapping[str, Any], lifetime: timedelta, now: datetime) -> Issued:
        issued_at = int(now.timestamp())
        times = {"iat": issued_at, "nbf": issued_at, "exp": issued_at + int(lifetime.total_seconds())}
        token = await self._keys.sign({"iss": self._issuer, **claims, **times, "jti": new_id(now).hex}, now)
        return Issued(token, int(lifetime.total_seconds()))
