"""Passwords in Airflow's database, hashed by flask-bcrypt; hashes of Airflow's own kind still let in, once."""

import logging
from typing import Any, ClassVar

from airflow.providers.fab.auth_manager.models import User
from airflow.providers.fab.auth_manager.security_manager.override import FabAirflowSecurityManagerOverride
from flask import current_app
from flask_appbuilder.security.api import SecurityApi
from flask_bcrypt import Bcrypt
from werkzeug.security import check_password_hash

from plugins.log_in.roles import seeing_pages

BCRYPT = ("$2a$", "$2b$", "$2y$")
# Salt and digest that belong to no password, though as dear to check as any.
NOBODYS = "." * 53

log = logging.getLogger(__name__)


class NoSecurityApi(SecurityApi):
    """FAB's own log-in for tokens, without any route: its tokens open nothing here, but it tells good passwords."""

    include_route_methods: ClassVar[set[str]] = set()


class BcryptSecurityManager(FabAirflowSecurityManagerOverride):
    """FAB's security manager with bcrypt in place of werkzeug's scrypt; see `BCRYPT_*` in webserver_config.py."""

    security_api = NoSecurityApi
    ROLE_CONFIGS: ClassVar[list[dict[str, Any]]] = seeing_pages(FabAirflowSecurityManagerOverride.ROLE_CONFIGS)

    def auth_user_db(self, username: object, password: object, rotate_session_id: bool = True) -> User | None:
        """Return the active user of this name or e-mail address and password; None for anybody else.

        The password of an unknown user is checked too, against a hash of no user: the answer takes as long. Whoever is
        let in by a hash of another kind or cost gets a new one.
        """
        user = self._find_active(username)
        kept = user.password if user is not None else None
        good = self.matches(kept or self._kind + NOBODYS, password)
        if kept is None:
            log.info("Log-in refused: no active user of that name has a password")
            return None
        self.update_user_auth_stat(user, good)
        if not good:
            log.info("Log-in of %s refused: wrong password", user.username)
            return None
        self._renew(user, password)
        if rotate_session_id:
            self._rotate_session_id()
        return user

    def check_password(self, username: object, password: object) -> bool:
        """Return whether this is the password of the active user of this name or e-mail address."""
        user = self._find_active(username)
        return user is not None and bool(user.password) and self.matches(user.password, password)

    def matches(self, kept: str, password: object) -> bool:
        """Whether a hash is a password's; False for an unknown kind of hash, and for a password that is no text."""
        if not isinstance(password, str):
            return False
        check = self._bcrypt.check_password_hash if kept.startswith(BCRYPT) else check_password_hash
        try:
            return check(kept, password)
        except ValueError:
            log.warning("A password could not be checked: it is no valid text, or the hash is of no known kind")
            return False

    @property
    def _bcrypt(self) -> Bcrypt:
        return Bcrypt(current_app)

    @property
    def _kind(self) -> str:
        """How the hashes that are made now begin."""
        return f"$2b${current_app.config['BCRYPT_LOG_ROUNDS']:02}$"

    def _hash_password(self, password: str) -> str:
        return self._bcrypt.generate_password_hash(password).decode()

    def _find_active(self, name: object) -> User | None:
        """The user of a name or e-mail address. No database stores what is not printable, and drivers refuse it."""
        if not isinstance(name, str) or not name or not name.isprintable():
            return None
        user = self.find_user(username=name) or self.find_user(email=name)
        return user if user is not None and user.is_active else None

    def _renew(self, user: User, password: str) -> None:
        if not user.password.startswith(self._kind):
            user.password = self._hash_password(password)
            self.update_user(user)
