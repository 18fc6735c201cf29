"""Whether mails can leave, and whether staff are told of problems."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from saleor_cdkeys import channel_config, postman
from saleor_cdkeys.delivery import shop
from saleor_cdkeys.diagnosis.addresses import is_local
from saleor_cdkeys.diagnosis.finding import Finding, fine, problem, warning
from saleor_cdkeys.host import channels
from saleor_cdkeys.host.mail import MailTransport

#: Backends of Django that take a mail and send it nowhere.
_DEAD_ENDS = ("console", "dummy", "filebased", "locmem")


def mail() -> Iterator[Finding]:
    """The mail server that would be used, without asking it; and the sender."""
    try:
        transport = postman.transport()
        sender = _sender(transport)
    except postman.MailNotSetUp as error:
        yield problem(str(error), _("Then try it: `manage.py cdkeys_doctor --send-test ADDRESS`."))
        return
    backend = settings.EMAIL_BACKEND if transport.uses_django_backend else ""
    if backend and backend.split(".")[-2] in _DEAD_ENDS and not settings.DEBUG:
        yield problem(
            _("Mails go to %(backend)s, which sends none.") % {"backend": backend},
            _("Set EMAIL_URL or CDKEYS_EMAIL_URL to a mail server."),
        )
    else:
        yield fine(
            _("Mails leave through %(server)s, from %(sender)s.")
            % {"server": _server(transport), "sender": sender}
        )
    if transport.username and not _is_encrypted(transport) and not is_local(transport.host):
        yield warning(
            _("The password of the mail server is sent to it unencrypted."),
            _("Switch TLS on, for example with smtp+tls:// in CDKEYS_EMAIL_URL."),
        )
    if sender.endswith(("@example.com", "@example.org", "@example.net")):
        yield warning(
            _("The sender %(sender)s is a placeholder; many mail servers will refuse it.")
            % {"sender": sender},
            _("Set the sender address in the plugin's configuration, or DEFAULT_FROM_EMAIL."),
        )


def alert_recipients() -> Iterator[Finding]:
    """Somebody is told when an order needs a person."""
    untold = [
        channel.slug
        for channel in channels.all_channels()
        if not channel_config.for_channel(channel.id).alert_recipients
    ]
    if not channel_config.for_plugin().alert_recipients:
        yield warning(
            _("Nobody is told by mail when an order needs a person."),
            _("Enter alert recipients in the plugin's configuration."),
        )
    elif untold:
        yield warning(
            _("Nobody is told by mail of problems in: %(channels)s.")
            % {"channels": ", ".join(untold)},
            _("These channels have an empty list of their own; see cdKeyChannelSettings."),
        )
    else:
        yield fine(_("Staff are told of problems by mail."))


def send_test(*, address: str) -> Finding:
    """Send one mail without keys to this address, as a delivery would be sent."""
    try:
        transport = postman.transport()
        config = channel_config.for_plugin()
        name = shop.shop_name(config=config, default_sender=transport.default_sender)
        message = EmailMessage(
            subject=_("Test mail of saleor-cdkeys"),
            body=_("If you can read this, mails with keys reach this address, too."),
            from_email=formataddr((name, _sender(transport))),
            to=[address],
            headers={"Auto-Submitted": "auto-generated"},
        )
        postman.hand_over(message, transport=transport)
    except postman.MailError as error:
        return problem(
            _("The test mail could not be sent."),
            str(error),
        )
    return fine(
        _("A test mail to %(address)s was taken by %(server)s.")
        % {"address": address, "server": _server(transport)}
    )


def _sender(transport: MailTransport) -> str:
    return shop.sender_address(
        config=channel_config.for_plugin(), default_sender=transport.default_sender
    )


def _server(transport: MailTransport) -> str:
    if not transport.uses_django_backend:
        return f"{transport.host}:{transport.port}"
    if settings.EMAIL_BACKEND.endswith(".smtp.EmailBackend"):
        return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return str(settings.EMAIL_BACKEND)


def _is_encrypted(transport: MailTransport) -> bool:
    return transport.use_tls or transport.use_ssl
