"""Sending one delivery: claim, prepare and commit, hand over with no transaction open, record."""

from __future__ import annotations

import dataclasses
import logging
import traceback

from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saleor_cdkeys import channel_config, conf, postman
from saleor_cdkeys.channel_config import ChannelConfig
from saleor_cdkeys.delivery import (
    backoff,
    contents,
    links,
    mail,
    outcome,
    release_mail,
    release_notice,
    reveal,
    shop,
    withheld,
)
from saleor_cdkeys.delivery.claim import claim, due_deliveries, lock_owned
from saleor_cdkeys.delivery.outcome import SendKind
from saleor_cdkeys.errors import CdKeysError, LeaseLost
from saleor_cdkeys.host import urls
from saleor_cdkeys.models import Delivery, DeliveryLink, Key, KeyOrder, KeyUnit
from saleor_cdkeys.statuses import DeliveryKind, UnitStatus

__all__ = ["SendKind", "SendResult", "due_deliveries", "send"]

logger = logging.getLogger(__name__)


class NothingToSend(CdKeysError):
    """Every key of the delivery was called off, has its day yet to come, or is there already."""

    code = "nothing_to_send"


class KeptBack(CdKeysError):
    """The keys must not leave now: not paid any more, held by staff, or not released yet."""

    code = "kept_back"


@dataclasses.dataclass(frozen=True, slots=True)
class SendResult:
    """What became of it, and for which key orders. ``error`` says why where it was not sent."""

    kind: SendKind
    key_order_ids: tuple[int, ...] = ()
    error: str = ""


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class _Prepared:
    """What was committed for an attempt: a link whose token is known only here, keys to print."""

    order_email: str
    parts: tuple[contents.ProductPart, ...]
    token: str
    link: DeliveryLink
    keys: list[Key]


def send(*, delivery_id: int) -> SendResult:
    """Try to send a delivery that is due. Never raises for what a mail server does.

    Statuses of units and key orders are not written here; the caller settles them after SENT.
    """
    try:
        delivery = claim(delivery_id=delivery_id)
    except LeaseLost:
        return SendResult(SendKind.BUSY)
    kind, error = SendKind.BUSY, ""
    try:
        kind, error = _attempt(delivery)
    except LeaseLost as lost:
        error = str(lost)
    return SendResult(kind, contents.key_order_ids(delivery_id=delivery_id), error)


def _attempt(delivery: Delivery) -> tuple[SendKind, str]:
    try:
        _deliver(delivery)
    except LeaseLost:
        raise
    except NothingToSend as nothing:
        outcome.record_canceled(delivery=delivery, why=str(nothing))
        return SendKind.CANCELED, str(nothing)
    except (postman.MailNotSetUp, KeptBack) as error:
        if isinstance(error, postman.MailNotSetUp):
            outcome.alert_not_set_up(delivery=delivery, error=str(error))
        later = timezone.now() + backoff.NOT_NOW
        outcome.record_put_off(delivery=delivery, error=str(error), next_run_at=later)
        return SendKind.RETRY, str(error)
    except postman.MailRefused as error:
        outcome.record_failed(delivery=delivery, error=str(error))
        return SendKind.FAILED, str(error)
    except postman.MailDelayed as error:
        if error.needs_staff:
            outcome.alert_not_set_up(delivery=delivery, error=str(error))
        return _retry_or_fail(delivery, str(error))
    except CdKeysError as error:
        return _retry_or_fail(delivery, str(error))
    except Exception as error:
        # Frames without their values: a local variable may hold a code or a token.
        frames = "".join(traceback.format_tb(error.__traceback__))
        logger.error("Sending a delivery failed: %s\n%s", type(error).__name__, frames)
        return _retry_or_fail(
            delivery, _("Unforeseen error %(name)s.") % {"name": type(error).__name__}
        )
    outcome.record_sent(delivery=delivery)
    return SendKind.SENT, ""


