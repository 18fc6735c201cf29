"""The entry point of `./dev bench`."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable

from bench import display, options, stage
from bench.aside import WorkFailed
from bench.databases import Databases
from bench.display import Steps
from bench.measure import Measurement
from bench.options import Options

Part = Callable[[Options, Databases, Steps], list[Measurement]]


def _parts() -> dict[str, Part]:
    """Imported only once Django is set up."""
    from bench import allocation, buying, hooks, importing, lists, mail

    return {
        "allocation": allocation.measure,
        "import": importing.measure,
        "hooks": hooks.measure,
        "mail": mail.measure,
        "buying": buying.measure,
        "lists": lists.measure,
    }


def main() -> int:
    chosen = options.read(sys.argv[1:])
    logging.disable(logging.INFO)
    began = time.monotonic()
    is_busy = os.getloadavg()[0] > (os.cpu_count() or 1)
    results: dict[str, list[Measurement]] = {}
    failure = ""
    try:
        with stage.set_up() as databases:
            parts = _parts()
            for name in chosen.parts:
                with display.steps(name) as steps:
                    results[name] = parts[name](chosen, databases, steps)
    except WorkFailed as error:
        failure = f"{name}: {error}"
    except KeyboardInterrupt:
        failure = "Stopped."
    if chosen.as_json:
        display.show_json(results)
    elif results:
        display.show(results, notes=_notes(time.monotonic() - began, is_busy=is_busy))
    if failure:
        print(failure, file=sys.stderr)
        return 2
    return 0 if all(each.is_met for found in results.values() for each in found) else 1


def _notes(seconds: float, *, is_busy: bool) -> list[str]:
    notes = [
        f"{os.cpu_count()} cores, {seconds:.0f} s. The ratio is ours / reference, the median of "
        "pairs taken by turns.",
        "The embedded servers run with fsync off. What is measured, and how: docs/performance.md",
    ]
    if is_busy:
        notes.append("The machine was busy with other work: only the ratios tell anything.")
    return notes


if __name__ == "__main__":
    sys.exit(main())
