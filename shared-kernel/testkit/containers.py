"""The same servers from Docker, used when its daemon really answers."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from testcontainers.core.container import DockerContainer

from testkit.servers import mariadb_greets, redis_answers
from testkit.waiting import wait_until


def docker_answers() -> bool:
    """Asked of the command, which tells a client without a daemon from a working Docker."""
    docker = shutil.which("docker")
    if docker is None:
        return False
    try:
        return (
            subprocess.run([docker, "version"], capture_output=True, check=False, timeout=10).returncode == 0
        )
    except subprocess.TimeoutExpired:
        return False


@contextmanager
def mariadb_container() -> Iterator[str]:
    container = DockerContainer("mariadb:11").with_env("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "1")
    with _answering(container, 3306, mariadb_greets) as address:
        yield f"mariadb+asyncmy://root@{address}/"


@contextmanager
def redis_container() -> Iterator[str]:
    with _answering(DockerContainer("redis:7"), 6379, redis_answers) as address:
        yield f"redis://{address}/0"


@contextmanager
def _answering(
    container: DockerContainer, inner_port: int, answers: Callable[[str, int], bool]
) -> Iterator[str]:
    with container.with_exposed_ports(inner_port) as running:
        host, port = running.get_container_host_ip(), int(running.get_exposed_port(inner_port))
        wait_until(lambda: answers(host, port), f"the container on {host}:{port} answers", seconds=120)
        yield f"{host}:{port}"
