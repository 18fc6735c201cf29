"""Files with exchange rates are read as they are, or refused with the line that is wrong."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.exchange.reading import RateOfDay, read_rates

TODAY = dt.date(2026, 11, 25)

ECB = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
    xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
  <gesmes:subject>Reference rates</gesmes:subject>
  <gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
  <Cube>
    <Cube time='2026-11-24'>
      <Cube currency='USD' rate='1.0843'/>
      <Cube currency='JPY' rate='163.27'/>
    </Cube>
  </Cube>
</gesmes:Envelope>
"""


def _read(content: bytes) -> list[RateOfDay]:
    return read_rates(content, base="EUR", date=TODAY)


def test_the_ecb_daily_file():
    day = dt.date(2026, 11, 24)
    assert _read(ECB) == [
        RateOfDay("EUR", "USD", Decimal("1.0843"), day),
        RateOfDay("EUR", "JPY", Decimal("163.27"), day),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"currency,rate\nUSD,1.0843\n",
        b"\xef\xbb\xbfCurrency;Rate\r\nusd;1.0843\r\n",
        b"rate,currency,base,date\n1.0843,USD,EUR,2026-11-25\n",
        b"currency,rate,base\nUSD,1.0843,\n",
    ],
)
def test_a_csv_file(content):
    assert _read(content) == [RateOfDay("EUR", "USD", Decimal("1.0843"), TODAY)]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b"currency,rate\n", "no exchange rates"),
        (b"<html></html>", "no exchange rates"),
        (b"<html>", "no XML"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "no XML"),
        (b"USD,1.08\n", "first line must name the columns"),
        (b"currency,rate\nUSD,1.08\nPLN,4,30\nCZK,x\n", "line 4: a rate is a number"),
        (b"currency,rate\nUSD,0\n", "line 2: A rate is greater than 0"),
        (b"currency,rate\nUSD,-1\n", "line 2: A rate is greater than 0"),
        (b"currency,rate\nUSD,NaN\n", "line 2: A rate is greater than 0"),
        (b"currency,rate\nUSD,1e12\n", "line 2: A rate is greater than 0"),
        (b"currency,rate\nDOLLAR,1\n", "line 2: A currency has three"),
        (b"currency,rate\nEUR,1\n", "line 2: The two currencies are the same"),
        (b"currency,rate,date\nUSD,1,2999-01-01\n", "line 2: The date lies in the future"),
        (b"currency,rate,date\nUSD,1,25.11.2026\n", "line 2: a rate is a number"),
        ("currency,rate\nUSD,1 ½\n".encode("latin-1"), "Save the file as UTF-8"),
    ],
)
def test_what_cannot_be_used_says_what_and_where(content, problem):
    with pytest.raises(InvalidInput, match=problem) as caught:
        _read(content)
    assert caught.value.field == "file"
