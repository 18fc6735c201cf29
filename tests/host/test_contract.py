"""What we rely on is in the contract, and the stand-in says what the contract says."""

from __future__ import annotations

import ast
import inspect
import re
from importlib import import_module

import pytest
import saleor
from django.utils.module_loading import import_string

from saleor_cdkeys.plugin import CdKeysPlugin
from tests.host import contract, usage
from tests.host.contract import SUPPORTED, Entry, names_in

STANDIN = contract.FILE.parent
BASE_PLUGIN = "saleor.plugins.base_plugin.BasePlugin"

#: Modules of the stand-in that are reached over HTTP or by Django alone; nobody imports from them.
BEHIND_THE_SCENES = {
    "saleor.asgi": "the server's own entry",
    "saleor.urls": "addresses are asked for over HTTP",
    "saleor.graphql.views": "the endpoint is asked over HTTP",
    "saleor.graphql.api": "types and mutations of the schema, which clients see by GraphQL's names",
    "saleor.graphql.order.schema": "the same; OrderQueries and OrderMutations are in the contract",
    "saleor.order.apps": "makes what Saleor's migrations make",
    "saleor.permission.apps": "makes what Saleor's migrations make",
}

#: Names of the stand-in that Saleor does not have where they are; nothing outside may use them.
OWN = {
    "saleor.account.models.Country": "django-countries, as far as `.code`",
    "saleor.account.models.CountryField": "django-countries, as far as `.code`",
    "saleor.account.models.UserManager": "what `User.objects` is made of",
    "saleor.app.models.digest": "Saleor hashes tokens in another way",
    "saleor.core.jwt.user_of_token": "the other half of create_access_token",
    "saleor.graphql.core.dataloaders.K": "for annotations",
    "saleor.graphql.core.dataloaders.R": "for annotations",
    "saleor.graphql.core.fields.is_allowed": "Saleor checks in its permission package",
    "saleor.graphql.core.types.ModelObjectTypeOptions": "what `Meta.model` is kept in",
    "saleor.order.actions.complete_draft": "part of a mutation there",
    "saleor.order.actions.fire": "call_order_event, as far as the order of hooks",
    "saleor.order.models.amount": "the columns of money",
}

#: What is used of classes although no contract can say it: Django's and graphene's own.
_OF_EVERY_MODEL = frozenset({"objects", "DoesNotExist", "_meta"})
_LOOKUPS = frozenset({"exact", "gt", "gte", "iexact", "in", "isnull", "lt", "lte", "startswith"})


# --- What we use is in the contract ------------------------------------------------------------


def _missing_names(module: usage.Module, version: str) -> list[str]:
    """Imported names that this version lacks; of a name that is tried in two places, both.

    What the module replaces where it is lacking must be there in the newest version at least.
    """
    return [
        " or ".join(names)
        for local, names in module.imported.items()
        if not any(
            name in names_in(SUPPORTED[-1] if local in module.replaced else version)
            for name in names
        )
    ]


def _has(entry: Entry, attribute: str) -> bool:
    kind = entry["kind"]
    if kind == "enum":
        return attribute in entry["values"]
    if kind == "object":
        return hasattr(import_string(entry["type"]), attribute)
    if kind == "model" and attribute in _OF_EVERY_MODEL:
        return True
    places = ("members", "constants", "fields", "graphql_fields")
    if any(attribute in entry.get(place, ()) for place in places):
        return True
    # Graphene keeps the options of each of its classes there.
    return kind == "class" and attribute == "_meta" and bool(entry["bases"])


def _unknown_attributes(module: usage.Module, version: str) -> list[str]:
    known = names_in(version)
    return [
        f"{use.where}: {use.name}.{use.attribute}"
        for use in usage.attributes(module)
        if use.name in known and not _has(known[use.name], use.attribute)
    ]


def _signature(entry: Entry, attribute: str) -> str | None:
    members = entry.get("members", {})
    if attribute:
        return members.get(attribute)
    if "__init__" in members:
        return members["__init__"].replace("(self, ", "(").replace("(self)", "()")
    return entry.get("signature")


def _wrong_calls(module: usage.Module, version: str) -> list[str]:
    """Calls that the signature in the contract does not take."""
    known, wrong = names_in(version), []
    for use in usage.calls(module):
        text = _signature(known[use.name], use.attribute) if use.name in known else None
        if text is None or text == "optional-hook":
            continue
        try:
            _function(text).bind(*[None] * use.positional, **dict.fromkeys(use.keywords))
        except TypeError as error:
            wrong.append(f"{use.where}: {use.name}.{use.attribute}{text}: {error}")
    return wrong


def _function(signature: str) -> inspect.Signature:
    made: dict[str, object] = {}
    exec(f"def function{signature}: pass", made)
    return inspect.signature(made["function"])


def _unknown_columns(module: usage.Module, version: str) -> list[str]:
    return [
        f"{use.where}: {use.name}: {use.attribute}"
        for use in usage.columns(module)
        if use.name in names_in(version) and not _is_column(use.name, use.attribute, version)
    ]


