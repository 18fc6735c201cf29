"""What suppliers say about mapped products is kept fresh, and what is odd about them is told."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.acquisition import mappings
from saleor_cdkeys.acquisition.freshness import refresh_mappings
from saleor_cdkeys.models import Alert, ExchangeRate, KeyProduct, Supplier, SupplierMapping
from saleor_cdkeys.suppliers.base import AccountProblem, TryLater
from tests.factories.cdkeys import make_key_product, make_mapping, make_supplier
from tests.mapping.catalogues import listed, use_shelf

DAY = 86_401.0


def _fresh(mapping) -> SupplierMapping:
    mapping.refresh_from_db()
    return mapping


def _open_alerts():
    alerts = Alert.objects.filter(resolved_at=None).order_by("subject")
    return list(alerts.values_list("kind", "subject", "message"))


def test_what_the_supplier_says_is_kept(mapping, shelf):
    shelf.put(
        listed(
            "P1",
            "4.90",
            available=7,
            region="Europe",
            blocked_countries=frozenset({"PL", "DE", "worldwide\0"}),
            is_preorder=True,
            release_date=dt.date(2027, 3, 1),
        )
    )

    assert refresh_mappings() == 1

    _fresh(mapping)
    assert (mapping.price_amount, mapping.price_currency) == (Decimal("4.9000"), "EUR")
    assert (mapping.available, mapping.region) == (7, "Europe")
    assert mapping.blocked_countries == "DE,PL"
    assert (mapping.is_preorder, mapping.release_date) == (True, dt.date(2027, 3, 1))
    assert abs(timezone.now() - mapping.seen_at) < dt.timedelta(minutes=1)
    assert (mapping.flag, mapping.flagged_at) == ("", None)


def test_a_number_beyond_all_counting_is_plenty(mapping, shelf):
    shelf.put(listed("P1", available=10**18))
    refresh_mappings()
    assert _fresh(mapping).available == 2**31 - 1


def test_one_product_may_fill_several_key_products(mapping, supplier, channel, shelf):
    other = make_mapping(make_key_product(channel=channel, sku="other"), supplier, "P1")

    assert refresh_mappings() == 2

    assert shelf.asked == [("products", 1)]
    assert _fresh(other).price_amount == _fresh(mapping).price_amount == 5


def test_what_changed_is_read_with_an_overlap_and_nothing_else_asked(mapping, shelf, time_passes):
    refresh_mappings()
    first = Supplier.objects.get().changes_read_until
    shelf.asked.clear()
    shelf.put(listed("P1", "4.00"), listed("unmapped"))
    assert refresh_mappings() == 0
    assert shelf.asked == []

    time_passes(seconds=601)
    refresh_mappings()

    assert shelf.asked == [("changes", "")]
    assert shelf.since == [first - dt.timedelta(seconds=601) - dt.timedelta(minutes=5)]
    assert _fresh(mapping).price_amount == 4
    assert Supplier.objects.get().changes_read_until > first


def test_changes_are_read_page_by_page(mapping, shelf, time_passes):
    refresh_mappings()
    shelf.put(*[listed(f"other{number}") for number in range(250)], listed("P1", "3.00"))
    shelf.changed.remove("P1")
    shelf.asked.clear()
    time_passes(seconds=601)

    refresh_mappings()

    assert shelf.asked == [("changes", ""), ("changes", "100"), ("changes", "200")]
    assert _fresh(mapping).price_amount == 3


def test_a_reading_that_breaks_off_begins_where_it_did(mapping, shelf, time_passes, settings):
    refresh_mappings()
    time_passes(seconds=601)
    before = Supplier.objects.get().changes_read_until
    shelf.error = TryLater("down")
    refresh_mappings()
    assert Supplier.objects.get().changes_read_until == before
    shelf.error = None
    shelf.put(listed("P1", "2.00"))
    _forget_the_rest()

    time_passes(seconds=601)
    refresh_mappings()

    assert shelf.since == [before - dt.timedelta(seconds=601) - dt.timedelta(minutes=5)]
    assert _fresh(mapping).price_amount == 2


def test_too_many_changes_for_one_run_are_swept_instead(mapping, shelf, time_passes, monkeypatch):
    refresh_mappings()
    time_passes(seconds=601)
    shelf.put(listed("P1", "2.00"))
    monkeypatch.setattr("saleor_cdkeys.acquisition.freshness.run.SECONDS", 0.0)
    refresh_mappings()
    assert _fresh(mapping).price_amount == 5
    assert mapping.refresh_at <= timezone.now()


def test_each_is_asked_for_once_a_day_all_the_same(mapping, shelf, time_passes):
    refresh_mappings()
    shelf.asked.clear()

    time_passes(seconds=DAY)
    refresh_mappings()

    assert shelf.asked == [("changes", ""), ("products", 1)]


def test_where_no_changes_are_listed_all_are_asked_for_each_time(mapping, monkeypatch, time_passes):
    shelf = use_shelf(monkeypatch, lists_changes=False)
    shelf.put(listed("P1"))
    refresh_mappings()
    assert refresh_mappings() == 0
    shelf.put(listed("P1", "1.00"))

    time_passes(seconds=601)
    assert refresh_mappings() == 1

    assert shelf.asked == [("products", 1), ("products", 1)]
    assert _fresh(mapping).price_amount == 1


@pytest.mark.parametrize(
    "away",
    [
        {"is_active": False},
        {"pause_reason": "errors"},
    ],
)
def test_who_is_paused_or_switched_off_is_left_alone(mapping, shelf, away):
    Supplier.objects.update(**away)
    assert refresh_mappings() == 0
    assert shelf.asked == []


def test_inactive_mappings_are_not_asked_for(mapping, shelf):
    SupplierMapping.objects.update(is_active=False)
    assert refresh_mappings() == 0
    assert shelf.asked == []


def _forget_the_rest():
    from django.core.cache import cache

    cache.clear()


@pytest.mark.parametrize("error", [TryLater("down"), AccountProblem("wrong"), RuntimeError("P1")])
def test_who_cannot_tell_is_left_alone_for_a_while(mapping, shelf, error, caplog):
    shelf.error = error
    assert refresh_mappings() == 0
    assert refresh_mappings() == 0
    assert shelf.asked == [("products", 1)]
    assert _fresh(mapping).seen_at is None
    assert "P1" not in caplog.text
    assert Supplier.objects.get().pause_reason == ""

    shelf.error = None
    _forget_the_rest()
    SupplierMapping.objects.update(refresh_at=timezone.now())
    assert refresh_mappings() == 1
    assert _fresh(mapping).price_amount == 5


def test_one_supplier_that_fails_does_not_stop_the_others(mapping, channel, shelf, monkeypatch):
    broken = make_supplier(name="Broken", config={"no": "such field"})
    make_mapping(make_key_product(channel=channel, sku="other"), broken, "P1")

    assert refresh_mappings() == 1
    assert _fresh(mapping).price_amount == 5


class TestFlags:
    def test_a_product_that_vanished(self, mapping, supplier, shelf, time_passes):
        refresh_mappings()
        del shelf.products["P1"]
        shelf.changed.clear()
        time_passes(seconds=DAY)

        refresh_mappings()

        _fresh(mapping)
        assert (mapping.flag, mapping.available, mapping.price_amount) == ("vanished", 0, 5)
        assert mapping.flagged_at is not None
        assert _open_alerts() == [
            (
                "mapping_flagged",
                f"mappings:{supplier.pk}:vanished",
                "Keyhouse no longer has 1 of the mapped products. Map them to others, or take the "
                "mappings away.",
            )
        ]

    def test_it_is_cured_when_the_product_is_back(self, mapping, shelf, time_passes):
        shelf.products.clear()
        refresh_mappings()
        assert _fresh(mapping).flag == "vanished"
        shelf.put(listed("P1"))
        shelf.changed.clear()
        time_passes(seconds=DAY)

        refresh_mappings()

        assert (_fresh(mapping).flag, mapping.flagged_at) == ("", None)
        assert _open_alerts() == []

    def test_a_product_that_turned_into_a_preorder(self, mapping, shelf, time_passes):
        refresh_mappings()
        shelf.put(listed("P1", is_preorder=True))
        time_passes(seconds=601)
        refresh_mappings()
        assert _fresh(mapping).flag == "became_preorder"

        shelf.put(listed("P1"))
        time_passes(seconds=601)
        refresh_mappings()
        assert _fresh(mapping).flag == ""

    def test_one_that_was_mapped_as_a_preorder_is_flagged_only_once_it_had_come_out(
        self, mapping, shelf, time_passes
    ):
        flags = []
        for is_preorder in (True, False, True):
            shelf.put(listed("P1", is_preorder=is_preorder))
            refresh_mappings()
            flags.append(_fresh(mapping).flag)
            time_passes(seconds=DAY)
        assert flags == ["", "", "became_preorder"]

    @pytest.mark.parametrize(
        "change", [{"region": "Latin America"}, {"blocked_countries": frozenset({"DE"})}]
    )
    def test_a_product_whose_region_changed(self, mapping, shelf, time_passes, change):
        shelf.put(listed("P1", region="Europe"))
        refresh_mappings()
        shelf.put(listed("P1", **{"region": "Europe", **change}))
        time_passes(seconds=601)

        refresh_mappings()
        since = _fresh(mapping).flagged_at
        assert mapping.flag == "region_changed"
        time_passes(seconds=601)
        refresh_mappings()

        assert (_fresh(mapping).flag, mapping.flagged_at) == ("region_changed", since)
        shelf.put(listed("P1", region="Europe"))
        time_passes(seconds=601)
        refresh_mappings()
        assert _fresh(mapping).flag == ""

    def test_a_price_above_the_guard(self, mapping, shelf, time_passes):
        KeyProduct.objects.update(max_unit_cost_amount=5, max_unit_cost_currency="EUR")
        refresh_mappings()
        assert _fresh(mapping).flag == ""
        shelf.put(listed("P1", "5.01"))
        time_passes(seconds=601)
        refresh_mappings()
        assert _fresh(mapping).flag == "above_guard"

    def test_the_guard_is_converted(self, mapping, shelf):
        KeyProduct.objects.update(max_unit_cost_amount=5, max_unit_cost_currency="EUR")
        today = timezone.now().date()
        ExchangeRate.objects.create(base="EUR", currency="USD", rate="1.10", date=today)
        dearer = make_mapping(mapping.key_product, mapping.supplier, "P2")
        unknown = make_mapping(mapping.key_product, mapping.supplier, "P3")
        shelf.put(
            listed("P1", "5.50", currency="USD"),
            listed("P2", "5.51", currency="USD"),
            listed("P3", "900", currency="PLN"),
        )

        refresh_mappings()

        flags = [_fresh(each).flag for each in (mapping, dearer, unknown)]
        assert flags == ["", "above_guard", ""]

    def test_one_alert_for_each_supplier_and_flag(self, mapping, supplier, channel, shelf):
        other = make_supplier(name="Otherhouse")
        for number in range(3):
            key_product = make_key_product(channel=channel, sku=f"gone{number}")
            make_mapping(key_product, supplier, f"gone{number}")
            make_mapping(key_product, other, f"gone{number}")

        refresh_mappings()

        assert [(subject, message.split(".")[0]) for _kind, subject, message in _open_alerts()] == [
            (
                f"mappings:{supplier.pk}:vanished",
                "Keyhouse no longer has 3 of the mapped products",
            ),
            (
                f"mappings:{other.pk}:vanished",
                "Otherhouse no longer has 3 of the mapped products",
            ),
        ]


class TestStaff:
    @pytest.fixture
    def flagged(self, mapping, shelf, time_passes):
        shelf.put(listed("P1", region="Europe"))
        refresh_mappings()
        shelf.put(listed("P1", region="Asia", is_preorder=True))
        time_passes(seconds=601)
        refresh_mappings()
        assert len(_open_alerts()) == 1
        return _fresh(mapping)

    def test_what_they_accept_is_flagged_no_more(self, flagged, shelf, time_passes):
        assert mappings.accept(mapping_id=flagged.pk).flag == ""
        assert _open_alerts() == []

        time_passes(seconds=DAY)
        refresh_mappings()
        assert _fresh(flagged).flag == ""

    def test_what_costs_too_much_stays_flagged_whatever_they_accept(self, flagged):
        KeyProduct.objects.update(max_unit_cost_amount=1, max_unit_cost_currency="EUR")
        assert mappings.accept(mapping_id=flagged.pk).flag == "above_guard"

    def test_another_product_is_asked_for_anew(self, flagged, shelf):
        shelf.put(listed("P2", "8.00", region="Asia"))
        mappings.update(mapping_id=flagged.pk, values={"supplier_product_id": "P2"})
        assert _open_alerts() == []
        assert (_fresh(flagged).price_amount, flagged.seen_at, flagged.flag) == (None, None, "")

        assert refresh_mappings() == 1
        assert (_fresh(flagged).price_amount, flagged.flag) == (8, "")

    @pytest.mark.parametrize("how", ["delete", "switch off"])
    def test_the_alert_goes_with_the_mapping(self, flagged, how):
        if how == "delete":
            mappings.delete(mapping_id=flagged.pk)
        else:
            mappings.update(mapping_id=flagged.pk, values={"is_active": False})
        assert _open_alerts() == []


class TestWaitingOrders:
    def _is_due(self, key_order) -> bool:
        key_order.refresh_from_db()
        return key_order.next_run_at <= timezone.now()

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ({"available": 0}, {"available": 3}),
            ({"available": 0}, {"available": None}),
            (None, {}),
            ({"price": "5.00"}, {"price": "4.99"}),
            ({"price": "9.00"}, {"price": "8.00"}),
        ],
    )
    def test_are_looked_at_when_it_may_be_had(
        self, mapping, shelf, waiting, time_passes, before, after
    ):
        KeyProduct.objects.update(max_unit_cost_amount=8, max_unit_cost_currency="EUR")
        key_order = waiting()
        self._say(shelf, before)
        refresh_mappings()
        assert not self._is_due(key_order)

        self._say(shelf, after)
        time_passes(seconds=DAY)
        refresh_mappings()

        assert self._is_due(key_order)

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ({"available": 3}, {"available": 4}),
            ({"price": "5.00"}, {"price": "5.01"}),
            ({"price": "9.00"}, {"price": "8.01"}),
            ({"price": "5.00"}, {"price": "4.00", "available": 0}),
            ({"price": "5.00"}, {"price": "4.00", "currency": "USD"}),
            ({}, None),
        ],
    )
    def test_are_left_alone_otherwise(self, mapping, shelf, waiting, time_passes, before, after):
        KeyProduct.objects.update(max_unit_cost_amount=8, max_unit_cost_currency="EUR")
        key_order = waiting()
        self._say(shelf, before)
        refresh_mappings()
        self._say(shelf, after)
        time_passes(seconds=DAY)
        refresh_mappings()
        assert not self._is_due(key_order)

    def _say(self, shelf, what):
        if what is None:
            shelf.products.clear()
            shelf.changed.clear()
        else:
            shelf.put(listed("P1", **what))
