"""How the screens do by Lighthouse, on the desk and on a phone, beside their goals: `make bench`.

Performance is the median of RUNS (5). Accessibility, best practices and layout shift are hard goals: their
worst counts (experience.md §2). SCREENS='login,calendar week' chooses less."""

import asyncio
import json
import os
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from furnishing import furnished

from testkit.clinic import RunningClinic
from testkit.prerequisites import CHROMIUM

HERE = Path(__file__).parent / "lighthouse"
RUNS = int(os.environ.get("RUNS", "5"))
CHOSEN = os.environ.get("SCREENS", "").split(",") if os.environ.get("SCREENS") else None

PERFORMANCE = {
    ("login", "desktop"): 95,
    ("login", "phone"): 95,
    ("calendar", "desktop"): 90,
    ("calendar", "phone"): 68,
}
LCP_SECONDS = {"desktop": 1.2, "phone": 2.5}
LAYOUT_SHIFT = 0.05


def performance_goal(screen: str, seat: str) -> int:
    return PERFORMANCE.get((screen.split()[0], seat), 95 if seat == "desktop" else 80)


async def furnish(clinic: RunningClinic) -> dict[str, str]:
    async with httpx.AsyncClient(base_url=clinic.base_url, timeout=60, trust_env=False) as admin:
        signed_in = {"email": clinic.admin_email, "password": clinic.admin_password}
        token = (await admin.post("/api/login", json=signed_in)).json()["token"]
        admin.headers["Authorization"] = f"Bearer {token}"
        return await furnished(admin, (await admin.get("/api/me")).json()["id"])


def measured(clinic: RunningClinic, paths: dict[str, str]) -> list[dict[str, Any]]:
    screens = [{"name": "login", "path": "/login", "signedIn": False}]
    screens += [{"name": name, "path": path, "signedIn": True} for name, path in paths.items()]
    told = {
        "chromium": CHROMIUM.obtain(),
        "baseUrl": clinic.base_url,
        "email": clinic.admin_email,
        "password": clinic.admin_password,
        "runs": RUNS,
        "screens": [screen for screen in screens if CHOSEN is None or screen["name"] in CHOSEN],
    }
    done = subprocess.run(
        ["node", "measure.mjs"],
        cwd=HERE,
        input=json.dumps(told),
        text=True,
        stdout=subprocess.PIPE,
        check=True,
    )
    results: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return results


def line(screen: str, seat: str, runs: list[dict[str, Any]]) -> str:
    runs = [run for run in runs if "lcpSeconds" in run and "cls" in run]  # else Lighthouse saw no page
    if not runs:
        return f"{screen:22} {seat:8} could not be measured"
    performance = median(run["performance"] for run in runs)
    lcp = median(run["lcpSeconds"] for run in runs)
    shift = max(run["cls"] for run in runs)
    accessibility = min(run["accessibility"] for run in runs)
    practices = min(run["bestPractices"] for run in runs)
    goal = performance_goal(screen, seat)
    misses = [
        *(["performance"] if performance < goal else []),
        *(["LCP"] if lcp > LCP_SECONDS[seat] else []),
        *(["CLS"] if shift > LAYOUT_SHIFT else []),
        *sorted({audit for run in runs for audit in run["failed"]}),
    ]
    return (
        f"{screen:22} {seat:8} {performance:5.0f} (≥ {goal}) {accessibility:6} {practices:6}"
        f" {lcp:6.2f} s {shift:7.3f}   {', '.join(misses)}"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        clinic = RunningClinic(Path(folder))
        try:
            results = measured(clinic, asyncio.run(furnish(clinic)))
        finally:
            clinic.stop()
    by_screen: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for result in results:
        by_screen[result["screen"], result["seat"]].append(result)
    print(f"{'screen':22} {'seat':8} performance  access. practices  LCP      CLS   misses")
    for (screen, seat), runs in by_screen.items():
        print(line(screen, seat, runs))


if __name__ == "__main__":
    main()
