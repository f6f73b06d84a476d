"""Who comes to the front door in these stories, and how they sign in there."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from testkit.clinic import RunningClinic

PASSWORD = "a long password for the staff"

SignIn = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@dataclass(frozen=True)
class Colleague:
    """Somebody who works in the clinic, with what she signs in by."""

    id: str
    email: str
    password: str


@pytest.fixture(scope="session")
def sign_in() -> SignIn:
    """`async with sign_in(clinic, email, password) as client`: the admin's client when nobody is named."""

    @asynccontextmanager
    async def signed_in(
        clinic: RunningClinic, email: str | None = None, password: str | None = None
    ) -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(
            base_url=clinic.base_url, headers={"X-App-Locale": "en"}, timeout=60, trust_env=False
        ) as client:
            credentials = {
                "email": email or clinic.admin_email,
                "password": password or clinic.admin_password,
            }
            answer = await client.post("/api/login", json=credentials)
            assert answer.status_code == 200, answer.text
            client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
            yield client

    return signed_in


@pytest_asyncio.fixture
async def admin(running_clinic: RunningClinic, sign_in: SignIn) -> AsyncIterator[httpx.AsyncClient]:
    async with sign_in(running_clinic) as client:
        yield client


@pytest.fixture(scope="session")
def employ() -> Callable[..., Any]:
    """`await employ(admin, "ROLE_USER", practitioner=True)`: a new colleague."""

    async def employed(admin: httpx.AsyncClient, *roles: str, practitioner: bool = False) -> Colleague:
        email = f"{uuid4().hex}@clinic.test"
        answer = await admin.post("/api/users", json=_contract(email, roles, practitioner))
        assert answer.status_code == 201, answer.text
        return Colleague(answer.json()["id"], email, PASSWORD)

    return employed


def _contract(email: str, roles: Sequence[str], practitioner: bool) -> dict[str, object]:
    return {
        "email": email,
        "name": "Lucía Pérez Ibáñez",
        "roles": list(roles),
        "practitioner": practitioner,
        "password": PASSWORD,
    }
