"""`./dev check`: every check runs, and the answer is whether all passed."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_CODE = ["saleor_cdkeys", "tests", "devtools", "demo", "bench", "chaos", "dev"]

_CHECKS: dict[str, list[str]] = {
    "lint": ["-m", "ruff", "check"],
    "format": ["-m", "ruff", "format", "--check"],
    "types": ["-m", "mypy"],
    "layers": ["-m", "devtools.layers"],
    "migrations": [
        "tests/standin/manage.py",
        "makemigrations",
        "--check",
        "--dry-run",
        "saleor_cdkeys",
    ],
    "translations": ["-m", "devtools.messages"],
    "docs": ["-m", "devtools.docs_in_step"],
}


def run_all(run: Callable[[list[str]], int]) -> int:
    """Run the checks one after the other, naming each; 1 if any fails."""
    failed = []
    for name, command in _CHECKS.items():
        started = time.monotonic()
        if name in ("lint", "format"):
            command = [*command, *[path for path in _CODE if (ROOT / path).exists()]]
        code = run(command)
        print(f"{'ok  ' if code == 0 else 'FAIL'} {name} ({time.monotonic() - started:.0f} s)")
        if code:
            failed.append(name)
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0
