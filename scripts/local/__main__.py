"""Runs `python -m scripts.local`."""

import sys

from scripts.local.cli import main

sys.exit(main(sys.argv[1:]))
