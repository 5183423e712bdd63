"""Airflow, told to keep to itself before anything imports it."""

from tests import airflow_home as airflow_home
