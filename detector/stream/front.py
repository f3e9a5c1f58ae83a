"""The pages of a worker of several processes: each is asked at its Unix socket, and answers as one."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout, UnixConnector
from aiohttp.web import Application, AppRunner, Request, Response, TCPSite, get
from prometheus_client import CONTENT_TYPE_LATEST

from detector.stream.joined_metrics import joined
from detector.stream.port import EVERYWHERE

PATIENCE_S: Final = 5.0
"""A process in the middle of a batch answers late."""
_OK: Final = 200


class Front:
    """Answers for the processes whose pages are at the Unix sockets `webs`."""

    def __init__(self, webs: Sequence[Path]) -> None:
        self._webs = webs

    @asynccontextmanager
    async def serving(self, port: int) -> AsyncIterator[None]:
        """Serve the pages on a port; raises `OSError` where it is taken."""
        app = Application()
        app.add_routes(
            [get("/metrics", self._metrics), get("/healthz", self._all_well), get("/readyz", self._all_well)]
        )
        runner = AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await TCPSite(runner, EVERYWHERE, port).start()
            yield
        finally:
            await runner.cleanup()

    async def _metrics(self, request: Request) -> Response:
        """Add up what all say; where one says nothing, a sum of the others would look like a restart."""
        answers = await self._ask(request.path)
        if any(status != _OK for status, _ in answers):
            return _not_now()
        page = joined([text for _, text in answers])
        return Response(body=page, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _all_well(self, request: Request) -> Response:
        answers = await self._ask(request.path)
        return Response(text="ok\n") if all(status == _OK for status, _ in answers) else _not_now()

    async def _ask(self, path: str) -> list[tuple[int, str]]:
        return await asyncio.gather(*(_answer(web, path) for web in self._webs))


async def _answer(web: Path, path: str) -> tuple[int, str]:
    """Return status and text of a process' page; 0 and nothing where it does not answer."""
    try:
        async with (
            ClientSession(
                connector=UnixConnector(str(web)), timeout=ClientTimeout(total=PATIENCE_S)
            ) as session,
            session.get(f"http://worker{path}") as got,
        ):
            return got.status, await got.text()
    except (ClientError, OSError, TimeoutError):
        return 0, ""


def _not_now() -> Response:
    return Response(text="not now\n", status=503)
