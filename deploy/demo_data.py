"""Fills the registry of patients with invented people: `make demo-data PATIENTS=100000`."""

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from demo.loading import Load, LoadFailed, RealPatients, refuse_real_patients, run
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
    settings = PatientsSettings()
    load = Load(
        settings.database_url,
        int(asked["PATIENTS"]),
        int(asked["SEED"]),
        datetime.now(UTC),
        settings.clinic_time,
        settings.is_audited("Patient"),
    )

    def progress(loaded: int, seconds: float) -> None:
        rate = loaded / seconds
        print(f"\r{loaded:,} of {load.count:,} patients, {rate:,.0f} per second ", end="", flush=True)

    try:
        asyncio.run(prepare(settings.database_url, among_real=bool(told.get("FORCE"))))
        run(load, progress)
        print()
    except RealPatients:
        sys.exit(
            "This clinic has patients of its own, and who is registered stays for ever."
            " If you mean it: make demo-data FORCE=1 ..."
        )
    except LoadFailed:
        sys.exit("The load has failed, see above. What was loaded is whole; the next load goes on behind it.")
    except KeyboardInterrupt:
        say("\nBroken off. What was loaded is whole; the next load goes on behind it.")
        return 130
    return 0


async def prepare(database_url: str, *, among_real: bool) -> None:
    """Migrates, as a start would; a clinic that runs already goes on. Raises RealPatients."""
    await migrate()
    database = Database(database_url)
    try:
        if not among_real:
            await refuse_real_patients(database)
    finally:
        await database.close()


if __name__ == "__main__":
    sys.exit(main())
