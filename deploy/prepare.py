"""Brings the four databases up to date and makes the first admin: start.py's first step.

Importing what the services stand on costs many times what migrating costs, so it is done once, before the
four part ways.
"""

import multiprocessing
import runpy
import sys

import shared_kernel.chassis.schema
import shared_kernel.chassis.service  # noqa: F401

COMMANDS = {
    "identity": ("migrate", "first-admin"),
    "patients": ("migrate",),
    "scheduling": ("migrate",),
    "billing": ("migrate",),
}


def prepare(context: str) -> None:
    """As `python -m <context>.main <command>` would, one command after the other."""
    for command in COMMANDS[context]:
        sys.argv = [context, command]
        runpy.run_module(f"{context}.main", run_name="__main__", alter_sys=True)


def main() -> None:
    forking = multiprocessing.get_context("fork")
    processes = [forking.Process(target=prepare, args=(context,), name=context) for context in COMMANDS]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    failed = [process.name for process in processes if process.exitcode != 0]
    if failed:
        sys.exit(f"{', '.join(failed)}: the database could not be prepared.")


if __name__ == "__main__":
    main()
