"""Importing a file, against bare encryption, hashing and COPY of the same rows."""

from __future__ import annotations

import hashlib
import hmac
import os
import random
import time
import uuid
from pathlib import Path

from bench import stage
from bench.aside import WorkFailed, in_own_process
from bench.databases import Databases
from bench.display import Steps
from bench.measure import Measurement, Target, alone, paired
from bench.options import Options

_SKUS = [f"GAME-{number}" for number in range(1, 11)]

_COPY = """
COPY saleor_cdkeys_key (uid, key_product_id, status, kind, sealed, fingerprint, hint, batch_id,
    line, supplier_key_id, cost_currency, created_at) FROM STDIN
"""
_EMPTY = "TRUNCATE saleor_cdkeys_key, saleor_cdkeys_keyaccess"


def measure(options: Options, databases: Databases, steps: Steps) -> list[Measurement]:
    steps.expect(options.rounds + 3)
    with databases.using("import"):
        steps.begin("writing the files")
        products = _make_products()
        part = _write(stage.folder() / "part.csv", options.rows // 10)
        whole = _write(stage.folder() / "whole.csv", options.rows)
        pairs = []
        for number in range(1, options.rounds + 1):
            steps.begin(f"{options.rows // 10:,} rows, turn {number} of {options.rounds}")
            pairs.append((_ours(part)[0], _bare(part, products)))
        steps.begin(f"{options.rows:,} rows at once")
        seconds, memory = _ours(whole)
        steps.begin("looking at what is in")
        _check(options.rows)
    rates = [(options.rows // 10 / ours, options.rows // 10 / bare) for ours, bare in pairs]
    enough_cores = (os.cpu_count() or 1) >= 2
    return [
        paired("import of a CSV file", "keys/s", rates, Target(at_least=0.3)),
        alone(
            f"import of {options.rows:,} rows",
            "keys/s",
            options.rows / seconds,
            Target(at_least=40_000) if enough_cores else Target(),
        ),
        alone("extra memory for it, at its peak", "MB", memory, Target(at_most=150)),
    ]


def _make_products() -> dict[str, int]:
    from tests.factories import make_channel
    from tests.factories.cdkeys import make_key_product

    channel = make_channel()
    return {sku: make_key_product(channel=channel, sku=sku).pk for sku in _SKUS}


def _write(path: Path, rows: int) -> Path:
    """A file as distributors send them; the codes differ from file to file."""
    chance = random.Random(path.name)
    with path.open("w", encoding="utf-8") as file:
        file.write("sku,code\n")
        for number in range(rows):
            code = f"{chance.getrandbits(60):015X}"
            file.write(f"{_SKUS[number % 10]},{code[:5]}-{code[5:10]}-{code[10:]}\n")
    return path


def _ours(path: Path) -> tuple[float, float]:
    _empty()
    return tuple(in_own_process(import_file, str(path)))  # type: ignore[return-value]


def _bare(path: Path, products: dict[str, int]) -> float:
    _empty()
    return float(in_own_process(copy_file, str(path), products))


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_EMPTY)


def _check(rows: int) -> None:
    """The figures are worth nothing if keys are missing."""
    from saleor_cdkeys.models import Key

    found = Key.objects.count()
    if found != rows:
        raise WorkFailed(f"{found} keys of {rows} are in.")


def import_file(path: str) -> tuple[float, float]:
    """Import a file; seconds, and megabytes that the process grew by at its peak."""
    from django.db import connection

    from saleor_cdkeys.acquisition.stock_import import ImportOptions, Source, import_keys
    from saleor_cdkeys.values import SYSTEM

    connection.ensure_connection()
    before = _memory("VmRSS")
    begin = time.monotonic()
    import_keys(source=Source.from_path(path), options=ImportOptions(), actor=SYSTEM)
    seconds = time.monotonic() - begin
    return seconds, (_memory("VmHWM") - before) / 1e6


def _memory(name: str) -> int:
    """Of this process, in bytes: VmRSS is what it has now, VmHWM the most it had."""
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith(name))
    return int(line.split()[1]) * 1024


def copy_file(path: str, products: dict[str, int]) -> float:
    """What cannot be spared: encrypt and hash each code, and COPY the rows. Seconds of these alone;
    reading the file and making COPY's lines are not counted."""
    import psycopg
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    cipher, secret = AESGCM(os.urandom(32)), os.urandom(32)
    rows = [line.split(",") for line in Path(path).read_text().splitlines()[1:]]
    codes = [(uuid.uuid4(), code.encode()) for _sku, code in rows]
    begin = time.monotonic()
    sealed = []
    for uid, code in codes:
        nonce = os.urandom(12)
        body = cipher.encrypt(nonce, code, uid.bytes)
        sealed.append((nonce + body, hmac.digest(secret, code, hashlib.sha256)))
    crypto = time.monotonic() - begin
    lines = "".join(
        f"{uid}\t{products[sku]}\tavailable\ttext\t\\\\x{body.hex()}\t\\\\x{mark.hex()}"
        f"\t{code[-4:]}\t1\t{number}\t\t\t2026-01-01\n"
        for number, ((sku, code), (uid, _code), (body, mark)) in enumerate(
            zip(rows, codes, sealed, strict=True), start=2
        )
    )
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        begin = time.monotonic()
        with connection.cursor().copy(_COPY) as copy:
            copy.write(lines)
        connection.commit()
        return crypto + time.monotonic() - begin
