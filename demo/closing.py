"""After the day: the promises, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from demo import codes, page_visit
from demo.customers import PlacedOrder
from demo.opening import OpenShop
from demo.promises import delivered, leaked, lost, spent, twice, unearned
from demo.promises.leaked import Place
from demo.promises.promise import Promise

Check = tuple[str, Callable[[], Promise]]


def checks(shop: OpenShop, placed: Sequence[PlacedOrder]) -> list[Check]:
    """What is looked at, and how. In this order: looking at pages leaves traces to be searched."""
    mails = shop.stage.mails.mails
    suppliers = shop.stage.suppliers
    return [
        ("what was to be had", lambda: delivered.check(placed)),
        ("every order", lambda: lost.check(placed, mails=mails)),
        ("ledgers and journal", lambda: twice.check(suppliers=suppliers, mails=mails)),
        ("balances", lambda: _spent(shop)),
        ("who paid nothing", lambda: unearned.check(placed, mails=mails)),
        ("customers' pages", lambda: page_visit.visit(mails, codes=_codes(shop))),
        ("traces of codes", lambda: _leaked(shop)),
    ]


def _spent(shop: OpenShop) -> Promise:
    told = {name: trial.balance for name, trial in shop.staff.test_accounts().items()}
    return spent.check(shop.stage.suppliers, told=told)


def _codes(shop: OpenShop) -> set[str]:
    """All there are: imported, typed and sold by suppliers."""
    entries = [entry for supplier in shop.stage.suppliers for entry in supplier.entries()]
    return shop.codes | {codes.of_code(code) for entry in entries for code in entry.codes}


def _leaked(shop: OpenShop) -> Promise:
    stage = shop.stage
    task = b"saleor_cdkeys.tasks.run_order"
    return leaked.check(
        codes=_codes(shop),
        places=[
            Place("every table", leaked.database(), b"saleor_cdkeys_keyorder"),
            Place("every process's log", leaked.files(stage.log_files()), task),
            Place("Celery's messages", leaked.celery_messages(stage.wiretap), task),
            Place("all said to Redis", leaked.redis_commands(stage.wiretap), task),
            Place(
                "every mail", leaked.mails(stage.mails.mails), b"/plugins/global/saleor.cdkeys/k/"
            ),
        ],
        files_with_codes=shop.key_files,
    )
