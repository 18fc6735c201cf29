"""The private page in a browser, as customers use it."""

from __future__ import annotations

import time

import pytest
from django.utils import timezone

from saleor_cdkeys.delivery.resend import resend
from saleor_cdkeys.models import Delivery, DeliveryLink, Key, KeyAccess
from saleor_cdkeys.statuses import DeliveryKind
from saleor_cdkeys.values import Actor, KeyCode
from tests.browser.conftest import DESKTOP, PHONE
from tests.delivery.conftest import deliver, send_now
from tests.delivery.rows import CUSTOMER, GIF, make_line

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST, SECOND = "STARF-4LL0D-YSSEY", "N30ND-R1FT0-00001"
LONG = "W" * 180

# Text and its background must differ enough to be read: WCAG AA, 4.5 to 1.
LOW_CONTRAST = """
const channel = (v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
const parse = (text) => text.match(/[\\d.]+/g).map(Number);
const ground = (element) => {
  for (let e = element; e; e = e.parentElement) {
    const colour = parse(getComputedStyle(e).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};
return [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility()
    && e.getBoundingClientRect().width > 1
    && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
  .map((e) => [light(parse(getComputedStyle(e).color)), light(ground(e)), e.textContent.trim()])
  .filter(([a, b]) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05) < 4.5)
  .map(([a, b, text]) => text);
"""


def two_products(language="en"):
    first = make_line(
        FIRST,
        SECOND,
        quantity=3,
        delivery_mode="as_available",
        language=language,
        name="Starfall Odyssey – Deluxe Edition (PC, Steam)",
        instructions="1. Open Steam\nSee https://help.example/",
    )
    fields = KeyCode.of_fields({"Code": LONG, "PIN": "4711"})
    for code in (fields, KeyCode.of_bytes(GIF, media_type="image/gif")):
        make_line(code, order_id=first.order_id, order_number=first.order_number, name="Card 20 €")
    return deliver(first)


def test_opening_shows_nothing_and_a_click_everything(browser):
    sent = two_products()
    browser.open(f"/k/{sent.token}")
    time.sleep(0.5)
    assert FIRST not in browser.driver.page_source
    assert Key.objects.filter(exposed_at__isnull=False).count() == 0

    browser.find("form[data-swap] button").click()

    browser.wait_for("[data-code]")
    codes = [element.text for element in browser.all("[data-code]")]
    assert codes == [FIRST, SECOND, LONG, "4711"]
    assert browser.script("return document.querySelector('.key img').naturalWidth") == 1
    assert browser.script("return document.activeElement.tagName") == "H1"
    assert browser.driver.current_url.endswith(f"/k/{sent.token}")
    assert Key.objects.filter(exposed_at__isnull=False).count() == 4

    browser.find("[data-hide]").click()
    browser.wait_for("form[data-swap]")
    assert FIRST not in browser.driver.page_source
    # And once more: the button works again.
    browser.find("form[data-swap] button").click()
    browser.wait_for("[data-code]")
    assert browser.complaints() == []


def test_copying_one_and_all(browser):
    sent = two_products()
    browser.open(f"/k/{sent.token}")
    browser.find("form[data-swap] button").click()
    browser.wait_for("[data-code]")

    def clipboard():
        # Reading it is what the page forbids itself, so paste.
        browser.script(
            "const area = document.createElement('textarea'); area.id = 'paste';"
            "document.body.append(area)"
        )
        area = browser.find("#paste")
        area.send_keys("\ue009v")
        text = area.get_attribute("value")
        browser.script("arguments[0].remove()", area)
        return text

    buttons = browser.all("[data-row] [data-copy]")
    buttons[1].click()
    browser.wait_for("button.done")
    assert clipboard() == SECOND
    time.sleep(0.1)
    assert browser.find("#status").get_attribute("textContent") == "Copied"

    browser.find(".tools [data-copy]").click()
    time.sleep(0.2)
    assert clipboard() == (
        f"Starfall Odyssey – Deluxe Edition (PC, Steam)\n{FIRST}\n{SECOND}\n\n"
        f"Card 20 €\nCode: {LONG}\nPIN: 4711"
    )


def test_the_keyboard_is_enough(browser):
    sent = two_products()
    browser.open(f"/k/{sent.token}")
    body = browser.find("body")
    body.send_keys("\ue004")
    active = browser.driver.switch_to.active_element
    assert active.text == "Show my keys"
    active.send_keys("\ue007")
    browser.wait_for("[data-code]")
    names = []
    for _ in range(5):
        browser.driver.switch_to.active_element.send_keys("\ue004")
        active = browser.driver.switch_to.active_element
        names.append(active.get_attribute("aria-label") or active.text)
    assert names == ["Copy all", "Download", "Hide", "Copy: Key 1 of 3", "Copy: Key 2 of 3"]


