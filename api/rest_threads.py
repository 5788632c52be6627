"""Threads of the interface's own: however many other systems ask at once, the screens keep theirs."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

Result = TypeVar("Result")
MOST = 8
"""Requests that read or write at the same time; the others wait without a thread."""
_POOL = ThreadPoolExecutor(MOST, thread_name_prefix="interface")


async def in_thread(call: Callable[..., Result], *args: Any) -> Result:
    """What a call gives, made in one of these threads; what the log knows of the request goes along."""
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(_POOL, partial(context.run, call, *args))
