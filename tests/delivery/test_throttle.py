"""Counting requests, also where the cache does not."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from saleor_cdkeys.delivery import throttle
from saleor_cdkeys.delivery.client_address import client_ip
from saleor_cdkeys.delivery.throttle import Limit, TooManyRequests, hit, hit_address

THREE = Limit("test", 3, 3600)
STRICT = Limit("strict", 3, 3600, needs_cache=True)


@pytest.fixture
def clock(monkeypatch):
    now = [7200.0]
    monkeypatch.setattr(throttle.time, "time", lambda: now[0])
    return now


def exhaust(limit, **subject):
    call = hit_address if "ip" in subject else hit
    for _ in range(limit.count):
        call(limit, **subject)
    with pytest.raises(TooManyRequests) as caught:
        call(limit, **subject)
    return caught.value


def test_one_too_many_is_refused_with_the_time_to_wait(clock):
    clock[0] = 7200.0 + 600
    assert exhaust(THREE, subject="a").retry_after == 3000
    hit(THREE, subject="b")
    clock[0] = 7200.0 + 3600
    hit(THREE, subject="a")


def test_the_cache_holds_no_subject(monkeypatch):
    names = []
    real = cache.add
    monkeypatch.setattr(
        cache, "add", lambda name, *args, **more: names.append(name) or real(name, *args, **more)
    )
    hit(THREE, subject="token:SECRET")
    assert len(names) == 1
    assert "SECRET" not in names[0]


@pytest.mark.parametrize("broken", ["add", "incr"])
def test_a_cache_that_is_down_refuses_only_what_must_be_counted(monkeypatch, broken):
    def fail(*args, **more):
        raise ConnectionError

    monkeypatch.setattr(cache, broken, fail)
    for _ in range(10):
        hit(THREE, subject="a")
    with pytest.raises(TooManyRequests):
        hit(STRICT, subject="a")


def test_an_ipv6_customer_counts_as_their_network():
    for number in range(3):
        hit_address(THREE, ip=f"2606:4700:0:1::{number:x}")
    with pytest.raises(TooManyRequests):
        hit_address(THREE, ip="2606:4700:0:1:ffff::1")
    hit_address(THREE, ip="2606:4700:0:2::1")


@pytest.mark.parametrize("ip", ["127.0.0.1", "10.1.2.3", "fd00::1", None, "nonsense"])
def test_an_address_that_must_be_a_proxy_is_many_customers(ip):
    for _ in range(THREE.count * 20):
        hit_address(THREE, ip=ip)
    with pytest.raises(TooManyRequests):
        hit_address(THREE, ip=ip)


def test_checking_does_not_count():
    for _ in range(10):
        throttle.check(THREE, subject="a")
    for _ in range(THREE.count):
        hit(THREE, subject="a")
    with pytest.raises(TooManyRequests):
        throttle.check(THREE, subject="a")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "1.1.1.1", "192.0.2.10"),
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.1", "1.1.1.1"),
        (2, "1.1.1.1", "192.0.2.10"),
        (1, "", "192.0.2.10"),
        (1, "nonsense", None),
        (1, "2606:4700::1", "2606:4700::1"),
    ],
)
def test_the_client_is_found_behind_the_shops_own_proxies(settings, proxies, forwarded, expected):
    settings.CDKEYS_TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.10", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_ip(request) == expected


def test_a_server_that_tells_no_address():
    request = RequestFactory().get("/")
    del request.META["REMOTE_ADDR"]
    assert client_ip(request) is None
