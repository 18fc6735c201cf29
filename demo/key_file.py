"""Files of keys, as a distributor would send them."""

from __future__ import annotations

import csv
import secrets
from collections import Counter
from pathlib import Path

from demo.shop import Goods

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def new_code() -> str:
    """A code that was never there before, such as ``7KXQM-2R9PD-HWZ4T``."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(3))


def write_german(path: Path, counts: Counter[Goods]) -> dict[str, list[str]]:
    """A CSV file as a German Excel saves it: BOM, semicolons, CRLF, German headings.

    Three of its rows are no good: a code that stands there twice, one without a code, and one of
    a product that the shop does not have. Returns the codes by SKU.
    """
    rows = [(goods, new_code()) for goods, count in counts.items() for _ in range(count)]
    secrets.SystemRandom().shuffle(rows)
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        out = csv.writer(file, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
        out.writerow(["Artikelnummer", "Produktschlüssel", "Einkaufspreis", "Währung", "Notiz"])
        for goods, code in rows:
            cost = f"{goods.price / 2:.2f}".replace(".", ",")
            out.writerow([goods.sku, code, cost, "EUR", goods.name])
        goods, code = rows[0]
        out.writerow([goods.sku, code, "1,00", "EUR", "doppelt"])
        out.writerow([goods.sku, "", "1,00", "EUR", "leer"])
        out.writerow(["NO-SUCH-GAME", new_code(), "1,00", "EUR", "unbekannt"])
    return _by_sku(rows)


def write_plain(path: Path, counts: Counter[Goods]) -> dict[str, list[str]]:
    """A text file with a code per line, of one product, in UTF-16. Returns the codes by SKU."""
    rows = [(goods, new_code()) for goods, count in counts.items() for _ in range(count)]
    text = "\n".join(code for _goods, code in rows)
    path.write_text(text + "\n", encoding="utf-16")
    return _by_sku(rows)


def _by_sku(rows: list[tuple[Goods, str]]) -> dict[str, list[str]]:
    codes: dict[str, list[str]] = {}
    for goods, code in rows:
        codes.setdefault(goods.sku, []).append(code)
    return codes
