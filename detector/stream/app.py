"""The application around the pipeline: its life cycle, the web server, the agent that stamps controls.

The only module that imports Faust. The data plane is not Faust's: the pipeline is a service of the app and
reads Kafka in batches.
"""

import asyncio
import logging
import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import faust
from aiohttp.web import Request, Response
from aiokafka import AIOKafkaConsumer
from faust.auth import SASLCredentials, SSLCredentials
from faust.exceptions import ProducerSendError
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer, Transport
from faust.types.auth import AuthProtocol
from mode import Service
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from detector.errors import DetectorError, UnavailableError
from detector.logs import get_logger
from detector.metrics import Metrics
from detector.settings import Settings
from detector.stream.kafka import reporting
from detector.stream.port import EVERYWHERE, check_port
from detector.stream.signals import STOP_S, set_by_signals
from detector.stream.stamper import Stamper

log = get_logger(__name__)

# A service logs under its module's name; what these say matters as much as the rest of Faust's lines.
_FAUSTS_LOG = logging.getLogger("faust.detector")

T = TypeVar("T")

START_S: Final = 60.0
"""A start that takes longer has failed: Kafka does not let the agent into its group."""
SETTLE_S: Final = 5.0
"""A start that is to be stopped may end first: broken off, it leaves threads and sockets behind."""
RETRY_S: Final = 1.0
# Those of the pipeline's clients: they decide how soon somebody else stamps for a worker that died.
_SESSION_S: Final = 6.0
_HEARTBEAT_S: Final = 2.0
_REBALANCE_S: Final = 10.0
_REQUEST_S: Final = 10.0


class Hosted(Protocol):
    """What the app asks of the pipeline; see `detector.stream.worker.Pipeline`."""

    @property
    def ready(self) -> bool:
        """Whether it serves everything that it was given."""
        ...

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

    def knows_plan(self, plan: str | None, time_ms: int) -> bool:
        """Return whether the policy in force at a moment, Unix ms, knows an entitlement's plan."""
        ...


async def serve(
    settings: Settings,
    pipeline: Hosted,
    metrics: Metrics,
    registry: CollectorRegistry,
    web: Path | None = None,
) -> None:
    """Run the app until SIGTERM or SIGINT; raises `DetectorError` where it cannot go on.

    The pages are on the port of the settings, or at the Unix socket `web`.
    """
    working = asyncio.create_task(_work(settings, pipeline, metrics, registry, web))
    stopping = asyncio.Event()
    asked = asyncio.create_task(stopping.wait())
    try:
        with set_by_signals(stopping):
            await asyncio.wait({working, asked}, return_when=asyncio.FIRST_COMPLETED)
            by_itself = not stopping.is_set()
    finally:
        for task in (working, asked):
            task.cancel()
        await asyncio.wait({working, asked})
    if not working.cancelled():
        working.result()
    if by_itself:
        raise DetectorError(
            "the worker ended though nobody asked it to, and does not know why: start it again"
        )


async def _work(
    settings: Settings, pipeline: Hosted, metrics: Metrics, registry: CollectorRegistry, web: Path | None
) -> None:
    """Serve until cancelled, then stop in order; raises what the pipeline or the app ended with."""
    if web is None:
        check_port(settings.metrics_port)
    await pipeline.prepare()
    stamper = Stamper(settings, pipeline.highest_frontier, pipeline.knows_plan, metrics)
    with tempfile.TemporaryDirectory(prefix="detector-faust-") as folder:
        await _host(_app(settings, folder, web), settings, pipeline, stamper, registry)


