"""From empty servers to a shop that is open for customers. Django must be set up."""

from __future__ import annotations

import dataclasses
import secrets
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from demo import key_file, plan, shop, stage
from demo.api import Api
from demo.bootstrap import Premises, make_premises
from demo.display import Display
from demo.plan import PlannedOrder
from demo.shop import Goods
from demo.staff import Staff
from demo.stage import Stage


@dataclasses.dataclass(slots=True)
class OpenShop:
    """``codes`` are all that this shop bought in or that staff typed, so far, in clear text."""

    stage: Stage
    premises: Premises
    api: Api
    staff: Staff
    mark: str
    codes: set[str] = dataclasses.field(default_factory=set)
    key_files: list[Path] = dataclasses.field(default_factory=list)

    def restock(self, counts: Counter[Goods]) -> int:
        """A second delivery of keys, as a text file of one product. Returns how many."""
        path = self.stage.folder / "restock.txt"
        goods = next(iter(counts))
        codes = key_file.write_plain(path, counts)
        self.stage.manage("cdkeys_import", str(path), "--sku", goods.sku + self.mark)
        return self._note(path, codes)

    def import_first(self, counts: Counter[Goods]) -> int:
        """The keys that the shop has when it opens. Returns how many."""
        path = self.stage.folder / "keys.csv"
        codes = key_file.write_german(path, counts, mark=self.mark)
        self.stage.manage("cdkeys_import", str(path))
        return self._note(path, codes)

    def _note(self, path: Path, codes: dict[str, list[str]]) -> int:
        self.key_files.append(path)
        added = {code for each in codes.values() for code in each}
        self.codes |= added
        return len(added)


def open_shop(running: Stage, *, orders: Iterable[PlannedOrder], display: Display) -> OpenShop:
    """Tables, processes, key products, supplier and stock."""
    mark = f"-{secrets.token_hex(2).upper()}" if stage.is_real_saleor() else ""
    with display.step("Tables") as detail:
        running.manage("migrate", "-v", "0", *([] if mark else ["--run-syncdb"]))
        detail.append("migrated")
    with display.step("Processes") as detail:
        premises = make_premises(mark=mark)
        stage.start_processes(running)
        detail.append("API · worker with 2 processes · beat · mail server · supplier")
    api = Api(url=running.url, token=premises.token)
    staff = Staff(api=api, premises=premises, mark=mark)
    opened = OpenShop(stage=running, premises=premises, api=api, staff=staff, mark=mark)
    with display.step("Staff at work") as detail:
        staff.set_up_shop(supplier_url=running.supplier.url)
        detail.append(
            f"{len(shop.KEY_GOODS)} key products · a supplier · {len(shop.BOUGHT_GOODS)} mappings"
        )
    with display.step("Import") as detail:
        count = opened.import_first(plan.stock_needed(orders))
        detail.append(f"keys.csv · {count} keys · German headings, semicolons, 3 bad rows")
    return opened
