"""Fills the registry of patients with invented people: `make demo-data PATIENTS=100000`."""

import asyncio
import os
import sys
from pathlib import Path

from demo.loading import RealPatients, load
from patients.main import PatientsSettings, migrate
from shared_kernel.chassis.database import Database
from start import ROOT, database_urls, say, told_by_the_environment

DEFAULTS = {"PATIENTS": "1000", "SEED": "1"}


def main() -> int:
    told = told_by_the_environment()
    data_dir = Path(told.get("DATA_DIR") or ROOT / "var").absolute()
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.update(database_urls(data_dir) | told)
    asked = {name: told.get(name) or default for name, default in DEFAULTS.items()}
    if not all(value.isdecimal() for value in asked.values()):
        sys.exit(f"PATIENTS and SEED are whole numbers, not {asked['PATIENTS']!r} and {asked['SEED']!r}.")
    try:
        asyncio.run(fill(int(asked["PATIENTS"]), int(asked["SEED"]), among_real=bool(told.get("FORCE"))))
    except RealPatients:
        sys.exit(
            "This clinic has patients of its own, and who is registered stays for ever."
            " If you mean it: make demo-data FORCE=1 ..."
        )
    except KeyboardInterrupt:
        say("\nBroken off. What was loaded is whole; the next load goes on behind it.")
        return 130
    return 0


async def fill(count: int, seed: int, *, among_real: bool) -> None:
    """Migrates first, as a start would; a clinic that runs already goes on beside it."""

    def progress(loaded: int, seconds: float) -> None:
        print(f"\r{loaded:,} of {count:,} patients, {loaded / seconds:,.0f} per second ", end="", flush=True)

    await migrate()
    settings = PatientsSettings()
    database = Database(settings.database_url)
    try:
        await load(
            database,
            count,
            seed,
            progress,
            clinic_time=settings.clinic_time,
            audited=settings.audit_trail_enabled,
            among_real=among_real,
        )
        print()
    finally:
        await database.close()


if __name__ == "__main__":
    sys.exit(main())
