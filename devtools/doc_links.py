"""Whether the links between pages lead somewhere, headings included."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

_FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)


def problems(pages: Mapping[str, str], *, root: Path) -> Iterator[str]:
    """Links of these pages (text by path) to files and headings that do not exist."""
    for page, text in pages.items():
        for target in links(text):
            path, _hash, anchor = target.partition("#")
            goal = page if not path else _resolved(PurePosixPath(page).parent / path)
            if not (root / goal).exists():
                yield f"{page} links to {target}, which does not exist"
            elif anchor and anchor not in anchors((root / goal).read_text(encoding="utf-8")):
                yield f"{page} links to {target}, but {goal} has no such heading"


def links(text: str) -> list[str]:
    """Where a page links to, other than to other sites."""
    prose = _CODE.sub("", _FENCED.sub("", text))
    return [link for link in _LINK.findall(prose) if not re.match(r"[a-z]+:", link)]


def anchors(text: str) -> set[str]:
    """What the headings of a page are called in links, as GitHub makes it."""
    found: Counter[str] = Counter()
    names = set()
    for heading in _HEADING.findall(_FENCED.sub("", text)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        name = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        names.add(f"{name}-{found[name]}" if found[name] else name)
        found[name] += 1
    return names


def _resolved(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
