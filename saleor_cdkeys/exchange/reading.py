"""Reading files with exchange rates: the ECB's daily one as it is, and plain CSV.

The ECB's: https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml, where each ``Cube`` with a
``currency`` and a ``rate`` stands in one with the ``time``, and the base is the euro.
CSV has the columns ``currency`` and ``rate``, and may have ``base`` and ``date``.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.exchange.checking import check_rate

#: A file of rates is small, in bytes.
MAX_BYTES = 5_000_000


@dataclasses.dataclass(frozen=True, slots=True)
class RateOfDay:
    """One unit of ``base`` is worth ``rate`` of ``currency`` on that day. Checked."""

    base: str
    currency: str
    rate: Decimal
    date: dt.date


def read_rates(content: bytes, *, base: str, date: dt.date) -> list[RateOfDay]:
    """The rates of a file. ``base`` and ``date`` stand in for what a CSV file does not say.

    Raises InvalidInput (field ``file``) that names the line, and gives nothing then.
    """
    if not content.strip():
        raise InvalidInput(_("The file is empty."), field="file")
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        found = list(_read_xml(content))
    else:
        found = list(_read_csv(content, base=base, date=date))
    if not found:
        raise InvalidInput(_("The file holds no exchange rates."), field="file")
    return found


def _read_xml(content: bytes) -> Iterator[RateOfDay]:
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        raise InvalidInput(_("The file is no XML that can be read."), field="file") from None
    for day in _cubes(root, "time"):
        for cube in _cubes(day, "currency"):
            yield _checked(
                base="EUR",
                currency=cube.get("currency", ""),
                rate=cube.get("rate", ""),
                date=day.get("time", ""),
                where=cube.get("currency", ""),
            )


def _cubes(parent: Element, attribute: str) -> Iterable[Element]:
    return (
        element
        for element in parent.iter()
        if str(element.tag).rpartition("}")[2] == "Cube" and attribute in element.attrib
    )


def _read_csv(content: bytes, *, base: str, date: dt.date) -> Iterator[RateOfDay]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput(_("Save the file as UTF-8."), field="file") from None
    first = text.splitlines()[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in first else ",")
    names = {name: name.strip().lower() for name in rows.fieldnames or ()}
    if not {"currency", "rate"} <= set(names.values()):
        raise InvalidInput(
            _("The first line must name the columns: currency, rate, and perhaps base and date."),
            field="file",
        )
    for row in rows:
        cells = {names[name]: (row[name] or "").strip() for name in names}
        yield _checked(
            base=(cells.get("base") or base).upper(),
            currency=cells["currency"].upper(),
            rate=cells["rate"],
            date=cells.get("date") or date.isoformat(),
            where=_("line %d") % rows.line_num,
        )


def _checked(*, base: str, currency: str, rate: str, date: str, where: str) -> RateOfDay:
    try:
        found = RateOfDay(
            base=base, currency=currency, rate=Decimal(rate), date=dt.date.fromisoformat(date)
        )
    except (InvalidOperation, ValueError):
        raise InvalidInput(
            _("%(where)s: a rate is a number such as 1.0843, and a date such as 2026-11-25.")
            % {"where": where},
            field="file",
        ) from None
    try:
        check_rate(base=found.base, currency=found.currency, rate=found.rate, date=found.date)
    except InvalidInput as error:
        raise InvalidInput(f"{where}: {error}", field="file") from None
    return found
