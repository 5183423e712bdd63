"""The routes of a dataset's downloads."""

from collections.abc import Generator
from itertools import chain
from typing import Annotated

import anyio
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from plugins.dataverse_page import NeverWhole
from plugins.page import access, dataset_downloads, downloads
from plugins.page.page_stores import PageStores

# A reader that takes nothing keeps a session of the warehouse open; this ends it.
MAX_SECONDS = 900

router = APIRouter(dependencies=[Depends(access.may_view)])


def stores_of(request: Request) -> PageStores:
    """The stores behind the page."""
    return request.app.state.stores


Stores = Annotated[PageStores, Depends(stores_of)]


class Download(StreamingResponse):
    """A file of chunks. What breaks off, or takes too long, closes the connection without an end (`NeverWhole`).

    The first chunk is made at once, so that what fails before it is an answer of its own.
    """

    def __init__(self, chunks: Generator[bytes], name: str, form: str) -> None:
        self._chunks = chunks
        super().__init__(
            chain([next(chunks, b"")], chunks),
            media_type=downloads.CONTENT_TYPES[form],
            headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'},
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the chunks, and close what they come from; an error keeps the response from being ended."""
        broken = scope[NeverWhole.BROKEN]
        try:
            with anyio.fail_after(MAX_SECONDS):
                await super().__call__(scope, receive, send)
        except Exception as error:
            broken.append(error)
            raise
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(self._chunks.close)


@router.get("/dataset/{name}/data.{form}")
def download(request: Request, stores: Stores, name: str, form: str) -> Response:
    """All rows as CSV, JSON, newline-delimited JSON or Parquet; of a table those that the parameters choose."""
    try:
        return Download(dataset_downloads.stream(stores, name, form, request.query_params), name, form)
    except dataset_downloads.Busy:
        text = f"{dataset_downloads.MAX_AT_ONCE} downloads are under way. Try again when one has ended."
        raise HTTPException(503, text, {"Retry-After": "30"}) from None


@router.get("/dataset/{name}/published")
def published(stores: Stores, name: str) -> Response:
    """A public object as it is published, unzipped."""
    form, body = dataset_downloads.published(stores, name)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(body, media_type=downloads.CONTENT_TYPES[form], headers=headers)
