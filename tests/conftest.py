"""What holds for all tests."""

import signal

# A shell that starts the tests in the background lets them ignore Ctrl-C; some tests press it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

LONGEST = ("test_nbval", "test_stock_nbgrader", "test_own_course")


def pytest_collection_modifyitems(items):
    """Begin with the longest files, so that at the end no process waits for another one."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)
