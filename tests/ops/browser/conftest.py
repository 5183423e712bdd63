"""A real browser before the local stack with its sample chain."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pluggy import Result
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

from tests.conftest import NUMBERS
from tests.ops.browser.person import Person
from tests.support import airflow_home as airflow_home
from tests.support.local_stack import LocalStack
from tests.support.servers import free_port_base

# As root Chromium refuses its sandbox; a container's shared memory is too small for it.
ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--no-proxy-server", "--lang=en-US")
WIDTH, HEIGHT = 1400, 1000


@pytest.fixture(scope="session")
def chromium() -> tuple[str, str]:
    """The paths of Chromium and its driver; tests that ask for them skip where Debian's packages are absent."""
    programs = {name: shutil.which(name) for name in ("chromium", "chromedriver")}
    if missing := [name for name, path in programs.items() if path is None]:
        pytest.skip(f"not installed: {', '.join(missing)} (Debian's chromium and chromium-driver)")
    return programs["chromium"], programs["chromedriver"]


@pytest.fixture(scope="module")
def stack(chromium: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """The whole stack, over a sample chain of two days of which none is run."""
    with stack_of_two_days(tmp_path_factory) as local:
        yield local


@contextmanager
def stack_of_two_days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """The same, until the end of the block."""
    local = LocalStack(tmp_path_factory.mktemp("browser") / "home", free_port_base())
    try:
        local.command("up", "--until", "2024-10-29", "--days", "2", "--txs-per-day", "200", "--no-run")
        yield local
    finally:
        local.command("down", "--purge")


@pytest.fixture
def browser(chromium: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Chrome]:
    """A browser without cookies. When the test fails, its window is kept as a picture."""
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    program, driver = chromium
    options = ChromeOptions()
    options.binary_location = program
    for argument in (*ARGUMENTS, f"--window-size={WIDTH},{HEIGHT}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with Chrome(options=options, service=ChromeService(driver)) as window:
        yield window


@pytest.fixture
def person(browser: Chrome, stack: LocalStack) -> Person:
    """Somebody at the browser who has not logged in."""
    return Person(browser, stack.where.web_url)


@pytest.fixture(scope="module")
def users(stack: LocalStack) -> Callable[[str], tuple[str, str]]:
    """Make a user of a role, the first time one is asked for; returns name and password. `Admin` is there already."""
    made = {"Admin": ("admin", stack.stack.admin_password)}

    def user(role: str) -> tuple[str, str]:
        if role not in made:
            name, password = f"{role.lower()}_{next(NUMBERS)}", secrets.token_hex()
            fields = ("-u", name, "-r", role, "-e", f"{name}@example.org", "-f", name, "-l", role, "-p", password)
            stack.command("airflow", "users", "create", *fields)
            made[role] = name, password
        return made[role]

    return user


@pytest.fixture
def logged_in(person: Person, users: Callable[[str], tuple[str, str]]) -> Callable[[str], Person]:
    """Log in as a user of a role; returns the person, at the start page."""

    def log_in(role: str) -> Person:
        person.open("/")
        person.log_in(*users(role))
        person.find("[data-testid=nav-dags-link]")
        return person

    return log_in


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[Result]:
    """Keep a picture of the browser's window, and the end of the API server's log, with the report of a failed test."""
    report = yield
    browser: Chrome | None = getattr(item, "funcargs", {}).get("browser")
    if report.failed and browser is not None and call.when == "call":
        picture: Path = item.config._tmp_path_factory.getbasetemp() / f"{item.name}-{next(NUMBERS)}.png"
        browser.save_screenshot(str(picture))
        report.sections.append(("browser", f"{browser.current_url}, as in {picture}"))
        if (stack := item.funcargs.get("stack")) is not None:
            report.sections.append(("API server", stack.log_of("airflow-api-server")))
    return report
