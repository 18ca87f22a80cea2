"""`calotype keys`: who may use the HTTP API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from cyclopts import App, Parameter

from calotype.cli.flags import DEFAULT_STORE, Json, StoreFlag
from calotype.cli.results import print_json
from calotype.cli.terminal import show, tell
from calotype.errors import UnknownName
from calotype.runners.session import open_session

app = App(name="keys", help="Make, list and remove keys of the HTTP API (`calotype serve`).")

KeyName = Annotated[str, Parameter(help="What the key is called.")]


@app.command
def add(
    name: KeyName,
    *,
    scope: Annotated[
        tuple[str, ...],
        Parameter(name="--scope", negative="", help="`runs:read` or `runs:write`; both if left out."),
    ] = (),
    store: StoreFlag = DEFAULT_STORE,
    json: Json = False,
) -> None:
    """Make a key and show it: now, and never again. Only a digest of it is kept."""
    from calotype.service.keys import add_key

    with open_session(store, make=True) as session:
        key = add_key(session.catalog, name, scope)
    if json:
        print_json({"name": name, "key": key})
    else:
        show(f"{key}\n")
        tell("Keep it now: it is not shown again.\n")


@app.command(name="list")
def list_keys(*, store: StoreFlag = DEFAULT_STORE, json: Json = False) -> None:
    """List the keys there are, without what is secret of them."""
    with open_session(store) as session:
        rows = session.catalog.api_keys.list()
    if json:
        print_json(
            [{"id": r.id, "name": r.name, "scopes": r.scopes.split(), "created": r.created} for r in rows]
        )
        return
    for row in rows:
        when = datetime.fromtimestamp(row.created).strftime("%Y-%m-%d %H:%M")
        show(f"{row.name:<20} calo_{row.id}_...  {when}  {row.scopes}\n")
    if not rows:
        show("No keys yet. Make one: calotype keys add NAME\n")


@app.command
def remove(name: KeyName, *, store: StoreFlag = DEFAULT_STORE, json: Json = False) -> None:
    """Remove a key: who has it is refused from the next request on. Runs that it started go on."""
    with open_session(store) as session:
        if not session.catalog.api_keys.remove(name):
            raise UnknownName(f"There is no key called {name!r}. `calotype keys list` lists those there are.")
    if json:
        print_json({"name": name, "removed": True})
    else:
        show(f"{name} is removed.\n")
