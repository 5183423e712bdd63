"""How one logs in: Flask's and Flask-AppBuilder's settings, which Airflow reads from `[fab] config_file`.

What Airflow has a setting of its own for stands in its configuration: how long sessions and tokens last
(`[fab] session_lifetime_minutes`, `session_max_lifetime_minutes`, `[api_auth] jwt_expiration_time`) and how often one
may try (`[fab] auth_rate_limit`).
"""

from airflow.configuration import conf
from airflow.exceptions import AirflowConfigException
from airflow.plugins_manager import get_fastapi_plugins
from flask_appbuilder.const import AUTH_DB

from plugins.log_in.passwords import BcryptSecurityManager
from plugins.log_in_plugin import GUARDS

if GUARDS not in [middleware["name"] for middleware in get_fastapi_plugins()[1]]:
    # Airflow would serve without.
    raise AirflowConfigException(
        f"The guards of log-in were not loaded from [core] plugins_folder, {conf.get('core', 'plugins_folder')}. "
        "Set it to the folder `plugins` beside webserver_config.py; if it is, see the log for the plugin's error"
    )

SECURITY_MANAGER_CLASS = BcryptSecurityManager
AUTH_TYPE = AUTH_DB
AUTH_USER_REGISTRATION = False

BCRYPT_LOG_ROUNDS = 12
# bcrypt alone would look at the first 72 bytes only. Turned off later, no password would fit any more.
BCRYPT_HANDLE_LONG_PASSWORDS = True

WTF_CSRF_ENABLED = True
# As long as its session: a log-in page that stood open for an hour still works.
WTF_CSRF_TIME_LIMIT = None
SESSION_COOKIE_SECURE = conf.get("api", "base_url", fallback="").startswith("https://")

# FAB would count in each process apart, and the form only; plugins/log_in/throttle.py counts for both and for all.
AUTH_RATE_LIMITED = False
RATELIMIT_ENABLED = False
