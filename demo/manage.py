"""Saleor's manage.py, found by its settings alone: `python -m demo.manage migrate`."""

import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    execute_from_command_line(["manage.py", *sys.argv[1:]])
