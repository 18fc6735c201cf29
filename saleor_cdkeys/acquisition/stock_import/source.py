"""Where the rows come from: a file, pasted lines, an upload, a pipe."""

from __future__ import annotations

import dataclasses
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from django.utils.translation import gettext as _

from saleor_cdkeys.errors import InvalidInput

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Source:
    """A stream of bytes that can be opened, with the name that people know it by.

    ``size`` in bytes, where known, serves the progress bar. ``encoding`` is set where
    it is certain.
    """

    name: str
    opener: Callable[[], BinaryIO]
    size: int | None = None
    encoding: str = ""

    @classmethod
    def from_path(cls, path: str | os.PathLike[str]) -> Source:
        """Raises InvalidInput if there is no such file."""
        path = Path(path)
        if not path.is_file():
            raise InvalidInput(_("There is no file %(path)s.") % {"path": path}, field="file")
        return cls(name=path.name, opener=lambda: path.open("rb"), size=path.stat().st_size)

    @classmethod
    def from_bytes(cls, data: bytes, *, name: str = "") -> Source:
        return cls(name=name, opener=lambda: io.BytesIO(data), size=len(data))

    @classmethod
    def from_text(cls, text: str, *, name: str = "") -> Source:
        """Pasted lines."""
        data = text.encode("utf-8", "surrogatepass")
        return cls(name=name, opener=lambda: io.BytesIO(data), size=len(data), encoding="utf-8-sig")

    @classmethod
    def from_upload(cls, upload: Any) -> Source:
        """An uploaded file, as Django gives it: with ``name``, ``size``, ``file`` and ``seek``."""

        def rewound() -> BinaryIO:
            upload.seek(0)
            return cast(BinaryIO, _Unclosed(upload.file))

        return cls(name=os.path.basename(upload.name or ""), opener=rewound, size=upload.size)

    @classmethod
    def from_stream(cls, stream: IO[bytes], *, name: str = "") -> Source:
        """A pipe, which can be read only once."""
        return cls(name=name, opener=lambda: cast(BinaryIO, _Unclosed(stream)))

    def __repr__(self) -> str:
        return f"<Source {self.name!r}>"


class _Unclosed(io.RawIOBase):
    """Somebody else's stream: closing this leaves it open."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class Replayed(io.RawIOBase):
    """A stream whose head was read already, from the start again. Counts what it gave."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head = head
        self._rest = rest
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._head[: len(buffer)] if self._head else self._rest.read(len(buffer))
        self._head = self._head[len(data) :]
        buffer[: len(data)] = data
        self.given += len(data)
        return len(data)


def is_workbook(head: bytes) -> bool:
    """Whether the file that begins so is an XLSX workbook.

    Raises InvalidInput for the old Excel format, which is another thing.
    """
    if head.startswith(_OLD_EXCEL):
        raise InvalidInput(
            _("This is a file of an old Excel. Save it as .xlsx or as CSV, and import that."),
            field="file",
        )
    return head.startswith(_ZIP)
