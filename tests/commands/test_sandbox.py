"""`cdkeys_sandbox`: a supplier to rehearse with."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
from contextlib import contextmanager
from decimal import Decimal
from uuid import UUID

import httpx
import pytest

from saleor_cdkeys.suppliers.base import OutcomeUnknown, PurchaseRequest
from saleor_cdkeys.suppliers.sandbox import SandboxSupplier
from saleor_cdkeys.suppliers.sandbox_server import Fault
from saleor_cdkeys.values import Money
from tests.commands.calling import call, start


@contextmanager
def running(*arguments: str):
    """The sandbox as a process of its own, and where it says it listens."""
    process = start("cdkeys_sandbox", "--port", "0", *arguments)
    try:
        yield process, re.search(r'name: "base_url", value: "(.+)"', introduction(process))[1]
    finally:
        process.kill()
        process.communicate()


def introduction(process: subprocess.Popen[str]) -> str:
    """What it says before it waits for buyers, read to its end: nothing may stay in the buffer."""
    lines = []
    while not (lines and lines[-1].startswith("Then map")):
        lines.append(process.stdout.readline())
        assert lines[-1], process.stderr.read()
    assert process.stdout.readline() == "\n"
    return "".join(lines)


def end(process: subprocess.Popen[str], number: int) -> str:
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, "Traceback" in err) == (0, False)
    return out


def order(reference: int, product: str = "P1") -> PurchaseRequest:
    return PurchaseRequest(
        reference=UUID(int=reference),
        supplier_product_id=product,
        quantity=2,
        unit_price=Money(Decimal("5.00"), "EUR"),
        max_unit_price=Money(Decimal("6.00"), "EUR"),
    )


def buy(supplier: SandboxSupplier, request: PurchaseRequest):
    return supplier.buy(request, keep=lambda _raw: None, note=lambda _told: None)


def test_it_sells_to_the_adapter_goes_wrong_as_told_and_ends_on_ctrl_c():
    with running("--script", "ok,garbage") as (process, url):
        supplier = SandboxSupplier(config={"base_url": url}, secrets={"api_key": "sandbox"})
        sold = buy(supplier, order(1))
        with pytest.raises(OutcomeUnknown):
            buy(supplier, order(2))
        supplier.close()
        out = end(process, signal.SIGINT)

    assert len(sold.keys) == 2
    assert re.fullmatch(r".+  P1  ok\n.+  P1  garbage\nSold 2 orders.\n  garbage: 1\n", out)
    assert not any(key.code.reveal_text() in out for key in sold.keys)


def test_it_sells_what_it_is_told_and_remembers_it_in_a_file(tmp_path):
    database = str(tmp_path / "sandbox.sqlite")
    goods = ("--product", "elden-ring=31.50:3", "--currency", "pln", "--api-key", "other")
    with running("--database", database, *goods) as (process, url):
        headers = {"X-Api-Key": "other"}
        quote = httpx.get(f"{url}/products/elden-ring", headers=headers).json()
        assert httpx.get(f"{url}/products/P1", headers=headers).status_code == 404
        assert httpx.get(f"{url}/products/elden-ring").status_code == 401
        body = {"reference": "r1", "product": "elden-ring", "quantity": 2, "max_price": "40"}
        assert httpx.post(f"{url}/orders", json=body, headers=headers).status_code == 201
        end(process, signal.SIGTERM)
    with running("--database", database, *goods) as (_process, url):
        later = httpx.get(f"{url}/products/elden-ring", headers=headers).json()

    assert quote == {"id": "elden-ring", "price": "31.50", "currency": "PLN", "stock": 3}
    assert later["stock"] == 1


def test_the_share_of_bad_answers_comes_out_the_same_for_the_same_seed():
    def met(seed: str) -> list[str]:
        faults = ("--bad", "0.5", "--faults", "no_stock,error_before")
        with running(*faults, "--seed", seed) as (process, url):
            for number in range(12):
                body = {"reference": f"r{number}", "product": "P1", "quantity": 1, "max_price": "9"}
                httpx.post(f"{url}/orders", json=body, headers={"X-Api-Key": "sandbox"})
            return re.findall(r":\d\d  P1  (\w+)", end(process, signal.SIGTERM))

    first = met("7")

    assert set(first) == {"ok", "no_stock", "error_before"}
    assert met("7") == first


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--host", "0.0.0.0"], "0.0.0.0 can be reached from other machines"),
        (["--host", "shop.example"], "shop.example can be reached from other machines"),
        (["--host", "0.0.0.0", "--allow-remote"], "give it an --api-key of its own"),
        (["--product", "P1"], "P1 is no product"),
        (["--product", "P1=cheap"], "cheap is no amount of money"),
        (["--product", "P1=5.00:few"], "P1=5.00:few is no product"),
        (["--balance", "-1"], "-1 is no amount of money"),
        (["--bad", "2"], "2 is no share"),
        (["--script", "ok,gargabe"], "gargabe is no fault"),
        (["--port", "70000"], "Cannot listen on 127.0.0.1, port 70000"),
        (["--database", "/nowhere/sandbox.sqlite"], "/nowhere/sandbox.sqlite: unable to open"),
    ],
)
def test_what_it_refuses(arguments, complaint):
    said = call("cdkeys_sandbox", *arguments)

    assert said.code != 0
    assert complaint in said.err
    assert said.out == ""


def test_a_port_that_is_taken_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        said = call("cdkeys_sandbox", "--port", str(port))

    assert said.code == 1
    assert said.err.startswith(f"Cannot listen on 127.0.0.1, port {port}: ")


def test_every_fault_can_be_named():
    assert call("cdkeys_sandbox", "--list-faults").out.split() == [fault.value for fault in Fault]
