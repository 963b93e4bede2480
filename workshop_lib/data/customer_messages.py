"""Customer messages: mood that depends on word order, and spam whose words move."""

import numpy as np
import pandas as pd

from workshop_lib.options import between, one_of, whole_number

TASKS = ("sentiment", "spam")
SPAM_SHARE = 0.3
SPAM_WORDS = ("winner", "prize", "free", "click", "bonus", "urgent", "cash", "claim")
LATER_SPAM_WORDS = ("crypto", "token", "wallet", "verify", "refund", "parcel", "pending", "bitcoin")

_GOOD = ["helpful", "friendly", "fast", "clear", "honest", "fair", "easy", "excellent"]
_BAD = ["useless", "rude", "slow", "confusing", "dishonest", "unfair", "difficult", "terrible"]
_SUBJECTS = [
    "the app",
    "the staff",
    "your branch",
    "the advice",
    "my contract",
    "the answer",
    "your website",
]
_VERBS = ("is", "was", "seems")
_OPENINGS = ("", "", "hello", "i have to say", "as a customer for years i find")
# Every clause ends in a tail: without it, "slow but" would give the first clause away.
_TAILS = ("so far", "to me", "this month", "in my opinion", "after all")
_NEGATED, _CLAUSES_TURN = 0.25, ("{} but {}", "{} however {}", "although {} {}")

_WHO = ["dear team", "hello", "good morning", "hi", "to the branch"]
_WHAT = [
    "please send me the contract",
    "i have a question about my rate",
    "my new address is on the form",
    "can i pay earlier this month",
    "the payment was booked twice",
    "i would like to change my account",
    "when does the branch open",
    "please call me back tomorrow",
    "thank you for the quick answer",
    "i need a copy of my statement",
]
_ENDS = ["kind regards", "thank you", "best wishes", "see you soon"]


def messages(n, seed=0, *, task="sentiment", hard=0.4, month=0):
    """Generate short customer messages with a known label.

    Parameters
    ----------
    n : int
        Number of messages, at least 1.
    seed : int, default=0
        Seed of the random numbers. Every month has its own messages.
    task : {"sentiment", "spam"}, default="sentiment"
        What the label says.
    hard : float, default=0.4
        Sentiment only: share of messages with two clauses of opposite mood, 0 to 1.
    month : int, default=0
        Month of the messages, at least 0. Only the words of spam depend on it.

    Returns
    -------
    pandas.DataFrame of shape (n, 4)
        text (lower case, without punctuation), label (sentiment: 1 = satisfied, 0 = not; spam:
        1 = spam, 0 = genuine), kind, month. Kinds of sentiment: plain; negation (one clause with
        *not*); contrast (two clauses of opposite mood, the LAST one decides; each may have a
        *not*). Kinds of spam: spam; genuine (no spam word); lookalike (genuine, with a spam word).

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Sentiment: half of the messages are satisfied; a clause says *not* with probability 0.25.

    Spam: 30 % of the messages have one to three spam words. Until month 4 they are old words, from
    month 8 on new ones; between, the share of new words is (month - 4) / 4. Genuine mail does not
    change: a quarter of it has an old word, another quarter, drawn independently, a new one.

    Source: own simulation; see ``datasets/messages.md``.

    Examples
    --------
    >>> messages(200)["kind"].value_counts().to_dict()
    {'plain': 88, 'contrast': 80, 'negation': 32}
    """
    n = whole_number("n", n, least=1)
    one_of("task", task, TASKS)
    between("hard", hard, 0, 1)
    month = whole_number("month", month, least=0)
    rng = np.random.default_rng([seed, TASKS.index(task), month])
    rows = _moods(rng, n, hard) if task == "sentiment" else _mail(rng, n, month)
    return pd.DataFrame(rows, columns=["text", "label", "kind"]).assign(month=month)


def _exactly(rng, share, n):
    """Return n truth values in random order, of which round(share n) are True."""
    return rng.permutation(n) < round(share * n)


def _pick(rng, options):
    return options[rng.integers(len(options))]


def _joined(*parts):
    return " ".join(part for part in parts if part)


def _moods(rng, n, hard):
    for satisfied, two_clauses in zip(_exactly(rng, 0.5, n), _exactly(rng, hard, n)):
        last, negated = _clause(rng, satisfied)
        kind = "negation" if negated else "plain"
        if two_clauses:
            first, _ = _clause(rng, not satisfied)
            last, kind = _pick(rng, _CLAUSES_TURN).format(first, last), "contrast"
        yield _joined(_pick(rng, _OPENINGS), last), int(satisfied), kind


def _clause(rng, satisfied):
    negated = rng.random() < _NEGATED
    word = _pick(rng, _GOOD if satisfied != negated else _BAD)
    verb = _pick(rng, _VERBS) + (" not" if negated else "")
    return f"{_pick(rng, _SUBJECTS)} {verb} {word} {_pick(rng, _TAILS)}", negated


def _mail(rng, n, month):
    new_share = min(max((month - 4) / 4, 0), 1)
    for spam in _exactly(rng, SPAM_SHARE, n):
        if spam:
            words = [
                _pick(rng, LATER_SPAM_WORDS if rng.random() < new_share else SPAM_WORDS)
                for _ in range(rng.choice([1, 2, 3], p=[0.3, 0.4, 0.3]))
            ]
        else:
            words = [
                _pick(rng, vocabulary)
                for vocabulary in (SPAM_WORDS, LATER_SPAM_WORDS)
                if rng.random() < 0.25
            ]
        body = _pick(rng, _WHAT).split()
        for word in words:
            body.insert(rng.integers(len(body) + 1), word)
        kind = "spam" if spam else "lookalike" if words else "genuine"
        yield _joined(_pick(rng, _WHO), *body, _pick(rng, _ENDS)), int(spam), kind
