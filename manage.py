#!/usr/bin/env python
"""Django's command line."""

import gc
import os
import sys
from pathlib import Path

from articles.text import kept_patterns

if __name__ == "__main__":
    # For trying out on one machine: `make run` writes the file, and the environment wins over it.
    # Who gives a key runs a server, and settles there whatever else a server needs.
    if "SECRET_KEY" not in os.environ:
        from dotenv import load_dotenv

        load_dotenv(Path(__file__).with_name(".env"))
    # To start makes 300,000 objects and no garbage, which Python would look for 360 times.
    gc.set_threshold(100_000, *gc.get_threshold()[1:])
    kept_patterns.start()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    finally:
        gc.freeze()  # as it ends Python would look through all of it twice more: 0.2 s
