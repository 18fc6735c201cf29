"""What `--help` says of each command, and that examples can be typed as they stand."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, get_commands, load_command_class

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = sorted(name for name in get_commands() if name.startswith("cdkeys_"))

_SHELL = re.compile(r"^```(?:bash|sh|ini)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_CALL = re.compile(r"manage(?:\.py)? (cdkeys_\w+)(.*)")


def parser_of(name: str):
    return load_command_class("saleor_cdkeys", name).create_parser("manage.py", name)


def calls(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each call of a command of ours in shell lines, without comments and redirections."""
    for name, rest in _CALL.findall(text):
        words = shlex.split(re.split(r"\s(?:>>?|\||2>|&&)\s|\s{2,}", rest + " ")[0], comments=True)
        yield name, words


def in_blocks(page: Path) -> list[tuple[str, list[str]]]:
    """The calls in the shell blocks of a page."""
    blocks = _SHELL.findall(page.read_text(encoding="utf-8"))
    return [found for block in blocks for found in calls(block)]


def test_all_commands_are_known():
    assert COMMANDS == [
        "cdkeys_doctor",
        "cdkeys_import",
        "cdkeys_import_undo",
        "cdkeys_keys",
        "cdkeys_map",
        "cdkeys_offers",
        "cdkeys_prices",
        "cdkeys_rates",
        "cdkeys_run",
        "cdkeys_sandbox",
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_describes_the_command_and_each_option_and_gives_examples(name):
    parser = parser_of(name)
    text = parser.format_help()

    assert len(parser.description) > 60
    assert re.search(rf"examples:\n(  .*manage\.py {name}.*\n)+$", text)
    assert [action.dest for action in parser._actions if not action.help] == []
    assert max(len(line) for line in parser.epilog.splitlines()) <= 100


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_of_the_help_can_be_typed(name):
    parser = parser_of(name)
    examples = list(calls(parser.epilog))

    assert {found for found, _words in examples} == {name}
    for _name, words in examples:
        parser.parse_args(words)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples_of_the_documentation_can_be_typed(page):
    for name, words in in_blocks(page):
        parser_of(name).parse_args(words)


def test_the_documentation_has_examples_of_every_command():
    assert sorted({name for page in PAGES for name, _words in in_blocks(page)}) == COMMANDS


def test_an_example_that_cannot_be_typed_would_be_found():
    ((name, words),) = calls("python manage.py cdkeys_import keys.csv --privew   # looks")

    assert (name, words) == ("cdkeys_import", ["keys.csv", "--privew"])
    with pytest.raises((CommandError, SystemExit)):
        parser_of(name).parse_args(words)
