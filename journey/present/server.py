"""The server: the app behind security headers, warmed up, on this machine only by default."""

import asyncio
import base64
import gc
import hashlib
import logging
import os
import re
import socket
import time
import urllib.request
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route

from journey import ROOT
from journey.datafolder import DataFolder
from journey.errors import JourneyError, WarehouseError
from journey.present import document, ui
from journey.present.document import App, Message, Receive, Send

log = logging.getLogger("journey")


def serve(folder: DataFolder, config: Path | None, address: str, port: int) -> int:
    """Serve the dashboard until stopped. Raises WarehouseError where the port is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise WarehouseError(
                f"Port {port} on {address} cannot be used ({error.strerror}). "
                "Choose another with --port (or make demo PORT=8502)."
            ) from None
    os.environ["JOURNEY_DATA"] = str(folder.root)
    if config is not None:
        os.environ["JOURNEY_CONFIG"] = str(config)
    os.chdir(ROOT)
    shown = "localhost" if address in ("127.0.0.1", "::1") else address
    print(f"Journey is at http://{shown}:{port} (stop with Ctrl+C)", flush=True)
    app(address, port).run(config={"server.address": address, "server.port": port})
    return 0


def app(address: str = "127.0.0.1", port: int = 8501) -> st.App:
    """The dashboard as an ASGI application."""

    @asynccontextmanager
    async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any] | None]:
        """Warm up beside the start, so that the first reader does not wait for it."""
        ui.allow()
        warming = asyncio.create_task(asyncio.to_thread(_warm_up, address, port))
        yield None
        warming.cancel()

    return st.App(
        ROOT / "app.py",
        lifespan=lifespan,
        routes=[
            Route("/readyz", _ready),
            Route("/overview", _front),
            Route("/journey.js", document.script),
        ],
        middleware=[Middleware(SecurityHeaders), Middleware(document.FirstDocument)],
        on_script_error=_report,
    )


class SecurityHeaders:
    """Adds a content security policy and its kin to every answer."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.headers = [
            (b"content-security-policy", content_security_policy().encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
            (b"x-frame-options", b"DENY"),
        ]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass the request on; websockets go through as they are."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self.headers]
            await send(message)

        await self.app(scope, receive, with_headers)


def content_security_policy() -> str:
    """Scripts from here alone: Streamlit's own, and the one inline script of its index page,
    by the hash of the version that is installed."""
    index = (files("streamlit") / "static" / "index.html").read_text(encoding="utf-8")
    hashes = [
        "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
        for text in re.findall(r"<script>(.*?)</script>", index, re.DOTALL)
    ]
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' {' '.join(hashes)}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' ws: wss:",
            "worker-src 'self' blob:",
            "frame-ancestors 'none'",
            "base-uri 'self'",
            "object-src 'none'",
        ]
    )


async def _ready(request: Request) -> PlainTextResponse:
    """200 once there is a snapshot to show, 503 with the reason before that."""
    try:
        snapshot = ui.engines().current().snapshot
    except JourneyError as error:
        return PlainTextResponse(str(error), status_code=503)
    return PlainTextResponse(f"ready: snapshot {snapshot.name}")


async def _front(request: Request) -> RedirectResponse:
    """The overview lives at the root, where Streamlit serves its default page; a link to it by
    its name leads there and keeps what was chosen."""
    query = request.url.query
    return RedirectResponse(f"./?{query}" if query else "./")


def _warm_up(address: str, port: int) -> None:
    """Run app.py once. Until someone does, Streamlit serves a direct link to a page without the
    menu; and the first run imports what every later one needs. What is loaded by then stays for
    good, so the collector need not look at it again."""
    host = "127.0.0.1" if address in ("0.0.0.0", "") else address
    for _ in range(100):
        try:
            with urllib.request.urlopen(
                f"http://{host}:{port}/_stcore/script-health-check", timeout=30
            ):
                break
        except OSError:
            time.sleep(0.1)
    gc.collect()
    gc.freeze()


def _report(error: Exception) -> bool:
    """Show a reader an id and write the rest to the log; nothing of the error leaves the server."""
    identity = uuid.uuid4().hex[:8]
    log.error("error %s", identity, exc_info=error)
    st.error(
        f"Something went wrong on our side. The log has the details under {identity}; "
        "reload the page, and tell whoever runs this dashboard if it stays.",
        icon=":material/error:",
    )
    return True
