"""The inner loops of the models, compiled by numba: plain loops over arrays, many grid points side by side.

The other files of the room say what is computed and why; these say how it is computed fast. Working arrays carry grid
points (rho, sigma) on their last axis, so that one instruction works on several of them; updates are right-looking, so
that no inner loop carries a sum, which is what lets the compiler do so.

What is compiled is kept on disk. numba looks only at the file of the function itself, so a change in a function that it
calls would go unseen; the key used here holds the source of this whole folder.

Arithmetic is kept as it is written (no "fast" mathematics): the compiler may not fuse or reorder operations, so that
the last digit does not depend on what was inlined where, in this process or in a worker on another machine.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Any

import numba
from numba.core.caching import FunctionCache


@cache
def source_digest() -> str:
    """SHA-256 over the source of every file of this folder."""
    digest = hashlib.sha256()
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda one: one.name):
        digest.update(inspect.getsource(importlib.import_module(f"{__name__}.{module.name}")).encode())
    return digest.hexdigest()


class _WholeFolderCache(FunctionCache):
    """numba's cache on disk, with the whole folder's source in its key."""

    def _index_key(self, sig: Any, codegen: Any) -> tuple[Any, ...]:
        return (*super()._index_key(sig, codegen), source_digest())  # type: ignore[no-untyped-call]


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a function when it is first called, or take it from the cache on disk."""
    dispatcher: Any = numba.njit(nogil=True, error_model="numpy")(function)
    dispatcher._cache = _WholeFolderCache(dispatcher.py_func)  # type: ignore[no-untyped-call]
    return dispatcher
