import base64

import pytest

from demo.promises import leaked
from demo.promises.leaked import Place
from saleor_cdkeys.models import Alert

CODE = "7KXQM-2R9PD-HWZ4T"


def _check(tmp_path, data, must_hold=b"order"):
    file = tmp_path / "keys.csv"
    file.write_text(f"sku;code\nGAME;{CODE}\n")
    place = Place("the logs", data, must_hold)
    return leaked.check(codes=[CODE], places=[place], files_with_codes=[file])


def test_nothing_is_found_where_nothing_is(tmp_path):
    promise = _check(tmp_path, b"order 12 delivered")
    assert promise.broken == ()
    assert promise.facts[2] == "control: the same search finds 1 in the imported files"


def test_a_code_is_told_with_its_place_and_never_quoted(tmp_path):
    promise = _check(tmp_path, b"order 12: " + base64.b64encode(CODE.encode()))
    assert promise.broken == ("the logs: 1 codes in clear text",)


def test_a_place_that_is_not_what_it_should_be_proves_nothing(tmp_path):
    promise = _check(tmp_path, b"")
    assert promise.broken == ("the logs: not what it should be, so it proves nothing",)


def test_a_search_that_finds_nothing_proves_nothing(tmp_path):
    file = tmp_path / "keys.csv"
    file.write_text("sku;code\n")
    place = Place("the logs", b"order", b"order")
    promise = leaked.check(codes=[CODE], places=[place], files_with_codes=[file])
    assert promise.broken == ("the search does not find the codes in the imported files either",)


@pytest.mark.django_db
def test_every_table_is_searched(channel):
    Alert.objects.create(kind="key_order_failed", subject="x", message=f"The code is {CODE}.")
    tables = leaked.database()
    assert b"\npublic.saleor_cdkeys_keyorder\n" in tables
    assert b"\npublic.django_celery_beat_periodictask\n" in tables
    assert CODE.encode() in tables
    assert channel.slug.encode() in tables


@pytest.mark.django_db
def test_mails_are_searched_decoded(day):
    text = leaked.mails(day.mails)
    assert b"/plugins/global/saleor.cdkeys/k/" in text
