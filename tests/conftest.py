"""Fixtures that several parts share."""

pytest_plugins = ("servers", "commands", "small_disk", "chromium")
