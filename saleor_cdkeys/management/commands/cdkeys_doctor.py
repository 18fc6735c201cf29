"""Saying what is wrong with an installation."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from rich.console import RenderableType

from saleor_cdkeys.diagnosis import Examined, Level, diagnose, send_test
from saleor_cdkeys.host.celery import allow_writer
from saleor_cdkeys.management import findings
from saleor_cdkeys.management.command import CdKeysCommand
from saleor_cdkeys.management.terminal import render


class Command(CdKeysCommand):
    help = _(
        "Look at the installation and say in plain words what is wrong and how to mend it. It "
        "changes nothing, and ends with exit code 1 if there is a problem."
    )
    examples = """
  manage.py cdkeys_doctor
  manage.py cdkeys_doctor --online                        asks the suppliers, too
  manage.py cdkeys_doctor --send-test me@myshop.com       sends a mail there
  manage.py cdkeys_doctor --json                          for programs
"""
    # What they complain of is told here, with what else there is.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--online",
            action="store_true",
            help=_("ask each supplier for balance or price; nothing is bought"),
        )
        parser.add_argument(
            "--send-test", metavar="ADDRESS", help=_("send a mail without keys to this address")
        )
        parser.add_argument(
            "--json", dest="as_json", action="store_true", help=_("write JSON to standard output")
        )

    @allow_writer()
    def handle(self, *, online: bool, send_test: str | None, as_json: bool, **options: Any) -> None:
        if send_test is not None:
            _check_address(send_test)
        in_color = not options["no_color"] and (options["force_color"] or self.stdout.isatty())

        def show(part: RenderableType) -> None:
            if not as_json:
                self.stdout.write(render(part, in_color=in_color) + "\n")
                self.stdout.flush()

        show(findings.heading(version("saleor-cdkeys")))
        done = []
        for check in _examine(online, send_test):
            done.append(check)
            show(findings.examined(check))
        show(findings.summary(done))
        if as_json:
            self.stdout.write(json.dumps(_as_data(done), indent=2, ensure_ascii=False))
        if any(check.level is Level.PROBLEM for check in done):
            sys.exit(1)


def _examine(online: bool, address: str | None) -> Iterator[Examined]:
    yield from diagnose(online=online)
    if address is not None:
        found = send_test(address=address)
        yield Examined(name="test_mail", title=_("Test mail"), findings=(found,))


def _check_address(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        raise CommandError(
            _("%(address)s is not an e-mail address.") % {"address": address}
        ) from None


def _as_data(done: Iterable[Examined]) -> dict[str, Any]:
    """What programs read; its names never change."""
    rows = [
        {
            "check": check.name,
            "level": finding.level.value,
            "text": finding.text,
            "remedy": finding.remedy,
        }
        for check in done
        for finding in check.findings
    ]
    return {"ok": all(row["level"] != Level.PROBLEM for row in rows), "findings": rows}
