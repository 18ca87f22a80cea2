"""Sign messages as Standard Webhooks 1.0.0 has it, so that a receiver's library can tell that they come from us."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from calotype.errors import ConfigurationError

WEBHOOK_SECRET = "CALOTYPE_WEBHOOK_SECRET"
_PREFIX = "whsec_"
_FEWEST_BYTES = 24
_MOST_BYTES = 64


@dataclass(frozen=True)
class SigningSecrets:
    """The secrets that every message is signed with: one, or while it is replaced the new and the old one. None signs nothing."""

    keys: tuple[bytes, ...] = field(default=(), repr=False)

    @classmethod
    def parse(cls, text: str) -> SigningSecrets:
        """Secrets as `whsec_` and base64 of 24 to 64 bytes, with spaces between several.

        Raises ConfigurationError, which says which one is wrong and never shows it.
        """
        return cls(tuple(_key(word, number) for number, word in enumerate(text.split(), 1)))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> SigningSecrets:
        """The secrets in `CALOTYPE_WEBHOOK_SECRET`."""
        try:
            return cls.parse(environment.get(WEBHOOK_SECRET, ""))
        except ConfigurationError as error:
            raise ConfigurationError(f"{WEBHOOK_SECRET}: {error}") from error

    def headers(self, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
        """The headers of a message: its id, when it is sent (seconds since the epoch), and one signature per secret."""
        headers = {"webhook-id": message_id, "webhook-timestamp": str(timestamp)}
        signed = f"{message_id}.{timestamp}.".encode() + body
        signatures = [f"v1,{_base64(hmac.digest(key, signed, hashlib.sha256))}" for key in self.keys]
        if signatures:
            headers["webhook-signature"] = " ".join(signatures)
        return headers


def _key(word: str, number: int) -> bytes:
    text = word.removeprefix(_PREFIX)
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not word.startswith(_PREFIX) or not _FEWEST_BYTES <= len(key) <= _MOST_BYTES:
        raise ConfigurationError(
            f"Secret {number} is none: it must be {_PREFIX} and base64 of {_FEWEST_BYTES} to {_MOST_BYTES} bytes. "
            f'Make one with: echo "{_PREFIX}$(openssl rand -base64 32)"'
        )
    return key


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
