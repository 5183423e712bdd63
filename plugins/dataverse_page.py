"""The plugin that shows the Dataverse page in the web UI's navigation."""

from functools import cached_property
from threading import Thread
from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin

PREFIX = "/dataverse"


class Page:
    """The page's ASGI application, created at the first request.

    Every process of Airflow loads its plugins, and only the API server serves.
    """

    @cached_property
    def app(self) -> Any:
        """The application, over the stores of Airflow's connections."""
        from airflow.api_fastapi.common.dagbag import create_dag_bag

        from plugins.page.app import create_app
        from plugins.page.page_stores import Connections, PageStores
        from stacks_dataverse import connections

        stores = Connections(
            connections.warehouse_reader,
            connections.archive_reader,
            connections.public_reader,
            connections.public_url,
            connections.stacks_source,
            connections.settle_hours,
            connections.network,
        )
        return create_app(PageStores(stores), create_dag_bag())

    @property
    def routes(self) -> list[Any]:
        """The application's routes."""
        return self.app.routes

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a request."""
        await self.app(scope, receive, send)


PAGE = Page()


class NeverWhole:
    """Leaves a response that broke off without its end, so that a client sees that it did.

    Starlette's BaseHTTPMiddleware, of which Airflow has several, ends a response in due form also after an error in
    mid-stream. This is outside of them: whoever adds the error to the scope's list keeps the end from being sent.
    """

    BROKEN = "dataverse.broken"

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass all on until something is in the list; then raise it."""
        broken: list[BaseException] = []

        async def send_if_good(message: Any) -> None:
            if broken:
                raise broken[0]
            await send(message)

        await self.app({**scope, self.BROKEN: broken}, receive, send_if_good)


class ReadyAtStart:
    """Creates the page while the API server starts, so that the first request does not wait for its imports.

    And puts `NeverWhole` around the whole server: Airflow adds its own middlewares outside of those of plugins.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass all on; `lifespan` comes once, and only to a server."""
        if scope["type"] == "lifespan":
            Thread(target=lambda: PAGE.app, name="dataverse_page", daemon=True).start()
            scope["app"].middleware_stack = NeverWhole(scope["app"].middleware_stack)
        await self.app(scope, receive, send)


class DataversePlugin(AirflowPlugin):
    """Registers the page and its entry in the navigation."""

    name = "dataverse_page"
    fastapi_apps: ClassVar[list[dict[str, Any]]] = [{"name": "Dataverse", "app": PAGE, "url_prefix": PREFIX}]
    fastapi_root_middlewares: ClassVar[list[dict[str, Any]]] = [{"name": "Page ready", "middleware": ReadyAtStart}]
    external_views: ClassVar[list[dict[str, Any]]] = [
        {
            "name": "Dataverse",
            "href": f"{PREFIX.removeprefix('/')}/",
            "icon": f"{PREFIX.removeprefix('/')}/static/icon.svg",
            "icon_dark_mode": f"{PREFIX.removeprefix('/')}/static/icon_dark.svg",
            "destination": "nav",
            "url_route": "dataverse",
            "nav_top_level": True,
        }
    ]
