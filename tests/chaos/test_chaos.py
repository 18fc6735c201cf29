"""A small chaos run keeps every promise, and one without the journal is caught."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.standin_only

_ROOT = Path(__file__).resolve().parents[2]


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """With servers of its own: it crashes and empties them."""
    env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    return subprocess.run(
        [sys.executable, "-m", "chaos", "--workers", "4", "--seed", "7", *arguments],
        cwd=_ROOT,
        env=env | {"DJANGO_SETTINGS_MODULE": "saleor.settings"},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


def test_a_small_run_keeps_every_promise():
    ended = _run("--orders", "24")

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "Nothing lost, nothing bought twice" in ended.stdout
    assert "--orders 24 --seed 7" in ended.stdout


@pytest.mark.slow
def test_without_the_journal_the_books_do_not_agree():
    ended = _run("--orders", "16", "--deaths", "0.3", "--bad", "0", "--without-journal")

    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "which the shop does not know" in ended.stdout
