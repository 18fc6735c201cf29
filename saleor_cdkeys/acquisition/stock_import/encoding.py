"""Finding out how a text file is encoded."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.stock_import.headings import role_of
from saleor_cdkeys.errors import InvalidInput

#: How much of a file is looked at first, in bytes.
HEAD_BYTES = 1 << 18

_BLOCK = 1 << 20
_WINDOW = 1 << 15

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What Windows in Western and Central Europe writes. Older Macs and Unixes are left to --encoding.
_CODE_PAGES = ["cp1252", "cp1250"]


def check_encoding(name: str) -> str:
    """The name by which Python knows an encoding; raises InvalidInput if it does not."""
    try:
        known = codecs.lookup(name).name
        "".encode(known)
    except LookupError:
        raise InvalidInput(
            _("There is no encoding named %(name)s.") % {"name": name}, field="encoding"
        ) from None
    return "utf-8-sig" if known == "utf-8" else known


def find_encoding(head: bytes, stream: BinaryIO) -> str:
    """The encoding of a text that begins with ``head``. All of a seekable ``stream`` is looked at.

    A text that is UTF-8 in some places and broken in others counts as UTF-8, so that one broken
    row does not turn every letter of the others into something else. Raises InvalidInput if it is
    no text.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if b"\0" in head[:_WINDOW]:
        return _utf16_by_zeros(head[:_WINDOW])
    ends = stream.seekable() or len(head) < HEAD_BYTES
    odd = _first_odd_window(_blocks(head, stream), ends=ends)
    return "utf-8-sig" if odd is None else _code_page(odd, head)


def _utf16_by_zeros(head: bytes) -> str:
    """UTF-16 without a mark: Latin letters leave every second byte zero."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 4 and even == 0:
        return "utf-16-le"
    if even > len(head) // 4 and odd == 0:
        return "utf-16-be"
    raise InvalidInput(_("This is not a text file. Give a CSV, TXT or XLSX file."), field="file")


def _blocks(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    yield head
    if stream.seekable():
        stream.seek(len(head))
        while block := stream.read(_BLOCK):
            yield block


def _first_odd_window(blocks: Iterator[bytes], *, ends: bool) -> bytes | None:
    """Bytes around the first that cannot be UTF-8; None if there is none, or UTF-8 came before.

    ``ends``: the last block is the end of the text, and not just of what could be looked at.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    for block in blocks:
        try:
            text = decoder.decode(block)
        except UnicodeDecodeError as error:
            if not error.object[: error.start].isascii():
                return None
            start = max(0, error.start - _WINDOW)
            return bytes(error.object[start : error.start + _WINDOW])
        if not text.isascii():
            return None
    cut_off = decoder.getstate()[0]
    return cut_off if cut_off and ends else None


def _code_page(window: bytes, head: bytes) -> str:
    """The likeliest code page; among equals the one in which the headings make sense."""
    matches = list(from_bytes(window, cp_isolation=_CODE_PAGES))
    if not matches:
        return _CODE_PAGES[0]
    likeliest = min((match.chaos, -match.coherence) for match in matches)
    equals = {
        name
        for match in matches
        if (match.chaos, -match.coherence) == likeliest
        for name in match.could_be_from_charset
    }
    first_line = head.split(b"\n", 1)[0]
    return max(
        (page for page in _CODE_PAGES if page in equals),
        key=lambda page: _known_headings(first_line.decode(page, "replace")),
    )


def _known_headings(line: str) -> int:
    return sum(role_of(cell) is not None for cell in re.split(r"[,;\t|]", line))
