"""What kind of file a key is that came without saying so. Pure."""

from __future__ import annotations

UNKNOWN = "application/octet-stream"

#: How files begin. A name may be wrong, and what a browser is to show must not be decided by it.
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"%PDF-", "application/pdf"),
)
_ENDINGS = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "bmp": "image/bmp",
    "pdf": "application/pdf",
}


def media_type(data: bytes, *, filename: str = "") -> str:
    """By how the bytes begin, else by the name, else ``UNKNOWN``; never one that runs scripts."""
    for beginning, known in _BEGINNINGS:
        if data.startswith(beginning):
            return known
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return _ENDINGS.get(filename.rpartition(".")[2].lower(), UNKNOWN)
