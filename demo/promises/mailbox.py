"""Which mail is which delivery, by the private link in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from demo.mail_sink import Mail
from saleor_cdkeys.delivery import links
from saleor_cdkeys.models import Delivery
from saleor_cdkeys.statuses import DeliveryStatus


def by_delivery(mails: Iterable[Mail]) -> dict[Delivery | None, list[Mail]]:
    """The plugin's mails, by the delivery whose page they lead to; under None those of no page."""
    found: dict[Delivery | None, list[Mail]] = defaultdict(list)
    for mail in mails:
        if mail.link:
            found[_delivery_of(mail)].append(mail)
    return found


def _delivery_of(mail: Mail) -> Delivery | None:
    try:
        return links.find_link(token=mail.link.rsplit("/", 1)[-1]).delivery
    except (links.LinkUnknown, links.LinkExpired):
        return None


def wrong(mails: Iterable[Mail]) -> Iterator[str]:
    """Mails that came twice, not at all, to somebody else, or of which nobody knows.

    No worker was killed here, so that not even one message may come twice.
    """
    found = by_delivery(mails)
    for mail in found.pop(None, []):
        yield f"a mail to {mail.recipient} leads to no page"
    came = Counter({delivery.pk: len(each) for delivery, each in found.items() if delivery})
    for delivery in Delivery.objects.order_by("pk"):
        sent = int(delivery.status == DeliveryStatus.SENT)
        if came[delivery.pk] != sent:
            yield f"order {delivery.order_number}: {came[delivery.pk]} mails for {sent} sent"
    for delivery, each in found.items():
        for mail in each:
            if delivery is not None and mail.recipient != delivery.recipient:
                yield f"order {delivery.order_number}: its mail went to {mail.recipient}"
