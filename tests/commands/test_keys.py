"""`cdkeys_keys`: the encryption keys of an installation."""

from __future__ import annotations

import re

import pytest

from saleor_cdkeys import vault
from tests.commands.calling import call, start

OLD = f"index:{'A' * 43},k1:{'B' * 42}A"
KEY = r"[\w-]{43}"


def list_in(out: str) -> str:
    name, _equals, keys = out.strip().partition("=")
    assert name == "CDKEYS_ENCRYPTION_KEYS"
    return keys


def test_a_new_installation_gets_a_line_that_seals_and_opens(settings):
    settings.CDKEYS_ENCRYPTION_KEYS = ""

    said = call("cdkeys_keys")

    assert said.code == 0
    assert re.fullmatch(f"CDKEYS_ENCRYPTION_KEYS=index:{KEY},k1:{KEY}\n", said.out)
    ring = vault.parse_keys(list_in(said.out))
    assert ring.sealing_id == "k1"
    assert ring.open(ring.seal(b"code", context=b"row"), context=b"row") == b"code"


def test_every_line_is_another(settings):
    settings.CDKEYS_ENCRYPTION_KEYS = ""

    assert call("cdkeys_keys").out != call("cdkeys_keys").out


def test_standard_output_holds_the_line_alone_so_that_it_can_be_redirected():
    process = start("cdkeys_keys", CDKEYS_ENCRYPTION_KEYS="")
    out, err = process.communicate(timeout=120)

    assert process.returncode == 0
    assert re.fullmatch(f"CDKEYS_ENCRYPTION_KEYS=index:{KEY},k1:{KEY}\n", out)
    assert "Keep a copy in a safe place" in " ".join(err.split())
    assert list_in(out)[6:] not in err


def test_where_keys_are_set_none_are_made_by_accident(settings):
    settings.CDKEYS_ENCRYPTION_KEYS = OLD

    said = call("cdkeys_keys")

    assert (said.code, said.out) == (1, "")
    assert "without them every stored key is lost" in said.err
    assert call("cdkeys_keys", "--fresh").out.startswith("CDKEYS_ENCRYPTION_KEYS=index:")


def test_an_added_key_seals_and_the_old_ones_open(settings):
    settings.CDKEYS_ENCRYPTION_KEYS = OLD
    sealed = vault.parse_keys(OLD).seal(b"code", context=b"row")

    keys = list_in(call("cdkeys_keys", "--add").out)

    assert re.fullmatch(f"index:{'A' * 43},k2:{KEY},k1:{'B' * 42}A", keys)
    ring = vault.parse_keys(keys)
    assert ring.sealing_id == "k2"
    assert ring.open(sealed, context=b"row") == b"code"
    assert ring.fingerprint(b"x") == vault.parse_keys(OLD).fingerprint(b"x")


def test_an_added_key_may_only_open_for_the_time_being(settings):
    settings.CDKEYS_ENCRYPTION_KEYS = OLD

    said = call("cdkeys_keys", "--add", "--last")

    assert re.fullmatch(f"index:{'A' * 43},k1:{'B' * 42}A,k2:{KEY}", list_in(said.out))
    assert vault.parse_keys(list_in(said.out)).sealing_id == "k1"
    assert "move its last entry before the other keys" in " ".join(said.err.split())


def test_ids_that_are_taken_are_not_given_again(settings):
    settings.CDKEYS_ENCRYPTION_KEYS = f"{OLD},k7:{'C' * 42}A,office:{'D' * 42}A"

    assert "k8:" in call("cdkeys_keys", "--add").out


@pytest.mark.parametrize("present", ["", "index:short,k1:short", f"k1:{'B' * 42}A"])
def test_nothing_is_added_to_keys_that_cannot_be_read(settings, present):
    settings.CDKEYS_ENCRYPTION_KEYS = present

    said = call("cdkeys_keys", "--add")

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("CDKEYS_ENCRYPTION_KEYS")


def test_last_alone_means_nothing(settings):
    settings.CDKEYS_ENCRYPTION_KEYS = ""

    assert call("cdkeys_keys", "--last").err == "--last goes with --add."
