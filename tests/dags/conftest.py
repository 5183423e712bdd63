"""Airflow, told to keep to itself before anything imports it."""

from tests.support import airflow_home as airflow_home
