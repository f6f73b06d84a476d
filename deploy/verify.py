"""Checks each service's log of events for what was changed, removed or reordered: `make verify`."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from start import ROOT, SERVICES, database_urls, told_by_the_environment


def main() -> int:
    told = told_by_the_environment()
    data_dir = Path(told.get("DATA_DIR") or ROOT / "var").absolute()
    if not data_dir.is_dir():
        sys.exit(f"There is no clinic in {data_dir}.")
    environment = database_urls(data_dir) | told
    verdicts = [is_whole(service, environment) for service in SERVICES]
    return 0 if all(verdicts) else 1


def is_whole(service: str, environment: Mapping[str, str]) -> bool:
    """Asks the service itself, which says what it found in a line of JSON."""
    print(f"{service:<11}", end="", flush=True)
    verified = subprocess.run(
        [sys.executable, "-m", f"{service}.main", "verify"], env=environment, check=False
    )
    return verified.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
