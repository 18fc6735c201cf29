"""The class that Saleor loads: hooks in, nothing decided here."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils.translation import gettext_lazy as _
from saleor.plugins.base_plugin import BasePlugin, ConfigurationTypeField
from saleor.plugins.error_codes import PluginErrorCode

from saleor_cdkeys import bell
from saleor_cdkeys.channel_config import PLUGIN_DEFAULTS
from saleor_cdkeys.channel_config import problems as configuration_problems
from saleor_cdkeys.delivery import page
from saleor_cdkeys.failure_log import log_failure
from saleor_cdkeys.host.celery import allow_writer
from saleor_cdkeys.host.urls import PLUGIN_ID
from saleor_cdkeys.intake import supplier_messages
from saleor_cdkeys.intake.record import note_orders

logger = logging.getLogger(__name__)

_BOOLEAN, _STRING = ConfigurationTypeField.BOOLEAN, ConfigurationTypeField.STRING


class CdKeysPlugin(BasePlugin):
    """Sells game keys. One global plugin: a plugin per channel would miss hooks without channel."""

    PLUGIN_ID = PLUGIN_ID
    PLUGIN_NAME = "CD keys"
    PLUGIN_DESCRIPTION = _(
        "Sells game keys: fills paid orders from stock or suppliers, delivers them by e-mail and "
        "on a private page, and fulfils them in Saleor."
    )
    DEFAULT_ACTIVE = True
    CONFIGURATION_PER_CHANNEL = False
    DEFAULT_CONFIGURATION = [
        {"name": name, "value": value} for name, value in PLUGIN_DEFAULTS.items()
    ]
    CONFIG_STRUCTURE: Mapping[str, Mapping[str, Any]] = {
        "auto_processing": {
            "type": _BOOLEAN,
            "label": _("Process paid orders by themselves"),
            "help_text": _("Off: every order waits until staff process it."),
        },
        "process_delay": {
            "type": _STRING,
            "label": _("Delay in seconds"),
            "help_text": _("How long after the payment keys are obtained. 0: at once."),
        },
        "codes_in_mail": {
            "type": _BOOLEAN,
            "label": _("Put the codes into the e-mail"),
            "help_text": _("Off: the e-mail only links to the private page, which is safer."),
        },
        "sender_name": {
            "type": _STRING,
            "label": _("Sender name"),
            "help_text": _("Who the e-mails are from. Empty: as Saleor's own e-mails."),
        },
        "sender_address": {
            "type": _STRING,
            "label": _("Sender address"),
            "help_text": _("The address the e-mails are from. Empty: as Saleor's own e-mails."),
        },
        "link_days": {
            "type": _STRING,
            "label": _("Days that a link works"),
            "help_text": _("After that the customer asks for a new link on the page."),
        },
        "hold_above_quantity": {
            "type": _STRING,
            "label": _("Hold above this quantity"),
            "help_text": _("Lines with more keys wait for staff. Empty: no limit."),
        },
        "alert_recipients": {
            "type": _STRING,
            "label": _("Alert recipients"),
            "help_text": _("E-mail addresses, separated by commas, that are told of problems."),
        },
    }

    @classmethod
    def validate_plugin_configuration(cls, plugin_configuration: Any, **_kwargs: Any) -> None:
        """Refuse values that could not be used, each with its field and the remedy."""
        values = {item["name"]: item["value"] for item in plugin_configuration.configuration}
        problems = {
            field: ValidationError(message, code=PluginErrorCode.INVALID.value)
            for field, message in configuration_problems(values).items()
        }
        if problems:
            raise ValidationError(problems)

    def order_created(self, order: Any, previous_value: Any, **_kwargs: Any) -> Any:
        return self._note([order], previous_value)

    def order_bulk_created(self, orders: Iterable[Any], previous_value: Any, **_kwargs: Any) -> Any:
        return self._note(orders, previous_value)

    def order_confirmed(self, order: Any, previous_value: Any, **_kwargs: Any) -> Any:
        return self._note([order], previous_value)

    def order_paid(self, order: Any, previous_value: Any, **_kwargs: Any) -> Any:
        return self._note([order], previous_value)

    def order_fully_paid(self, order: Any, previous_value: Any, **_kwargs: Any) -> Any:
        return self._note([order], previous_value)

    def order_updated(self, order: Any, previous_value: Any, **_kwargs: Any) -> Any:
        return self._note([order], previous_value)

    def order_expired(self, order: Any, previous_value: Any, **_kwargs: Any) -> Any:
        return self._note([order], previous_value)

    def order_cancelled(self, order: Any, previous_value: Any, **_kwargs: Any) -> Any:
        return self._note([order], previous_value)

    def order_refunded(self, order: Any, previous_value: Any, **_kwargs: Any) -> Any:
        return self._note([order], previous_value)

    def order_fully_refunded(self, order: Any, previous_value: Any, **_kwargs: Any) -> Any:
        return self._note([order], previous_value)

    def webhook(self, request: HttpRequest, path: str, previous_value: Any) -> HttpResponse:
        """Private pages and suppliers' messages. Saleor calls a plugin that is off, too."""
        if not self.active:
            return HttpResponseNotFound()
        with allow_writer():
            if path.startswith(supplier_messages.PREFIX):
                return supplier_messages.handle(request, path)
            return page.handle(request, path)

    def _note(self, orders: Iterable[Any], previous_value: Any) -> Any:
        """Record, ring, and let nothing out: an exception here would swallow Saleor's own hooks."""
        order_ids: list[uuid.UUID] = []
        try:
            order_ids = [order.pk for order in orders]
            with allow_writer():
                self._record(order_ids)
        except Exception as error:
            ids = ", ".join(map(str, order_ids))
            log_failure(logger, f"Orders could not be recorded; the sweeper will: {ids}", error)
        return previous_value

    @staticmethod
    def _record(order_ids: list[uuid.UUID]) -> None:
        if transaction.get_connection().in_atomic_block:
            # A failed statement must not spoil the transaction of whoever called.
            with transaction.atomic():
                bell.ring(note_orders(order_ids))
        else:
            bell.ring(note_orders(order_ids))
