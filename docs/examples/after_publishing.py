"""A DAG of your own that runs after each day that is published: copy it to the folder of DAGs, and change the task."""

from airflow.sdk import dag, task

from plugins.dag_parts.assets import PUBLIC_STACKS


@dag(schedule=PUBLIC_STACKS, catchup=False)
def after_publishing():
    @task
    def report(triggering_asset_events):
        for event in triggering_asset_events[PUBLIC_STACKS]:
            print("{day}: {rows} rows, up to {as_of}; {changed} files changed. {page}".format(**event.extra))

    report()


after_publishing()
