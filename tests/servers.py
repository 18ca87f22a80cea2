"""S3-compatible servers for tests, on loopback: moto honours exclusive creates, rclone does not."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from calotype.storage.s3 import S3Settings

ACCESS_KEY = "calotype-test-key"
SECRET_KEY = "calotype-test-secret"
BUCKET = "calotype-test"


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
