"""Where a catalog may be kept, and in which words other places are refused."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from calotype.catalog import Catalog
from calotype.catalog.address import CatalogAddress
from calotype.errors import CalotypeError, ConfigurationError, StorageError, StoreUnwritable, Transient


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_all_names_of_postgresql_mean_it_and_its_password_is_not_shown(scheme: str) -> None:
    address = CatalogAddress.parse(f"{scheme}://me:secret@host:5433/db")
    assert address.url.drivername == "postgresql+psycopg"
    assert address.url.password == "secret"
    assert "secret" not in address.shown
    assert not address.is_sqlite


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("catalog.sqlite", "not a URL"),
        ("me:secret@nowhere", "not a URL"),
        ("mysql://me:secret@host/db", "cannot be kept in 'mysql'"),
        ("sqlite://catalog.sqlite", "three slashes"),
        ("sqlite:///x?mode=ro", "no options"),
    ],
)
def test_other_addresses_are_refused_in_words_that_hold_no_password(url: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(said)) as refusal:
        CatalogAddress.parse(url)
    assert "secret" not in str(refusal.value)


def test_a_database_that_is_not_there_is_refused_at_once(postgres_url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"cannot be opened.*does not exist"):
        Catalog(f"{postgres_url}_missing")


def test_a_server_that_is_not_there_is_worth_another_attempt() -> None:
    with pytest.raises(
        Transient, match=r"postgresql\+psycopg://me:\*\*\*@127\.0\.0\.1:1/db has not answered"
    ) as error:
        Catalog("postgresql://me:secret@127.0.0.1:1/db", patience_s=0.3)
    assert "secret" not in str(error.value)


def test_a_user_who_may_not_write_is_told_so(postgres_url: str) -> None:
    import psycopg

    name = postgres_url.rsplit("/", 1)[1]
    Catalog(postgres_url).close()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN")
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")
    reader = Catalog(re.sub("//[^@]*@", f"//{name}@", postgres_url))
    with pytest.raises(StoreUnwritable, match="permission denied"):
        reader.runs.create("r", "p", "", [])
    assert reader.runs.list() == []
    reader.close()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"DROP OWNED BY {name}")
        connection.execute(f"DROP ROLE {name}")


def test_a_catalog_that_cannot_be_kept_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnwritable, match="cannot be kept"):
        Catalog(f"sqlite:///{tmp_path}/file/catalog.sqlite")


def test_a_file_that_is_no_database_is_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    path.write_bytes(b"these are not the tables you are looking for" * 100)
    with pytest.raises(StorageError, match=r"is damaged: .*rebuild --force"):
        Catalog(f"sqlite:///{path}")
    assert path.read_bytes().startswith(b"these")


def test_a_folder_with_any_character_holds_a_catalog(tmp_path: Path) -> None:
    folder = tmp_path / "100% sure? #1 ünder"
    catalog = Catalog(folder / "catalog.sqlite")
    catalog.runs.create("r", "p", "", [])
    catalog.close()
    assert os.listdir(tmp_path) == [folder.name]
    assert (folder / "catalog.sqlite").is_file()


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "9p", "fuse.sshfs"])
def test_a_network_disk_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str) -> None:
    point = tmp_path / "a disk"
    escaped = str(point).replace(" ", "\\040")
    mounts = f"/dev/sda1 / ext4 rw 0 0\nnas:/x {escaped} {kind} rw 0 0\n"
    read = Path.read_text
    monkeypatch.setattr(
        Path, "read_text", lambda self, *a: mounts if str(self) == "/proc/mounts" else read(self, *a)
    )
    with pytest.raises(ConfigurationError, match=rf"network disk \({kind}\)"):
        Catalog(f"sqlite:///{point}/catalog.sqlite")
    Catalog(f"sqlite:///{tmp_path}/beside/catalog.sqlite").close()


def test_a_file_that_is_removed_while_in_use_is_not_written_any_more(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    catalog = Catalog(f"sqlite:///{path}")
    catalog.runs.create("r", "p", "", [])
    path.unlink()
    with pytest.raises(StoreUnwritable, match="was removed or replaced") as error:
        catalog.runs.set_state("r", "done")
    assert isinstance(error.value, CalotypeError)
    catalog.close()
