"""The fixtures of every test run: real servers, empty databases, a browser, tokens, the whole clinic."""

import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from testkit import containers, databases, prerequisites
from testkit.clinic import RunningClinic
from testkit.prerequisites import MissingPrerequisite, Prerequisite
from testkit.servers import MariaDbServer, RedisServer
from testkit.tokens import SigningKey

NEED_SERVERS = {
    "mariadb_url",
    "redis_url",
    "own_mariadb",
    "own_redis",
    "chromium",
    "running_clinic",
    "start_clinic",
}

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

FreshDatabase = Callable[[], AbstractContextManager[str]]
StartClinic = Callable[..., RunningClinic]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for a server, through however many fixtures, is left out by `-m "not servers"`."""
    for item in items:
        if isinstance(item, pytest.Function) and NEED_SERVERS.intersection(item.fixturenames):
            item.add_marker(pytest.mark.servers)


@pytest.fixture(scope="session")
def mariadb_url() -> Iterator[str]:
    """A MariaDB whose user may create schemas: from the environment, Docker, or a server of our own."""
    with ExitStack() as stack:
        yield os.environ.get("TEST_MARIADB_URL") or stack.enter_context(_mariadb())


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis from the environment, Docker, or a server of our own; shared by the whole run."""
    with ExitStack() as stack:
        yield os.environ.get("TEST_REDIS_URL") or stack.enter_context(_redis())


@pytest.fixture
def own_mariadb() -> Iterator[MariaDbServer]:
    """A MariaDB for one test alone, to be killed, frozen and restarted."""
    _obtain(prerequisites.MARIADB)
    with MariaDbServer() as server:
        yield server


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """A Redis for one test alone, to be killed, frozen and restarted."""
    with RedisServer() as server:
        yield server


@pytest.fixture(scope="session", params=["sqlite", pytest.param("mariadb", marks=pytest.mark.servers)])
def database_engine_name(request: pytest.FixtureRequest) -> str:
    """Whatever asks for this runs on both databases."""
    return str(request.param)


@pytest.fixture(scope="session")
def fresh_database(
    database_engine_name: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> FreshDatabase:
    """`with fresh_database() as url`: an empty database on the engine at hand, for fixtures of any scope."""
    if database_engine_name == "mariadb":
        url: str = request.getfixturevalue("mariadb_url")
        return lambda: databases.fresh_schema(url)
    return lambda: databases.fresh_file(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture
def database_url(fresh_database: FreshDatabase) -> Iterator[str]:
    """An empty database for one test, on SQLite and on MariaDB in turn."""
    with fresh_database() as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the machine's Chromium."""
    return _obtain(prerequisites.CHROMIUM)


@pytest_asyncio.fixture(scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One Chromium for the run; each test opens a context of its own in it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def pango() -> str:
    """For tests that print: Pango is there."""
    return _obtain(prerequisites.PANGO)


@pytest.fixture(scope="session")
def signing_key() -> SigningKey:
    return SigningKey()


@pytest.fixture(scope="session")
def token_for(signing_key: SigningKey) -> Callable[..., str]:
    """`token_for("ROLE_ADMIN", user_id=..., name=...)`: an access token that `signing_key.jwks` verifies."""
    return signing_key.token_for


@pytest.fixture(scope="session")
def start_clinic(pango: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartClinic]:
    """`start_clinic({"OTEL_EXPORTER_OTLP_ENDPOINT": ...})`: one more clinic, stopped at the end."""
    with ExitStack() as stack:

        def start(
            environment: Mapping[str, str] | None = None, data_dir: Path | None = None
        ) -> RunningClinic:
            clinic = RunningClinic(data_dir or tmp_path_factory.mktemp("clinic"), environment)
            stack.callback(clinic.stop)
            return clinic

        yield start


@pytest.fixture(scope="session")
def running_clinic(start_clinic: StartClinic) -> RunningClinic:
    """The clinic that all stories share."""
    return start_clinic()


@pytest.fixture(scope="session")
def clinic_on_mariadb(start_clinic: StartClinic, mariadb_url: str) -> Iterator[RunningClinic]:
    """A clinic whose services each have a schema and a user in MariaDB."""
    with databases.clinic_schemas(mariadb_url) as environment:
        clinic = start_clinic(environment)
        yield clinic
        clinic.stop()


def _mariadb() -> AbstractContextManager[str]:
    if containers.docker_answers():
        return containers.mariadb_container()
    _obtain(prerequisites.MARIADB)
    return MariaDbServer().serving()


def _redis() -> AbstractContextManager[str]:
    return containers.redis_container() if containers.docker_answers() else RedisServer().serving()


def _obtain(prerequisite: Prerequisite) -> str:
    try:
        return prerequisite.obtain()
    except MissingPrerequisite as missing:
        pytest.fail(str(missing), pytrace=False)
