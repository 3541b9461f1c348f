"""Safe from the start: each default that keeps the dashboard shut is asserted here."""

import base64
import hashlib
import re
import tomllib
from importlib.resources import files

import pytest
from streamlit import config as streamlit_config

from journey import ROOT
from journey.present.server import content_security_policy

DEFAULTS = {
    "server.address": "127.0.0.1",
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.maxUploadSize": 1,
    "server.maxCacheDataSize": "512mb",
    "server.websocketPingInterval": 20,
    "server.scriptHealthCheckEnabled": True,
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "viewer",
    "client.disableDataExport": True,
    "browser.gatherUsageStats": False,
}


@pytest.mark.parametrize("option", DEFAULTS)
def test_the_default_is_set(option: str) -> None:
    section, name = option.split(".")
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert settings[section][name] == DEFAULTS[option]


@pytest.mark.parametrize("option", DEFAULTS)
def test_streamlit_still_knows_the_option(option: str) -> None:
    """Some of them are not documented, so a new version may drop them without a word."""
    assert option in streamlit_config._config_options_template


def test_protections_that_are_on_by_default_stay_on() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    for name in ("enableXsrfProtection", "enableCORS"):
        assert settings["server"].get(name, True) is True
        assert streamlit_config._config_options_template[f"server.{name}"].value is True


def test_the_policy_allows_no_script_from_elsewhere() -> None:
    policy = dict(part.split(" ", 1) for part in content_security_policy().split("; "))
    assert "unsafe" not in policy["script-src"]
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    index = (files("streamlit") / "static" / "index.html").read_text(encoding="utf-8")
    for script in re.findall(r"<script>(.*?)</script>", index, re.DOTALL):
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy["script-src"]


def test_only_ui_and_server_know_streamlit() -> None:
    """Everything else can be used, and tested, without a browser."""
    allowed = {str(path.relative_to(ROOT)) for path in (ROOT / "journey/present/ui").rglob("*.py")}
    allowed.add("journey/present/server.py")
    knowing = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "journey").rglob("*.py")
        if re.search(r"^\s*(import|from) streamlit", path.read_text(), re.MULTILINE)
    }
    assert knowing <= allowed


def test_only_warehouse_engine_and_parser_open_duckdb() -> None:
    opening = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "journey").rglob("*.py")
        if "duckdb.connect(" in path.read_text()
    }
    assert opening <= {
        "journey/warehouse/connection.py",
        "journey/warehouse/snapshot.py",
        "journey/metrics/opening.py",
        "journey/metrics/metric.py",
    }
