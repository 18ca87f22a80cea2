"""Where bytes live: stores, blobs by digest, scratch disk, sources and destinations."""
