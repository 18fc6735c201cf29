"""The sandbox's memory: products, balance and what was sold, in SQLite.

In memory by default; in a file it outlives the process, even one that is killed.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from decimal import Decimal

from saleor_cdkeys.suppliers.sandbox_server.goods import Listing, Product, Sold

_TABLES = """
CREATE TABLE IF NOT EXISTS product (
    id TEXT PRIMARY KEY, price TEXT NOT NULL, stock INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS listing (
    product TEXT PRIMARY KEY, details TEXT NOT NULL, changed_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS account (id INTEGER PRIMARY KEY CHECK (id = 1), balance TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sold (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, reference TEXT NOT NULL UNIQUE,
    product TEXT NOT NULL, quantity INTEGER NOT NULL, charged TEXT NOT NULL,
    keys TEXT NOT NULL, late_keys TEXT NOT NULL, ready_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS refused (number INTEGER PRIMARY KEY, reference TEXT NOT NULL);
"""
_PRODUCTS = """
SELECT id, price, stock, coalesce(details, '{}'), coalesce(changed_at, 0)
FROM product LEFT JOIN listing ON listing.product = product.id
"""
_SOLD = "id, reference, product, quantity, charged, keys, late_keys, ready_at"


class Ledger:
    """Reading and writing, by one thread at a time."""

    def __init__(self, database: str = ":memory:") -> None:
        self._connection = sqlite3.connect(database, check_same_thread=False, isolation_level=None)
        self._lock = threading.RLock()
        self._connection.executescript(_TABLES)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """All or nothing of what the block writes, and nobody else meanwhile."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _all(self, query: str, *values: object) -> list[tuple]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def add_product(self, product: Product, *, replace: bool) -> None:
        verb = "REPLACE" if replace else "IGNORE"
        self._all(
            f"INSERT OR {verb} INTO product VALUES (?, ?, ?)",  # noqa: S608
            product.id,
            str(product.price),
            product.stock,
        )
        self._all(
            f"INSERT OR {verb} INTO listing VALUES (?, ?, ?)",  # noqa: S608
            product.id,
            json.dumps(dataclasses.asdict(product.listing)),
            time.time(),
        )

    def remove_product(self, product_id: str) -> None:
        self._all("DELETE FROM product WHERE id = ?", product_id)

    def products(self) -> list[Product]:
        return [_product(row) for row in self._all(f"{_PRODUCTS} ORDER BY id")]

    def product(self, product_id: str) -> Product | None:
        rows = self._all(f"{_PRODUCTS} WHERE id = ?", product_id)
        return _product(rows[0]) if rows else None

    def balance(self) -> Decimal | None:
        rows = self._all("SELECT balance FROM account")
        return Decimal(rows[0][0]) if rows else None

    def set_balance(self, balance: Decimal) -> None:
        self._all("INSERT OR REPLACE INTO account VALUES (1, ?)", str(balance))

    def add_sold(self, sold: Sold) -> None:
        self._all(
            f"INSERT INTO sold ({_SOLD}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            sold.id,
            sold.reference,
            sold.product,
            sold.quantity,
            str(sold.charged),
            json.dumps(sold.keys),
            json.dumps(sold.late_keys),
            sold.ready_at,
        )

    def sold(self) -> list[Sold]:
        """All orders, the oldest first."""
        return [_sold(row) for row in self._all(f"SELECT {_SOLD} FROM sold ORDER BY number")]  # noqa: S608

    def last_sold(self) -> Sold | None:
        rows = self._all(f"SELECT {_SOLD} FROM sold ORDER BY number DESC LIMIT 1")  # noqa: S608
        return _sold(rows[0]) if rows else None

    def find(self, reference: str) -> Sold | None:
        rows = self._all(f"SELECT {_SOLD} FROM sold WHERE reference = ?", reference)  # noqa: S608
        return _sold(rows[0]) if rows else None

    def add_refused(self, reference: str) -> None:
        self._all("INSERT INTO refused (reference) VALUES (?)", reference)

    def refused(self) -> list[str]:
        return [row[0] for row in self._all("SELECT reference FROM refused ORDER BY number")]

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _product(row: tuple) -> Product:
    pk, price, stock, details, changed_at = row
    return Product(pk, Decimal(price), stock, Listing(**json.loads(details)), changed_at)


def _sold(row: tuple) -> Sold:
    pk, reference, product, quantity, charged, keys, late_keys, ready_at = row
    return Sold(
        id=pk,
        reference=reference,
        product=product,
        quantity=quantity,
        charged=Decimal(charged),
        keys=json.loads(keys),
        late_keys=json.loads(late_keys),
        ready_at=ready_at,
    )