def test_without_javascript_it_works_as_well(browser):
    sent = two_products()
    browser.cdp("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(f"/k/{sent.token}")
    browser.find("form[data-swap] button").click()
    browser.wait_for("[data-code]")
    assert [element.text for element in browser.all("[data-code]")][:2] == [FIRST, SECOND]
    assert not any(button.is_displayed() for button in browser.all(".needs-js"))
    browser.driver.get(browser.driver.current_url)
    assert browser.driver.current_url.endswith(f"/k/{sent.token}")
    assert FIRST not in browser.driver.page_source


def test_the_download_is_a_file(browser, tmp_path):
    sent = deliver(make_line(FIRST))
    browser.open(f"/k/{sent.token}")
    browser.find("form[data-swap] button").click()
    browser.wait_for("[data-code]")
    browser.find("form[action$='/download'] button").click()
    expected = tmp_path / f"order-{sent.delivery.order_number}-keys.txt"
    for _ in range(50):
        if expected.exists():
            break
        time.sleep(0.1)
    assert FIRST in expected.read_text()
    assert KeyAccess.objects.filter(kind="customer_download").count() == 1


def test_a_broken_connection_is_told_and_can_be_tried_again(browser):
    sent = deliver(make_line(FIRST))
    browser.open(f"/k/{sent.token}")
    browser.go(offline=True)
    browser.find("form[data-swap] button").click()
    problem = browser.wait_for("[data-problem]:not([hidden])")
    assert "Check your connection" in problem.text
    browser.go(offline=False)
    browser.find("form[data-swap] button").click()
    browser.wait_for("[data-code]")


def test_foreign_script_does_not_run(browser):
    sent = deliver(make_line(FIRST))
    browser.open(f"/k/{sent.token}")
    browser.script(
        "const s = document.createElement('script'); s.textContent = 'window.broken = 1';"
        "document.body.append(s); const i = new Image(); i.src = 'https://evil.example/x.png';"
        "document.body.append(i);"
    )
    assert browser.script("return window.broken") is None
    complaints = " ".join(browser.complaints())
    assert complaints.count("Content Security Policy") >= 2


def test_a_redirected_delivery_asks_for_the_address(browser):
    key_order = make_line(FIRST)
    sent = send_now(
        resend(
            key_order_id=key_order.pk, recipient="o@example.org", note="x", actor=Actor(user_id=5)
        )
    )
    browser.open(f"/k/{sent.token}")
    browser.find("#email").send_keys("stranger@example.org\n")
    browser.wait_for("p[role=alert]:not([hidden])")
    assert FIRST not in browser.driver.page_source
    browser.find("#email").send_keys(f"{CUSTOMER}\n")
    browser.wait_for("[data-code]")


def test_an_expired_link_asks_for_a_new_one(browser):
    sent = deliver(make_line(FIRST))
    DeliveryLink.objects.update(expires_at=timezone.now())
    browser.open(f"/k/{sent.token}")
    browser.find("form button").click()
    browser.wait_for("h1")
    assert browser.find("h1").text == "Check your inbox"
    assert Delivery.objects.filter(kind=DeliveryKind.NEW_LINK).count() == 1


def test_a_lost_link_is_asked_for_with_a_form(browser):
    sent = deliver(make_line(FIRST))
    browser.open("/k/nonsense")
    browser.find("a.button").click()
    browser.wait_for("#order").send_keys(sent.delivery.order_number)
    browser.find("#email").send_keys(f"{CUSTOMER}\n")
    browser.wait_for("h1")
    assert browser.find("h1").text == "Check your inbox"
    assert Delivery.objects.filter(kind=DeliveryKind.NEW_LINK).count() == 1


@pytest.mark.parametrize("language", ["en", "de", "pl", "ar"])
def test_it_fits_reads_and_names_everything(browser, language):
    sent = two_products(language)
    for size in ((320, 640), PHONE, DESKTOP):
        for dark in (False, True):
            browser.resize(size, dark=dark)
            browser.open(f"/k/{sent.token}")
            for click in (False, True):
                if click:
                    browser.find("form[data-swap] button").click()
                    browser.wait_for("[data-code]")
                where = (language, size, dark, click)
                assert browser.script("return document.documentElement.scrollWidth") <= size[0], (
                    where
                )
                assert browser.script(LOW_CONTRAST) == [], where
                buttons = [b for b in browser.all("button") if b.is_displayed()]
                assert all(b.size["height"] >= 44 and b.accessible_name for b in buttons), where
                assert len(browser.all("h1")) == 1
    direction = "rtl" if language == "ar" else "ltr"
    assert browser.find("html").get_attribute("dir") == direction
    assert browser.complaints() == []
