"""The check of the translations finds what it is there for."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Message

from devtools import messages

STAFF = ("saleor_cdkeys/management/commands/cdkeys_run.py", 1)
CUSTOMER = ("saleor_cdkeys/delivery/page.py", 1)
LOST = "has other values or names than the original"


def complaint(source, translated, place=STAFF, **options):
    return messages.complaint_about(Message(source, translated, locations=[place], **options))


@pytest.mark.parametrize(
    ("source", "translated"),
    [
        ("%(a)s of %(b)d", "%(b)d, davon %(a)s"),
        ("{%(word)s} is not known.", "{%(word)s} ist nicht bekannt."),
        (("%(count)d key", "%(count)d keys"), ("%(count)d Key", "%(count)d Keys")),
        ("Start `manage.py cdkeys_run`.", "Starten Sie `manage.py cdkeys_run`."),
        ("--last goes with --add.", "--last gehört zu --add."),
    ],
)
def test_a_translation_that_keeps_what_is_fixed(source, translated):
    assert complaint(source, translated) == ""


@pytest.mark.parametrize(
    ("source", "translated"),
    [
        ("Order %(number)s", "Bestellung %(nummer)s"),
        ("Key %d is empty.", "Der Key ist leer."),
        ("%(seconds).0f s apart", "%(seconds)d s auseinander"),
        ("%(sku)s", "%(sku)s und %(sku)s"),
        ("{number} of {shop}", "{number} von {laden}"),
        (("%(count)d key", "%(count)d keys"), ("%(count)d Key", "Keys")),
        ("Start `manage.py cdkeys_run`.", "Starten Sie `manage.py cdkeys_lauf`."),
        ("--last goes with --add.", "--zuletzt gehört zu --add."),
        ("Check CACHE_URL.", "Prüfen Sie den Cache."),
        ("The query cdKeyAlerts lists them.", "Die Abfrage listet sie auf."),
    ],
)
def test_a_translation_that_loses_a_value_or_a_name(source, translated):
    assert complaint(source, translated) == LOST


def test_customers_read_no_text_that_is_not_translated():
    assert complaint("Your key", "", place=CUSTOMER) == "not translated"
    assert complaint("Your key", "Key?", place=CUSTOMER, flags=["fuzzy"]) == "not translated"
    assert complaint(("key", "keys"), ("Key", ""), place=CUSTOMER) == "not translated"
    assert complaint("Your key", "Ihr Key", place=CUSTOMER) == ""


def test_staff_may_read_one_in_english():
    assert complaint("%(count)d more", "") == ""


def test_texts_inside_f_strings_are_found():
    source = """
a = _("Seen.")
b = f"{a} {_('Not seen.')}"
c = f"{ngettext('One.', 'Many.', 2)}{a}"
"""

    assert messages.uncollected(source) == [3, 4]
