"""Move the parameters of a function and see what changes."""

_UNITS = {
    "days": "days",
    "hours": "hours",
    "minutes": "minutes",
    "ms": "ms",
    "eur": "EUR",
    "keur": "thousand EUR",
    "percent": "%",
}


def sliders(fn, **ranges):
    """Run `fn` once with start values, then again whenever a slider or a choice is moved.

    The first run is ordinary output of the cell: it is there without widgets too, for example on
    a web page. The next runs appear below the sliders, so that you can compare with the start.
    You never need the sliders: call ``fn`` with values of your own, ``fn(degree=3)``.

    Parameters
    ----------
    fn : callable
        Called with one keyword argument per range. It may print, show a figure or return a value.
    **ranges : tuple or list
        By parameter name. A tuple ``(low, high, step, start)`` of numbers is a slider, whole
        numbers if all four are ``int``. A list is a choice; its first entry is the start.
        The last part of a name becomes the unit of the label: ``delay_ms`` is "delay (ms)".

    Raises
    ------
    ValueError
        If a range is malformed, or the names do not fit the parameters of `fn`.

    Notes
    -----
    Keyboard: Tab to a number or a slider, arrow keys for one step; a number can be typed too.
    `fn` runs when you let go of a slider, not while it moves.

    Examples
    --------
    >>> def show_cost(price_eur, currency):
    ...     print(f"12 loans cost {12 * price_eur} {currency}")
    >>> sliders(show_cost, price_eur=(1, 9, 1, 5), currency=["EUR", "USD"])
    Start values: price_eur=5, currency='EUR'
    12 loans cost 60 EUR
    """
    from workshop_lib.figures import in_ipython

    start = {name: _start(name, given) for name, given in ranges.items()}
    _check_parameters(fn, start)
    print("Start values: " + ", ".join(f"{name}={value!r}" for name, value in start.items()))
    _run(fn, start)
    if not in_ipython():
        return
    try:
        import ipywidgets  # noqa: F401
    except ModuleNotFoundError:
        print("There are no sliders: they need ipywidgets. Run %pip install ipywidgets, or call")
        print(f"{_name(fn)}(...) with values of your own.")
        return
    _display(_panel(fn, ranges), "Sliders: " + ", ".join(_label(name) for name in ranges))


def _start(name, given):
    """Return the start value of a range, or say what is wrong with the range."""
    if isinstance(given, list):
        if not given:
            raise ValueError(f"{name}: the list of choices is empty; give at least one")
        return given[0]
    if not isinstance(given, tuple) or len(given) != 4:
        raise ValueError(
            f"{name}: got {given!r}, expected a tuple (low, high, step, start) or a list of choices"
        )
    if not all(_is_finite_number(value) for value in given):
        raise ValueError(f"{name}: got {given!r}, expected four finite numbers")
    low, high, step, start = given
    if not low < high:
        raise ValueError(f"{name}: low {low} must be below high {high}")
    if not 0 < step <= high - low:
        raise ValueError(f"{name}: step {step} must be above 0 and at most {high - low}")
    if not low <= start <= high:
        raise ValueError(f"{name}: start {start} must lie from {low} to {high}")
    return start


def _is_finite_number(value):
    import math
    from numbers import Real

    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def _check_parameters(fn, start):
    import inspect

    try:
        inspect.signature(fn).bind(**start)
    except TypeError as error:
        raise ValueError(
            f"{_name(fn)} cannot be called with {', '.join(start) or 'no ranges'}: {error}; "
            "give one range per parameter"
        ) from None


def _name(fn):
    return getattr(fn, "__name__", type(fn).__name__)


def _label(name):
    words = name.split("_")
    if len(words) > 1 and words[-1] in _UNITS:
        return f"{' '.join(words[:-1])} ({_UNITS[words[-1]]})"
    return " ".join(words)


def _control(name, given):
    """Return the widget that holds the value of a parameter, and the row that shows it."""
    import ipywidgets

    label = {"description": _label(name), "style": {"description_width": "initial"}}
    if isinstance(given, list):
        choice = ipywidgets.Dropdown(options=given, tooltip="Choose one", **label)
        return choice, choice
    low, high, step, start = given
    limits = {"min": low, "max": high, "step": step, "value": start}
    tooltip = f"From {low} to {high} in steps of {step}"
    whole = all(isinstance(value, int) for value in given)
    number_class = ipywidgets.BoundedIntText if whole else ipywidgets.BoundedFloatText
    slider_class = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
    # The handle of a slider has no name for a screen reader, so a labelled number field goes with
    # each slider. Both have the same value.
    width = ipywidgets.Layout(width="auto")
    number = number_class(tooltip=tooltip, layout=width, **limits, **label)
    slider = slider_class(continuous_update=False, readout=False, tooltip=tooltip, **limits)
    ipywidgets.link((number, "value"), (slider, "value"))
    return number, ipywidgets.HBox([number, slider])


def _panel(fn, ranges):
    """Return a box with one row per parameter and, below them, the output of the latest run."""
    import ipywidgets

    controls = {name: _control(name, given) for name, given in ranges.items()}
    output = ipywidgets.Output()

    def rerun(_change):
        output.clear_output(wait=True)
        with output:
            _run(fn, {name: holder.value for name, (holder, _row) in controls.items()})

    for holder, _row in controls.values():
        holder.observe(rerun, names="value")
    return ipywidgets.VBox([*(row for _holder, row in controls.values()), output])


def _run(fn, values):
    result = fn(**values)
    if result is None:
        return
    from workshop_lib.figures import in_ipython

    if in_ipython():
        from IPython.display import display

        display(result)
    else:
        print(result)


def _display(panel, text):
    from IPython.display import display

    # The usual plain text of a widget is its constructor call: nothing for a reader.
    display({**panel._repr_mimebundle_(), "text/plain": text}, raw=True)
