"""Messages: what decides their label, and what simple models can and cannot see in them."""

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline

from workshop_lib import data
from workshop_lib.data import customer_messages as source


def word_model(frame, n=1):
    words = CountVectorizer(ngram_range=(1, n))
    return make_pipeline(words, LogisticRegression(max_iter=2000)).fit(frame["text"], frame.label)


def mood(clause):
    """Read the mood of one clause by rule."""
    words = set(clause.split())
    return bool(words & set(source._GOOD)) != ("not" in words)


@pytest.mark.parametrize("seed", range(3))
def test_the_last_clause_decides(seed):
    frame = data.messages(300, seed)
    assert frame["label"].mean() == 0.5
    assert (frame["kind"] == "contrast").sum() == 120
    for row in frame.itertuples():
        words = row.text.split()
        verbs = [i for i, word in enumerate(words) if word in source._VERBS]
        moods = [
            mood(" ".join(words[begin:end]))
            for begin, end in zip(verbs, [*verbs[1:], len(words)], strict=True)
        ]
        assert moods[-1] == row.label
        assert len(moods) == (2 if row.kind == "contrast" else 1)
        if row.kind == "contrast":
            assert moods[0] != moods[1]
        else:
            assert ("not" in words) == (row.kind == "negation")


@pytest.mark.parametrize("seed", range(3))
def test_word_counts_cannot_see_the_order(seed):
    train, test = data.messages(1500, seed), data.messages(600, seed + 100)
    for n, low, high in ((1, 0.55, 0.72), (2, 0.74, 0.84)):
        right = word_model(train, n).predict(test["text"]) == test["label"]
        assert low < right.mean() < high
        assert 0.38 < right[test["kind"] == "contrast"].mean() < 0.62


def test_hard_sets_the_share_of_contrast():
    assert set(data.messages(50, hard=0)["kind"]) <= {"plain", "negation"}
    assert set(data.messages(50, hard=1)["kind"]) == {"contrast"}


@pytest.mark.parametrize("month", [0, 4, 6, 8, 12])
def test_spam_words_move_and_genuine_mail_stays(month):
    frame = data.messages(4000, 2, task="spam", month=month)
    words = frame["text"].str.split().map(set)
    old, new = (
        words.map(set(v).isdisjoint) == 0 for v in (source.SPAM_WORDS, source.LATER_SPAM_WORDS)
    )
    spam = frame["label"] == 1
    assert spam.mean() == 0.3
    assert (old | new)[spam].all()
    assert old[~spam].mean() == pytest.approx(0.25, abs=0.03)
    assert new[~spam].mean() == pytest.approx(0.25, abs=0.03)
    assert new[spam].any() == (month > 4)
    assert old[spam].any() == (month < 8)
    kinds = np.where(spam, "spam", np.where(old | new, "lookalike", "genuine"))
    assert (frame["kind"] == kinds).all()


@pytest.mark.parametrize("seed", range(3))
def test_a_frozen_filter_fails_after_the_move(seed):
    model = word_model(data.messages(800, seed, task="spam"))
    for month, low, high in ((1, 0.7, 0.95), (3, 0.7, 0.95), (9, 0, 0.1)):
        frame = data.messages(800, seed, task="spam", month=month)
        assert low <= f1_score(frame["label"], model.predict(frame["text"])) <= high


def test_texts_are_plain_words():
    for task in source.TASKS:
        text = data.messages(200, 1, task=task)["text"]
        assert text.str.fullmatch(r"[a-z]+( [a-z]+)*").all()


def test_same_seed_same_values():
    np.random.seed(5)
    for task in source.TASKS:
        frame = data.messages(40, 3, task=task, month=2)
        pd.testing.assert_frame_equal(frame, data.messages(40, 3, task=task, month=2))
        for other in (data.messages(40, 4, task=task, month=2), data.messages(40, 3, task=task)):
            assert not frame["text"].equals(other["text"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"n": 0}, "n is 0"),
        ({"n": 5, "task": "mood"}, "choose one of"),
        ({"n": 5, "hard": 2}, "hard is 2"),
        ({"n": 5, "month": -1}, "month is -1"),
    ],
)
def test_bad_arguments_are_named(options, words):
    with pytest.raises(ValueError, match=words):
        data.messages(**options)
