"""The command line ``workshop``: one group of commands for each kind of user."""

import sys

import typer

from workshop_lib.cli import author, instructor, learner
from workshop_lib.errors import WorkshopError

app = typer.Typer(
    name="workshop",
    help="Learn, write and grade the course on training AI models.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

for _command in (*learner.COMMANDS, *author.COMMANDS, *instructor.COMMANDS):
    app.command()(_command)


def main():
    """Run a command; an expected error becomes one sentence on stderr and exit code 1."""
    try:
        app()
    except WorkshopError as error:
        sys.exit(str(error))
    except ModuleNotFoundError as error:
        sys.exit(
            f"The package {error.name} is missing here. Install what this command needs: "
            'pip install -c constraints.txt -e ".[course,grade]" (learners: ".[course]").'
        )
