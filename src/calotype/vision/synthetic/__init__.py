"""A procedural still life and photos of it, with exact poses and depth: the demo's subject and the tests' truth."""
