"""All checks, in the order in which one mends an installation."""

from __future__ import annotations

import dataclasses
import functools
import logging
from collections.abc import Callable, Iterable, Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_cdkeys.diagnosis import (
    addresses,
    goods,
    installation,
    machine,
    mail,
    rates,
    stuck,
    suppliers,
    work,
)
from saleor_cdkeys.diagnosis.finding import Finding, Level, problem

logger = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class Check:
    """``name`` is for programs, ``title`` for people. ``run`` may ask the database as it likes.

    A check of the ``foundation`` has to be passed by itself before those that read tables make
    sense.
    """

    name: str
    title: str | Promise
    run: Callable[[], Iterable[Finding]]
    foundation: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Examined:
    """A check and what it found."""

    name: str
    title: str
    findings: tuple[Finding, ...]

    @property
    def level(self) -> Level:
        """The worst of what was found."""
        levels = {finding.level for finding in self.findings}
        return next(
            (level for level in (Level.PROBLEM, Level.WARNING) if level in levels), Level.OK
        )


def checks(*, online: bool = False) -> tuple[Check, ...]:
    """The checks; ``online`` lets them ask suppliers."""
    asked = functools.partial(suppliers.suppliers, online=online)
    return (
        Check("database", gettext_lazy("Database"), machine.database, foundation=True),
        Check("migrations", gettext_lazy("Tables"), installation.migrations, foundation=True),
        Check("encryption_keys", gettext_lazy("Encryption keys"), installation.encryption_keys),
        Check("plugin", gettext_lazy("Plugin"), installation.plugin),
        Check("address", gettext_lazy("Links"), addresses.private_page),
        Check("mail", gettext_lazy("Mail"), mail.mail),
        Check("alert_recipients", gettext_lazy("Alert mails"), mail.alert_recipients),
        Check("broker", gettext_lazy("Broker"), work.broker),
        Check("beat", gettext_lazy("Celery beat"), work.beat_entry),
        Check("sweeper", gettext_lazy("Workers"), work.sweeper),
        Check("overdue", gettext_lazy("Queue"), work.overdue),
        Check("cache", gettext_lazy("Cache"), machine.shared_cache),
        Check("clock", gettext_lazy("Clock"), machine.clock),
        Check("key_products", gettext_lazy("Key products"), goods.key_products),
        Check("suppliers", gettext_lazy("Suppliers"), asked),
        Check("exchange_rates", gettext_lazy("Exchange rates"), rates.exchange_rates),
        Check("purchases", gettext_lazy("Purchases"), stuck.purchases),
        Check("failed", gettext_lazy("Key orders"), stuck.failed_orders),
        Check("imports", gettext_lazy("Imports"), stuck.broken_imports),
        Check("alerts", gettext_lazy("Alerts"), stuck.open_alerts),
    )


def diagnose(*, online: bool = False) -> Iterator[Examined]:
    """Run the checks, and give each as soon as it is done; those with nothing to say are left out.

    Where the database or its tables are missing, that alone is told: everything else would only
    say so again.
    """
    for check in checks(online=online):
        examined = _examine(check)
        if examined.findings:
            yield examined
        if check.foundation and examined.level is Level.PROBLEM:
            return


def _examine(check: Check) -> Examined:
    try:
        findings = tuple(check.run())
    except Exception as error:
        # One check that stumbles over what nobody thought of must not hide the others.
        logger.exception("The check %s of cdkeys_doctor failed", check.name)
        findings = (
            problem(
                _("This could not be checked (%(error)s).") % {"error": type(error).__name__},
                _("The log says more. Please report it."),
            ),
        )
    return Examined(name=check.name, title=str(check.title), findings=findings)
