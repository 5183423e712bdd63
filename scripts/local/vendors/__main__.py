"""Runs `python -m scripts.local.vendors PORT`; the key is in the environment, where no list of processes shows it."""

import os
import sys

import uvicorn

from scripts.local.ports import HOST
from scripts.local.vendors.app import create_app

KEY_VARIABLE = "VENDORS_KEY"

if __name__ == "__main__":
    # The log of calls would hold a key that came in a URL.
    uvicorn.run(create_app(os.environ[KEY_VARIABLE]), host=HOST, port=int(sys.argv[1]), access_log=False)
