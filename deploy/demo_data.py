"""Fills the registry of patients with invented people: `make demo-data PATIENTS=100000`."""

import asyncio
import os
import sys
from pathlib import Path

from demo.loading import RealPatients, load
from start import ROOT, database_urls, told_by_the_environment

from patients.main import PatientsSettings

DEFAULTS = {"PATIENTS": "1000", "SEED": "1"}


def main() -> int:
    told = told_by_the_environment()
    data_dir = Path(told.get("DATA_DIR") or ROOT / "var").absolute()
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.update(database_urls(data_dir) | told)
    asked = {name: told.get(name) or default for name, default in DEFAULTS.items()}
    if not all(value.isdecimal() for value in asked.values()):
        sys.exit(f"PATIENTS and SEED are whole numbers, not {asked['PATIENTS']!r} and {asked['SEED']!r}.")
    count = int(asked["PATIENTS"])

    def progress(loaded: int, seconds: float) -> None:
        print(f"\r{loaded:,} of {count:,} patients, {loaded / seconds:,.0f} per second", end="", flush=True)

    try:
        asyncio.run(
            load(PatientsSettings(), count, int(asked["SEED"]), progress, among_real=bool(told.get("FORCE")))
        )
    except RealPatients:
        sys.exit(
            "This clinic has patients of its own, and who is registered stays for ever."
            " If you mean it: make demo-data FORCE=1 ..."
        )
    except KeyboardInterrupt:
        print("\nBroken off. What was loaded is whole; the next load goes on behind it.")
        return 130
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
