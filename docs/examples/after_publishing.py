"""A DAG of your own that runs after each day that is published: copy it to your folder of DAGs, and change the task."""

from airflow.sdk import Asset, dag, task


@dag(schedule=Asset.ref(name="public_stacks"), catchup=False)
def after_publishing():
    @task
    def report(triggering_asset_events):
        for event in (event for events in triggering_asset_events.values() for event in events):
            print("{day}: {rows} rows, up to {as_of}; {changed} files changed. {page}".format(**event.extra))

    report()


after_publishing()
