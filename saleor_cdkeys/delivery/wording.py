"""Sentences that the mail and the page share, in the active language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saleor_cdkeys.delivery.contents import ProductPart


def total(count: int) -> str:
    """So many keys."""
    return ngettext("%(count)d key", "%(count)d keys", count) % {"count": count}


def amount(part: ProductPart) -> str:
    """How many keys are here: "3 keys", or "2 of 3 keys"."""
    if part.is_complete:
        return total(part.quantity)
    return ngettext("%(here)d of %(total)d key", "%(here)d of %(total)d keys", part.quantity) % {
        "here": len(part.units),
        "total": part.quantity,
    }


def notes(part: ProductPart) -> list[str]:
    """Where the keys are that are not here."""
    sentences = []
    if part.elsewhere:
        sentences.append(
            ngettext(
                "%(count)d more key came in another e-mail.",
                "%(count)d more keys came in another e-mail.",
                part.elsewhere,
            )
            % {"count": part.elsewhere}
        )
    if part.to_come:
        sentences.append(
            ngettext(
                "%(count)d more key will follow by e-mail as soon as it is there.",
                "%(count)d more keys will follow by e-mail as soon as they are there.",
                part.to_come,
            )
            % {"count": part.to_come}
        )
    if part.called_off:
        sentences.append(
            ngettext(
                "%(count)d key was refunded or canceled.",
                "%(count)d keys were refunded or canceled.",
                part.called_off,
            )
            % {"count": part.called_off}
        )
    return sentences


def key_label(*, number: int, quantity: int) -> str:
    """The name of one key among those of its product."""
    if quantity == 1:
        return _("Your key")
    return _("Key %(number)d of %(total)d") % {"number": number, "total": quantity}
