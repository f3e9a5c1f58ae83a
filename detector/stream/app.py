"""The application around the pipeline: its life cycle, the web server, the agent that stamps entitlements.

The only module that imports Faust. The data plane is not Faust's: the pipeline is a service of the app and
reads Kafka in batches.
"""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import faust
import msgspec
from aiohttp.web import Request, Response
from faust.auth import SASLCredentials, SSLCredentials
from faust.types.auth import AuthProtocol
from mode import Service
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from detector.errors import DetectorError, UnavailableError, UsageError
from detector.events import Rejected
from detector.logs import get_logger
from detector.metrics import Metrics
from detector.settings import Settings
from detector.stream.stamp import stamp

log = get_logger(__name__)

START_S = 60.0
"""A start that takes longer has failed: Kafka does not answer."""


class Hosted(Protocol):
    """What the app asks of the pipeline; see `detector.stream.worker.Pipeline`."""

    ready: bool

    async def prepare(self) -> None:
        """See to the topics, before anything reads them."""
        ...

    async def run(self) -> None:
        """Serve until `stop`."""
        ...

    def stop(self) -> None:
        """Ask `run` to return."""
        ...

    def alive(self) -> bool:
        """Whether it makes progress."""
        ...

    def highest_frontier(self) -> int:
        """Return the highest frontier known, Unix ms."""
        ...


class _PipelineService(Service):
    """The pipeline as a service of the Faust app; `ended` is done when it is, with its error if any."""

    def __init__(self, pipeline: Hosted, **arguments: Any) -> None:  # noqa: ANN401  # mode's own
        super().__init__(**arguments)
        self._pipeline = pipeline
        self.ended: asyncio.Task[None] | None = None

    async def on_start(self) -> None:
        """Begin to serve."""
        self.ended = asyncio.create_task(self._pipeline.run())

    async def on_stop(self) -> None:
        """Commit, checkpoint, return."""
        self._pipeline.stop()
        if self.ended is not None:
            await asyncio.wait([self.ended])


async def serve(settings: Settings, pipeline: Hosted, metrics: Metrics, registry: CollectorRegistry) -> None:
    """Run the app until SIGTERM or SIGINT; raises `DetectorError` where it cannot go on."""
    await pipeline.prepare()
    app = _app(settings)
    service = _PipelineService(pipeline)
    app.service(service)  # type: ignore[arg-type]  # Faust takes an instance too, its types do not say so
    _add_agent(app, settings, pipeline, metrics)
    _add_pages(app, service, pipeline, registry)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    try:
        await _started(app, settings)
        await _until(stopping, service, app)
    finally:
        await app.stop()
    if service.ended is not None and not service.ended.cancelled():
        error = service.ended.exception()
        if error is not None:
            raise error


def _app(settings: Settings) -> faust.App:
    return faust.App(
        f"{settings.group}-control",
        broker=[f"kafka://{broker}" for broker in settings.brokers.split(",")],
        broker_credentials=_credentials(settings),
        broker_check_crcs=settings.check_crcs,
        consumer_auto_offset_reset="earliest",
        topic_disable_leader=True,
        topic_allow_declare=False,
        store="memory://",
        web_bind="0.0.0.0",  # noqa: S104  # Prometheus asks from outside
        web_port=settings.metrics_port,
        worker_redirect_stdouts=False,
        autodiscover=False,
    )


def _credentials(settings: Settings) -> SASLCredentials | SSLCredentials | None:
    """Return Faust's form of the Kafka security settings."""
    security = settings.kafka_security()
    context = security.get("ssl_context")
    if settings.security_protocol.startswith("SASL"):
        credentials = SASLCredentials(
            username=settings.sasl_plain_username,
            password=settings.sasl_plain_password,
            mechanism=settings.sasl_mechanism,
            ssl_context=context,
        )
        credentials.protocol = AuthProtocol(settings.security_protocol)
        return credentials
    return None if context is None else SSLCredentials(context=context)


def _add_agent(app: faust.App, settings: Settings, pipeline: Hosted, metrics: Metrics) -> None:
    """Stamp entitlements: read, given a moment of event time, appended to the control topic."""
    topics = settings.topics
    source = app.topic(
        topics.entitlements,
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
        allow_empty=True,
    )
    control = app.topic(
        topics.control, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw"
    )

    @app.agent(source, name="entitlements")
    async def entitlements(stream: Any) -> None:  # noqa: ANN401  # the same
        async for event in stream.events():
            message = event.message
            place = f"{message.topic}/{message.partition}/{message.offset}"
            stamped = stamp(message.key, message.value, place, pipeline.highest_frontier())
            if isinstance(stamped, Rejected):
                log.warning("entitlement refused", place=place, reason=stamped.reason, detail=stamped.detail)
                metrics.controls_rejected.labels(stamped.reason).inc()
                record = msgspec.json.encode({"kind": "rejected", "source": place, "reason": stamped.reason})
            else:
                metrics.controls_stamped.labels(stamped.kind).inc()
                record = msgspec.json.encode(stamped)
            await (await control.send(key=message.key or b"", value=record, partition=0))


def _add_pages(
    app: faust.App, service: _PipelineService, pipeline: Hosted, registry: CollectorRegistry
) -> None:
    def page(path: str, answer: Callable[[], Response]) -> None:
        async def view(_web: Any, _request: Request) -> Response:  # noqa: ANN401  # Faust's view
            return answer()

        app.page(path)(view)  # type: ignore[arg-type]  # aiohttp's answers are what Faust's server sends

    def lives() -> bool:
        return service.ended is not None and not service.ended.done() and pipeline.alive()

    shown = {"Content-Type": CONTENT_TYPE_LATEST}
    page("/metrics", lambda: Response(body=generate_latest(registry), headers=shown))
    page("/healthz", lambda: _said(lives()))
    page("/readyz", lambda: _said(lives() and pipeline.ready))


def _said(good: bool) -> Response:  # noqa: FBT001  # its one argument
    return Response(text="ok\n", status=200) if good else Response(text="not now\n", status=503)


async def _started(app: faust.App, settings: Settings) -> None:
    """Start the app; raises `UsageError` for a port in use, `UnavailableError` for a Kafka that is away."""
    try:
        async with asyncio.timeout(START_S):
            await app.start()
    except TimeoutError as error:
        raise UnavailableError(f"Kafka at {settings.brokers} did not answer in {START_S:.0f} s") from error
    except OSError as error:
        raise UsageError(
            f"port {settings.metrics_port} cannot be used ({error.strerror}): choose another "
            "(DETECTOR_METRICS_PORT)"
        ) from error


async def _until(stopping: asyncio.Event, service: _PipelineService, app: faust.App) -> None:
    """Wait for a signal, the pipeline's end, or a crash of the app."""
    waits: list[Awaitable[Any]] = [stopping.wait(), app.wait_until_stopped()]
    tasks = [asyncio.ensure_future(each) for each in waits]
    ended = [*tasks, *([service.ended] if service.ended else [])]
    await asyncio.wait(ended, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    if app.crashed and not stopping.is_set():
        raise DetectorError(f"the application ended: {app.crash_reason or 'no reason is known'}")
