"""Handing one message to the mail server, and saying in few words what became of it.

    MailError
    ├── MailNotSetUp   there is no mail server or no sender to use
    ├── MailRefused    this message will never be taken: trying again is no use
    └── MailDelayed    it was not taken this time; ``needs_staff`` where waiting alone will not help

What a mail server answers may quote the message, link and all, so of its answer only the numbers
are kept.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
from collections.abc import Iterator

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _

from saleor_cdkeys.errors import CdKeysError, ConfigurationError
from saleor_cdkeys.host.mail import MailTransport, resolve_transport

#: Seconds for each step of the talk with the mail server.
TIMEOUT = 15

_SENDER = re.compile(r"^\s*(.*?)\s*<([^<>]+)>\s*$", re.DOTALL)
_ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


class MailError(CdKeysError):
    """The message was not taken."""

    code = "mail"


class MailNotSetUp(MailError):
    """There is no mail server or no sender to use; the text names the remedy."""

    code = "mail_not_set_up"


class MailRefused(MailError):
    """This message will never be taken."""

    code = "mail_refused"


class MailDelayed(MailError):
    """It was not taken this time. ``needs_staff``: the account or the set-up is at fault."""

    code = "mail_delayed"

    def __init__(self, message: str, *, needs_staff: bool = False) -> None:
        super().__init__(message)
        self.needs_staff = needs_staff


def transport() -> MailTransport:
    """The mail server to use. Raises MailNotSetUp where there is none."""
    try:
        found = resolve_transport()
    except ConfigurationError as error:
        raise MailNotSetUp(str(error)) from None
    if found is None:
        raise MailNotSetUp(
            _(
                "No mail server is set up. Set CDKEYS_EMAIL_URL or EMAIL_URL in Saleor's "
                "environment, or fill in Saleor's user e-mail plugin."
            )
        )
    return found


def hand_over(message: EmailMessage, *, transport: MailTransport) -> None:
    """Send one message. Returns when the mail server has taken it.

    Raises MailRefused, MailDelayed or MailNotSetUp. Call it with no transaction open.
    """
    with _classified():
        connection = _connection(transport)
        # Opened by hand, so that a failure in saying good-bye, after the server took the message,
        # is not taken for a failure to send.
        connection.open()
        try:
            sent = connection.send_messages([message])
        finally:
            with contextlib.suppress(Exception):
                connection.close()
    if not sent:
        raise MailDelayed(_("The mail server did not take the message."))


def split_sender(sender: str) -> tuple[str, str]:
    """Name and address of ``Name <address>``, whatever letters the name has."""
    match = _SENDER.match(sender)
    return (match[1].strip(' "'), match[2]) if match else ("", sender.strip())


def _connection(transport: MailTransport) -> BaseEmailBackend:
    if transport.uses_django_backend:
        connection = get_connection(fail_silently=False)
        # Django's own default is to wait for ever.
        if getattr(connection, "timeout", TIMEOUT) is None:
            connection.timeout = TIMEOUT  # type: ignore[attr-defined]
        return connection
    if transport.use_tls and transport.use_ssl:
        raise MailNotSetUp(_("The mail server's settings have both TLS and SSL on: choose one."))
    return EmailBackend(
        host=transport.host,
        port=transport.port,
        username=transport.username,
        password=transport.password,
        use_tls=transport.use_tls,
        use_ssl=transport.use_ssl,
        timeout=TIMEOUT,
        fail_silently=False,
    )


@contextlib.contextmanager
def _classified() -> Iterator[None]:
    """Turn what smtplib raises into one of our errors. The list is closed; the rest is a delay."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()), (0, b""))
        raise _recipient_refused(code, answer) from None
    except smtplib.SMTPNotSupportedError:
        raise MailRefused(
            _("The mail server cannot send to an address with letters beyond ASCII.")
        ) from None
    except smtplib.SMTPResponseException as error:
        raise MailDelayed(
            _("The mail server answered %(code)s.") % {"code": _numbers(error)},
            needs_staff=500 <= error.smtp_code < 600,
        ) from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailDelayed(
            _("The mail server could not be reached (%(error)s).") % {"error": type(error).__name__}
        ) from None


def _recipient_refused(code: int, answer: bytes | str) -> MailError:
    numbers = _numbers(smtplib.SMTPResponseException(code, answer))
    text = _("The mail server refused the address: %(code)s.") % {"code": numbers}
    # x.7.x is policy (relaying denied, not signed in) and 530 asks for a sign-in: the account's
    # fault and not the customer's address.
    if code == 530 or re.search(r"5\.7\.", numbers):
        return MailDelayed(text, needs_staff=True)
    return MailRefused(text) if 500 <= code < 600 else MailDelayed(text)


def _numbers(error: smtplib.SMTPResponseException) -> str:
    answer = error.smtp_error
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
    enhanced = _ENHANCED.search(text)
    return f"{error.smtp_code} {enhanced[0]}" if enhanced else str(error.smtp_code)
