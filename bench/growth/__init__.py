"""Captures of growing size, and the curve of what they cost."""
