"""The command that serves the dashboard."""

import argparse
import logging

from journey.commands.common import Commands, data_folder, port


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(serve)
    command.add_argument("--port", type=port, default=8501)
    command.add_argument("--address", default="127.0.0.1", help="loopback unless you say otherwise")


def serve(options: argparse.Namespace) -> int:
    """Serve the dashboard on this machine and print its address."""
    # Each cached function says once, before the server runs, that no server runs yet.
    caches = logging.getLogger("streamlit.runtime.caching.cache_data_api")
    caches.addFilter(lambda record: "No runtime found" not in record.getMessage())
    from journey.present.server import serve as start

    return start(data_folder(options), options.config, options.address, options.port)
