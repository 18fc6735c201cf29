"""The translations: collect and compile them, and check what customers read for completeness.

./dev messages                    collect texts, update the .po files, compile
python -m devtools.messages       check only; fails for a missing text, a lost value or a stale .mo
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "saleor_cdkeys"
LOCALE = PACKAGE / "locale"
_KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_lazy": None, "ngettext_lazy": (1, 2)}
LANGUAGES = ("de", "pl")


def _po(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _compiled(path: Path) -> bytes:
    with path.open("rb") as file:
        catalogue = pofile.read_po(file)
    target = io.BytesIO()
    mofile.write_mo(target, catalogue)
    return target.getvalue()


#: Where the texts that customers read stand; those of staff may be translated in part.
_CUSTOMERS = ("saleor_cdkeys/delivery/", "saleor_cdkeys/templates/")
#: What reads the same in every language: values, commands and their options, settings, the API.
_FIXED = re.compile(
    r"%(?:\(\w+\))?[-+#0]*\d*(?:\.\d+)?[a-zA-Z]|\{[^{}]*\}"
    r"|`[^`]*`|(?<!\S)--[a-z][a-z-]*|\b[A-Z]+_[A-Z_]+\b|\bcdKey\w+"
)


def problems() -> list[str]:
    """What is missing, wrong or stale, in words."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for line in uncollected(path.read_text(encoding="utf-8")):
            place = f"{PACKAGE.name}/{path.relative_to(PACKAGE)}:{line}"
            found.append(f"{place}: a text inside an f-string is not collected")
    for language in LANGUAGES:
        path = _po(language)
        with path.open("rb") as file:
            catalogue = pofile.read_po(file)
        for message in catalogue:
            if message.id and (complaint := complaint_about(message)):
                found.append(f"{language}: {complaint}: {message.id!r}")
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or _texts(compiled.read_bytes()) != _texts(_compiled(path)):
            found.append(f"{language}: {compiled.name} is stale; run ./dev messages")
    return found


def complaint_about(message: Message) -> str:
    """What is wrong with the translation of a message, or nothing."""
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    read = any(place.startswith(_CUSTOMERS) for place, _line in message.locations)
    if read and (message.fuzzy or not all(texts)):
        return "not translated"
    source = message.id[-1] if isinstance(message.id, tuple) else message.id
    fixed = sorted(_FIXED.findall(source))
    if any(text and sorted(_FIXED.findall(text)) != fixed for text in texts):
        return "has other values or names than the original"
    return ""


def uncollected(source: str) -> list[int]:
    """Lines of texts inside f-strings. Before Python 3.12, Babel does not look into those."""
    return [
        call.lineno
        for string in ast.walk(ast.parse(source))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in _KEYWORDS
    ]


def _texts(compiled: bytes) -> dict[str, object]:
    catalogue = mofile.read_mo(io.BytesIO(compiled))
    return {str((message.context, message.id)): message.string for message in catalogue}


def update() -> int:
    """Collect the texts, update the catalogues and compile them."""
    collected = _collect()
    for language in LANGUAGES:
        path = _po(language)
        with path.open("rb") as file:
            catalogue = pofile.read_po(file)
        catalogue.update(collected, no_fuzzy_matching=True, update_creation_date=False)
        with path.open("wb") as file:
            pofile.write_po(file, catalogue, width=100, ignore_obsolete=True, include_lineno=False)
        path.with_suffix(".mo").write_bytes(_compiled(path))
    return 0


def _collect() -> Catalog:
    catalogue = Catalog()
    found = extract_from_dir(
        PACKAGE,
        method_map=[("**.py", "python"), ("templates/**.*", from_template)],
        keywords=_KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )
    for filename, line, text, comments, context in sorted(found, key=lambda row: row[:2]):
        place = (f"{PACKAGE.name}/{filename}", line)
        catalogue.add(text, locations=[place], auto_comments=comments, context=context)
    return catalogue


def from_template(
    file: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[Any]:
    """Babel's way to read a Django template: as the Python that Django makes of it."""
    python = templatize(file.read().decode())
    # Indentation means nothing here, and would confuse the reader of Python.
    source = "\n".join(line.strip() for line in python.splitlines())
    yield from extract_python(io.BytesIO(source.encode()), keywords, comment_tags, options)


if __name__ == "__main__":
    lines = problems()
    print("\n".join(lines))
    sys.exit(1 if lines else 0)
