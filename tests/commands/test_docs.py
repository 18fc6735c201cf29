"""The check that the documentation is in step finds what it is there for."""

from __future__ import annotations

import dataclasses

import pytest

from devtools import capability_table, doc_links
from devtools.docs_in_step import missing
from saleor_cdkeys.suppliers.base import Capabilities

PAGE = """# The page

See [below](#part-two-what-s-in), [other](docs/other.md#a-heading), [out](https://example.com/#x).

## Part two: `what's` in

```bash
# not a heading
[no link](nowhere.md)
```

## Part two: what's in
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text(PAGE)
    (tmp_path / "docs" / "other.md").write_text("## A [heading](../README.md)\n")
    return tmp_path


def found(root, page, text):
    return list(doc_links.problems({page: text}, root=root))


def test_headings_are_called_as_github_calls_them():
    assert doc_links.anchors(PAGE) == {"the-page", "part-two-whats-in", "part-two-whats-in-1"}


def test_a_heading_that_is_not_there(root):
    assert found(root, "README.md", PAGE) == [
        "README.md links to #part-two-what-s-in, but README.md has no such heading"
    ]


@pytest.mark.parametrize(
    "link", ["../README.md", "../README.md#the-page", "#a-heading", "other.md", "./other.md"]
)
def test_links_that_lead_somewhere(root, link):
    assert found(root, "docs/other.md", f"[there]({link})") == []


@pytest.mark.parametrize(
    ("link", "complaint"),
    [
        ("gone.md", "docs/other.md links to gone.md, which does not exist"),
        ("../docs/gone.md#x", "docs/other.md links to ../docs/gone.md#x, which does not exist"),
        ("#gone", "docs/other.md links to #gone, but docs/other.md has no such heading"),
        (
            "../README.md#gone",
            "docs/other.md links to ../README.md#gone, but README.md has no such heading",
        ),
    ],
)
def test_links_that_lead_nowhere(root, link, complaint):
    assert found(root, "docs/other.md", f"[`there`]({link})") == [complaint]


def test_names_are_missing_unless_they_stand_there_as_words():
    text = "`cdkeys_import_undo`, cdKeyOrders"

    assert list(missing(["cdkeys_import", "cdKeyOrders"], text, where="The page")) == [
        "The page does not name cdkeys_import"
    ]


def test_the_table_of_what_suppliers_can_do_is_as_the_adapters_are():
    page = capability_table.PAGE.read_text(encoding="utf-8")
    table = capability_table.table(capability_table.of_the_plugin())

    assert capability_table.written(page, table) == page


def test_an_adapter_that_learns_something_changes_the_table():
    able = Capabilities(returns=True)

    table = capability_table.table({"a": able, "b": dataclasses.replace(able, returns=False)})

    assert table.splitlines()[:2] == ["| the supplier … | `a` | `b` |", "| --- | :-: | :-: |"]
    assert "| Takes keys back. | ✓ |  |" in table.splitlines()
    assert len(table.splitlines()) == 2 + len(dataclasses.fields(Capabilities))


def test_a_page_without_the_marks_of_the_table_is_told():
    with pytest.raises(ValueError, match="lacks the marks"):
        capability_table.written("# Suppliers", "| |")
