"""Nothing leaked: none of the codes stands in clear text anywhere but where it must."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Collection, Iterable
from pathlib import Path

from django.db import connection

from demo.code_search import CodeSearch
from demo.mail_sink import Mail
from demo.promises.promise import Promise
from demo.wiretap import Wiretap

_TABLES = """
SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to look. ``must_hold`` proves that it is what it claims to be, and not empty."""

    name: str
    data: bytes
    must_hold: bytes


def check(
    *,
    codes: Collection[str],
    places: Iterable[Place],
    files_with_codes: Iterable[Path],
) -> Promise:
    """``files_with_codes``: the imported files, in which the search must find what it looks for."""
    search = CodeSearch(codes)
    broken = []
    size = 0
    names = []
    for place in places:
        size += len(place.data)
        names.append(place.name)
        if place.must_hold not in place.data:
            broken.append(f"{place.name}: not what it should be, so it proves nothing")
        found = search.found_in(place.data)
        if found:
            broken.append(f"{place.name}: {len(found)} codes in clear text")
    control: set[str] = set()
    for path in files_with_codes:
        control |= search.found_in(path.read_bytes())
    if not control:
        broken.append("the search does not find the codes in the imported files either")
    facts = (
        f"{len(codes)} codes looked for in {size / 1e6:.0f} MB, in clear text and encoded:",
        ", ".join(names),
        f"control: the same search finds {len(control)} in the imported files",
    )
    return Promise(title="Nothing leaked", facts=facts, broken=tuple(broken))


def database() -> bytes:
    """Every table, as text."""
    connection.ensure_connection()
    out = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        for (table,) in cursor.fetchall():
            out.write(f"{table}\n".encode())
            with connection.connection.cursor() as raw, raw.copy(f"COPY {table} TO STDOUT") as rows:
                for row in rows:
                    out.write(row)
    return out.getvalue()


def files(paths: Iterable[Path]) -> bytes:
    return b"\n".join(path.read_bytes() for path in paths)


def celery_messages(wiretap: Wiretap) -> bytes:
    """Every task as it was sent: arguments, headers and all."""
    return "\n".join(f"{each['headers']} {each['body']}" for each in wiretap.messages()).encode()


def redis_commands(wiretap: Wiretap) -> bytes:
    return b"\n".join(b" ".join(command) for command in wiretap.commands())


def mails(sent: Iterable[Mail]) -> bytes:
    """Every mail, as it came and with its parts decoded."""
    out = []
    for mail in sent:
        out.append(mail.message.as_bytes())
        parts = [part for part in mail.message.walk() if not part.is_multipart()]
        out += [part.get_payload(decode=True) or b"" for part in parts]
    return b"\n".join(out)
