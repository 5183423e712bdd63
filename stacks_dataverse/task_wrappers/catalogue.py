"""The catalogue of the public bucket, published after whatever a task publishes."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from stacks_dataverse import catalog, connections
from stacks_dataverse.public.catalogue import Issue
from stacks_dataverse.public.changelog import Changelog
from stacks_dataverse.public.release_files import release_files, release_marker
from stacks_dataverse.public.static_file import StaticFile
from stacks_dataverse.runners import publish_catalog
from stacks_dataverse.site.pages import site_files

log = logging.getLogger(__name__)


@contextmanager
def catalogue_after(store: Any, public: Any) -> Iterator[None]:
    """Publish the catalogue after what is done inside: also after a failure, which then is the one to report.

    Args:
        store, public: the warehouse and the public bucket, of `connections`.
    """
    since = publish_catalog.read_clock(store)
    try:
        yield
    except Exception:
        try:
            publish(store, public, since)
        except Exception:
            log.exception("The catalogue is not published either; the next run publishes it.")
        raise
    publish(store, public, since)


def publish(store: Any, public: Any, since: datetime) -> list[str]:
    """Publish the files of the release that changed, and the catalogue; return the keys that changed.

    Args:
        since: from when on what is published is of this release.
    """
    changelog, licence, url = Changelog.read(), connections.data_licence(), connections.public_url()
    issue = Issue(datetime.now(UTC), connections.network().name, licence, connections.known_public_url())
    marker = release_marker(changelog.version, licence, url)
    static: list[StaticFile] = []
    if not publish_catalog.is_published(store, public, marker):
        static += release_files(catalog.OBJECTS, changelog, licence)
        static += [*site_files(catalog.OBJECTS, changelog, url), marker]
    return publish_catalog.publish(store, public, catalog.OBJECTS, static, changelog, issue, since)
