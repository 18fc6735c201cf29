"""The customer's language, and which way it is written."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import re
from collections.abc import Iterator

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import pgettext

_CODE = re.compile(r"^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$")


@dataclasses.dataclass(frozen=True, slots=True)
class Language:
    """``code`` is the language of our own words, which are English where there is no translation;
    ``direction`` follows the language that was asked for, as do the shop's own texts.
    """

    code: str
    direction: str

    def day(self, moment: dt.datetime) -> str:
        """The date, written as the sentences around it are."""
        with translation.override(self.code):
            return date_format(moment, "DATE_FORMAT")

    @property
    def is_rtl(self) -> bool:
        return self.direction == "rtl"


@contextlib.contextmanager
def speaking(language_code: str) -> Iterator[Language]:
    """Translate into a customer's language; an unknown one means Django's own, LANGUAGE_CODE."""
    wanted = language_code.strip().replace("_", "-").lower()
    if not _CODE.match(wanted):
        wanted = settings.LANGUAGE_CODE
    with translation.override(wanted):
        yield Language(
            # Translators: the code of the language that you translate into, such as de.
            code=pgettext("code of this language", "en"),
            direction="rtl" if translation.get_language_bidi() else "ltr",
        )
