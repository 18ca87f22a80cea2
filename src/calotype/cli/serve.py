"""`calotype serve`: the HTTP API over a store, with a queue of runs that outlives a restart."""

from __future__ import annotations

import logging
import os
import sys
from typing import Annotated

from cyclopts import Parameter

from calotype.cli.flags import DEFAULT_STORE, StoreFlag
from calotype.cli.terminal import show, tell
from calotype.errors import MissingExtra
from calotype.runners.session import open_session
from calotype.runners.signing import SigningSecrets


def serve(
    *,
    host: Annotated[
        str, Parameter(help="Address to listen on. Others than this machine's own need a key to exist.")
    ] = "127.0.0.1",
    port: Annotated[int, Parameter(help="Port; 0 for any that is free.")] = 8000,
    store: StoreFlag = DEFAULT_STORE,
) -> None:
    """Serve the HTTP API, and carry out the runs that are asked for, one after the other.

    Ctrl-C or a signal to terminate stops it: what runs keeps what it has finished and goes on when it is served again.
    """
    try:
        from calotype.service.server import listening_socket
        from calotype.service.server import serve as serve_http
    except ModuleNotFoundError as error:
        raise MissingExtra(
            f"calotype serve needs the library {error.name}: pip install 'calotype[service]'."
        ) from error
    from calotype.service.service import Service
    from calotype.service.settings import ServiceSettings

    settings = ServiceSettings.from_environment(os.environ)
    secrets = SigningSecrets.from_environment(os.environ)
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    with open_session(store, make=True) as session, listening_socket(host, port, session.catalog) as listener:
        where, number = listener.getsockname()[:2]
        shown = f"[{where}]" if ":" in where else where
        show(f"Calotype serves http://{shown}:{number} from {session.store.url}\n")
        sys.stdout.flush()
        if session.catalog.api_keys.count() == 0:
            tell("There is no API key yet, so every request is refused. Make one: calotype keys add NAME\n")
        serve_http(Service(session, settings, secrets), listener)
