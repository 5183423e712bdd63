"""The same metrics by OpenTelemetry, of a process that ends right after, as a task's does."""

import os
import subprocess
import sys
from pathlib import Path

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from pytest_httpserver import HTTPServer

ROOT = Path(__file__).parents[2]
TASK = """
from airflow.sdk.observability import stats
from airflow.sdk.observability.metrics.stats_utils import get_stats_factory
from stacks_dataverse import metrics

stats.initialize(factory=get_stats_factory(), export_legacy_names=False)
metrics.emit_task_metrics("land_table", {}, {"rows": 12}, 1.5)
metrics.set_gauge("days_behind_tip", 2)
"""


def test_counts_durations_and_gauges_arrive(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v1/metrics", method="POST").respond_with_data(b"")
    settings = {
        "AIRFLOW__METRICS__OTEL_ON": "True",
        "OTEL_EXPORTER_OTLP_ENDPOINT": httpserver.url_for(""),
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "PYTHONPATH": str(ROOT),
        "no_proxy": "127.0.0.1",
    }
    subprocess.run([sys.executable, "-c", TASK], env=os.environ | settings, cwd=ROOT, check=True, capture_output=True)
    received = [ExportMetricsServiceRequest.FromString(request.data) for request, _ in httpserver.log]
    scopes = [
        scope for request in received for resource in request.resource_metrics for scope in resource.scope_metrics
    ]
    metrics = {metric.name: metric for scope in scopes for metric in scope.metrics}
    assert metrics["airflow.dataverse.land_table.rows"].sum.data_points[0].as_int == 12
    assert metrics["airflow.dataverse.land_table.duration"].exponential_histogram.data_points[0].sum == 1500
    assert metrics["airflow.dataverse.days_behind_tip"].gauge.data_points[0].as_int == 2
