"""A batch on a Dask cluster: the tasks go to the scheduler's workers, and those of a lost worker go to another."""

from __future__ import annotations

import logging
import re
import uuid
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from services.batch_tasks import BatchFailed, Done, evaluated, versions
from services.errors import BadInput
from stats.batch import PilotBatch

if TYPE_CHECKING:
    from distributed import Client

SECONDS_TO_REACH = 8
SECONDS_TO_CLOSE = 2
SECONDS_WITHOUT_WORKERS = 30
LEAST_UNDER_WAY = 64
_ADDRESS = re.compile(r"(?:tcp|tls)://(?:\[[0-9A-Fa-f:.]+\]|[\w.-]+):[0-9]{1,5}")


def evaluated_by(scheduler: str, batches: Sequence[PilotBatch]) -> Iterator[Done]:
    """Evaluate on the workers of a scheduler; each task as it is done, with its place.

    Workers must run the same versions as this process. A task may run more than once, when the worker that had it is
    lost: it only computes, so the result is the same.

    Args:
        scheduler: Its address, such as tcp://10.0.0.5:8786; tls:// with the certificates of Dask's own settings.
        batches: The tasks.

    Raises:
        BadInput: The address is none.
        BatchFailed: The scheduler cannot be reached or was lost, it has no workers, or a worker could not do a task.
    """
    check_address(scheduler)
    client = _connected(scheduler)
    try:
        yield from _results(client, scheduler, batches)
    except CancelledError as error:
        raise BatchFailed(f"The connection to the scheduler {scheduler} was lost.") from error
    except OSError as error:
        raise BatchFailed(f"The scheduler {scheduler} does not answer any more.") from error
    finally:
        _close(client)


def check_address(scheduler: str) -> None:
    """Refuse what is no scheduler's address.

    Raises:
        BadInput: It is none.
    """
    if not _ADDRESS.fullmatch(scheduler):
        raise BadInput("--scheduler is '{address}'; allowed is an address such as tcp://host:8786.", address=scheduler)


def _connected(scheduler: str) -> Client:
    from distributed import Client

    for name in ("asyncio", "distributed", "distributed.client"):  # what goes wrong is told in one sentence instead
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(scheduler, timeout=SECONDS_TO_REACH)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError, TypeError) as error:
        raise BatchFailed(f"The scheduler {scheduler} cannot be reached.") from error
    try:
        client.wait_for_workers(1, timeout=SECONDS_TO_REACH)
    except TimeoutError as error:
        _close(client)
        raise BatchFailed(f"The scheduler {scheduler} has no workers.") from error
    return client


def _close(client: Client) -> None:
    """Say goodbye; a scheduler that is gone need not answer."""
    with suppress(TimeoutError, OSError):
        client.close(timeout=SECONDS_TO_CLOSE)  # type: ignore[no-untyped-call]


def _results(client: Client, scheduler: str, batches: Sequence[PilotBatch]) -> Iterator[Done]:
    """Keep enough tasks under way for every worker, without holding all of them in the scheduler's memory."""
    run, expected, waiting = uuid.uuid4().hex, versions(), iter(enumerate(batches))
    limit = max(LEAST_UNDER_WAY, 4 * sum(client.nthreads().values()))  # type: ignore[no-untyped-call]
    places: dict[Any, int] = {}
    while True:
        while len(places) < limit and (task := next(waiting, None)) is not None:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", message="Sending large graph")  # a task carries its own data
                future = client.submit(evaluated, task[1], expected, key=f"luotsi-{run}-{task[0]}", pure=False)
            places[future] = task[0]
        if not places:
            return
        for future in _patiently(client, scheduler, partial(_finished, list(places))):
            result = _patiently(client, scheduler, partial(future.result, timeout=SECONDS_WITHOUT_WORKERS))
            yield places.pop(future), result


def _finished(futures: list[Any]) -> list[Any]:
    """Wait for the next tasks to be done."""
    from distributed import wait

    return list(wait(futures, timeout=SECONDS_WITHOUT_WORKERS, return_when="FIRST_COMPLETED").done)  # type: ignore[no-untyped-call]


def _patiently(client: Client, scheduler: str, ask: Callable[[], Any]) -> Any:
    """Ask until there is an answer; give up when the scheduler is gone or has had no worker for a while.

    The result of a task that is done is still with its worker, so fetching it may take another worker's doing it again.
    """
    while True:
        try:
            return ask()
        except TimeoutError as error:
            if client.status != "running":
                raise BatchFailed(f"The connection to the scheduler {scheduler} was lost.") from error
            if not client.scheduler_info()["workers"]:
                raise BatchFailed(f"The scheduler {scheduler} has no workers any more.") from error
        except (BatchFailed, CancelledError, OSError):
            raise
        except Exception as error:
            why = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}".rstrip(": .")
            raise BatchFailed(f"A worker of {scheduler} could not do its part: {why}.") from error
