"""The site and its data from elsewhere: a frame and a script of another origin, and by CloudFront's settings."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from pytest_httpserver import HTTPServer
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

from scripts.local.s3 import CLIENT, ROOT, S3Server
from scripts.local.settings import REPOSITORY
from tests.faults.moments import wait_until
from tests.ops.browser.conftest import ARGUMENTS
from tests.ops.browser.site.conftest import Reader
from tests.support.pipeline import Pipeline
from tests.support.servers import free_port, running

pytestmark = pytest.mark.slow

FETCHED = """
    const [url, headers, done] = arguments;
    fetch(url, { headers, cache: "no-store" }).then(async (answer) => done({
      status: answer.status,
      headers: Object.fromEntries(["etag", "content-range"].map((name) => [name, answer.headers.get(name)])),
      size: (await answer.arrayBuffer()).byteLength,
    }), (error) => done({ error: String(error) }));
"""


@pytest.fixture
def elsewhere(reader: Reader, httpserver: HTTPServer) -> Reader:
    """The reader at a page of another origin, with a chart in a frame."""
    frame = f'<iframe src="{reader.url}embed.html?d=daily_txs&from=2024-10-29" width="700" height="520"></iframe>'
    httpserver.expect_request("/article").respond_with_data(f"<!doctype html>{frame}", content_type="text/html")
    httpserver.expect_request("/favicon.ico").respond_with_data("")
    reader.browser.get(httpserver.url_for("/article"))
    return reader


def fetched(reader: Reader, key: str, headers: dict[str, str]) -> dict:
    """What a script of the page that is open gets of a public file."""
    return reader.browser.execute_async_script(FETCHED, f"{reader.url}{key}", headers)


def test_a_chart_is_embedded_in_a_page_of_another_origin(elsewhere: Reader) -> None:
    elsewhere.browser.switch_to.frame(0)
    wait_until(lambda: elsewhere.ask("Boolean(chart)"), "the chart is drawn")
    assert elsewhere.ask("chart.range") == [1730160000, 1730246400]
    link = elsewhere.find("[data-page]")
    assert link.text == "Transactions per day"
    assert link.get_attribute("href") == f"{elsewhere.url}datasets/daily_txs.html?from=2024-10-29"
    assert elsewhere.complaints() == []


def test_a_script_of_another_origin_reads_files_ranges_and_tags(elsewhere: Reader, published: Pipeline) -> None:
    whole = fetched(elsewhere, "v1/daily_txs/latest.parquet", {})
    size = published.public.size("v1/daily_txs/latest.parquet")
    assert (whole["status"], whole["size"]) == (200, size)
    part = fetched(elsewhere, "v1/daily_txs/latest.parquet", {"Range": "bytes=-8"})
    assert (part["status"], part["size"]) == (206, 8)
    assert part["headers"] == {"etag": whole["headers"]["etag"], "content-range": f"bytes {size - 8}-{size - 1}/{size}"}
    same = fetched(elsewhere, "v1/daily_txs/latest.parquet", {"If-None-Match": whole["headers"]["etag"]})
    assert same["status"] == 304


class AwsServer(S3Server):
    """The same with CloudFront."""

    def _settings(self) -> dict[str, str]:
        return super()._settings() | {"SERVICES": "s3,iam,sts,cloudfront"}


@pytest.fixture
def distribution(
    published: Pipeline, chromium: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Reader]:
    """The reader at CloudFront as docs/aws.md sets it up, over a private bucket with what is published."""
    monkeypatch.setenv("no_proxy", "*")
    with running(AwsServer(tmp_path, free_port())) as server:
        host = set_up(server, published)
        program, driver = chromium
        options = ChromeOptions()
        options.binary_location = program
        for argument in (*ARGUMENTS, f"--host-resolver-rules=MAP {host} 127.0.0.1"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        with Chrome(options=options, service=ChromeService(driver)) as window:
            yield Reader(window, f"http://{host}:{server.port}/")


def set_up(server: S3Server, published: Pipeline) -> str:
    """Fill a bucket, and put a distribution before it; returns its host."""
    client, names = (
        server.client(),
        {"PUBLIC_BUCKET": "public", "AWS_REGION": "us-east-1", "ACCOUNT_ID": "000000000000"},
    )
    client.create_bucket(Bucket="public")
    for key in published.public.list_keys():
        found = published.public._client.get_object(Bucket=published.public.bucket, Key=key)
        headers = {name: found[name] for name in ("ContentType", "ContentEncoding", "CacheControl") if name in found}
        client.put_object(Bucket="public", Key=key, Body=found["Body"].read(), **headers)
    session = boto3.session.Session(region_name="us-east-1", **ROOT)
    cloudfront = session.client("cloudfront", endpoint_url=server.endpoint, config=CLIENT)
    control = {
        "Name": "dataverse", "SigningProtocol": "sigv4", "SigningBehavior": "always",
        "OriginAccessControlOriginType": "s3",
    }  # fmt: skip
    made = cloudfront.create_origin_access_control(OriginAccessControlConfig=control)
    names["ACCESS_CONTROL_ID"] = made["OriginAccessControl"]["Id"]
    # There is no certificate here.
    settings = filled("distribution.json", names).replace("redirect-to-https", "allow-all")
    distribution = cloudfront.create_distribution(DistributionConfig=json.loads(settings))["Distribution"]
    names["DISTRIBUTION_ID"] = distribution["Id"]
    client.put_bucket_cors(Bucket="public", CORSConfiguration=json.loads(filled("public_bucket_cors.json", names)))
    policy = json.loads(filled("public_bucket_policy.json", names))
    # Nor is there TLS, without which a bucket refuses everything.
    policy["Statement"] = [each for each in policy["Statement"] if each["Sid"] != "OverTlsOnly"]
    client.put_bucket_policy(Bucket="public", Policy=json.dumps(policy))
    client.put_bucket_cors(Bucket="public", CORSConfiguration=json.loads(filled("public_bucket_cors.json", names)))
    return distribution["DomainName"]


def filled(name: str, names: dict[str, str]) -> str:
    """A file of scripts/aws with names in it, as the document's `fill` does."""
    text = (REPOSITORY / "scripts" / "aws" / name).read_text()
    return re.sub(r"\$\{(\w+)\}", lambda found: names[found[1]], text)


def test_cloudfront_serves_the_site_its_errors_and_its_data(distribution: Reader, httpserver: HTTPServer) -> None:
    distribution.open("")
    distribution.sees("CC-BY-4.0", "footer")
    distribution.look_at("datasets/daily_txs.html")
    assert distribution.complaints() == []
    distribution.open("v1/no_such/2020-01-01.json.gz")
    distribution.sees("There is no such file.")
    assert distribution.ask("performance.getEntriesByType('navigation')[0].responseStatus") == 404
    assert distribution.ask("getComputedStyle(document.querySelector('main')).maxWidth") == "1200px"
    distribution.complaints()
    httpserver.expect_request("/article").respond_with_data("<!doctype html>", content_type="text/html")
    httpserver.expect_request("/favicon.ico").respond_with_data("")
    distribution.browser.get(httpserver.url_for("/article"))
    part = fetched(distribution, "v1/daily_txs/latest.parquet", {"Range": "bytes=0-7"})
    assert (part["status"], part["size"]) == (206, 8)
    assert part["headers"]["etag"]
    assert part["headers"]["content-range"].startswith("bytes 0-7/")
    assert distribution.complaints() == []
