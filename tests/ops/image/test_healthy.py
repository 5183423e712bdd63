"""Airflow's health page answers 200 whatever it says: what it says is read."""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from scripts.container import healthy

GOOD = {name: {"status": "healthy"} for name in healthy.COMPONENTS}
PAGE = "/api/v2/monitor/health"


def asked(url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, healthy.__file__, url], capture_output=True, text=True, check=False)


def test_all_healthy(vendor: HTTPServer) -> None:
    vendor.expect_request(PAGE).respond_with_json(GOOD)
    done = asked(vendor.url_for("/"))
    assert (done.returncode, done.stdout) == (0, "healthy\n")


@pytest.mark.parametrize("name", healthy.COMPONENTS)
@pytest.mark.parametrize(
    ("report", "words"),
    [({"status": "unhealthy"}, "unhealthy"), ({"status": None}, "not running"), (None, "not running")],
    ids=["unhealthy", "never ran", "unheard of"],
)
def test_each_bad_component_is_named(
    vendor: HTTPServer, name: str, report: Mapping[str, Any] | None, words: str
) -> None:
    vendor.expect_request(PAGE).respond_with_json(GOOD | {name: report})
    assert healthy.unhealthy(vendor.url_for("")) == [f"{name}: {words}"]


@pytest.mark.parametrize(
    ("body", "status"), [("{}", 500), ("not json", 200), (json.dumps([1]), 200)], ids=["500", "no JSON", "a list"]
)
def test_an_answer_that_is_none(vendor: HTTPServer, body: str, status: int) -> None:
    vendor.expect_request(PAGE).respond_with_data(body, status=status)
    assert healthy.unhealthy(vendor.url_for(""))


def test_nobody_answers() -> None:
    done = asked("http://127.0.0.1:1")
    assert done.returncode == 1
    assert done.stdout.startswith("api-server: http://127.0.0.1:1/api/v2/monitor/health cannot be read")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "http://127.0.0.1:8080"),
        ({"AIRFLOW__API__PORT": "9090", "AIRFLOW__API__BASE_URL": "https://a.example"}, "http://127.0.0.1:9090"),
        ({"AIRFLOW__API__BASE_URL": "https://a.example/airflow"}, "http://127.0.0.1:8080/airflow"),
    ],
    ids=["as it is", "another port", "below a path"],
)
def test_without_a_url_it_asks_its_own_container(environment: Mapping[str, str], expected: str) -> None:
    assert healthy.default_url(environment) == expected
