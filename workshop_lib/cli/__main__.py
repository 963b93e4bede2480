"""Lets ``python -m workshop_lib.cli`` do what ``workshop`` does."""

from workshop_lib.cli import main

main()
