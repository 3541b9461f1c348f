"""Memory that answers leave behind, kept for the next answer.

The C library hands large blocks back to the system as soon as they are free, and the system
clears every page anew when the next answer asks for them: a funnel over two million events spent
a third of its time so. The GNU C library can be told to keep them; others are left as they are.
"""

import ctypes
from functools import cache

_KEPT = 256 << 20
"""How many free bytes at the end of a heap are kept."""

_OWN_MAPPING = 32 << 20
"""From how many bytes on a block is mapped by itself, and so never kept; the largest that is
allowed."""

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""Their numbers in the GNU C library's `malloc.h`."""


@cache
def keep_memory() -> bool:
    """Have this process keep what it frees, once; whether it could be told so."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    settings = {_M_TRIM_THRESHOLD: _KEPT, _M_MMAP_THRESHOLD: _OWN_MAPPING}
    return all(mallopt(name, size) for name, size in settings.items())
