"""Splats as files: one module per format, `table` maps endings to them."""
