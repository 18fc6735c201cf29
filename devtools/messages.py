"""The translations: collect and compile them, and check what customers read for completeness.

    ./dev messages                    collect texts, update the .po files, compile
    python -m devtools.messages       check only; fails for a missing text or a stale .mo
"""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

from babel.messages import mofile, pofile

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "saleor_cdkeys" / "locale"
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


def problems() -> list[str]:
    """What is missing or stale, in words."""
    found = []
    for language in LANGUAGES:
        path = _po(language)
        with path.open("rb") as file:
            catalogue = pofile.read_po(file)
        for message in catalogue:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            read = any(place.startswith(_CUSTOMERS) for place, _line in message.locations)
            if message.id and read and (message.fuzzy or not all(texts)):
                found.append(f"{language}: not translated: {message.id!r}")
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or _texts(compiled.read_bytes()) != _texts(_compiled(path)):
            found.append(f"{language}: {compiled.name} is stale; run ./dev messages")
    return found


def _texts(compiled: bytes) -> dict[object, object]:
    catalogue = mofile.read_mo(io.BytesIO(compiled))
    return {message.id: message.string for message in catalogue if message.id}


def update() -> int:
    """Collect the texts, update the catalogues and compile them."""
    template = LOCALE / "django.pot"
    babel = [sys.executable, "-m", "babel.messages.frontend"]
    extract = ["extract", "-F", "babel.cfg", "-k", "gettext_lazy", "-k", "ngettext_lazy:1,2"]
    subprocess.check_call([*babel, *extract, "-o", str(template), "saleor_cdkeys"], cwd=ROOT)
    for language in LANGUAGES:
        options = ["-i", str(template), "-o", str(_po(language)), "-l", language, "-N"]
        subprocess.check_call([*babel, "update", *options], cwd=ROOT)
        _po(language).with_suffix(".mo").write_bytes(_compiled(_po(language)))
    template.unlink()
    return 0


if __name__ == "__main__":
    lines = problems()
    print("\n".join(lines))
    sys.exit(1 if lines else 0)
