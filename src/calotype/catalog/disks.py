"""Which disks SQLite must not be kept on."""

from __future__ import annotations

import re
from pathlib import Path

from calotype.errors import ConfigurationError

_NETWORK_FILE_SYSTEMS = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "afs",
    "ceph",
    "glusterfs",
    "lustre",
    "beegfs",
    "gpfs",
    "ncpfs",
    "fuse.sshfs",
    "fuse.s3fs",
    "fuse.rclone",
    "fuse.gcsfuse",
    "fuse.goofys",
    "fuse.mountpoint-s3",
    "fuse.blobfuse2",
    "fuse.glusterfs",
    "fuse.ceph",
    "fuse.juicefs",
    "fuse.davfs2",
}


def refuse_network_disk(path: Path) -> None:
    """ConfigurationError where SQLite's write-ahead log has not the shared memory it needs: on a network file system."""
    try:
        mounts = Path("/proc/mounts").read_text().splitlines()
    except OSError:
        return
    resolved = path.resolve()
    best, kind = Path("/"), ""
    for line in mounts:
        _, mount, file_system, *_ = line.split(" ")
        point = Path(re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), mount))
        if resolved.is_relative_to(point) and len(str(point)) >= len(str(best)):
            best, kind = point, file_system
    if kind in _NETWORK_FILE_SYSTEMS:
        raise ConfigurationError(
            f"{path} lies on a network disk ({kind}), where SQLite would be damaged. Put the store on a local disk, "
            "or use a PostgreSQL catalog (CALOTYPE_CATALOG)."
        )
