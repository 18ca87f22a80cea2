"""Where an S3-compatible bucket is and who we are there: endpoint, region, credentials, retries."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from calotype.errors import ConfigurationError, InvalidParameter

if TYPE_CHECKING:
    from obstore.store import S3Store

_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,62}")
_REGION = re.compile(r"[A-Za-z0-9-]+")
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9a-fA-F:.]+")  # a name, IPv4 or IPv6
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}

_ENVIRONMENT = {
    "endpoint": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"),
    "region": ("AWS_REGION", "AWS_DEFAULT_REGION"),
    "access_key_id": ("AWS_ACCESS_KEY_ID",),
    "secret_access_key": ("AWS_SECRET_ACCESS_KEY",),
    "session_token": ("AWS_SESSION_TOKEN", "AWS_TOKEN"),
    "anonymous": ("AWS_SKIP_SIGNATURE",),
    "virtual_hosted": ("AWS_VIRTUAL_HOSTED_STYLE_REQUEST",),
}
_MACHINE_CREDENTIALS = (
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)


@dataclass(frozen=True)
class S3Settings:
    """How to reach a bucket. Storage reads no environment: the command line passes one in through `from_environment`."""

    endpoint: str | None = None
    """URL of the server, `https://` or `http://`; None for AWS itself."""
    region: str | None = None
    """Region name; None is `us-east-1` on AWS and `auto` elsewhere."""
    access_key_id: str | None = None
    """Access key."""
    secret_access_key: str | None = field(default=None, repr=False)
    """Secret of the access key."""
    session_token: str | None = field(default=None, repr=False)
    """Token that comes with temporary keys."""
    anonymous: bool = False
    """Send no signature: for public buckets."""
    machine_credentials: bool = False
    """Use the role of the machine or pod (instance metadata, ECS, EKS) instead of keys."""
    virtual_hosted: bool = False
    """Put the bucket into the host name; the default puts it into the path, which every server understands."""
    max_retries: int = 7
    """How often one request is tried again, with growing pauses (0.1 s, doubling): about 10 s in all."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> S3Settings:
        """Settings from `AWS_*` variables, as the AWS tools name them; absent ones keep their defaults."""
        found = {
            name: next((environment[variable] for variable in variables if environment.get(variable)), None)
            for name, variables in _ENVIRONMENT.items()
        }
        options = {name: value for name, value in found.items() if value is not None}
        if "access_key_id" not in options and any(environment.get(name) for name in _MACHINE_CREDENTIALS):
            options["machine_credentials"] = "true"
        return cls().with_options(options)

    def with_options(self, options: Mapping[str, str]) -> S3Settings:
        """These settings with the named ones replaced; values are text, as written in a URL, a file or a flag."""
        types = {one.name: one.type for one in fields(self)}
        changed: dict[str, Any] = {}
        for name, value in options.items():
            if name not in types:
                raise InvalidParameter(f"Unknown S3 setting {name!r}; known are {', '.join(sorted(types))}.")
            changed[name] = _parsed(name, value, str(types[name]))
        return replace(self, **changed)

    @property
    def server(self) -> str:
        """Which server this is, without path and credentials: `https://host:port` or `aws`."""
        if self.endpoint is None:
            return "aws"
        parts = urlsplit(self.endpoint)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"

    def open(self, bucket: str, prefix: str) -> S3Store:
        """An obstore client for `bucket`; nothing is contacted yet. Raises ConfigurationError when keys are missing."""
        from obstore.store import S3Store

        if not _BUCKET.fullmatch(bucket):
            raise ConfigurationError(
                f"{bucket!r} cannot be the name of a bucket: 3 to 63 letters, digits, '.', '-' or '_'."
            )
        if not _BUCKET.fullmatch(bucket):
            raise ConfigurationError(
                f"{bucket!r} cannot be the name of a bucket: 3 to 63 letters, digits, '.', '-' or '_'."
            )
        endpoint, region = self._endpoint(bucket)
        if not _REGION.fullmatch(region):
            raise ConfigurationError(f"{region!r} cannot be the name of a region; eu-central-1 and auto can.")
        if not _REGION.fullmatch(region):
            raise ConfigurationError(f"{region!r} cannot be the name of a region; eu-central-1 or auto are.")
        # obstore fills what is not given from the process's environment, so everything that matters is given here.
        credentials: dict[str, Any] = {"skip_signature": self.anonymous}
        if not self.anonymous and not self.machine_credentials:
            credentials["credential_provider"] = self._keys(bucket)
        return S3Store(
            bucket,
            prefix=prefix or None,
            endpoint=endpoint,
            aws_endpoint_url_s3=endpoint,
            region=region,
            virtual_hosted_style_request=self.virtual_hosted,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "connect_timeout": "10s",
                # The default, 30 s for a whole request, breaks off large downloads; a stall is what counts.
                "read_timeout": "60s",
                "timeout": "6h",
            },
            retry_config={"max_retries": self.max_retries, "retry_timeout": timedelta(minutes=3)},
            **credentials,
        )

    def _endpoint(self, bucket: str) -> tuple[str, str]:
        if self.endpoint is None:
            region = self.region or "us-east-1"
            host = f"s3.{region}.amazonaws.com"
            return (f"https://{bucket}.{host}" if self.virtual_hosted else f"https://{host}"), region
        # obstore panics, and not with an Exception, over an endpoint or a key that makes no valid request.
        try:
            parts = urlsplit(self.endpoint)
            host, _ = parts.hostname or "", parts.port
        except ValueError as error:
            raise ConfigurationError(f"The S3 endpoint is no http:// or https:// URL: {error}.") from error
        if parts.username or parts.password:
            raise ConfigurationError(
                "An S3 endpoint holds no credentials; set AWS_ACCESS_KEY_ID and its secret instead."
            )
        if (
            parts.scheme not in ("http", "https")
            or not _HOST.fullmatch(host)
            or parts.query
            or parts.fragment
        ):
            raise ConfigurationError(
                f"The S3 endpoint {self.endpoint!r} is no http:// or https:// URL of a server."
            )
        path = parts.path.rstrip("/")
        host = f"{bucket}.{parts.netloc}" if self.virtual_hosted else parts.netloc
        return f"{parts.scheme}://{host}{path}", self.region or "auto"

    def _secrets(self) -> tuple[str | None, ...]:
        return self.access_key_id, self.secret_access_key, self.session_token

    def _keys(self, bucket: str) -> Callable[[], Any]:
        if not self.access_key_id or not self.secret_access_key:
            raise ConfigurationError(
                f"s3://{bucket}: no credentials. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
                "or the setting anonymous for a public bucket, or machine_credentials for the role of this machine."
            )
        if not all((value or "").isascii() and (value or "").isprintable() for value in self._secrets()):
            raise ConfigurationError(
                f"s3://{bucket}: the credentials hold a line break or a letter that keys never have."
            )
        keys: dict[Literal["access_key_id", "secret_access_key", "token", "expires_at"], str | None] = {
            "access_key_id": self.access_key_id,
            "secret_access_key": self.secret_access_key,
            "token": self.session_token,
            "expires_at": None,
        }
        return lambda: keys


def _parsed(name: str, value: str, kind: str) -> str | bool | int:
    if kind == "bool":
        if value.lower() in _TRUE:
            return True
        if value.lower() in _FALSE:
            return False
        raise InvalidParameter(f"S3 setting {name} is true or false, not {value!r}.")
    if kind == "int":
        if not value.isdigit():
            raise InvalidParameter(f"S3 setting {name} is a whole number, not {value!r}.")
        return int(value)
    return value
