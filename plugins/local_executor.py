"""Airflow's LocalExecutor, with the libraries of our tasks imported before its workers are forked.

Every task is a process, forked from a worker that is forked from the scheduler. What the scheduler has imported, a task
has at once, and shares the memory of; to import it by itself takes a second of CPU.
"""

from importlib import import_module

from airflow.executors import local_executor

# Libraries alone: our own code takes a tenth of a second, and a task imports it as it is when the task starts. A fork
# copies no threads; the libraries' own, of memory allocators and OpenBLAS, start again in the process that needs them.
LIBRARIES = (
    "adbc_driver_postgresql",
    "airflow.dag_processing.dagbag",
    "airflow.providers.amazon.aws.hooks.base_aws",
    "airflow.providers.standard.operators.latest_only",
    "airflow.providers.standard.operators.python",
    "airflow.providers.standard.operators.trigger_dagrun",
    "airflow.sdk.execution_time.task_runner",
    "alembic.command",
    "duckdb",
    "jsonschema_rs",
    "pandas",
    "psycopg2.extensions",
    "pyarrow.csv",
    "pyarrow.parquet",
    "smart_open.s3",
)


class LocalExecutor(local_executor.LocalExecutor):
    """The executor, under its own name: `executor="LocalExecutor"` and its metrics are as before."""

    def start(self) -> None:
        """Import the libraries, and fork the workers."""
        for library in LIBRARIES:
            import_module(library)
        super().start()
