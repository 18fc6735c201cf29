"""The table of what each supplier can do in docs/suppliers.md, written from the adapters.

python -m devtools.capability_table            writes it
python -m devtools.capability_table --check    fails if the page is not as the adapters are
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent.parent / "docs" / "suppliers.md"
_BEGIN = "<!-- The table is written by `python -m devtools.capability_table`. -->"
_END = "<!-- End of the table. -->"


def table(capabilities: Mapping[str, Any]) -> str:
    """The table in Markdown, of capabilities by the name of their adapter."""
    return "\n".join(_lines(capabilities))


def written(page: str, wanted: str) -> str:
    """The page with that table between the marks. Raises ValueError where it lacks them."""
    before, begin, rest = page.partition(_BEGIN)
    _old, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError("The page lacks the marks between which the table stands.")
    return f"{before}{begin}\n\n{wanted}\n\n{end}{after}"


def of_the_plugin() -> dict[str, Any]:
    """The capabilities of the adapters that come with the plugin; others may be installed, too."""
    from saleor_cdkeys.suppliers.registry import adapter_class, adapter_names

    classes = {name: adapter_class(name) for name in adapter_names()}
    return {
        name: found.capabilities
        for name, found in classes.items()
        if found.__module__.startswith("saleor_cdkeys.")
    }


def _lines(capabilities: Mapping[str, Any]) -> Iterator[str]:
    from saleor_cdkeys.suppliers.capabilities import CAPABILITIES

    yield f"| the supplier … | `{'` | `'.join(capabilities)}` |"
    yield f"| --- |{' :-: |' * len(capabilities)}"
    for field, description in CAPABILITIES.items():
        marks = ["✓" if getattr(found, field) else "" for found in capabilities.values()]
        yield f"| {description} | {' | '.join(marks)} |"


def main(arguments: list[str]) -> int:
    import django

    django.setup()
    page = PAGE.read_text(encoding="utf-8")
    wanted = written(page, table(of_the_plugin()))
    if "--check" in arguments:
        return 0 if page == wanted else 1
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
