"""What each capability of a supplier means, in the words of merchants."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Each field of :class:`saleor_cdkeys.suppliers.base.Capabilities`, in the order in which they are
#: shown.
CAPABILITIES: Mapping[str, Promise] = {
    "order_lookup": _("Says what became of an order, or clearly that there is none."),
    "refuses_repeats": _("Never sells twice for the same reference, as it says itself."),
    "quantity": _("Sells more than one key in an order."),
    "price_guard": _("Takes the highest price with the order."),
    "balance": _("Tells what is left on the account."),
    "catalogue": _("Its products can be searched."),
    "changes": _("Lists which products changed since a moment."),
    "late_keys": _("May accept an order first and send its keys later."),
    "images": _("May send keys as pictures."),
    "preorders": _("Sells games before they are released."),
    "returns": _("Takes keys back."),
    "webhooks": _("Tells by itself when an order or a product changed."),
}
