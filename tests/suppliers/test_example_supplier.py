"""The docs page about own suppliers shows what is tested, and names every part of the interface."""

from __future__ import annotations

import dataclasses
import inspect
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from saleor_cdkeys.suppliers import base, registry
from saleor_cdkeys.testing.supplier_contract import Stage

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = Path(__file__).parent / "example_supplier"
PAGE = (ROOT / "docs" / "write-your-own-supplier.md").read_text(encoding="utf-8")
FILES = sorted(
    str(path.relative_to(EXAMPLE)) for path in EXAMPLE.rglob("*") if path.suffix in (".py", ".toml")
)


def _shown() -> dict[str, str]:
    """What the page shows: code by the name that stands above it."""
    return dict(re.findall(r"^`([\w./]+)`\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))


def test_the_page_shows_the_files_of_the_example_and_no_others():
    assert sorted(_shown()) == FILES
    assert "saleor_cdkeys_keyshop/adapter.py" in FILES


@pytest.mark.parametrize("name", FILES)
def test_the_page_shows_exactly_the_code_that_is_tested(name):
    assert _shown()[name] == (EXAMPLE / name).read_text(encoding="utf-8")


def _interface() -> list[str]:
    names: list[str] = []
    for name, kind in vars(base).items():
        if not (inspect.isclass(kind) and kind.__module__ == base.__name__):
            continue
        names.append(name)
        if dataclasses.is_dataclass(kind):
            names += [field.name for field in dataclasses.fields(kind)]
        elif getattr(kind, "_is_protocol", False):
            names += [method for method in vars(kind) if not method.startswith("_")]
    return sorted(set(names))


def test_the_interface_is_looked_at_as_a_whole():
    assert {"OutcomeUnknown", "not_after", "price_guard", "find_order", "next_page"} <= set(
        _interface()
    )


#: The protocol itself is what the whole page is about.
@pytest.mark.parametrize("name", [n for n in _interface() if n != "SupplierAdapter"])
def test_the_page_explains_each_part_of_the_interface(name):
    assert re.search(rf"`[^`\n]*\b{name}\b[^`\n]*`", _rules())


def _rules() -> str:
    return PAGE[PAGE.index("\n## The rules\n") :]


@pytest.mark.parametrize("name", [name for name in vars(Stage) if not name.startswith("_")])
def test_the_page_explains_what_the_contract_suite_wants_to_know(name):
    assert f"`{name}`" in _rules()


@pytest.fixture
def _installed(tmp_path, monkeypatch):
    """The example as pip would install it, by its own pyproject.toml."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    info = tmp_path / "saleor_cdkeys_keyshop-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n")
    lines: list[str] = []
    for group, entries in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{name} = {target}" for name, target in entries.items())]
    (info / "entry_points.txt").write_text("\n".join(lines))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.syspath_prepend(str(EXAMPLE))
    yield
    registry.adapter_names.cache_clear()
    registry.adapter_class.cache_clear()


def test_the_example_is_found_by_its_entry_point(_installed):
    registry.adapter_names.cache_clear()
    registry.adapter_class.cache_clear()

    assert "keyshop" in registry.adapter_names()
    found = registry.adapter_class("keyshop")
    assert found.__module__ == "saleor_cdkeys_keyshop.adapter"
    assert found.capabilities.order_lookup


def test_the_example_runs_by_itself_as_the_page_says(tmp_path):
    home = tmp_path / "saleor-cdkeys-keyshop"
    shutil.copytree(EXAMPLE, home)
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DJANGO_", "PYTEST_"))
    }
    # From where saleor_cdkeys is installed: it needs neither Saleor nor the tests beside it.
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "quote_is_exact"],
        cwd=home,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "1 passed" in run.stdout
