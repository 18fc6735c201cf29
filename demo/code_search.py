"""Finding codes where none should be: as they are, without dashes, in hex, base64 or UTF-16."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator

_RUN = re.compile(rb"[0-9A-Za-z-]{12,}")
_UPPER = re.compile(rb"[0-9A-Z-]{12,}")
_HEX = re.compile(rb"[0-9a-fA-F]{24,}")
_BASE64 = re.compile(rb"[0-9A-Za-z+/_-]{16,}")
_LINE_BREAK = re.compile(rb"=?\r?\n")
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
#: Something encoded may hold something encoded, as bytes of a table that hold JSON with base64.
_DEPTH = 2
#: Runs of mixed letters beyond this are hex or base64, and looked at decoded.
_LONGEST_TEXT = 64


class CodeSearch:
    """Looks for any of these codes. Codes are letters, digits and dashes, 12 or more of them."""

    def __init__(self, codes: Iterable[str]) -> None:
        dashed = {code.upper().encode() for code in codes}
        self._known = dashed | {code.replace(b"-", b"") for code in dashed}
        self._lengths = sorted({len(code) for code in self._known})

    def found_in(self, data: bytes) -> set[str]:
        """The codes that stand in the data in any of these forms, in capitals without dashes."""
        found: set[bytes] = set()
        for text in _forms(data, depth=_DEPTH):
            found.update(self._plainly_in(text))
        return {code.replace(b"-", b"").decode() for code in found}

    def _plainly_in(self, text: bytes) -> Iterator[bytes]:
        for run in set(_RUN.findall(text)):
            if len(run) <= _LONGEST_TEXT:
                yield from self._windows(run.upper())
            else:
                for upper in _UPPER.findall(run):
                    yield from self._windows(upper)

    def _windows(self, run: bytes) -> Iterator[bytes]:
        for length in self._lengths:
            for start in range(len(run) - length + 1):
                if run[start : start + length] in self._known:
                    yield run[start : start + length]


def _forms(data: bytes, *, depth: int) -> Iterator[bytes]:
    """The data as it is, without what text may be interrupted by, and what it holds encoded."""
    unbroken = _LINE_BREAK.sub(b"", data)
    yield data
    yield unbroken
    if b"\0" in data:
        yield data.replace(b"\0", b"")
    if depth == 0:
        return
    # Joined by what no code holds, so that all of it is looked through at once.
    decoded = b"\n\n".join(_decoded(data, unbroken))
    if decoded:
        yield from _forms(decoded, depth=depth - 1)


def _decoded(*texts: bytes) -> Iterator[bytes]:
    for run in {run for text in texts for run in _HEX.findall(text)}:
        for skip in range(2):
            part = run[skip:].decode()
            yield bytes.fromhex(part[: len(part) // 2 * 2])
    for run in {run for text in texts for run in _BASE64.findall(text)}:
        standard = run.translate(_TO_STANDARD)
        for skip in range(4):
            part = standard[skip:]
            part = part[:-1] if len(part) % 4 == 1 else part
            yield base64.b64decode(part + b"=" * (-len(part) % 4))
