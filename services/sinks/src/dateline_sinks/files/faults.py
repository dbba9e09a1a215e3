"""What an error of the file system means for a sink."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dateline.errors import StageError, TransientError

__all__ = ["file_faults", "no_links"]

FULL = {errno.ENOSPC, errno.EDQUOT}
REFUSED = {errno.EROFS, errno.EACCES, errno.EPERM}
NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}


@contextmanager
def file_faults(path: Path) -> Iterator[None]:
    """Raise the errors of the file system as those of a sink.

    Raises:
        StageError: the folder is read-only, or belongs to another user.
        TransientError: the disk is full, or the file system does not answer; another attempt may succeed.
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno in REFUSED:
            raise StageError(f"{path} cannot be written: {reason}; let this process write there") from error
        if error.errno in FULL:
            raise TransientError(f"{path} is full: {reason}; the records wait until there is space") from error
        raise TransientError(f"{path} failed: {reason}") from error


def no_links(path: Path, error: OSError) -> StageError | None:
    """Return the error for a file system without hard links, None if `error` means something else.

    Nothing replaces the links: a rename would let a former owner of a partition overwrite what the present one wrote.
    """
    if error.errno not in NO_LINKS:
        return None
    return StageError(
        f"{path} is on a file system without hard links ({error.strerror}), which make each file exactly once; "
        f"choose a folder on another file system, such as ext4, XFS, APFS or NFS"
    )
