"""Fixtures that several parts share."""

pytest_plugins = ["tests.servers"]
