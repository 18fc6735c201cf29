"""What holds of sealing for every code there can be."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_cdkeys import vault
from saleor_cdkeys.errors import EncryptionKeyError, SealBroken
from saleor_cdkeys.values import KeyCode

RING = vault.parse_keys(f"index:{vault.new_key()},a:{vault.new_key()}")

#: What JSON and PostgreSQL can both hold.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
codes = st.one_of(
    texts.map(KeyCode.of_text),
    st.lists(st.tuples(texts, texts), max_size=4).map(KeyCode.of_fields),
    st.builds(
        KeyCode.of_bytes,
        st.binary(),
        media_type=st.sampled_from(["image/png", "text/plain", "application/octet-stream"]),
        filename=texts,
    ),
)


@given(codes)
def test_a_code_opens_as_what_it_was(code):
    sealed = RING.seal(code.to_bytes(), context=b"row")
    assert KeyCode.from_bytes(RING.open(sealed, context=b"row")) == code


@given(st.binary(min_size=8), st.data())
def test_no_changed_byte_goes_unnoticed(plain, data):
    sealed = bytearray(RING.seal(plain, context=b"row"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    _must_not_open(bytes(sealed))


@given(st.binary(min_size=8), st.data())
def test_no_missing_byte_goes_unnoticed(plain, data):
    sealed = RING.seal(plain, context=b"row")
    _must_not_open(sealed[: data.draw(st.integers(0, len(sealed) - 1))])


@given(st.binary())
def test_nothing_but_what_was_sealed_opens(garbage):
    _must_not_open(garbage)
    _must_not_open(b"\x01\x01a" + garbage)


def _must_not_open(sealed: bytes) -> None:
    with pytest.raises((SealBroken, EncryptionKeyError)):
        RING.open(sealed, context=b"row")


@given(st.binary(), st.binary(), st.binary())
def test_a_sealed_value_opens_in_its_own_row_alone(plain, row, other):
    sealed = RING.seal(plain, context=row)
    assert RING.open(sealed, context=row) == plain
    if row != other:
        with pytest.raises(SealBroken):
            RING.open(sealed, context=other)


@given(st.binary(min_size=8))
def test_a_sealed_value_shows_nothing(plain):
    one, other = (RING.seal(plain, context=b"row") for _time in range(2))
    assert plain not in one
    assert one[3:] != other[3:]


@given(codes, codes)
def test_two_codes_have_one_fingerprint_if_they_are_one_code(one, other):
    same = RING.fingerprint(one.identity()) == RING.fingerprint(other.identity())
    assert same == (one.identity() == other.identity())
    assert len(RING.fingerprint(one.identity())) == 32


@given(texts, st.text(" \t\r\n"), st.text(" \t\r\n"))
def test_blanks_around_a_code_make_no_other_code(text, before, after):
    assert KeyCode.of_text(before + text + after) == KeyCode.of_text(text)


@given(st.lists(st.tuples(texts, texts), max_size=4), st.randoms())
def test_the_order_of_fields_makes_no_other_code(fields, dice):
    mixed = list(fields)
    dice.shuffle(mixed)
    assert KeyCode.of_fields(mixed).identity() == KeyCode.of_fields(fields).identity()


@given(codes)
def test_a_hint_gives_at_most_four_characters_and_never_half(code):
    shown = code.text or (code.fields[0][1] if code.fields else "")
    assert len(code.hint) in (0, 4)
    assert not code.hint or (shown.endswith(code.hint) and len(code.hint) * 2 <= len(shown))


def test_a_row_is_part_of_what_is_sealed(settings):
    uid = uuid.uuid4()
    assert vault.key_context(uid) != vault.key_context(uuid.uuid4())
    assert uid.bytes in vault.key_context(uid)
