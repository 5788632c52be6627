"""GET /metrics for Prometheus: what this process answered, and what the record says.

Requests are counted by the route's template, never by the address: no label has anybody's data in it, nor more values
than the code has routes. Each process counts its own requests; monitoring asks every replica by itself.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import secrets
import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.jobs import JobOutcome
from services import logs, metrics_counts, settings
from services.metrics_counts import Counts
from services.record import database
from services.version import VERSION

LOG = logging.getLogger("luotsi.http")
PATH = "/metrics"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "other"
SCREENS = "screens"
BOX = "luotsi_route"
QUIET = frozenset({SCREENS, "/healthz", PATH, "/_stcore/health", "/_stcore/host-config"})
"""Routes whose answers are counted and not logged: monitors ask them all the time, and a page fetches many files."""
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
REQUEST_ID = "x-request-id"
_RANDOM = re.compile(r"[0-9a-f]{16,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "luotsi_http_requests", "Requests answered by this process.", ("route", "method", "status"), registry=REGISTRY
)
DURATION = Histogram(
    "luotsi_http_request_duration_seconds",
    "How long this process took to answer.",
    ("route",),
    buckets=_BUCKETS,
    registry=REGISTRY,
)


async def endpoint(request: Request) -> Response:
    """The numbers, for who asks from this machine or shows the token."""
    if not _may_read(request):
        asks = {"WWW-Authenticate": "Bearer"} if settings.load().metrics_token else {}
        return PlainTextResponse("Not allowed.\n", status_code=401 if asks else 403, headers=asks)
    found = await run_in_threadpool(metrics_counts.counts, database())
    body = generate_latest(REGISTRY) + generate_latest(_Record(found))
    return Response(body, headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"})


def _may_read(request: Request) -> bool:
    """From this machine itself, and not through a proxy that stands on it; or with the token of the installation."""
    token = settings.load().metrics_token
    shown = request.headers.get("authorization", "").partition(" ")
    if token and shown[0].lower() == "bearer" and secrets.compare_digest(shown[2].strip().encode(), token.encode()):
        return True
    local = request.client is not None and _is_this_machine(request.client.host)
    return local and not any(name in request.headers for name in FORWARDED)


def _is_this_machine(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


class Watched:
    """Pure ASGI middleware: counts requests, and gives each a name that its lines in the log share."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name, box = _request_id(scope), dict[str, str]()
        scope[BOX] = box
        mark = logs.REQUEST.set(name)
        status, began = 500, time.perf_counter()

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = name
            await send(message)

        try:
            await self.app(scope, receive, sent)
        finally:
            route = box.get("route") or route_of(scope)
            method = scope["method"] if scope["method"] in METHODS else OTHER
            took = time.perf_counter() - began
            REQUESTS.labels(route, method, str(status)).inc()
            DURATION.labels(route).observe(took)
            if route not in QUIET or status >= 400:
                facts = {"route": route, "method": method.lower(), "status": status, "ms": round(1000 * took)}
                LOG.info("Answered", extra={logs.FIELDS: facts})
            logs.REQUEST.reset(mark)


class Named:
    """Says which route of a mounted application answered, since what guards it may hand it a scope of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        outer = scope.get("route")
        try:
            await self.app(scope, receive, send)
        finally:
            if BOX in scope and scope.get("route") is not outer:
                scope[BOX]["route"] = str(scope.get("root_path", "")) + str(getattr(scope["route"], "path", ""))


def route_of(scope: Scope) -> str:
    """The template of the route that answered.

    What Streamlit serves for the screens, whatever the address, is one route; so is what nobody answers.
    """
    route = scope.get("route")
    path = str(getattr(route, "path", ""))
    if route is None:
        return OTHER
    return SCREENS if not path or path.startswith("/{path") else path


def _request_id(scope: Scope) -> str:
    """What the proxy calls the request, if that is random and nothing else; else a name of our own."""
    given = Headers(scope=scope).get(REQUEST_ID, "")
    return given if _RANDOM.fullmatch(given) else secrets.token_hex(8)


class _Record(CollectorRegistry):
    """The record's numbers as metrics."""

    def __init__(self, found: Counts | None) -> None:
        super().__init__()
        self.found = found

    def collect(self) -> Iterator[Metric]:
        """Every metric."""
        build = GaugeMetricFamily("luotsi_build_info", "Which version runs.", labels=["version"])
        build.add_metric([VERSION], 1)
        yield build
        found = self.found
        yield GaugeMetricFamily("luotsi_database_up", "Whether the record answers.", float(found is not None))
        if found is None:
            return
        evaluations = CounterMetricFamily("luotsi_evaluations", "Stored evaluations.", labels=["verdict"])
        for verdict, number in found.evaluations.items():
            evaluations.add_metric([verdict], number)
        yield evaluations
        files = CounterMetricFamily("luotsi_import_files", "Files taken in.", labels=["kind"])
        rows = CounterMetricFamily("luotsi_import_rows", "Rows of those files.", labels=["kind", "outcome"])
        for kind, one in found.imports.items():
            files.add_metric([kind], one.files)
            for outcome in ("imported", "duplicates", "rejected"):
                rows.add_metric([kind, outcome], getattr(one, outcome))
        yield from (files, rows)
        yield CounterMetricFamily("luotsi_sign_ins", "Sign-ins begun, refused ones too.", found.sign_ins)
        yield GaugeMetricFamily("luotsi_sign_ins_refused_24h", "Refused within a day.", found.refused_lately)
        yield CounterMetricFamily("luotsi_audit_entries", "Entries of the audit trail.", found.audit_entries)
        yield GaugeMetricFamily("luotsi_webhook_messages_waiting", "Not arrived yet.", found.messages_waiting)
        success = GaugeMetricFamily(
            "luotsi_job_last_success_timestamp_seconds", "When a job last ended well.", labels=["job"]
        )
        failing = GaugeMetricFamily("luotsi_job_failing", "Whether a job's newest run failed.", labels=["job"])
        for name, job in found.jobs.items():
            if job.last_success is not None:
                success.add_metric([name], job.last_success.timestamp())
            bad = job.outcome in (JobOutcome.FAILED, JobOutcome.INTERRUPTED)
            failing.add_metric([name], float(bad))
        yield from (success, failing)
