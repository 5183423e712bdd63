"""What axe-core, of Deque Systems, finds that keeps somebody from using a page."""

import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

# npm holds what it fetches against the registry's hash.
PACKAGE, SCRIPT = "axe-core@4.14.1", "package/axe.min.js"

RUN = """
    const done = arguments[0];
    const briefly = (found) => found.nodes.map((node) => `${found.id}: ${node.html.slice(0, 200)}`);
    axe.run().then((result) => done(result.violations.flatMap(briefly)));
"""


def axe_script(folder: Path) -> str:
    """The program, fetched into a folder. Skips the test where there is no npm."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("not installed: npm")
    packed = subprocess.run(
        [npm, "pack", "--silent", "--pack-destination", str(folder), PACKAGE],
        check=True,
        cwd=folder,
        capture_output=True,
        text=True,
    )
    with tarfile.open(folder / packed.stdout.strip()) as archive:
        return archive.extractfile(SCRIPT).read().decode()


def violations(browser: Chrome, script: str) -> list[str]:
    """What axe finds on the page that is open: the rule, and the element that breaks it."""
    browser.execute_cdp_cmd("Runtime.evaluate", {"expression": script})
    return browser.execute_async_script(RUN)
