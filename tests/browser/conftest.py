"""Debian's headless Chromium, on pages that a real HTTP server serves."""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

webdriver = pytest.importorskip("selenium.webdriver", reason="needs selenium (pip install)")

from selenium.webdriver.chrome.service import Service  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.support.wait import WebDriverWait  # noqa: E402

from tests.delivery.conftest import BASE, mail_server, nothing_counted  # noqa: E402, F401

PHONE, DESKTOP = (390, 800), (1280, 900)


@dataclasses.dataclass(frozen=True)
class Browser:
    """A window on the plugin's pages."""

    driver: Any
    root: str

    def open(self, path: str) -> None:
        self.driver.get(f"{self.root}{BASE}{path}")

    def find(self, css: str) -> Any:
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css: str) -> list[Any]:
        return list(self.driver.find_elements(By.CSS_SELECTOR, css))

    def wait_for(self, css: str) -> Any:
        return WebDriverWait(self.driver, 10).until(lambda _: self.find_or_none(css))

    def find_or_none(self, css: str) -> Any:
        found = self.all(css)
        return found[0] if found else None

    def script(self, text: str, *arguments: object) -> Any:
        return self.driver.execute_script(text, *arguments)

    def cdp(self, command: str, **parameters: object) -> Any:
        return self.driver.execute_cdp_cmd(command, parameters)

    def resize(self, size: tuple[int, int], *, dark: bool = False) -> None:
        width, height = size
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.cdp("Emulation.setEmulatedMedia", features=features)

    def go(self, *, offline: bool) -> None:
        """Pull the network cable, or plug it in."""
        self.cdp("Network.enable")
        self.cdp(
            "Network.emulateNetworkConditions",
            offline=offline,
            latency=0,
            downloadThroughput=-1,
            uploadThroughput=-1,
        )

    def complaints(self) -> list[str]:
        """What the browser's console holds against the page since it was last asked."""
        return [entry["message"] for entry in self.driver.get_log("browser")]


@pytest.fixture(scope="session")
def _driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    chromedriver = os.environ.get("CHROMEDRIVER") or shutil.which("chromedriver")
    if not chromium or not chromedriver:
        missing = "needs Debian's chromium and chromium-driver (apt-get install)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    profile = tmp_path_factory.mktemp("chromium")
    for argument in ("--headless=new", "--disable-gpu", f"--user-data-dir={profile}"):
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(service=Service(chromedriver), options=options)
    yield driver
    driver.quit()


@pytest.fixture
def browser(_driver: Any, live_server: Any, settings: Any, tmp_path: Path) -> Iterator[Browser]:
    window = Browser(driver=_driver, root=live_server.url)
    window.resize(DESKTOP)
    window.complaints()
    window.cdp("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    yield window
    window.cdp("Emulation.setScriptExecutionDisabled", value=False)
    window.go(offline=False)
    window.driver.get("about:blank")
