"""Finding codes where none should be: as they are, without dashes, in hex, base64 or UTF-16."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator

_RUN = re.compile(rb"[0-9A-Za-z-]{12,}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){12,}")
_BASE64 = re.compile(rb"[0-9A-Za-z+/_-]{16,}")
_UPPER = re.compile(rb"[0-9A-Z]{12,}")


class CodeSearch:
    """Looks for any of these codes. Codes are capital letters, digits and dashes."""

    def __init__(self, codes: Iterable[str]) -> None:
        dashed = {code.encode() for code in codes}
        self._known = dashed | {code.replace(b"-", b"") for code in dashed}
        self._lengths = sorted({len(code) for code in self._known})

    def found_in(self, data: bytes) -> set[str]:
        """The codes that stand in the data in any of these forms, without their dashes."""
        found: set[bytes] = set()
        for text in _forms(data):
            found.update(self._plainly_in(text))
        return {code.replace(b"-", b"").decode() for code in found}

    def _plainly_in(self, text: bytes) -> Iterator[bytes]:
        for match in _RUN.finditer(text):
            run = match[0]
            if b"-" in run:
                yield from self._windows(run.upper())
            else:
                # Runs of small letters are hex or base64, which are looked at decoded.
                for upper in _UPPER.findall(run):
                    yield from self._windows(upper)

    def _windows(self, run: bytes) -> Iterator[bytes]:
        for length in self._lengths:
            for start in range(len(run) - length + 1):
                if run[start : start + length] in self._known:
                    yield run[start : start + length]


def _forms(data: bytes) -> Iterator[bytes]:
    """The data as it is, and what its parts hold if they are encoded."""
    yield data
    if b"\0" in data:
        yield data.replace(b"\0", b"")
    for match in _HEX.finditer(data):
        yield bytes.fromhex(match[0].decode())
        yield bytes.fromhex(match[0][1:-1].decode())
    for match in _BASE64.finditer(data):
        run = match[0].translate(bytes.maketrans(b"-_", b"+/"))
        for skip in range(4):
            part = run[skip:]
            part = part[:-1] if len(part) % 4 == 1 else part
            yield base64.b64decode(part + b"=" * (-len(part) % 4))