def _retry_or_fail(delivery: Delivery, error: str) -> tuple[SendKind, str]:
    if delivery.attempts >= conf.get("CDKEYS_MAX_MAIL_ATTEMPTS"):
        outcome.record_failed(delivery=delivery, error=error)
        return SendKind.FAILED, error
    later = timezone.now() + backoff.wait(attempt=delivery.attempts)
    outcome.record_retry(delivery=delivery, error=error, next_run_at=later)
    return SendKind.RETRY, error


def _deliver(delivery: Delivery) -> None:
    transport = postman.transport()
    config = channel_config.for_channel(delivery.channel_id)
    letterhead = mail.Letterhead(
        shop=shop.shop_name(config=config, default_sender=transport.default_sender),
        address=shop.sender_address(config=config, default_sender=transport.default_sender),
    )
    _check_recipient(delivery)
    if delivery.kind == DeliveryKind.RELEASE:
        message = _compose_notice(delivery, letterhead, config)
    else:
        withheld.take_out(delivery=delivery)
        prepared = _prepare(delivery, config)
        message = _compose(delivery, prepared, letterhead, config)
    postman.hand_over(message, transport=transport)


def _compose_notice(
    delivery: Delivery, letterhead: mail.Letterhead, config: ChannelConfig
) -> EmailMultiAlternatives:
    notice = release_notice.read_notice(delivery=delivery)
    if notice is None:
        raise NothingToSend(_("The keys are there, were called off, or come on another day."))
    return release_mail.compose(
        delivery=delivery, notice=notice, letterhead=letterhead, config=config
    )


def _check_recipient(delivery: Delivery) -> None:
    try:
        validate_email(delivery.recipient)
    except ValidationError:
        raise postman.MailRefused(_("The e-mail address is not a valid one.")) from None


@transaction.atomic(durable=True)
def _prepare(delivery: Delivery, config: ChannelConfig) -> _Prepared:
    """Commit the link and, where codes go into the mail, that they left.

    All under the lock of the delivery's row: whoever takes units or the address away waits for
    this, and then finds the link to revoke.
    """
    lock_owned(delivery=delivery)
    parts = contents.read_parts(delivery_id=delivery.pk)
    if not _has_something_to_send(delivery, contents.unit_ids(parts)):
        raise NothingToSend(
            _("All keys were called off, handed over in another way, or are not released yet.")
        )
    key_orders = KeyOrder.objects.filter(pk__in=[part.key_order_id for part in parts])
    if key_orders.filter(reason__in=contents.KEPT_BACK).exists():
        raise KeptBack(_("The keys are kept back until a person decides."))
    release_at = withheld.release_of(unit_ids=contents.unit_ids(parts))
    if release_at is not None:
        raise KeptBack(withheld.not_before(release_at))
    order_email = key_orders.values_list("email", flat=True)[0]
    # To another address than the order's own go no codes: its page asks who is there.
    redirected = contents.is_redirected(delivery=delivery, order_email=order_email)
    with_codes = config.codes_in_mail and not redirected
    keys = reveal.expose_for_mail(delivery_id=delivery.pk) if with_codes else []
    token, link = links.create_link(delivery_id=delivery.pk, days=config.link_days)
    return _Prepared(order_email=order_email, parts=parts, token=token, link=link, keys=keys)


def _has_something_to_send(delivery: Delivery, unit_ids: list[int]) -> bool:
    units = KeyUnit.objects.filter(pk__in=unit_ids)
    if delivery.kind == DeliveryKind.INITIAL:
        # Handed over meanwhile (sent again to another address, marked as delivered by staff): a
        # late first message would come as a surprise.
        units = units.exclude(status=UnitStatus.DELIVERED)
    return units.exists()


def _compose(
    delivery: Delivery, prepared: _Prepared, letterhead: mail.Letterhead, config: ChannelConfig
) -> EmailMultiAlternatives:
    return mail.compose(
        delivery=delivery,
        order_email=prepared.order_email,
        parts=prepared.parts,
        links=mail.MailLinks(
            page=urls.plugin_url(links.page_path(prepared.token)),
            expires_at=prepared.link.expires_at,
            lost=urls.plugin_url(links.lost_link_path()),
        ),
        letterhead=letterhead,
        config=config,
        codes=reveal.open_for_mail(keys=prepared.keys),
    )