async def _host(
    app: faust.App, settings: Settings, pipeline: Hosted, stamper: Stamper, registry: CollectorRegistry
) -> None:
    """Run a pipeline that is prepared in a Faust app."""
    service = _PipelineService(pipeline)
    app.add_dependency(service)  # the first to start, the last to end
    _add_agent(app, settings, stamper)
    _add_pages(app, service, registry)
    living = asyncio.create_task(_live(app, stamper))
    try:
        await asyncio.wait({living, service.ended}, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        log.info("stopping")
    finally:
        pipeline.stop()  # while the rest goes down
        living.cancel()
        await asyncio.wait({living})
        await _stop(app, stamper)
    for end in (service.ended, living):
        if end.done() and not end.cancelled():
            end.result()


async def _stop(app: faust.App, stamper: Stamper) -> None:
    """Stop the app, the pipeline last; what takes too long ends with the process."""

    async def stop() -> None:
        await app.stop()
        await stamper.stop()

    stopping = asyncio.create_task(stop())
    _, late = await asyncio.wait({stopping}, timeout=STOP_S)
    if late:
        # Faust's threads wait for Kafka for ever, and cannot be cancelled. An end at any point loses nothing.
        log.error(
            "stopped in the middle: Kafka or Redis do not answer; what was not committed is done again",
            waited_s=STOP_S,
        )
        os._exit(UnavailableError.exit_code)
    stopping.result()


async def _live(app: faust.App, stamper: Stamper) -> None:
    """Start the app; end, with a `DetectorError`, only where it fails."""
    starting = asyncio.create_task(_start(app, stamper))
    try:
        await asyncio.shield(starting)
        await app.wait_until_stopped()
    finally:
        await asyncio.wait({starting}, timeout=SETTLE_S)
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
    raise DetectorError(f"the agent for controls crashed: {app.crash_reason!r}")


async def _start(app: faust.App, stamper: Stamper) -> None:
    try:
        async with asyncio.timeout(START_S):
            await stamper.start()
            with reporting("starting the agent for controls"):
                await app.start()
    except TimeoutError as error:
        raise UnavailableError(f"Kafka did not let the agent for controls in in {START_S:.0f} s") from error


class _PipelineService(Service):
    """The pipeline as a service of the Faust app; `ended` holds how it ended.

    An error ends the app by way of `ended`, in one line; Faust's own way is a traceback for each service.
    """

    mundane_level = "debug"  # of mode's own lines about starting and stopping

    def __init__(self, pipeline: Hosted, **arguments: Any) -> None:  # noqa: ANN401  # mode's own
        super().__init__(**arguments)
        self.pipeline = pipeline
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._running: asyncio.Task[None] | None = None

    async def on_start(self) -> None:
        """Begin to serve."""
        self._running = asyncio.create_task(self.pipeline.run())
        self._running.add_done_callback(self._note_end)

    async def on_stop(self) -> None:
        """Commit, checkpoint, return."""
        self.pipeline.stop()
        if self._running is not None:
            await asyncio.wait({self._running})

    def _note_end(self, running: asyncio.Task[None]) -> None:
        # Nobody cancels it. A library that is closed too early may say so in another error's place; that it
        # ended by itself is then an error of its own, see `serve`.
        error = None if running.cancelled() else running.exception()
        if error is None:
            self.ended.set_result(None)
        else:
            self.ended.set_exception(error)


class _CommittedThread(AIOKafkaConsumerThread):
    """Faust's reader of Kafka, told to pass over what a producer took back: Faust has no setting for it."""

    logger = _FAUSTS_LOG

    def _create_worker_consumer(self, transport: Transport) -> AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"  # noqa: SLF001  # read when it starts; as above
        return consumer


class _CommittedConsumer(Consumer):
    logger = _FAUSTS_LOG

    def _new_consumer_thread(self) -> AIOKafkaConsumerThread:
        return _CommittedThread(self, loop=self.loop, beacon=self.beacon)


class _CommittedTransport(Transport):
    Consumer = _CommittedConsumer


def _app(settings: Settings, folder: str, web: Path | None) -> faust.App:
    """Return an app that keeps its files in `folder`."""
    app = faust.App(
        f"{settings.group}-control",
        broker=[f"kafka://{broker}" for broker in settings.brokers.split(",")],
        broker_credentials=_credentials(settings),
        broker_check_crcs=settings.check_crcs,
        broker_session_timeout=_SESSION_S,
        broker_heartbeat_interval=_HEARTBEAT_S,
        broker_rebalance_timeout=_REBALANCE_S,
        broker_request_timeout=_REQUEST_S,
        producer_request_timeout=_REQUEST_S,
        consumer_auto_offset_reset="earliest",
        stream_wait_empty=False,  # what is not acknowledged is read again
        topic_disable_leader=True,
        topic_allow_declare=False,
        store="memory://",
        datadir=folder,  # nothing is kept there, but Faust wants one
        web_transport="tcp://" if web is None else f"unix://{web}",
        web_bind=EVERYWHERE,
        web_port=settings.metrics_port,
        worker_redirect_stdouts=False,
        autodiscover=False,
    )
    app.transport = _CommittedTransport(app.conf.broker_consumer, app)
    return app


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


def _add_agent(app: faust.App, settings: Settings, stamper: Stamper) -> None:
    """Let the app read what is stamped, and append it to the control topic before its offset is committed."""
    source = app.topic(
        *stamper.topics,
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
        allow_empty=True,
    )

    @app.agent(source, name="controls")
    async def controls(stream: Any) -> None:  # noqa: ANN401  # Faust's stream
        # Faust would acknowledge what failed as well, and what a stop interrupts.
        by_hand = stream.noack()
        async for event in by_hand.events():
            await _append(app, settings.topics.control, stamper, event.message)
            await by_hand.ack(event)


async def _append(app: faust.App, control: str, stamper: Stamper, message: Any) -> None:  # noqa: ANN401  # Faust's
    place = f"{message.topic}/{message.partition}/{message.offset}"

    async def send() -> None:
        with reporting(f"writing to {control}"):
            await app.producer.send_and_wait(control, message.key, record, 0, None, None)

    record = await _done(place, lambda: stamper.record(message.topic, message.key, message.value, place))
    await _done(place, send)


async def _done(place: str, act: Callable[[], Awaitable[T]]) -> T:
    """Try until it is done: a control that is lost would let an account be judged wrongly."""
    while True:
        try:
            return await act()
        except (DetectorError, ProducerSendError) as error:
            log.error("a control waits to be stamped", source=place, error=str(error))  # noqa: TRY400  # one line
            await asyncio.sleep(RETRY_S)


def _add_pages(app: faust.App, service: _PipelineService, registry: CollectorRegistry) -> None:
    def page(path: str, answer: Callable[[], Response]) -> None:
        async def view(_web: Any, _request: Request) -> Response:  # noqa: ANN401  # Faust's view
            return answer()

        app.page(path)(view)  # type: ignore[arg-type]  # aiohttp's answers are what Faust's server sends

    def lives() -> bool:
        return not service.ended.done() and service.pipeline.alive()

    shown = {"Content-Type": CONTENT_TYPE_LATEST}
    page("/metrics", lambda: Response(body=generate_latest(registry), headers=shown))
    page("/healthz", lambda: _said(lives()))
    page("/readyz", lambda: _said(lives() and service.pipeline.ready))


def _said(good: bool) -> Response:  # noqa: FBT001  # its one argument
    return Response(text="ok\n", status=200) if good else Response(text="not now\n", status=503)