def _is_column(model: str, path: str, version: str) -> bool:
    known = names_in(version)
    first, _separator, rest = path.partition("__")
    fields = known[model]["fields"]
    to = None
    if first in fields:
        to = fields[first].get("to")
    elif first != "pk" and not (first.endswith("_id") and "to" in fields.get(first[:-3], {})):
        to = _reverse(model, first, version)
        if to is None:
            return False
    if not rest or (rest in _LOOKUPS):
        return True
    next_model = _model_with_label(to, version) if to else None
    return next_model is not None and _is_column(next_model, rest, version)


def _label(model: str, version: str) -> str:
    return f"{names_in(version)[model]['app_label']}.{model.rsplit('.', 1)[1]}"


def _model_with_label(label: str, version: str) -> str | None:
    for name, entry in names_in(version).items():
        if entry["kind"] == "model" and _label(name, version) == label:
            return name
    return None


def _reverse(model: str, query_name: str, version: str) -> str | None:
    """The label of the model that queries of this one reach by that name."""
    for name, entry in names_in(version).items():
        for field in entry.get("fields", {}).values():
            known_as = field.get("query_name", field.get("reverse", "").removesuffix("_set"))
            if field.get("to") == _label(model, version) and known_as == query_name:
                return _label(name, version)
    return None


@pytest.mark.parametrize("version", SUPPORTED)
@pytest.mark.parametrize("module", usage.modules(), ids=lambda module: module.path)
@pytest.mark.parametrize(
    "problems", [_missing_names, _unknown_attributes, _wrong_calls, _unknown_columns]
)
def test_what_we_use_of_saleor_is_in_every_supported_version(problems, module, version):
    assert problems(module, version) == []


@pytest.mark.parametrize("version", SUPPORTED)
def test_what_the_plugin_overrides_exists_in_every_supported_version(version):
    base = names_in(version)[BASE_PLUGIN]
    own = {name for name in vars(CdKeysPlugin) if not name.startswith("_")}
    # A list, and the contract holds only simple values.
    own.remove("DEFAULT_CONFIGURATION")

    assert own - set(base["members"]) - set(base["constants"]) == set()


@pytest.mark.parametrize("version", SUPPORTED)
def test_what_the_plugin_overrides_takes_what_saleor_gives(version):
    members = names_in(version)[BASE_PLUGIN]["members"]
    for name, text in members.items():
        if name in vars(CdKeysPlugin) and text != "optional-hook":
            taken = inspect.signature(getattr(CdKeysPlugin, name))
            given = [p.name for p in _function(text).parameters.values() if p.kind != p.VAR_KEYWORD]
            taken.bind(**dict.fromkeys(given))


@pytest.mark.parametrize(
    ("source", "problems", "said"),
    [
        ("from saleor.order import Nonsense", _missing_names, "saleor.order.Nonsense"),
        (
            "try:\n    from saleor.order import Nonsense\n"
            "except ImportError:\n    def Nonsense(): pass",
            _missing_names,
            "saleor.order.Nonsense",
        ),
        ("from saleor.order import OrderStatus\nOrderStatus.LOST", _unknown_attributes, "LOST"),
        (
            "from saleor.order.events import order_note_added_event\n"
            "order_note_added_event(order=1, user=2, app=3, text=4)",
            _wrong_calls,
            "'message'",
        ),
        (
            "from saleor.order.models import Order\n"
            "def f():\n"
            "    orders = Order.objects.filter(status__in=[])\n"
            "    return orders.order_by('-channel__slug', 'paid_on')",
            _unknown_columns,
            "paid_on",
        ),
        (
            "from saleor.order.models import OrderLine\n"
            "def f(lines: QuerySet[OrderLine]):\n"
            "    return lines.filter(order__channel__colour='red')",
            _unknown_columns,
            "order__channel__colour",
        ),
    ],
)
def test_what_is_not_in_the_contract_is_found(source, problems, said):
    found = problems(usage.Module.of(source), "3.23")
    assert len(found) == 1
    assert said in found[0]


# --- The stand-in says what the contract says --------------------------------------------------


def _offered() -> dict[str, str]:
    """The public names of the stand-in → the module that each is defined in."""
    found: dict[str, str] = {}
    for path in sorted((STANDIN / "saleor").rglob("*.py")):
        parts = path.relative_to(STANDIN).with_suffix("").parts
        module = ".".join(parts).removesuffix(".__init__")
        if module.startswith(("saleor.settings", "saleor.tests.settings")):
            continue
        for node in ast.parse(path.read_text()).body:
            for name in _defined(node):
                if not name.startswith("_"):
                    found[f"{module}.{name}"] = module
    return found


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _deviations(found: Entry, promised: Entry) -> list[str]:
    """Where a name of the stand-in says something else than the contract, or more than it."""
    wrong = [
        f"{part}: {found.get(part)!r}, not {promised[part]!r}"
        for part in ("kind", "signature", "type", "value", "dataclass_fields", "app_label")
        if part in promised and found.get(part) != promised[part]
    ]
    for part in ("fields", "constants", "values"):
        for name, value in found.get(part, {}).items():
            if value != promised.get(part, {}).get(name):
                wrong.append(f"{part}.{name}: {value}, not {promised.get(part, {}).get(name)}")
    for name, text in found.get("members", {}).items():
        other = promised.get("members", {}).get(name, text)
        if other not in (text, "optional-hook"):
            wrong.append(f"{name}{text}, not {name}{other}")
    wrong += [
        f"base {base}" for base in _foreign_bases(promised) if base not in found.get("mro", ())
    ]
    return wrong


