"""What tests need from the machine: found, installed when root on Debian, or named with its install line."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


class MissingPrerequisite(RuntimeError):
    """Something that only the machine's owner can install is absent."""


@dataclass(frozen=True)
class Prerequisite:
    name: str
    packages: tuple[str, ...]
    find: Callable[[], str | None]

    def obtain(self) -> str:
        """Where it is; installed first when absent and we may."""
        found = self.find()
        if found is None and _may_install():
            self._install()
            found = self.find()
        if found is None:
            raise MissingPrerequisite(f"{self.name} is missing; install it with: {self.install_line}")
        return found

    @property
    def install_line(self) -> str:
        return f"sudo apt-get update && sudo apt-get install -y {' '.join(self.packages)}"

    def _install(self) -> None:
        print(
            f"{self.name} is missing: installing {' '.join(self.packages)}", file=sys.__stderr__, flush=True
        )
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (
            ["update", "-qq"],
            ["install", "-y", "-qq", "--no-install-recommends", *self.packages],
        ):
            outcome = subprocess.run(
                ["apt-get", *arguments], env=environment, capture_output=True, text=True, check=False
            )
            if outcome.returncode != 0:
                raise MissingPrerequisite(
                    f"{self.name} is missing; apt-get {arguments[0]} failed:\n{outcome.stderr}"
                    f"Install it with: {self.install_line}"
                )


def find_program(*names: str) -> str | None:
    """The first of the programs found; Debian keeps servers in sbin, which a user's PATH leaves out."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    with_sbin = [*folders, *(str(Path(folder).parent / "sbin") for folder in folders)]
    found = (shutil.which(name, path=os.pathsep.join(with_sbin)) for name in names)
    return next((path for path in found if path), None)


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _find_mariadb() -> str | None:
    parts = [find_program("mariadbd"), find_program("mariadb-install-db"), find_program("my_print_defaults")]
    return parts[0] if all(parts) else None


def _find_pango() -> str | None:
    libraries = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
    try:
        for library in libraries:
            ctypes.CDLL(library)
    except OSError:
        return None
    return libraries[0]


MARIADB = Prerequisite("MariaDB's server", ("mariadb-server-core", "mariadb-client-core"), _find_mariadb)
CHROMIUM = Prerequisite("Chromium", ("chromium",), lambda: find_program("chromium", "chromium-browser"))
PANGO = Prerequisite(
    "Pango, which prints the invoices,",
    ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core"),
    _find_pango,
)


def main() -> None:
    """What every full run needs, said before it begins; MariaDB may come from elsewhere."""
    try:
        for prerequisite in (PANGO, CHROMIUM):
            prerequisite.obtain()
    except MissingPrerequisite as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main()
