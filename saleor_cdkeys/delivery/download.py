"""The file with keys that a customer takes home: text, or an archive where some are images."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

from django.utils.translation import gettext as _

from saleor_cdkeys.delivery import wording
from saleor_cdkeys.delivery.contents import ProductPart
from saleor_cdkeys.delivery.mail import attachment_name
from saleor_cdkeys.delivery.reveal import RevealedUnit

_UNSAFE = re.compile(r"[^A-Za-z0-9]+")


def as_text(
    *, order_number: str, shop: str, parts: Sequence[ProductPart], codes: Sequence[RevealedUnit]
) -> str:
    """All keys with their products and instructions, in the active language."""
    title = _("Order %(number)s") % {"number": order_number}
    blocks = [f"{title} · {shop}" if shop else title]
    for part in parts:
        lines = [part.product_name]
        for unit in codes:
            if unit.key_order_id == part.key_order_id:
                label = wording.key_label(number=unit.number, quantity=part.quantity)
                lines.append(f"{label}: {_code_text(unit)}")
        if part.instructions.strip():
            lines += ["", _("How to use it") + ":", part.instructions.strip()]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _code_text(unit: RevealedUnit) -> str:
    if unit.code.data:
        return attachment_name(unit)
    text = unit.code.reveal_text()
    return "\n" + text if "\n" in text else text


def as_file(
    *, order_number: str, text: str, codes: Sequence[RevealedUnit]
) -> tuple[bytes, str, str]:
    """The bytes, media type and name of the download."""
    stem = "-".join(filter(None, ("order", _UNSAFE.sub("-", order_number).strip("-"), "keys")))
    files = [unit for unit in codes if unit.code.data]
    if not files:
        return text.encode(), "text/plain; charset=utf-8", f"{stem}.txt"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("keys.txt", text)
        for unit in files:
            archive.writestr(attachment_name(unit), unit.code.data)
    return buffer.getvalue(), "application/zip", f"{stem}.zip"
