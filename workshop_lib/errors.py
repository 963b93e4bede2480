"""The one exception that a command turns into a sentence for people."""


class WorkshopError(Exception):
    """Something a person can put right: the text says what was found and what to do.

    The command line prints the text to stderr, without a traceback, and ends with code 1.

    Examples
    --------
    >>> str(WorkshopError("There is no unit '17_x'. Units are 00_start_here to 15_lifecycle."))
    "There is no unit '17_x'. Units are 00_start_here to 15_lifecycle."
    """
