"""The first document carries our title and script; nothing else is touched."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route

from journey.present.document import SCRIPT, VERSION, FirstDocument, script

PAGE = "<!DOCTYPE html><html><head><title>Streamlit</title><script type=module></script></head>"


async def page(request: Request) -> HTMLResponse:
    """A document like Streamlit's, which says what it was asked for."""
    asked = request.headers.get("if-none-match", "") + request.headers.get("accept-encoding", "")
    return HTMLResponse(f"{PAGE}<body>{asked}</body></html>", headers={"etag": '"old"'})


async def in_parts(request: Request) -> StreamingResponse:
    """A document that comes piece by piece."""
    return StreamingResponse(iter([PAGE[:30], PAGE[30:]]), media_type="text/html")


async def other(request: Request) -> PlainTextResponse:
    """Something that only talks of a document."""
    return PlainTextResponse(PAGE, headers={"etag": '"old"'})


@dataclass
class Told:
    """An answer."""

    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """What it says."""
        return self.content.decode()


def get(path: str, **headers: str) -> Told:
    """What a browser gets from a small server, without a network."""
    routes = [
        Route("/journey.js", script),
        Route("/parts", in_parts),
        Route("/other", other),
        Route("/{page}", page),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(FirstDocument)])
    asked = {"accept": "text/html,*/*", "accept-encoding": "gzip"} | headers
    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [
            (name.replace("_", "-").encode(), value.encode()) for name, value in asked.items()
        ],
    }
    sent = []
    asked_once = False

    async def receive():
        # A client asks once and then stays; an answer in parts watches whether it goes.
        nonlocal asked_once
        if asked_once:
            await asyncio.sleep(3600)
        asked_once = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    # On a thread of its own: where a browser test ran before, this one has a loop already.
    with ThreadPoolExecutor(1) as beside:
        beside.submit(lambda: asyncio.run(app(scope, receive, send))).result()
    start, *parts = sent
    assert start["status"] == 200
    return Told(
        {name.decode(): value.decode() for name, value in start["headers"]},
        b"".join(part.get("body", b"") for part in parts),
    )


def test_title_and_script_come_before_streamlits_own_script() -> None:
    told = get("/funnel", if_none_match='"old"')
    assert "<title>Journey</title>" in told.text
    assert told.text.index(f"./journey.js?v={VERSION}") < told.text.index("type=module")
    assert int(told.headers["content-length"]) == len(told.content)
    assert "etag" not in told.headers, "the tag is that of the document without ours"
    assert "<body></body>" in told.text, "no old copy and no packing is asked for"
    assert "journey.js" in get("/parts").text


def test_what_is_no_document_goes_through_as_it_is() -> None:
    told = get("/other")
    assert told.text == PAGE
    assert told.headers["etag"] == '"old"'
    assert get("/funnel", accept="*/*").text.startswith(PAGE)


def test_the_script_is_kept_for_good_under_its_own_address() -> None:
    told = get(f"/journey.js?v={VERSION}")
    assert told.content == SCRIPT
    assert "immutable" in told.headers["cache-control"]
    assert told.headers["content-type"].startswith("text/javascript")


def test_streamlits_document_still_has_the_place_for_it() -> None:
    index = (files("streamlit") / "static" / "index.html").read_text(encoding="utf-8")
    assert index.count("<title>Streamlit</title>") == 1
    assert index.index("<title>") < index.index('<script type="module"')