def _foreign_bases(promised: Entry) -> list[str]:
    """Saleor's own tree of classes is not copied, but what stands below it is."""
    return [
        base
        for base in promised.get("bases", [])
        if promised["kind"] == "class" and not base.startswith(("saleor.", "typing."))
    ]


OFFERED = _offered()
IN_CONTRACT = sorted(name for name in OFFERED if name in names_in("3.23"))


@pytest.mark.standin_only
@pytest.mark.parametrize("name", IN_CONTRACT)
def test_a_name_of_the_stand_in_is_what_it_is_in_saleor(name):
    found = contract.describe(name)
    promised = names_in(contract.version_of(saleor.__version__))[name]
    assert _deviations(found, promised) == []


def test_the_stand_in_has_no_name_that_saleor_lacks():
    unknown = set(OFFERED) - set(IN_CONTRACT) - set(OWN)
    assert {name for name in unknown if OFFERED[name] not in BEHIND_THE_SCENES} == set()


def test_the_list_of_own_names_holds_no_other():
    assert set(OWN) <= set(OFFERED)
    assert set(BEHIND_THE_SCENES) <= set(OFFERED.values())
    assert not set(OWN) & set(names_in("3.23"))


@pytest.mark.parametrize("path", ["saleor_cdkeys", "demo", "bench", "tests"])
def test_nobody_uses_what_only_the_stand_in_has(path):
    pattern = re.compile(
        "|".join(
            rf"from {re.escape(module)} import [^\n]*\b{name}\b"
            for module, name in (own.rsplit(".", 1) for own in OWN)
        )
    )
    root = contract.FILE.parents[2]
    sources = [s for s in (root / path).rglob("*.py") if STANDIN not in s.parents]
    assert [s for s in sources if pattern.search(s.read_text())] == []


@pytest.mark.standin_only
def test_a_setting_of_the_stand_in_is_what_it_is_in_saleor():
    promised = contract.settings_in(contract.version_of(saleor.__version__))
    settings = import_module("saleor.settings")
    found = {name: getattr(settings, name) for name in promised if hasattr(settings, name)}
    # The stand-in needs less of it.
    del found["MIDDLEWARE"]

    assert found == {name: promised[name] for name in found}
    assert len(found) > 15


@pytest.mark.standin_only
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def f(user, *, app): pass", "signature"),
        ("def f(): pass", "signature"),
        ("class f: pass", "kind"),
    ],
)
def test_a_stand_in_that_deviates_is_found(code, said):
    made: dict[str, object] = {}
    exec(code, made)
    promised = {"kind": "function", "signature": "(user, app)"}

    found = _deviations(contract.describe_object(made["f"]), promised)

    assert any(deviation.startswith(said) for deviation in found)


@pytest.mark.standin_only
def test_a_column_of_another_type_is_found():
    name = "saleor.order.models.OrderLine"
    promised = names_in(contract.version_of(saleor.__version__))[name]
    found = contract.describe(name)
    column = {"type": "PositiveIntegerField"}

    changed = found | {"fields": {"quantity": column, "old_id": {**promised["fields"]["old_id"]}}}
    del changed["fields"]["old_id"]["null"]

    said = _deviations(changed, promised)
    assert [text.split(":")[0] for text in said] == ["fields.quantity", "fields.old_id"]


# --- The contract says what Saleor says --------------------------------------------------------


def _used() -> list[str]:
    version = contract.version_of(saleor.__version__)
    known = names_in(version) if version in SUPPORTED else {}
    return sorted(
        {
            name
            for module in usage.modules()
            for names in module.imported.values()
            for name in names
            if name in known
        }
    )


@pytest.mark.real_saleor
@pytest.mark.parametrize("name", _used())
def test_what_we_use_is_in_saleor_as_the_contract_says(name):
    promised = names_in(contract.version_of(saleor.__version__))[name]
    found = contract.describe(name)
    assert found is not None
    assert _broken(found, promised) == []


def _broken(found: Entry, promised: Entry) -> list[str]:
    """What the contract promises of a name and Saleor does not keep."""
    broken = []
    for part, value in promised.items():
        if isinstance(value, dict):
            kept = found.get(part, {})
            broken += [f"{part}.{key}" for key in value if kept.get(key) != value[key]]
        elif isinstance(value, list) and part != "bases":
            broken += [f"{part}.{key}" for key in value if key not in found.get(part, [])]
        elif found.get(part) != value:
            broken.append(part)
    return broken
