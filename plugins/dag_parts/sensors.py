"""Airflow's PythonSensor, without the warning that its package has of itself in the log of every task."""

import warnings

with warnings.catch_warnings():
    # apache-airflow-providers-standard imports a name that Airflow has moved.
    warnings.filterwarnings("ignore", message=r".*operator_helpers\.determine_kwargs")
    from airflow.providers.standard.sensors.python import PythonSensor

__all__ = ["PythonSensor"]
