"""The `calotype` command: each subcommand is loaded only when it is called, so that help is instant."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Sequence

from cyclopts import App
from cyclopts.exceptions import CycloptsError

from calotype import __version__
from calotype.cli.terminal import tell
from calotype.errors import EXIT_CANCELLED, EXIT_CONFIGURATION, CalotypeError, Cancelled

app = App(
    name="calotype",
    version=__version__,
    result_action="return_value",
    help_format="plaintext",  # Markdown would load a parser: half of the time that help takes.
    help="Photos in a folder or bucket become 3D scenes: computed once, kept by key, printed as often as asked.",
)
_COMMANDS = {
    "run": ("calotype.cli.run:app", "Run a pipeline over photos: `calotype run splat PHOTOS -o DIR`."),
    "demo": (
        "calotype.cli.demo:demo",
        "Make photos of a small scene, find their poses, train a splat, show the result.",
    ),
    "runs": ("calotype.cli.show:runs", "List runs, newest first."),
    "status": ("calotype.cli.show:status", "Show how far a run is, step by step."),
    "explain": ("calotype.cli.show:explain", "Say why a step ran: which part of its key changed."),
    "stages": ("calotype.cli.show:stages", "List the installed stages and their parameters."),
    "resume": ("calotype.cli.control:resume", "Go on with a run where it stopped."),
    "fork": ("calotype.cli.fork:fork_run", "Make a new run from another one with something changed."),
    "compare": ("calotype.cli.compare:compare", "Set runs side by side: parameters, figures, pictures."),
    "lineage": ("calotype.cli.lineage:lineage", "Say what something was made from, or what was made of it."),
    "cancel": ("calotype.cli.control:cancel", "Ask a run to stop, wherever it works."),
    "export": (
        "calotype.cli.exchange:export",
        "Pack a run into one zip archive: `calotype export RUN -o x.zip`.",
    ),
    "import": (
        "calotype.cli.exchange:import_archive",
        "Take a run from an archive, every file of it verified.",
    ),
    "convert": (
        "calotype.cli.convert:convert",
        "Convert a splat between file formats: `calotype convert scene.ply scene.spz`.",
    ),
    "purge": ("calotype.cli.store:purge", "Let go of a run; `calotype gc` then frees what only it used."),
    "purge-all": ("calotype.cli.store:purge_all", "Let go of every run of a store."),
    "gc": ("calotype.cli.store:gc", "Remove what no run uses any more."),
    "catalog": ("calotype.cli.store:catalog", "Rebuild or check the catalog of a store."),
    "open": ("calotype.cli.control:open_report", "Open a run's report in the browser."),
    "exec": ("calotype.cli.control:execute_task", "Execute one task by its URL: what every runner calls."),
    "worker": (
        "calotype.cli.worker:app",
        "Take jobs from a platform and carry them out: `calotype worker runpod`.",
    ),
    "serve": ("calotype.cli.serve:serve", "Serve the HTTP API, with a queue of runs."),
    "keys": ("calotype.cli.keys:app", "Make, list and remove keys of the HTTP API."),
    "estimate": ("calotype.cli.estimate:app", "Estimate time, memory and disk of a run before it starts."),
    "webhooks": (
        "calotype.cli.webhooks:app",
        "What is still to be sent to webhooks and upload URLs: list it, send it again.",
    ),
    "doctor": ("calotype.cli.doctor:doctor", "Check this machine: libraries, cores, memory, disk, store."),
}
for _name, (_target, _help) in _COMMANDS.items():
    app.command(_target, name=_name, help=_help)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with the exit code that its outcome has."""
    sys.exit(run_command(sys.argv[1:] if arguments is None else arguments))


def run_command(arguments: Sequence[str]) -> int:
    """Exit code of a command line; errors are one message on stderr, without a traceback (`CALOTYPE_DEBUG=1` shows it)."""
    fail = _fail_as_json if "--json" in arguments else _fail
    try:
        code = app(list(arguments), exit_on_error=False, print_error=False)
    except CycloptsError as error:
        from calotype.cli.mistakes import explain_mistake

        return fail(explain_mistake(error), EXIT_CONFIGURATION)
    except CalotypeError as error:
        if os.environ.get("CALOTYPE_DEBUG"):
            raise
        return fail(str(error), error.exit_code)
    except (KeyboardInterrupt, Cancelled):
        return fail("stopped.", EXIT_CANCELLED)
    except BrokenPipeError:
        if not _reader_is_gone():
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # The reader of our output has gone; nothing is wrong.
        return 0
    return code if isinstance(code, int) else 0


def _reader_is_gone() -> bool:
    """Whether nobody reads our output any more (`calotype runs | head`), as against a pipe of our own that broke."""
    poll = select.poll()
    for descriptor in (1, 2):
        poll.register(descriptor, 0)
    return any(event & select.POLLERR for _, event in poll.poll(0))


def _fail(message: str, code: int) -> int:
    tell(f"calotype: {message}\n")
    return code


def _fail_as_json(message: str, code: int) -> int:
    """The error on stderr for people, and as the one document on stdout for programs."""
    from calotype.cli.results import print_json

    print_json({"error": message, "exit_code": code})
    return _fail(message, code)
