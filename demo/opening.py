"""From empty servers to a shop that is open for customers. Django must be set up."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from demo import key_file, plan, shop, stage
from demo.api import Api
from demo.bootstrap import Premises, make_premises
from demo.display import Display
from demo.errors import DemoFailed
from demo.market import Market
from demo.plan import PlannedOrder
from demo.shop import Goods
from demo.staff import Staff
from demo.stage import Stage
from saleor_cdkeys.models import KeyBatch, KeyProduct


class NotEmpty(DemoFailed):
    """The database was used before: what the demo counts and searches would not be its own."""


class NotImported(DemoFailed):
    """The shop lacks keys that it should have."""


@dataclasses.dataclass(slots=True)
class OpenShop:
    """``codes`` are all that were imported or typed so far, in clear text."""

    stage: Stage
    premises: Premises
    api: Api
    staff: Staff
    codes: set[str] = dataclasses.field(default_factory=set)
    key_files: list[Path] = dataclasses.field(default_factory=list)

    def import_first(self, counts: Counter[Goods]) -> KeyBatch:
        """The keys that the shop has when it opens, by command. Raises NotImported."""
        path = self.stage.folder / "keys.csv"
        codes = key_file.write_german(path, counts)
        self._note(path, codes)
        self.stage.manage("cdkeys_import", str(path))
        return _checked(KeyBatch.objects.latest("id"), codes)

    def restock(self, counts: Counter[Goods]) -> None:
        """A file of keys for each product, over GraphQL. Raises NotImported."""
        for goods, wanted in counts.items():
            path = self.stage.folder / f"{goods.sku.lower()}.txt"
            codes = key_file.write_plain(path, Counter({goods: wanted}))
            self._note(path, codes)
            self.staff.import_file(path, goods=goods)
            _checked(KeyBatch.objects.latest("id"), codes)

    def _note(self, path: Path, codes: dict[str, list[str]]) -> None:
        self.key_files.append(path)
        self.codes.update(code for each in codes.values() for code in each)


def _checked(batch: KeyBatch, codes: dict[str, list[str]]) -> KeyBatch:
    wanted = sum(len(each) for each in codes.values())
    if batch.created_count != wanted:
        raise NotImported(f"{batch.created_count} of {wanted} keys of {batch} were imported.")
    return batch


def open_shop(
    running: Stage, *, market: Market, orders: Sequence[PlannedOrder], display: Display
) -> OpenShop:
    """Tables, processes, key products, suppliers and stock. Raises NotEmpty."""
    count = len(running.suppliers)
    suppliers = "a supplier" if count == 1 else f"{count} suppliers"
    with display.step("Tables") as detail:
        running.manage("migrate", "-v", "0", *([] if stage.is_real_saleor() else ["--run-syncdb"]))
        if KeyProduct.objects.exists():
            raise NotEmpty("The demo needs an empty database of its own, and this one has keys.")
        premises = make_premises()
        detail.append(f"migrated · {len(shop.GOODS)} products in a channel of their own")
    with display.step("Processes") as detail:
        stage.start_processes(running)
        detail.append(f"Saleor's API · 4 Celery workers · beat · mail server · {suppliers}")
    api = Api(url=running.url, token=premises.token)
    opened = OpenShop(
        stage=running, premises=premises, api=api, staff=Staff(api=api, premises=premises)
    )
    with display.step("Staff, over GraphQL") as detail:
        opened.staff.open_accounts(running.suppliers)
        opened.staff.set_up_products(market)
        detail.append(f"{len(shop.KEY_GOODS)} key products · {suppliers}")
        detail.append(f"· {len(market.offers)} of their products mapped")
    with display.step("Suppliers tested") as detail:
        detail.append("\n".join(trial.message for trial in opened.staff.test_accounts().values()))
    with display.step("Import of keys.csv") as detail:
        batch = opened.import_first(plan.stock_needed(orders))
        detail.append(f"{batch.created_count} keys from a file as German Excel saves it;")
        detail.append(f"{batch.duplicate_count} known, {batch.rejected_count} unusable")
    return opened
