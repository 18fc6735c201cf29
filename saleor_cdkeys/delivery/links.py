"""Private links: 256 random bits in the customer's hands, their SHA-256 in the database.

Every attempt to send a mail makes a link of its own, because the raw token is never stored and a
mail whose attempt looked like a failure may have arrived all the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.utils import timezone

from saleor_cdkeys.errors import CdKeysError
from saleor_cdkeys.models import DeliveryLink

_TOKEN_BYTES = 32


class LinkUnknown(CdKeysError):
    """There is no such link, or it was revoked: who asks cannot tell which."""

    code = "link_unknown"


class LinkExpired(CdKeysError):
    """The link was right once. It shows nothing any more but still asks for a new one."""

    code = "link_expired"

    def __init__(self, link: DeliveryLink) -> None:
        super().__init__("The link has expired.")
        self.link = link


def page_path(token: str) -> str:
    """The path of the private page, below the plugin's URL."""
    return f"/k/{token}"


def lost_link_path() -> str:
    """The path of the page where a customer asks for a new link."""
    return "/lost-link"


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def create_link(*, delivery_id: int, days: int) -> tuple[str, DeliveryLink]:
    """A new link that works for ``days`` days. The token exists in the answer and nowhere else."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    link = DeliveryLink.objects.create(
        delivery_id=delivery_id,
        token_hash=_digest(token),
        expires_at=timezone.now() + dt.timedelta(days=days),
    )
    return token, link


def find_link(*, token: str) -> DeliveryLink:
    """The live link of a token, with its delivery. Raises LinkUnknown or LinkExpired.

    Every token costs one hash and one look-up by index: what it takes tells nothing about how
    close a guess was.
    """
    link = DeliveryLink.objects.filter(token_hash=_digest(token)).select_related("delivery").first()
    if link is None or link.revoked_at is not None:
        raise LinkUnknown("There is no such link.")
    if link.expires_at <= timezone.now():
        raise LinkExpired(link)
    return link


def revoke_links(*, delivery_ids: list[int]) -> int:
    """Switch off the links of these deliveries. Returns how many were still on."""
    links = DeliveryLink.objects.filter(delivery_id__in=delivery_ids, revoked_at__isnull=True)
    return links.update(revoked_at=timezone.now())
