"""The verbs of `./dev`; see its text."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from devtools import checks, messages
from devtools.embedded import servers

ROOT = Path(__file__).resolve().parent.parent
STANDIN = ROOT / "tests" / "standin"
#: For development alone: real installations make their own with `manage.py cdkeys_keys`.
ENCRYPTION_KEYS = f"index:{'A' * 43},k1:{'B' * 42}A"


def environment() -> dict[str, str]:
    """What processes of the host need: where `saleor` is, and settings."""
    host = os.environ.get("SALEOR_ROOT") or str(STANDIN)
    defaults = {"SECRET_KEY": "development", "CDKEYS_ENCRYPTION_KEYS": ENCRYPTION_KEYS}
    return {
        **defaults,
        **os.environ,
        "PYTHONPATH": os.pathsep.join([host, str(ROOT)]),
        "DJANGO_SETTINGS_MODULE": "saleor.settings",
    }


def run(arguments: list[str], extra: dict[str, str] | None = None) -> int:
    command = [sys.executable, *arguments]
    return subprocess.call(command, cwd=ROOT, env=environment() | (extra or {}))


def become(arguments: list[str]) -> NoReturn:
    """Run Python with these arguments in place of this process.

    What starts servers has to stop them when Ctrl-C comes, and a waiting parent would kill it.
    """
    os.chdir(ROOT)
    os.execve(sys.executable, [sys.executable, *arguments], environment())


def test(arguments: list[str]) -> int:
    settings = ["--ds=saleor.tests.settings"]
    if os.environ.get("SALEOR_ROOT"):
        return run(["-m", "pytest", *settings, "--reuse-db", "-n", "0", *arguments])
    # All of it takes a while, so every processor helps; a few tests are quicker without.
    workers = [] if arguments else ["-n", "auto"]
    with servers() as found:
        return run(["-m", "pytest", *settings, *workers, *arguments], found)


def manage(arguments: list[str]) -> int:
    with servers() as found:
        script = str(STANDIN / "manage.py")
        run([script, "migrate", "--run-syncdb", "-v", "0"], found)
        return run([script, *arguments], found)


def main() -> int:
    verb, arguments = sys.argv[1], sys.argv[2:]
    if verb == "test":
        return test(arguments)
    if verb == "manage":
        return manage(arguments)
    if verb == "check":
        return checks.run_all(run)
    if verb == "messages":
        return messages.update()
    become(["-m", verb, *arguments])


if __name__ == "__main__":
    sys.exit(main())
