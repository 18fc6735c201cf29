"""What waits for a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saleor_cdkeys.diagnosis.finding import Finding, fine, problem, warning
from saleor_cdkeys.models import Alert, KeyBatch, KeyOrder, Purchase
from saleor_cdkeys.statuses import (
    OPEN_PURCHASES,
    AlertKind,
    BatchStatus,
    KeyOrderStatus,
    PurchaseStatus,
)

#: A supplier that says nothing for this long says nothing by itself any more.
_SILENT = dt.timedelta(hours=1)
#: No import takes so long.
_ENDLESS = dt.timedelta(hours=6)


def open_alerts() -> Iterator[Finding]:
    """What staff were told of and have not solved."""
    rows = (
        Alert.objects.filter(resolved_at__isnull=True)
        .order_by("kind")
        .values_list("kind")
        .annotate(count=Count("pk"))
    )
    counts = ", ".join(f"{AlertKind(kind).label}: {count}" for kind, count in rows)
    if counts:
        yield warning(
            _("Open alerts. %(counts)s.") % {"counts": counts},
            _("The query cdKeyAlerts lists them; each goes away when its cause does."),
        )
    else:
        yield fine(_("No alert is open."))


def purchases() -> Iterator[Finding]:
    """Purchases that only a person can bring to their end."""
    long_ago = timezone.now() - _SILENT
    unclear = Purchase.objects.filter(status__in=OPEN_PURCHASES).filter(
        ~Q(review="") | Q(status=PurchaseStatus.UNKNOWN, sent_at__lte=long_ago)
    )
    # Asked by way of the orders that wait, as they are few among all purchases.
    waiting = KeyOrder.objects.filter(status=KeyOrderStatus.WAITING)
    wrong = Purchase.objects.filter(key_order__in=waiting).exclude(
        Q(review="") | Q(status__in=OPEN_PURCHASES)
    )
    found = False
    if count := unclear.count():
        found = True
        yield problem(
            ngettext(
                "%(count)d purchase is unclear, and nothing else is bought for its order.",
                "%(count)d purchases are unclear, and nothing else is bought for their orders.",
                count,
            )
            % {"count": count},
            _("Ask the supplier, then say what came of it with cdKeyPurchaseDecide."),
        )
    if count := wrong.count():
        found = True
        yield problem(
            ngettext(
                "%(count)d purchase brought not what was paid for; its order waits.",
                "%(count)d purchases brought not what was paid for; their orders wait.",
                count,
            )
            % {"count": count},
            _("Settle it with the supplier, then let the order go on with cdKeyPurchaseDecide."),
        )
    if not found:
        yield fine(_("No purchase waits for a person."))


def failed_orders() -> Iterator[Finding]:
    """Key orders that were given up."""
    count = KeyOrder.objects.filter(status=KeyOrderStatus.FAILED).count()
    if count:
        yield warning(
            ngettext("%(count)d key order failed.", "%(count)d key orders failed.", count)
            % {"count": count},
            _("Mend the cause that it names, then try again with cdKeyOrderFulfill."),
        )
    else:
        yield fine(_("No key order has failed."))


def broken_imports() -> Iterator[Finding]:
    """Imports whose process died: what is in stays, the rest of the file is missing."""
    batches = KeyBatch.objects.filter(
        status=BatchStatus.RUNNING, created_at__lte=timezone.now() - _ENDLESS
    )
    numbers = ", ".join(str(pk) for pk in batches.order_by("pk").values_list("pk", flat=True)[:20])
    if numbers:
        yield warning(
            _("Imports that broke off: %(numbers)s.") % {"numbers": numbers},
            _(
                "Import the file again to add the rest, or take them back: "
                "`manage.py cdkeys_import_undo NUMBER`."
            ),
        )
    else:
        yield fine(_("No import broke off."))
