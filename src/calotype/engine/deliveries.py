"""Deliveries that outlive the catalog: each is an object in the store, `deliveries/<id>.json`, until it has arrived."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from calotype.catalog import Catalog
from calotype.catalog.deliveries import Delivery
from calotype.engine.sweeps import Sweeps
from calotype.errors import DamagedBlob, UnknownName
from calotype.storage.store import Store


class StoredDelivery(BaseModel):
    """A delivery as it was asked for, and the blobs that it is to send."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    run: str
    kind: str
    target: str
    body: str
    next_at: float = 0.0
    digests: tuple[str, ...] = ()
    """gc spares them until it has arrived."""

    @property
    def row(self) -> Delivery:
        return Delivery(self.id, self.run, self.kind, self.target, self.body, next_at=self.next_at)


def delivery_path(delivery: str) -> str:
    return f"deliveries/{delivery}.json"


def write_deliveries(
    store: Store,
    deliveries: Iterable[Delivery],
    digests: Mapping[str, Iterable[str]] | None = None,
    *,
    since: str = "",
) -> None:
    """Write deliveries down, before the transaction that adds their rows. `digests` are the blobs that each sends, by id.

    `since` is what `Sweeps.newest` said before these blobs were found: then they are looked up again only where gc has swept
    since. Raises DamagedBlob when gc took some of them; then no delivery is there that was not before.
    """
    sent = {one: tuple(given) for one, given in (digests or {}).items()}
    new: list[str] = []
    for delivery in deliveries:
        stored = StoredDelivery(
            id=delivery.id,
            run=delivery.run,
            kind=delivery.kind,
            target=delivery.target,
            body=delivery.body,
            next_at=delivery.next_at,
            digests=sent.get(delivery.id, ()),
        )
        path = delivery_path(delivery.id)
        if not store.exists(path):
            new.append(path)
        store.put(path, stored.model_dump_json(indent=1).encode())
    if gone := Sweeps(store).taken(since, (digest for given in sent.values() for digest in given)):
        store.delete(new)
        raise DamagedBlob(
            f"Nothing was noted for delivery: {len(gone)} of the blobs to be sent are gone from the store ({gone[0]}). "
            "`calotype gc` took them, since nobody referred to them any more. `calotype resume` has them computed again."
        )


def settle(store: Store, catalog: Catalog, delivery: Delivery) -> bool:
    """The delivery has arrived: its row says so, then its object goes. False when another attempt has begun meanwhile."""
    if not catalog.deliveries.delivered(delivery):
        return False
    store.delete(delivery_path(delivery.id))
    return True


def read_delivery(store: Store, path: str) -> StoredDelivery:
    """The delivery whose object lies there; DamagedBlob when it cannot be read."""
    try:
        return StoredDelivery.model_validate_json(store.get(path))
    except ValidationError as error:
        raise DamagedBlob(f"{path} cannot be read: {error.errors()[0]['msg']}.") from error


def restore_deliveries(store: Store, catalog: Catalog) -> int:
    """How many deliveries have not arrived; all have their rows now, those given up before are due again."""
    pending = [read_delivery(store, info.key) for info in store.list("deliveries")]
    catalog.deliveries.enqueue(one.row for one in pending)
    return len(pending)


def ask_again(store: Store, catalog: Catalog, delivery: str, target: str = "") -> Delivery:
    """The delivery, due now, whatever became of it; from now on it goes to `target` if that is given.

    Raises UnknownName when catalog and store know none of this id, DamagedBlob when blobs that it sends are gone.
    """
    path = delivery_path(delivery)
    row = catalog.deliveries.find(delivery)
    stored = read_delivery(store, path) if store.exists(path) else None
    if row is None:
        if stored is None:
            raise UnknownName(
                f"There is no delivery {delivery!r}. `calotype webhooks list` shows those there are."
            )
        row = stored.row
        catalog.deliveries.enqueue([row])
    row = replace(row, target=target or row.target, next_at=0.0)
    digests = stored.digests if stored else _digests_in(row.body)
    write_deliveries(store, [row], {row.id: digests})
    catalog.deliveries.again(row.id, target)
    if not store.exists(path):  # It arrived in between, and was settled.
        write_deliveries(store, [row], {row.id: digests})
    return catalog.deliveries.find(row.id) or row


def _digests_in(body: str) -> tuple[str, ...]:
    """The blob that an upload sends."""
    told = json.loads(body)
    digest = cast("dict[str, Any]", told).get("digest") if isinstance(told, dict) else None
    return (digest,) if isinstance(digest, str) else ()
