import json
import logging
import pickle
import uuid

import pytest

from saleor_cdkeys import vault
from saleor_cdkeys.errors import EncryptionKeyError, SealBroken
from saleor_cdkeys.values import CodeKind, KeyCode

CODE = "AAAAA-BBBBB-CCCCC"


def ring(*ids: str, index: str | None = None) -> str:
    entries = [f"index:{index or vault.new_key()}"]
    return ",".join(entries + [f"{key_id}:{vault.new_key()}" for key_id in ids])


CODES = [
    KeyCode.of_text(CODE),
    KeyCode.of_fields([("code", CODE), ("pin", "1234")]),
    KeyCode.of_bytes(b"\x89PNG\n\n\x00", media_type="image/png", filename="key.png"),
    KeyCode.of_bytes(b"\n\nlicence", media_type="application/octet-stream", filename="a b.lic"),
]


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.kind.value)
def test_every_form_of_code_survives_sealing(settings, code):
    settings.CDKEYS_ENCRYPTION_KEYS = ring("a")
    uid = uuid.uuid4()

    sealed = vault.seal_code(code, uid=uid)

    assert vault.open_code(sealed, uid=uid) == code


def test_a_sealed_code_does_not_open_in_another_row(settings):
    settings.CDKEYS_ENCRYPTION_KEYS = ring("a")
    sealed = vault.seal_code(KeyCode.of_text(CODE), uid=uuid.uuid4())

    with pytest.raises(SealBroken):
        vault.open_code(sealed, uid=uuid.uuid4())


def test_a_changed_seal_does_not_open(settings):
    settings.CDKEYS_ENCRYPTION_KEYS = ring("a")
    uid = uuid.uuid4()
    sealed = bytearray(vault.seal_code(KeyCode.of_text(CODE), uid=uid))
    sealed[-1] ^= 1

    with pytest.raises(SealBroken):
        vault.open_code(bytes(sealed), uid=uid)


def test_the_same_code_never_seals_to_the_same_bytes(settings):
    settings.CDKEYS_ENCRYPTION_KEYS = ring("a")
    uid = uuid.uuid4()

    first, second = (vault.seal_code(KeyCode.of_text(CODE), uid=uid) for _ in range(2))

    assert first != second
    assert CODE.encode() not in first


def test_rotation_seals_with_the_first_key_and_opens_with_all(settings):
    old = ring("old")
    settings.CDKEYS_ENCRYPTION_KEYS = old
    uid = uuid.uuid4()
    sealed = vault.seal_code(KeyCode.of_text(CODE), uid=uid)
    before = vault.fingerprint(KeyCode.of_text(CODE))

    settings.CDKEYS_ENCRYPTION_KEYS = f"new:{vault.new_key()},{old}"

    assert vault.open_code(sealed, uid=uid).text == CODE
    assert vault.sealing_key_id(vault.seal_code(KeyCode.of_text(CODE), uid=uid)) == "new"
    assert vault.fingerprint(KeyCode.of_text(CODE)) == before


def test_a_missing_key_is_named(settings):
    settings.CDKEYS_ENCRYPTION_KEYS = ring("gone")
    uid = uuid.uuid4()
    sealed = vault.seal_code(KeyCode.of_text(CODE), uid=uid)
    settings.CDKEYS_ENCRYPTION_KEYS = ring("other")

    with pytest.raises(EncryptionKeyError, match="'gone'"):
        vault.open_code(sealed, uid=uid)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not set"),
        ("   ", "is not set"),
        ("justtext", "id:key"),
        (":abc", "id:key"),
        ("a:short,index:short", "not 32 bytes"),
        ("a:!!!!,index:x", "not 32 bytes"),
        (f"a:{'A' * 43}", "index"),
        (f"index:{'A' * 43}", "at least one other"),
        (f"a:{'A' * 43},a:{'A' * 43},index:{'A' * 43}", "twice"),
    ],
)
def test_malformed_keys_say_what_to_do(text, said):
    with pytest.raises(EncryptionKeyError, match=said):
        vault.parse_keys(text)


def test_the_fingerprint_is_keyed_and_ignores_surrounding_blanks(settings):
    settings.CDKEYS_ENCRYPTION_KEYS = ring("a")
    first = vault.fingerprint(KeyCode.of_text(f"  {CODE}\n"))
    assert first == vault.fingerprint(KeyCode.of_text(CODE))

    settings.CDKEYS_ENCRYPTION_KEYS = ring("a")
    assert vault.fingerprint(KeyCode.of_text(CODE)) != first


def test_the_order_of_fields_makes_no_other_code(settings):
    settings.CDKEYS_ENCRYPTION_KEYS = ring("a")
    one = KeyCode.of_fields([("code", CODE), ("pin", "1")])
    other = KeyCode.of_fields([("pin", "1"), ("code", CODE)])
    assert vault.fingerprint(one) == vault.fingerprint(other)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.kind.value)
def test_a_code_masks_itself_wherever_it_is_printed(code, caplog):
    logging.getLogger("t").warning("%s %r", code, code)
    shown = f"{code} {code!r} {code!s} {[code]} {caplog.text} {ValueError(code)}"

    assert "AAAAA" not in shown
    assert "1234" not in shown
    assert "PNG" not in shown
    assert "licence" not in shown
    with pytest.raises(TypeError):
        json.dumps({"code": code})
    with pytest.raises(TypeError):
        pickle.dumps(code)


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        (KeyCode.of_text("ABCDEFGH"), "EFGH"),
        (KeyCode.of_text("ABCDEFG"), ""),
        (KeyCode.of_fields([("code", CODE), ("pin", "123456789")]), "CCCC"),
        (KeyCode.of_bytes(b"x" * 99, media_type="image/png"), ""),
    ],
)
def test_the_hint_shows_four_characters_of_codes_long_enough(code, hint):
    assert code.hint == hint


def test_what_is_no_image_is_a_file():
    assert KeyCode.of_bytes(b"x", media_type="image/gif").kind is CodeKind.IMAGE
    assert KeyCode.of_bytes(b"x", media_type="text/plain").kind is CodeKind.FILE
