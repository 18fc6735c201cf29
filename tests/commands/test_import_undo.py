"""`cdkeys_import_undo`: taking an import back."""

from __future__ import annotations

import io
import sys

import pytest

from saleor_cdkeys.models import Key, KeyBatch
from saleor_cdkeys.statuses import BatchStatus
from tests.commands.calling import call
from tests.factories.cdkeys import buy, make_key_product, run
from tests.stock_import.files import run_import

CODES = ["ALPHA-1111-AAAA", "BRAVO-2222-BBBB", "CHARLIE-3333-CCCC"]


@pytest.fixture
def game(channel):
    return make_key_product(channel=channel, sku="GAME-A")


@pytest.fixture
def batch(game) -> KeyBatch:
    batch, _rows = run_import("\n".join(CODES), name="March delivery", key_product_id=game.pk)
    return batch


@pytest.fixture
def answer(monkeypatch):
    """Have somebody sit there who types this."""

    def type_in(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))

    return type_in


def test_it_asks_and_removes_on_yes(batch, answer, capsys):
    answer("y\n")

    said = call("cdkeys_import_undo", str(batch.pk))

    question = f"Remove 3 unsold keys of import {batch.pk} (March delivery)? [y/N] "
    assert capsys.readouterr().out == question
    assert said.out == "Removed 3 keys; 0 stay because they were sold or seen.\n"
    assert not Key.objects.exists()
    batch.refresh_from_db()
    assert (batch.status, batch.removed_count) == (BatchStatus.UNDONE, 3)


@pytest.mark.parametrize("typed", ["n\n", "\n", "yess\n"])
def test_anything_but_yes_removes_nothing(batch, answer, typed):
    answer(typed)

    said = call("cdkeys_import_undo", str(batch.pk))

    assert (said.code, said.err) == (1, "Nothing was removed.")
    assert Key.objects.count() == 3
    batch.refresh_from_db()
    assert batch.status == BatchStatus.DONE


def test_where_nobody_can_answer_nothing_is_removed(batch, answer):
    answer("")

    said = call("cdkeys_import_undo", str(batch.pk))

    assert (said.code, said.err) == (1, "Nobody answers here. Give --yes to remove them.")
    assert Key.objects.count() == 3


def test_with_yes_it_does_not_ask_and_sold_keys_stay(batch, game, channel, answer, capsys):
    answer("")
    run(buy(channel=channel, lines=[(game, 1)]))

    said = call("cdkeys_import_undo", str(batch.pk), "--yes")

    assert said.out == "Removed 2 keys; 1 stay because they were sold or seen.\n"
    assert capsys.readouterr().out == ""
    assert [key.status for key in Key.objects.all()] == ["assigned"]
    assert not any(code in said.out for code in CODES)


def test_an_unknown_number_is_named(batch):
    said = call("cdkeys_import_undo", str(batch.pk + 1), "--yes")

    assert said.code == 1
    assert said.err.startswith(f"There is no import number {batch.pk + 1}.")
    assert Key.objects.count() == 3


def test_without_a_number_the_last_imports_are_listed(batch, game):
    later, _rows = run_import("DELTA-4444-DDDD", name="[April] & co", key_product_id=game.pk)

    said = call("cdkeys_import_undo")

    lines = said.out.splitlines()
    assert lines[0] == "Last imports"
    assert lines[2].split()[:4] == [str(later.pk), "[April]", "&", "co"]
    assert lines[3].split() == [
        *(str(batch.pk), "March", "delivery", "Imported"),
        *(f"{batch.created_at:%Y-%m-%d}", f"{batch.created_at:%H:%M}", "3", "0"),
    ]
    assert Key.objects.count() == 4
