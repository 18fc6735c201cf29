"""The doctor's checks of the shop: key products, suppliers, and what waits for a person."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.acquisition import health
from saleor_cdkeys.acquisition.accounts import seal_secrets
from saleor_cdkeys.alerts import raise_alert, resolve_alerts
from saleor_cdkeys.diagnosis import goods, rates, stuck, suppliers
from saleor_cdkeys.models import ExchangeRate, KeyBatch, KeyOrder, Purchase, SupplierMapping
from saleor_cdkeys.statuses import (
    AlertKind,
    KeyOrderStatus,
    PauseReason,
    PurchaseStatus,
    Reason,
)
from saleor_cdkeys.suppliers.base import Capabilities
from saleor_cdkeys.suppliers.sandbox import SandboxSupplier
from saleor_cdkeys.suppliers.sandbox_server import Call, Fault, Product, SandboxServer, Script, Shop
from tests.commands.test_doctor_installation import told
from tests.factories import make_channel
from tests.factories.cdkeys import buy, key_orders, make_key_product, make_mapping, make_supplier

pytestmark = pytest.mark.django_db


@pytest.fixture
def server():
    with SandboxServer(
        Shop([Product("P1", Decimal("5.00"), 3)], balance=Decimal("1204.10")),
        script=Script(),
        api_key="right",
    ) as running:
        yield running


@pytest.fixture
def account(server, settings, channel):
    """An account at the sandbox that works, with a mapping."""
    settings.DEBUG = True
    supplier = make_supplier(config={"base_url": server.url})
    supplier.sealed_secrets = seal_secrets(supplier_uid=supplier.uid, secrets={"api_key": "right"})
    supplier.save()
    make_mapping(make_key_product(channel=channel), supplier)
    return supplier


def online():
    return suppliers.suppliers(online=True)


class TestKeyProducts:
    def test_none_yet(self):
        assert told(goods.key_products) == [("warning", "No product is sold as keys yet.")]

    def test_all_can_be_filled(self, channel):
        make_key_product(channel=channel, sku="stock", source="stock", stock=1)
        make_key_product(channel=channel, sku="typed", source="manual")
        bought = make_key_product(channel=channel, sku="bought", source="suppliers")
        make_mapping(bought, make_supplier())

        assert told(goods.key_products) == [("ok", "Every key product can be filled.")]

    def test_each_sort_that_cannot(self, channel):
        make_key_product(channel=channel, sku="stock", source="stock")
        make_key_product(channel=channel, sku="both", source="stock_then_suppliers")
        make_key_product(channel=channel, sku="bought", source="suppliers", stock=1)
        make_key_product(channel=channel, sku="off", source="stock", is_active=False)

        assert told(goods.key_products) == [
            ("warning", "Bought from suppliers alone, and mapped to none: bought."),
            ("warning", "Out of stock: stock."),
            ("warning", "Out of stock, and mapped to no supplier: both."),
        ]

    @pytest.mark.parametrize("off", ["mapping", "supplier"])
    def test_what_is_switched_off_fills_nothing(self, channel, off):
        product = make_key_product(channel=channel, sku="bought", source="suppliers")
        supplier = make_supplier(is_active=off != "supplier")
        make_mapping(product, supplier)
        SupplierMapping.objects.update(is_active=off != "mapping")

        assert [level for level, _text in told(goods.key_products)] == ["warning"]

    def test_of_many_some_are_named(self, channel):
        for number in range(8):
            make_key_product(channel=channel, sku=f"g{number}", source="stock")

        assert told(goods.key_products) == [
            ("warning", "Out of stock: g0, g1, g2, g3, g4 and 3 more.")
        ]


class TestSuppliers:
    def test_none(self):
        assert told(suppliers.suppliers) == [("ok", "No supplier is in use.")]

    def test_by_default_none_is_asked(self, account, server):
        assert told(suppliers.suppliers) == [("ok", "Sandbox is set up.")]
        assert server.requests == []

    def test_asked_it_tells_the_balance(self, account, server):
        assert told(online) == [("ok", "Sandbox answers; the balance is 1,204.10 EUR.")]
        assert server.requests == ["GET /balance"]

    def test_an_empty_account(self, account, server):
        server.shop.balance = Decimal(0)

        assert told(online) == [("problem", "The account at Sandbox is empty.")]

    def test_wrong_credentials(self, account):
        account.sealed_secrets = seal_secrets(
            supplier_uid=account.uid, secrets={"api_key": "hunter2"}
        )
        account.save()

        assert told(online) == [
            (
                "problem",
                "Sandbox: The supplier does not accept the credentials of this account.",
            )
        ]

    def test_a_supplier_that_is_down(self, account, server):
        server.script.queue_for(Call.BALANCE, [Fault.DOWN_BEFORE])

        ((level, text),) = told(online)
        assert (level, text[:24]) == ("problem", "Sandbox: The supplier an")

    def test_one_that_tells_no_balance_answers_with_a_price(self, account, server, monkeypatch):
        monkeypatch.setattr(SandboxSupplier, "capabilities", Capabilities(balance=False))

        assert told(online) == [("ok", "Sandbox answers.")]
        assert server.requests == ["GET /products/P1"]

    @pytest.mark.parametrize(
        ("reason", "level", "remedy"),
        [
            (PauseReason.ACCOUNT, "problem", "Top up or correct the account"),
            (PauseReason.ERRORS, "warning", "It is tried out by itself."),
        ],
    )
    def test_a_paused_one(self, account, server, reason, level, remedy):
        health.pause(supplier_id=account.pk, reason=reason, message="The account is empty.")

        _set_up, found = suppliers.suppliers()

        text = "Nothing is bought at Sandbox for now: The account is empty."
        assert (found.level, found.text) == (level, text)
        assert found.remedy.startswith(remedy)
        assert server.requests == []

    @pytest.mark.parametrize(("least", "is_told"), [(None, False), ("49.99", False), ("50", True)])
    def test_a_low_balance(self, account, least, is_told):
        account.low_balance_amount = None if least is None else Decimal(least)
        account.balance_amount, account.balance_currency = Decimal("49.99"), "EUR"
        account.save()

        expected = [("warning", "Sandbox: 49.99 EUR are left, less than 50 EUR.")]
        assert told(suppliers.suppliers)[1:] == (expected if is_told else [])

    def test_one_that_is_switched_off_is_not_asked(self, account, server):
        account.is_active = False
        account.save()

        assert told(online) == [("ok", "No supplier is in use.")]
        assert server.requests == []

    def test_credentials_of_another_row(self, account):
        other = make_supplier(name="Other", config={"base_url": "http://127.0.0.1:1"})
        other.sealed_secrets = account.sealed_secrets
        other.save()

        assert told(suppliers.suppliers)[1] == (
            "problem",
            "The credentials of Other do not open: they were copied from another row.",
        )

    @pytest.mark.parametrize(
        ("fields", "text"),
        [
            ({"adapter": "gone"}, "There is no supplier adapter 'gone'."),
            ({"config": {}}, "The supplier Sandbox is not set up: Enter: address of the sandbox"),
            ({"config": {"base_url": "sandbox"}}, "The supplier's address must begin with https"),
        ],
    )
    def test_an_account_that_cannot_be_opened(self, account, fields, text):
        for field, value in fields.items():
            setattr(account, field, value)
        account.save()

        ((level, found),) = told(suppliers.suppliers)
        assert (level, found[: len(text)]) == ("problem", text)

    def test_a_sandbox_in_production(self, account, settings):
        settings.DEBUG = False

        assert told(suppliers.suppliers)[1:] == [
            (
                "warning",
                "Sandbox is a sandbox: what it sells to your customers is made up.",
            )
        ]

    def test_nothing_is_mapped_to_it(self, account):
        SupplierMapping.objects.all().delete()

        assert told(suppliers.suppliers)[1:] == [
            ("warning", "No product is mapped to Sandbox, so nothing is bought there.")
        ]

    def test_http_over_the_internet(self, account):
        account.config = {"base_url": "http://api.supplier.io"}
        account.save()

        assert told(suppliers.suppliers)[1:] == [
            (
                "warning",
                "Sandbox is asked over http: credentials and codes can be read on the way.",
            )
        ]


class TestExchangeRates:
    @pytest.fixture
    def american(self, channel):
        """A supplier that sells in US dollars to a shop where customers pay in euros."""
        product = make_key_product(channel=channel)
        buy(channel=channel, lines=[(product, 1)])
        return make_supplier(name="US", balance_currency="USD")

    @staticmethod
    def add_rate(*, days_old=0):
        day = timezone.now().date() - dt.timedelta(days=days_old)
        ExchangeRate.objects.create(base="EUR", currency="USD", rate=Decimal("1.08"), date=day)
        return day

    def test_nothing_is_said_where_all_is_one_currency(self, american):
        american.balance_currency = "EUR"
        american.save()
        assert told(rates.exchange_rates) == []

    def test_nor_of_channels_where_no_keys_are_sold(self, american):
        self.add_rate()
        make_channel("shop-pln", "PLN")
        assert told(rates.exchange_rates) == [
            ("ok", "The rates that are needed are new enough: EUR → USD.")
        ]

    def test_a_missing_one(self, american):
        assert told(rates.exchange_rates) == [
            (
                "warning",
                "There is no exchange rate between EUR and USD. Set it with cdkeys_rates.",
            )
        ]

    def test_one_that_is_too_old(self, american):
        day = self.add_rate(days_old=6)
        ((level, text),) = told(rates.exchange_rates)
        assert level == "warning"
        assert text.startswith(f"The exchange rate between EUR and USD is of {day}, which is too")

    def test_one_that_stops_orders_is_a_problem(self, american):
        raise_alert(
            kind=AlertKind.EXCHANGE_RATE, subject="exchange_rate:EUR:USD", message="Missing."
        )
        assert [level for level, _text in told(rates.exchange_rates)] == ["problem"]

    @pytest.mark.parametrize("source", ["price", "purchase"])
    def test_the_currency_of_prices_and_purchases_counts_as_well(self, american, source):
        american.balance_currency = ""
        american.save()
        row = KeyOrder.objects.get()
        if source == "price":
            mapping = make_mapping(row.key_product, american)
            SupplierMapping.objects.filter(pk=mapping.pk).update(price_currency="USD")
        else:
            TestStuck.purchase(row, supplier=american, currency="USD")
        assert len(told(rates.exchange_rates)) == 1

    def test_who_is_switched_off_needs_none(self, american):
        american.is_active = False
        american.save()
        assert told(rates.exchange_rates) == []


class TestStuck:
    @pytest.fixture
    def row(self, channel) -> KeyOrder:
        product = make_key_product(channel=channel)
        (row,) = key_orders(buy(channel=channel, lines=[(product, 1)]))
        return row

    @staticmethod
    def purchase(row, **fields):
        return Purchase.objects.create(
            **{
                "key_order": row,
                "supplier": fields.get("supplier") or make_supplier(),
                "supplier_product_id": "P1",
                "quantity": 1,
                "unit_price_amount": Decimal(5),
                "max_unit_price_amount": Decimal(6),
                "currency": "EUR",
                "status": PurchaseStatus.UNKNOWN,
                "sent_at": timezone.now(),
                **fields,
            }
        )

    def test_nothing_is(self, row):
        checks = (stuck.open_alerts, stuck.purchases, stuck.failed_orders)
        assert [told(check)[0][0] for check in checks] == ["ok", "ok", "ok"]

    def test_a_purchase_that_is_being_looked_up_is_no_problem_yet(self, row):
        self.purchase(row)

        assert told(stuck.purchases)[0][0] == "ok"

    @pytest.mark.parametrize(
        "fields",
        [
            {"sent_at": timezone.now() - dt.timedelta(hours=2)},
            {"review": Reason.SHORT_DELIVERY, "status": PurchaseStatus.ACCEPTED},
        ],
    )
    def test_a_purchase_that_needs_a_person(self, row, fields):
        self.purchase(row, **fields)

        (finding,) = stuck.purchases()
        assert finding.text == "1 purchase is unclear, and nothing else is bought for its order."
        assert "cdKeyPurchaseDecide" in finding.remedy

    def test_a_purchase_that_is_over_is_clear(self, row):
        self.purchase(
            row,
            status=PurchaseStatus.REFUSED,
            sent_at=timezone.now() - dt.timedelta(days=2),
        )

        assert told(stuck.purchases)[0][0] == "ok"

    def test_a_purchase_that_brought_too_little_holds_its_order(self, row):
        self.purchase(row, status=PurchaseStatus.COMPLETED, review=Reason.SHORT_DELIVERY)
        assert told(stuck.purchases)[0][0] == "ok"

        KeyOrder.objects.update(status=KeyOrderStatus.WAITING)

        assert told(stuck.purchases) == [
            ("problem", "1 purchase brought not what was paid for; its order waits.")
        ]

    def test_failed_orders_are_counted(self, row):
        KeyOrder.objects.update(status=KeyOrderStatus.FAILED)

        assert told(stuck.failed_orders) == [("warning", "1 key order failed.")]

    def test_open_alerts_are_counted_by_kind_and_tell_no_address(self, row):
        for number in (1, 2):
            raise_alert(
                kind=AlertKind.MAIL_FAILED,
                subject=f"key_order:{number}",
                message="The mail to customer@example.com failed.",
            )
        raise_alert(kind=AlertKind.OUT_OF_STOCK, subject="key_product:1", message="None left.")
        raise_alert(kind=AlertKind.SUPPLIER_PROBLEM, subject="supplier:1", message="Down.")
        resolve_alerts(subject="supplier:1")

        assert told(stuck.open_alerts) == [
            (
                "warning",
                "Open alerts. A mail could not be sent: 2, A product is out of stock: 1.",
            )
        ]

    def test_imports_that_broke_off(self):
        running = KeyBatch.objects.create()
        assert told(stuck.broken_imports) == [("ok", "No import broke off.")]

        KeyBatch.objects.update(created_at=timezone.now() - dt.timedelta(days=1))
        assert told(stuck.broken_imports) == [("warning", f"Imports that broke off: {running.pk}.")]
