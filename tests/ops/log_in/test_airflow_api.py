"""The local stack's own calls outlive their token."""

import pytest
from pytest_httpserver import HTTPServer

from scripts.local.airflow_api import AirflowApi
from scripts.local.errors import StackError


def test_a_token_that_ran_out_is_replaced(vendor: HTTPServer) -> None:
    for token, status in (("first", 401), ("second", 200)):
        login = vendor.expect_ordered_request("/auth/token", "POST", json={"username": "admin", "password": "secret"})
        login.respond_with_json({"access_token": token}, 201)
        call = vendor.expect_ordered_request("/api/v2/dags/a", "GET", headers={"Authorization": f"Bearer {token}"})
        call.respond_with_json({"dag_id": "a"}, status)
    assert AirflowApi(vendor.url_for(""), "secret").dag("a") == {"dag_id": "a"}
    vendor.check_assertions()


def test_a_token_that_is_refused_again_is_an_error(vendor: HTTPServer) -> None:
    vendor.expect_request("/auth/token").respond_with_json({"access_token": "a token"}, 201)
    vendor.expect_request("/api/v2/dags/a").respond_with_data("no", 401)
    with pytest.raises(StackError, match="401"):
        AirflowApi(vendor.url_for(""), "secret").dag("a")
