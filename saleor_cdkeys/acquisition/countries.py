"""The countries for whose customers a mapping is, as staff say it and as it is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable

from babel import Locale
from django.utils.translation import gettext as _

from saleor_cdkeys.errors import InvalidInput

#: Two-letter codes that Babel knows and ISO 3166-1 does not: groups of countries, parts of some,
#: and codes for tests. No address is there.
_NO_COUNTRIES = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ")
)
_CODES = (
    frozenset(code for code in map(str, Locale("en").territories) if re.fullmatch("[A-Z]{2}", code))
    - _NO_COUNTRIES
)


def read_countries(text: str) -> tuple[str, ...]:
    """The codes of a column that holds them with commas."""
    return tuple(text.split(",")) if text else ()


def checked_countries(codes: Iterable[str]) -> str:
    """What to keep for these codes (ISO 3166-1 alpha-2, in any case and order).

    Raises InvalidInput (field ``countries``) that names those which are none.
    """
    given = {code.strip().upper() for code in codes}
    unknown = sorted(given - _CODES)
    if unknown:
        raise InvalidInput(
            _("No country codes of two letters (ISO 3166-1, such as DE or GB): %(codes)s.")
            % {"codes": ", ".join(code[:20] or '""' for code in unknown[:10])},
            field="countries",
        )
    return ",".join(sorted(given))
