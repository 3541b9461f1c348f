"""The first document a browser gets: Streamlit's, with our title and our script in it."""

import hashlib
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

SCRIPT = (Path(__file__).parent / "first.js").read_bytes()
"""What runs in the browser before Streamlit does."""

VERSION = hashlib.sha256(SCRIPT).hexdigest()[:12]

_PLACE = b"<title>Streamlit</title>"
_UNKEPT = {b"content-length", b"etag", b"last-modified", b"accept-ranges"}
_ASKED_FOR_AN_OLD_ONE = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}


async def script(request: Request) -> Response:
    """The script, for good: its address changes when it does."""
    return Response(
        SCRIPT,
        media_type="text/javascript",
        headers={"cache-control": "public, max-age=31536000, immutable"},
    )


class FirstDocument:
    """Puts title and script into every HTML document, as it passes."""

    def __init__(self, app: App) -> None:
        self.app = app
        # Like Streamlit's own files beside the document, so that it is found behind a prefix too.
        self.ours = (
            f'<title>Journey</title>\n    <script src="./journey.js?v={VERSION}"></script>'
        ).encode()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass the request on; what is no document goes through as it is."""
        headers = scope.get("headers", [])
        wants = dict(headers).get(b"accept", b"")
        if scope["type"] != "http" or scope["method"] != "GET" or b"text/html" not in wants:
            await self.app(scope, receive, send)
            return
        plain = [(name, value) for name, value in headers if name not in _ASKED_FOR_AN_OLD_ONE]
        start: Message = {}
        body = bytearray()

        async def with_ours(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                if not _is_html(message):
                    await send(message)
                return
            if not _is_html(start):
                await send(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            told = bytes(body).replace(_PLACE, self.ours, 1)
            kept = [(name, value) for name, value in start["headers"] if name not in _UNKEPT]
            kept.append((b"content-length", str(len(told)).encode()))
            await send({**start, "headers": kept})
            await send({"type": "http.response.body", "body": told})

        await self.app({**scope, "headers": plain}, receive, with_ours)


def _is_html(start: Message) -> bool:
    """Whether an answer that starts so is an HTML document."""
    kind: bytes = dict(start["headers"]).get(b"content-type", b"")
    return kind.startswith(b"text/html")
