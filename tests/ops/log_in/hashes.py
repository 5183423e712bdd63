"""Passwords as Airflow's database keeps them."""

from flask import Flask
from flask_bcrypt import Bcrypt
from werkzeug.security import generate_password_hash

CONFIG = {"BCRYPT_LOG_ROUNDS": 4, "BCRYPT_HANDLE_LONG_PASSWORDS": True}
GOOD, BAD = "correct horse", "correct horsf"
KINDS = {
    "bcrypt": "bcrypt",
    "scrypt, Airflow's default": "scrypt",
    "scrypt at another cost": "scrypt:16384:8:2",
    "pbkdf2, of older Airflows": "pbkdf2:sha256:1000",
}


def hashed(password: str, kind: str = "bcrypt", rounds: int = 4) -> str:
    """A password as Airflow's database keeps it, in one of several ways."""
    if kind != "bcrypt":
        return generate_password_hash(password, method=kind)
    app = Flask("a test")
    app.config |= CONFIG | {"BCRYPT_LOG_ROUNDS": rounds}
    return Bcrypt(app).generate_password_hash(password).decode()
