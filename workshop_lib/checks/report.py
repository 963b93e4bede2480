"""The report of a check: a number for graders, a card for people, plain data for analytics."""

import html
import re
from dataclasses import dataclass, field

PASSED, NOT_YET, NOT_ATTEMPTED = "passed", "not yet", "not attempted"
REPORT_MIMETYPE = "application/vnd.workshop.report+json"

# Each state has a sign and a word beside its colour. White on these colours has a contrast of more
# than 5:1, whatever the theme of the notebook.
_LOOKS = {
    PASSED: ("✓", "Passed", "#1b6e3c"),
    NOT_YET: ("✗", "Not yet", "#9a3412"),
    NOT_ATTEMPTED: ("○", "Not attempted", "#4b5563"),
}


@dataclass(frozen=True)
class ItemResult:
    """The result of one rubric item."""

    name: str
    weight: float
    state: str
    message: str = ""
    misconception: str | None = None
    printed: str = ""


@dataclass(frozen=True)
class Report:
    """The result of one check.

    Attributes
    ----------
    exercise : str
        Name of the exercise.
    points, max_points : float
        Points reached and points that can be reached.
    items : tuple of ItemResult
    hints : tuple of str
        Hints, from the weakest to the strongest.
    notes : tuple of str
        Sentences shown below the items.

    Examples
    --------
    >>> Report("clean_age", 2, (ItemResult("Ages stay", 1, "passed"),))
    2.0
    """

    exercise: str
    max_points: float
    items: tuple
    hints: tuple = field(default=())
    notes: tuple = field(default=())

    @property
    def state(self):
        """One of passed, not yet, not attempted."""
        states = {item.state for item in self.items}
        if states == {PASSED}:
            return PASSED
        return NOT_ATTEMPTED if states <= {NOT_ATTEMPTED} else NOT_YET

    @property
    def points(self):
        """Share of the item weights that passed, times the points; a finite float."""
        if self.state == PASSED:
            return float(self.max_points)
        total = sum(item.weight for item in self.items) or 1
        reached = sum(item.weight for item in self.items if item.state == PASSED)
        return min(round(float(self.max_points * reached / total), 2), float(self.max_points))

    @property
    def misconceptions(self):
        """Names of the misconceptions seen, each once, in the order of the items."""
        return list(dict.fromkeys(i.misconception for i in self.items if i.misconception))

    def __repr__(self):
        # nbgrader reads partial credit from this text.
        return repr(self.points)

    def to_dict(self):
        """Return the report as plain data."""
        return {
            "exercise": self.exercise,
            "points": self.points,
            "max_points": float(self.max_points),
            "state": self.state,
            "items": [
                {
                    "name": item.name,
                    "weight": item.weight,
                    "state": item.state,
                    "message": item.message,
                    "misconception": item.misconception,
                }
                for item in self.items
            ],
            "misconceptions": self.misconceptions,
        }

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {
            "text/plain": repr(self),
            "text/html": self.to_html(),
            REPORT_MIMETYPE: self.to_dict(),
        }

    def to_html(self):
        """Return the card that people read."""
        sign, word, colour = _LOOKS[self.state]
        badge = (
            f'<strong style="background:{colour};color:#fff;padding:2px 8px;border-radius:4px">'
            f"{sign} {word}</strong>"
        )
        # What is missing is the same for every item while nothing was attempted: say it once.
        items = "".join(
            _item_html(item, with_message=self.state != NOT_ATTEMPTED or item is self.items[-1])
            for item in self.items
        )
        notes = "".join(f"<p>{_text(note)}</p>" for note in self.notes)
        return (
            f'<div role="group" aria-label="Check of {html.escape(self.exercise)}: {word}" '
            f'style="border-left:4px solid {colour};padding:4px 12px;margin:4px 0">'
            f"<p>{badge} &nbsp;<code>{html.escape(self.exercise)}</code>: "
            f"{self.points:g} of {self.max_points:g} points</p>"
            f'<ul style="list-style:none;padding-left:4px">{items}</ul>{notes}'
            f"{_hints_html(self.hints)}</div>"
        )


def _item_html(item, *, with_message):
    sign, word, _ = _LOOKS[item.state]
    message = ""
    if item.message and with_message:
        message = f'<div style="padding-left:24px">{_text(item.message)}</div>'
    if item.printed:
        message += (
            f'<div style="padding-left:24px">Your code printed: '
            f'<pre style="white-space:pre-wrap">{html.escape(item.printed)}</pre></div>'
        )
    return f"<li>{sign} <strong>{word}:</strong> {_text(item.name)}{message}</li>"


def _hints_html(hints):
    """Nest the hints, so that each one is opened from the one before, by mouse or keyboard."""
    nested = ""
    for number, hint in reversed(list(enumerate(hints, start=1))):
        nested = (
            f'<details style="margin:4px 0 0 8px"><summary>Hint {number} of {len(hints)}</summary>'
            f"<p>{_text(hint)}</p>{nested}</details>"
        )
    return nested


def _text(text):
    """Escape a text for HTML, with `code` between backticks."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))
