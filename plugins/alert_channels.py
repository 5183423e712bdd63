"""By which ways an alert goes out: Slack and e-mail, each where its connection is configured."""

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException

from plugins.alert_message import Alert

SLACK, EMAIL = "slack", "smtp_default"
PATIENCE_SECONDS = 10


def by_slack(alert: Alert) -> bool:
    """Send to the webhook that is the password of the connection `slack`; False where there is none."""
    # Every process of Airflow loads plugins; Slack's client takes a third of a second that only a failure needs.
    from airflow.providers.slack.hooks.slack_webhook import SlackWebhookHook

    if _connection(SLACK) is None:
        return False
    hook = SlackWebhookHook(slack_webhook_conn_id=SLACK, timeout=PATIENCE_SECONDS)
    hook.send(text=alert.in_slack(), unfurl_links=False, unfurl_media=False)
    return True


def by_email(alert: Alert) -> bool:
    """Send by the connection `smtp_default` to its extra `to_email`; False where there is none, or no such extra."""
    from airflow.providers.smtp.hooks.smtp import SmtpHook

    found = _connection(EMAIL)
    to = found and found.extra_dejson.get("to_email")
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
