"""What keeps stock or prices in the shop from following, told once per cause."""

from __future__ import annotations

from django.utils.translation import gettext as _

from saleor_cdkeys.acquisition.shop.plan import ShopPlan
from saleor_cdkeys.alerts import raise_alert, resolve_alerts
from saleor_cdkeys.exchange.updating import pair_subject
from saleor_cdkeys.models import Alert, KeyProduct
from saleor_cdkeys.statuses import AlertKind


class Troubles:
    """Collects what is wrong while products are looked at, and tells it at the end."""

    def __init__(self) -> None:
        self._rates: dict[str, str] = {}
        self._found: dict[str, str] = {}
        self._cured: set[str] = set()

    def note(self, product: KeyProduct, plan: ShopPlan) -> None:
        """Note what is wrong with the plan of a product, and what is right again."""
        for error in plan.no_rates:
            self._rates[pair_subject(*error.pair)] = str(error)
        self.note_if(
            plan.has_no_place,
            subject=f"shop:key_product:{product.pk}",
            message=_(
                "The stock of %(product)s cannot follow: its variant is gone from Saleor, or no "
                "warehouse belongs to a channel that sells it."
            )
            % {"product": product},
        )

    def note_if(self, is_wrong: bool, *, subject: str, message: str) -> None:
        """Note a cause that holds now, or does not hold any more."""
        if is_wrong:
            self._found[subject] = message
        else:
            self._cured.add(subject)

    def tell(self) -> None:
        """Raise what was found; resolve what was told before and is cured."""
        kind = AlertKind.SHOP_NOT_FOLLOWING
        for subject, message in self._rates.items():
            raise_alert(kind=AlertKind.EXCHANGE_RATE, subject=subject, message=message)
        for subject, message in self._found.items():
            raise_alert(kind=kind, subject=subject, message=message)
        told = Alert.objects.filter(kind=kind, resolved_at__isnull=True)
        for subject in set(told.values_list("subject", flat=True)) & self._cured:
            resolve_alerts(subject=subject, kind=kind)
