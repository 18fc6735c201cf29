"""Whether the documentation names everything that there is, and nothing that there is not.

python -m devtools.docs_in_step       says what is missing; fails if anything is
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from devtools import doc_links

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "saleor_cdkeys"

_SETTING = re.compile(r"\bCDKEYS_[A-Z_]+\b")
_API_NAME = re.compile(r"\b[cC]dKey[A-Z]\w*\b")
_QUERY = re.compile(r"^( *)```graphql\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_SETTING_ROW = re.compile(r"^\| `(CDKEYS_[A-Z_]+)` \| (\S+) \|", re.MULTILINE)


def pages() -> dict[str, str]:
    """The text of every page by its path."""
    paths = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}


def problems() -> Iterator[str]:
    """What is out of step, in words."""
    import django

    django.setup()
    docs = pages()
    yield from _commands(docs)
    yield from _settings(docs)
    yield from _forms(docs)
    yield from _lists(docs)
    yield from _capabilities(docs)
    yield from _api(docs)
    yield from doc_links.problems(docs, root=ROOT)


def missing(names: Iterable[str], text: str, *, where: str) -> Iterator[str]:
    """The names that do not stand in a text as words of their own."""
    words = set(re.findall(r"\w+", text))
    for name in names:
        if name not in words:
            yield f"{where} does not name {name}"


def _commands(docs: Mapping[str, str]) -> Iterator[str]:
    folder = PACKAGE / "management" / "commands"
    commands = {path.stem for path in folder.glob("cdkeys_*.py")}
    yield from missing(sorted(commands), docs["docs/commands.md"], where="docs/commands.md")
    for page, text in docs.items():
        for name in re.findall(r"manage(?:\.py)? (cdkeys_\w+)", text):
            if name not in commands:
                yield f"{page} names {name}, which is no command"


def _settings(docs: Mapping[str, str]) -> Iterator[str]:
    from saleor_cdkeys import conf

    sources = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    known = set(_SETTING.findall(sources))
    yield from missing(sorted(known), docs["docs/settings.md"], where="docs/settings.md")
    for page, text in docs.items():
        for name in sorted(set(_SETTING.findall(text)) - known):
            yield f"{page} names {name}, which is no setting"
    told = dict(_SETTING_ROW.findall(docs["docs/settings.md"]))
    for name, default in conf.DEFAULTS.items():
        shown = (default or "none") if isinstance(default, str) else f"{default:g}"
        if told.get(name) != shown:
            yield f"docs/settings.md says {told.get(name)} of {name}; the default is {shown}"


def _forms(docs: Mapping[str, str]) -> Iterator[str]:
    from saleor_cdkeys.channel_config import PLUGIN_DEFAULTS
    from saleor_cdkeys.channel_settings import FIELDS

    page = "docs/settings.md"
    yield from missing(PLUGIN_DEFAULTS, docs[page], where=page)
    yield from missing(map(_camel, FIELDS), docs[page], where=page)


def _lists(docs: Mapping[str, str]) -> Iterator[str]:
    """What people look up by its name: faults, outcomes of rows, checks of the doctor."""
    from saleor_cdkeys.acquisition.stock_import import Outcome
    from saleor_cdkeys.diagnosis.diagnose import checks
    from saleor_cdkeys.suppliers.sandbox_server import Fault

    for page, names in {
        "docs/suppliers.md": [fault.value for fault in Fault],
        "docs/importing-keys.md": [outcome.value for outcome in Outcome],
        "docs/commands.md": [check.name for check in checks()],
    }.items():
        yield from missing(names, docs[page], where=page)


def _capabilities(docs: Mapping[str, str]) -> Iterator[str]:
    from devtools.capability_table import of_the_plugin, table, written

    page = docs["docs/suppliers.md"]
    if written(page, table(of_the_plugin())) != page:
        yield (
            "docs/suppliers.md is not as the adapters are; see python -m devtools.capability_table"
        )


def _api(docs: Mapping[str, str]) -> Iterator[str]:
    """Queries and mutations are told of, and whatever is told of exists; examples can be sent."""
    from graphql.utils.schema_printer import print_schema
    from saleor.graphql.api import schema

    roots = (schema.get_query_type(), schema.get_mutation_type())
    ours = [name for root in roots for name in root.fields if name.startswith("cdKey")]
    yield from missing(ours, "\n".join(docs.values()), where="The documentation")
    known = set(re.findall(r"\w+", print_schema(schema)))
    for page, text in docs.items():
        for name in sorted(set(_API_NAME.findall(text)) - known):
            yield f"{page} names {name}, which the API does not have"
        for _indent, query in _QUERY.findall(text):
            yield from (f"{page}: {error}" for error in _errors(query, schema))
    if importlib.util.find_spec("devtools.api_reference") is not None:
        command = [sys.executable, "-m", "devtools.api_reference", "--check"]
        if subprocess.call(command, cwd=ROOT):
            yield "docs/api.md is not as the schema is; see python -m devtools.api_reference"


def _errors(query: str, schema: object) -> list[str]:
    """What Saleor would answer to a query without looking at any row; definitions are no query."""
    from graphql import GraphQLError, parse, validate
    from graphql.language.ast import OperationDefinition

    try:
        document = parse(query)
    except GraphQLError as error:
        return [str(error)]
    if not any(isinstance(part, OperationDefinition) for part in document.definitions):
        return []
    return [str(error) for error in validate(schema, document)]


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)


if __name__ == "__main__":
    lines = list(problems())
    print("\n".join(lines))
    sys.exit(1 if lines else 0)
