"""Telling staff of flagged mappings: one alert for each supplier and flag, with their number."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy

from saleor_cdkeys.alerts import raise_alert, resolve_alerts
from saleor_cdkeys.models import Supplier, SupplierMapping
from saleor_cdkeys.statuses import AlertKind, MappingFlag

_TEXTS = {
    MappingFlag.VANISHED: gettext_lazy(
        "%(supplier)s no longer has %(count)d of the mapped products. Map them to others, or take "
        "the mappings away."
    ),
    MappingFlag.BECAME_PREORDER: gettext_lazy(
        "%(supplier)s sells %(count)d of the mapped products as pre-orders now. Accept that, or "
        "switch the mappings off."
    ),
    MappingFlag.REGION_CHANGED: gettext_lazy(
        "%(supplier)s has changed where %(count)d of the mapped products can be activated. Accept "
        "that, or map them to others."
    ),
    MappingFlag.ABOVE_GUARD: gettext_lazy(
        "%(supplier)s asks more for %(count)d of the mapped products than they may cost. Nothing "
        "is bought at that price."
    ),
}


def tell_flags(*, supplier_id: int) -> None:
    """Bring the alerts of a supplier in step with its active mappings: told, counted or cured."""
    with transaction.atomic():
        # One at a time, or who counted first might write last.
        supplier = Supplier.objects.select_for_update(no_key=True).get(pk=supplier_id)
        flagged = SupplierMapping.objects.filter(supplier=supplier, is_active=True)
        counts = dict(flagged.exclude(flag="").order_by().values_list("flag").annotate(Count("pk")))
        for flag, text in _TEXTS.items():
            subject = f"mappings:{supplier_id}:{flag.value}"
            count = counts.get(flag.value, 0)
            if not count:
                resolve_alerts(subject=subject, kind=AlertKind.MAPPING_FLAGGED)
                continue
            raise_alert(
                kind=AlertKind.MAPPING_FLAGGED,
                subject=subject,
                message=str(text) % {"supplier": supplier.name, "count": count},
            )
