"""Task wrappers: the callables of the DAGs' tasks, by DAG, and the only place that reads Airflow's context.

Each takes Airflow's context, makes a `Window`, opens the stores, calls one runner, and returns keys and counts.
"""
