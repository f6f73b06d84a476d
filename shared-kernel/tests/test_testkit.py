"""The ground under all other tests: servers keep their files, and what is absent fails the run."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import asyncmy
import jwt
import pytest
import redis
from playwright.async_api import Browser
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from testkit.databases import clinic_schemas, fresh_schema
from testkit.prerequisites import MissingPrerequisite, Prerequisite
from testkit.servers import MariaDbServer, RedisServer
from testkit.tokens import SigningKey
from testkit.waiting import NeverHappened, eventually, wait_until


async def _answers(url: str, *statements: str) -> list[tuple[object, ...]]:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            for statement in statements[:-1]:
                await connection.execute(text(statement))
            return [tuple(row) for row in await connection.execute(text(statements[-1]))]
    finally:
        await engine.dispose()


async def test_a_database_url_is_an_empty_database_of_the_engine_it_names(
    database_url: str, database_engine_name: str
) -> None:
    assert make_url(database_url).get_backend_name() == database_engine_name
    assert await _answers(
        database_url,
        "CREATE TABLE word (word VARCHAR(10) PRIMARY KEY)",
        "INSERT INTO word VALUES ('casa'), ('Casa'), ('casa ')",
        "SELECT count(*) FROM word",
    ) == [(3,)]


async def test_every_schema_is_a_fresh_one(mariadb_url: str) -> None:
    with fresh_schema(mariadb_url) as one, fresh_schema(mariadb_url) as other:
        await _answers(one, "CREATE TABLE only_here (id INT)", "SELECT 1")
        assert await _answers(other, "SHOW TABLES") == []


async def test_a_services_user_sees_no_other_services_schema(mariadb_url: str) -> None:
    with clinic_schemas(mariadb_url) as environment:
        patients = make_url(environment["PATIENTS_DATABASE_URL"])
        billing = make_url(environment["BILLING_DATABASE_URL"])
        assert await _answers(environment["PATIENTS_DATABASE_URL"], "SELECT database()") == [
            (patients.database,)
        ]
        with pytest.raises(asyncmy.errors.OperationalError, match="Access denied"):
            await asyncmy.connect(
                host=patients.host,
                port=patients.port,
                user=patients.username,
                password=patients.password,
                database=billing.database,
            )


@pytest.mark.parametrize("end", [MariaDbServer.kill, MariaDbServer.stop])
async def test_mariadb_comes_back_on_its_port_with_what_was_committed(
    own_mariadb: MariaDbServer, end: Callable[[MariaDbServer], None]
) -> None:
    await _answers(
        own_mariadb.url,
        "CREATE DATABASE kept",
        "CREATE TABLE kept.t (a INT)",
        "INSERT INTO kept.t VALUES (1)",
        "SELECT 1",
    )
    end(own_mariadb)
    assert not own_mariadb.running
    own_mariadb.start()
    assert await _answers(own_mariadb.url, "SELECT a FROM kept.t") == [(1,)]


async def test_mariadb_is_as_durable_as_in_production(own_mariadb: MariaDbServer) -> None:
    assert await _answers(own_mariadb.url, "SELECT @@innodb_flush_log_at_trx_commit") == [(1,)]


@pytest.mark.parametrize("end", [RedisServer.kill, RedisServer.stop])
def test_redis_comes_back_on_its_port_with_its_data(
    own_redis: RedisServer, end: Callable[[RedisServer], None]
) -> None:
    with redis.Redis.from_url(own_redis.url) as client:
        client.set("kept", "yes")
    end(own_redis)
    own_redis.start()
    with redis.Redis.from_url(own_redis.url) as client:
        assert client.get("kept") == b"yes"


def test_a_frozen_server_answers_nobody_until_it_is_thawed(own_redis: RedisServer) -> None:
    with redis.Redis.from_url(own_redis.url, socket_timeout=0.2, retry=None) as client:
        own_redis.freeze()
        with pytest.raises(redis.TimeoutError):
            client.ping()
        own_redis.thaw()
        wait_until(lambda: bool(client.ping()), "the thawed Redis answers")


def test_the_shared_redis_answers(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.ping()


async def test_the_browser_shows_a_page(browser: Browser) -> None:
    page = await browser.new_page()
    await page.set_content("<h1>Clínica</h1>")
    assert await page.get_by_role("heading").inner_text() == "Clínica"
    await page.close()


def test_a_token_is_verified_by_the_published_key(
    signing_key: SigningKey, token_for: Callable[..., str]
) -> None:
    token = token_for("ROLE_ADMIN", user_id="me", name="Eva")
    published = jwt.PyJWKSet.from_dict(signing_key.jwks)[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, published, algorithms=["RS256"], audience="clinic-api", issuer="clinic")
    assert (claims["sub"], claims["name"], claims["roles"]) == ("me", "Eva", ["ROLE_ADMIN"])


def test_a_service_token_opens_no_public_door(signing_key: SigningKey) -> None:
    token = signing_key.service_token_for("billing")
    published = jwt.PyJWKSet.from_dict(signing_key.jwks).keys[0]
    with pytest.raises(jwt.InvalidAudienceError):
        jwt.decode(token, published, algorithms=["RS256"], audience="clinic-api", issuer="clinic")


def test_a_missing_prerequisite_is_named_with_its_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere/bin")
    with pytest.raises(
        MissingPrerequisite, match=r"The printer is missing; .* apt-get install -y printer ink"
    ):
        Prerequisite("The printer", ("printer", "ink"), lambda: None).obtain()


async def test_waiting_in_vain_says_for_what() -> None:
    async def never() -> bool:
        return False

    with pytest.raises(NeverHappened, match="until pigs fly"):
        wait_until(lambda: False, "pigs fly", seconds=0)
    with pytest.raises(NeverHappened, match="until pigs fly"):
        await eventually(never, "pigs fly", seconds=0)


TESTS_OF_A_BARE_MACHINE = """
def test_on_mariadb(mariadb_url): ...
def test_on_both(database_url): ...
def test_in_a_browser(browser): ...
def test_of_nothing_but_rules(): ...
"""


def _run_on_a_bare_machine(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_bare.py").write_text(TESTS_OF_A_BARE_MACHINE)
    (folder / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\nmarkers = servers\n")
    environment = {"PATH": "/nowhere/bin", "HOME": str(folder), "DOCKER_HOST": "tcp://127.0.0.1:1"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "testkit.plugin", "-rA", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_an_absent_server_fails_the_run_and_says_what_to_install(tmp_path: Path) -> None:
    run = _run_on_a_bare_machine(tmp_path)
    assert run.returncode == 1
    assert "2 passed, 3 errors" in run.stdout
    assert "apt-get install -y mariadb-server-core mariadb-client-core" in run.stdout
    assert "apt-get install -y chromium" in run.stdout


@pytest.mark.slow
def test_without_servers_nothing_that_needs_one_is_run(tmp_path: Path) -> None:
    run = _run_on_a_bare_machine(tmp_path, "-m", "not servers")
    assert run.returncode == 0
    assert "2 passed, 3 deselected" in run.stdout


async def test_a_database_can_be_made_while_the_loop_runs(own_mariadb: MariaDbServer) -> None:
    assert asyncio.get_running_loop().is_running()
    with fresh_schema(own_mariadb.url) as url:
        assert await _answers(url, "SELECT 1") == [(1,)]


def test_no_server_outlives_its_block() -> None:
    with RedisServer() as server:
        pid = server.process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not server.directory.exists()
