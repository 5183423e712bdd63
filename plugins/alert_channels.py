"""The channels of alerts: Slack and e-mail, each if its connection is configured."""

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException

from plugins.alert_message import Alert

SLACK, EMAIL = "slack", "smtp_default"
# An alert must not hold up the worker that sends it.
TIMEOUT_SECONDS = 10


def by_slack(alert: Alert) -> bool:
    """Send to the webhook in the password of the connection `slack`; False without that connection."""
    # Every process of Airflow loads plugins; Slack's client takes a third of a second that only a failure needs.
    from airflow.providers.slack.hooks.slack_webhook import SlackWebhookHook

    if _connection(SLACK) is None:
        return False
    hook = SlackWebhookHook(slack_webhook_conn_id=SLACK, timeout=TIMEOUT_SECONDS)
    hook.send(text=alert.in_slack(), unfurl_links=False, unfurl_media=False)
    return True


def by_email(alert: Alert) -> bool:
    """Send through the connection `smtp_default` to its extra `to_email`; False without one of them."""
    from airflow.providers.smtp.hooks.smtp import SmtpHook

    connection = _connection(EMAIL)
    to = connection and connection.extra_dejson.get("to_email")
    if not to:
        return False
    with SmtpHook(smtp_conn_id=EMAIL) as hook:
        hook.send_email_smtp(to=to, subject=alert.title, html_content=alert.in_html())
    return True


CHANNELS = {SLACK: by_slack, EMAIL: by_email}


def _connection(name: str) -> Connection | None:
    try:
        return Connection.get(name)
    except AirflowNotFoundException:
        return None
