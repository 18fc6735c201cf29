"""German and Polish say all that English says, with the same values in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import saleor_cdkeys

LOCALE = Path(saleor_cdkeys.__file__).parent / "locale"
_VALUE = re.compile(r"%\((\w+)\)[sd]|%[sd]")


def messages(language):
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return [message for message in read_po(file) if message.id]


def values_in(text):
    return sorted(match[0] for match in _VALUE.finditer(text))


@pytest.mark.parametrize("language", ["de", "pl"])
def test_every_form_holds_the_same_values(language):
    for message in messages(language):
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        source = message.id[-1] if isinstance(message.id, tuple) else message.id
        for form in filter(None, forms):
            assert values_in(form) == values_in(source), (language, message.id)


@pytest.mark.parametrize(("language", "forms"), [("de", 2), ("pl", 4)])
def test_numbers_have_all_their_forms(language, forms):
    plurals = [message for message in messages(language) if message.pluralizable]
    assert len(plurals) >= 10
    for message in plurals:
        assert len(message.string) == forms, message.id
        assert all(message.string), message.id
