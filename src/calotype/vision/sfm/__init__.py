"""Camera poses from photos: structure from motion with COLMAP, chunked, resumable, and explained.

Import from the submodules: `options`, `request` and `given` are light; `reconstruct` loads COLMAP when it is called.
"""
