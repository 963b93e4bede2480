"""The command line ``workshop``: one group of commands for each kind of user."""

import importlib
import importlib.util
import sys

import typer

from workshop_lib.errors import WorkshopError

app = typer.Typer(
    name="workshop",
    help="Learn, write and grade the course on training AI models.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

for _group in ("learner", "author", "instructor"):
    if importlib.util.find_spec(f"{__name__}.{_group}"):
        for _command in importlib.import_module(f"{__name__}.{_group}").COMMANDS:
            app.command()(_command)


def main():
    """Run a command; an expected error becomes one sentence on stderr and exit code 1."""
    try:
        app()
    except WorkshopError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
