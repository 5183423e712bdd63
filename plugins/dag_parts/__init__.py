"""What the DAG files share: assets, documentation, and the operators that Airflow does not have."""
