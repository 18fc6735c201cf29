"""What the package uses of Saleor, read from its source: names, attributes, calls, columns."""

from __future__ import annotations

import ast
import dataclasses
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "saleor_cdkeys"

#: Methods of a queryset whose keywords and texts are names of columns.
_BY_COLUMN = {
    *("create", "defer", "exclude", "filter", "get", "get_or_create", "in_bulk", "only"),
    *("order_by", "prefetch_related", "select_related", "update", "values", "values_list"),
}
_OPTIONS = frozenset({"flat", "named", "defaults", "field_name", "of"})


@dataclasses.dataclass
class Use:
    """Something that is used of a name of Saleor's, and where."""

    name: str
    where: str
    attribute: str = ""
    positional: int = 0
    keywords: tuple[str, ...] = ()


@dataclasses.dataclass
class Module:
    """One source. ``imported``: local name → the names of Saleor's that it may stand for.

    ``replaced``: names of which it has functions of its own where a version of Saleor lacks them.
    """

    path: str
    tree: ast.Module
    imported: dict[str, list[str]] = dataclasses.field(default_factory=lambda: defaultdict(list))
    replaced: frozenset[str] = frozenset()

    @classmethod
    def of(cls, source: str, *, path: str = "host/example.py") -> Module:
        tree = ast.parse(source)
        module = cls(path=path, tree=tree, replaced=frozenset(_replacements(tree)))
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "saleor":
                for alias in node.names:
                    name = f"{node.module}.{alias.name}"
                    module.imported[alias.asname or alias.name].append(name)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    # Nothing of what is then used could be told from other attributes.
                    assert alias.name.split(".")[0] != "saleor", f"{path}: import names instead"
        return module

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 0)}"

    def names_of(self, node: ast.AST) -> list[str]:
        return self.imported.get(node.id, []) if isinstance(node, ast.Name) else []


def _replacements(tree: ast.Module) -> Iterator[str]:
    """Functions that are defined where an import failed."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and ast.unparse(node.type or node) == "ImportError":
            yield from (inner.name for inner in node.body if isinstance(inner, ast.FunctionDef))


def modules() -> list[Module]:
    """The sources that may import Saleor, each with what it imports through another of them."""
    paths = [*sorted((PACKAGE / "host").rglob("*.py")), PACKAGE / "plugin.py"]
    found = {
        str(path.relative_to(PACKAGE)): Module.of(
            path.read_text(), path=str(path.relative_to(PACKAGE))
        )
        for path in paths
    }
    for module in found.values():
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.ImportFrom):
                continue
            source = found.get("/".join((node.module or "").split(".")[1:]) + ".py")
            for alias in node.names if source else []:
                if source.imported.get(alias.name):
                    module.imported[alias.asname or alias.name] = source.imported[alias.name]
                    module.replaced |= {alias.asname or alias.name} & source.replaced
    return list(found.values())


def attributes(module: Module) -> Iterator[Use]:
    """What is read of imported names: ``OrderStatus.CANCELED``."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            for name in module.names_of(node.value):
                yield Use(name=name, attribute=node.attr, where=module.at(node))


def calls(module: Module) -> Iterator[Use]:
    """Calls of imported names and of what stands on them, but those with ``*`` or ``**``."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or any(keyword.arg is None for keyword in node.keywords):
            continue
        target, attribute = node.func, ""
        if isinstance(target, ast.Attribute):
            target, attribute = target.value, target.attr
        if any(isinstance(argument, ast.Starred) for argument in node.args):
            continue
        for name in module.names_of(target):
            yield Use(
                name=name,
                attribute=attribute,
                where=module.at(node),
                positional=len(node.args),
                keywords=tuple(keyword.arg for keyword in node.keywords if keyword.arg),
            )


def columns(module: Module) -> Iterator[Use]:
    """Columns that are named in queries of imported models; ``attribute`` is the whole path."""
    constants = {
        target.id: [item.value for item in node.value.elts if isinstance(item, ast.Constant)]
        for node in module.tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for function in ast.walk(module.tree):
        if isinstance(function, ast.FunctionDef):
            yield from _columns_in(module, function, constants)


def _columns_in(
    module: Module, function: ast.FunctionDef, constants: dict[str, list[str]]
) -> Iterator[Use]:
    models = dict(_querysets_given(module, function))
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            names = _model_of(module, node.value, models)
            if names:
                models[node.targets[0].id] = names
    for node in ast.walk(function):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr not in _BY_COLUMN:
            continue
        paths = [k.arg for k in node.keywords if k.arg and k.arg not in _OPTIONS]
        for argument in node.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                paths.append(argument.value.lstrip("-"))
            elif isinstance(argument, ast.Starred) and isinstance(argument.value, ast.Name):
                paths += constants.get(argument.value.id, [])
        for name in _model_of(module, node.func.value, models):
            for path in paths:
                yield Use(name=name, attribute=path, where=module.at(node))


def _querysets_given(module: Module, function: ast.FunctionDef) -> Iterator[tuple[str, list[str]]]:
    for argument in function.args.args:
        hint = argument.annotation
        if isinstance(hint, ast.Subscript) and module.names_of(hint.slice):
            yield argument.arg, module.names_of(hint.slice)


def _model_of(module: Module, node: ast.AST, models: dict[str, list[str]]) -> list[str]:
    """The model whose rows an expression such as ``Order.objects.filter(…)`` gives."""
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Attribute) and node.attr == "objects":
            return module.names_of(node.value)
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        return models.get(node.id, [])
    return []
