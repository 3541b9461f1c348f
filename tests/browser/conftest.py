"""A real server on a small demo world, and a real Chromium that fails on any console error."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from journey import ROOT

PEOPLE = "3000"


def chromium() -> str | None:
    """The Chromium there is: JOURNEY_CHROMIUM, one on the path, or Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("JOURNEY_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found:
        return found
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        own = driver.chromium.executable_path
    return own if Path(own).exists() else None


@dataclass
class Server:
    """A running dashboard with folders of its own."""

    url: str
    data: Path
    queries: Path
    log: Path


def journey(data: Path, *arguments: str) -> None:
    """Run a command of ours to its end."""
    subprocess.run(
        [sys.executable, "-m", "journey", "--data", str(data), *arguments],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )


def start(data: Path, queries: Path, log: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Serve on a free port; gives the process and the address once it is ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "journey", "--data", str(data), "serve", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "JOURNEY_QUERIES": str(queries)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped: {log.read_text()}")
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return process, url
        except OSError:
            time.sleep(0.1)
    process.kill()
    raise RuntimeError(f"the server did not come up: {log.read_text()}")


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo world, built."""
    data = tmp_path_factory.mktemp("demo")
    journey(data, "demo", "--people", PEOPLE)
    journey(data, "build")
    return data


@pytest.fixture(scope="session")
def server(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard on the demo world, with a copy of queries/ to drop files into."""
    root = tmp_path_factory.mktemp("server")
    queries = root / "queries"
    shutil.copytree(ROOT / "queries", queries)
    process, url = start(demo_data, queries, root / "log")
    yield Server(url, demo_data, queries, root / "log")
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator["object"]:
    """One Chromium for the session."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium: install it or name one in JOURNEY_CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        running = driver.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield running
        running.close()


class Tabs:
    """Tabs of one browser. What a test leaves the next one finds empty, and nothing stored, but the
    app's scripts are compiled: to do that anew for each test is most of what opening costs."""

    def __init__(self, browser) -> None:
        self._browser = browser
        self._free: dict[str, list] = {}
        self.errors: list[str] = []

    def take(self, scheme: str):
        """A tab on a side, as of a reader who was never here."""
        if free := self._free.get(scheme):
            return free.pop()
        context = self._browser.new_context(color_scheme=scheme, accept_downloads=True)
        page = context.new_page()
        page.on("console", lambda told: told.type == "error" and self.errors.append(told.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        return page

    def give_back(self, page, scheme: str) -> None:
        """Empty a tab for the next test; close it where a test closed it or asked for more."""
        if page.is_closed() or len(page.context.pages) > 1:
            page.context.close()
            return
        page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        page.context.clear_cookies()
        page.goto("about:blank")
        page.emulate_media(media="null", reduced_motion="null")
        page.mouse.move(0, 0)
        self._free.setdefault(scheme, []).append(page)


@pytest.fixture(scope="session")
def tabs(browser) -> Tabs:
    """The tabs of the session's browser."""
    return Tabs(browser)


@pytest.fixture
def open_page(tabs: Tabs, server: Server):
    """Open an address of the dashboard; at the end any console or page error fails the test."""
    opened = []
    tabs.errors.clear()

    def open_at(path: str = "/", width: int = 1440, height: int = 900, scheme: str = "light"):
        page = tabs.take(scheme)
        opened.append((page, scheme))
        page.set_viewport_size({"width": width, "height": height})
        page.goto(server.url + path)
        settle(page)
        return page

    yield open_at
    errors = list(tabs.errors)
    for page, scheme in opened:
        tabs.give_back(page, scheme)
    assert errors == []


def settle(page) -> None:
    """Wait until no run is under way any more and every chart is drawn; a page on which nothing
    hurts has none."""
    page.locator("h1").first.wait_for(timeout=60_000)
    page.evaluate("() => { window.stillSince = undefined; }")
    page.wait_for_function(
        """() => {
            const app = document.querySelector("[data-testid=stApp]");
            const charts = [...document.querySelectorAll("[data-testid=stPlotlyChart]")];
            const still = app?.getAttribute("data-test-script-state") === "notRunning"
                && (charts.length > 0 || document.querySelector(".headline.quiet"))
                && charts.every(chart => chart.querySelector(".main-svg"));
            window.stillSince = still ? window.stillSince ?? Date.now() : undefined;
            return still && Date.now() - window.stillSince > 400;
        }""",
        timeout=60_000,
        polling=100,
    )
