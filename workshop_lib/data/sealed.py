"""A data set whose test rows can be looked at once."""

from itertools import pairwise

from workshop_lib.options import whole_number

# Group B has lower incomes here than in the extract, so that the two groups are not treated alike.
_GAP = 0.2


class SealedBox:
    """Rows for training, rows for decisions on the way, and sealed rows for one final look.

    Made by :func:`sealed_box`. A copy of a box is the same box.

    Attributes
    ----------
    train, valid : pandas.DataFrame
        Own copies of the open rows, indexed by ``application_id``.
    log : list of dict
        One entry per try to look: ``look`` (1, 2, …), ``allowed`` (bool) and ``rows`` (number).
    """

    def __init__(self, train, valid, sealed):
        self.__train, self.__valid, self.__sealed = train, valid, sealed
        self.__log = []

    @property
    def train(self):
        """Rows to learn from."""
        return self.__train.copy()

    @property
    def valid(self):
        """Rows for decisions on the way, such as a threshold."""
        return self.__valid.copy()

    @property
    def log(self):
        """Every try to look, in order."""
        return [dict(entry) for entry in self.__log]

    def evaluate(self, model, metric):
        """Look at the sealed rows, once.

        Parameters
        ----------
        model : classifier
            Fitted; ``predict_proba(rows)[:, 1]`` is the probability of repayment.
        metric : callable
            Called once with the sealed rows (a frame like `train`) and the probabilities.

        Returns
        -------
        object
            Whatever `metric` returned.

        Raises
        ------
        PermissionError
            At the second call and every later one; it is logged, too.
        """
        allowed = not any(entry["allowed"] for entry in self.__log)
        entry = {"look": len(self.__log) + 1, "allowed": allowed, "rows": len(self.__sealed)}
        self.__log.append(entry)
        if not allowed:
            raise PermissionError(
                "this box was opened before; the sealed rows may be looked at once. Compute all "
                "you need in one call of evaluate"
            )
        rows = self.__sealed.copy()
        return metric(rows, model.predict_proba(rows)[:, 1])

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __repr__(self):
        sizes = len(self.__train), len(self.__valid), len(self.__sealed)
        return "SealedBox of {} training, {} validation and {} sealed rows".format(*sizes)


def sealed_box(seed=0, *, n_train=3000, n_valid=1000, n_sealed=2000):
    """Generate prepared applications of which the last part is sealed.

    The rows follow the formula of :func:`workshop_lib.data.credit` with ``gap=0.2``: group B has
    somewhat lower incomes, higher debt ratios and more late payments.

    Parameters
    ----------
    seed : int, default=0
        Seed of the random numbers.
    n_train, n_valid, n_sealed : int, default=3000, 1000, 2000
        Number of rows of each part, at least 1.

    Returns
    -------
    SealedBox

    Raises
    ------
    ValueError
        If a number of rows is not a whole number of at least 1.

    Notes
    -----
    The seal keeps an honest person from looking twice by mistake. It is no protection: whoever
    calls `sealed_box` again gets a new box with the same rows.

    Source: own simulation; see ``datasets/sealed_box.md``.

    Examples
    --------
    >>> box = sealed_box(0, n_train=30, n_valid=10, n_sealed=20)
    >>> box.train.shape, box.valid.shape
    ((30, 13), (10, 13))
    >>> from sklearn.dummy import DummyClassifier
    >>> model = DummyClassifier().fit(box.train, box.train["repaid"])
    >>> box.evaluate(model, lambda rows, p: len(rows))
    20
    >>> box.evaluate(model, lambda rows, p: len(rows))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    PermissionError: this box was opened before; ...
    >>> [entry["allowed"] for entry in box.log]
    [True, False]
    """
    from workshop_lib.data.applications import credit

    sizes = [whole_number("n", n, least=1) for n in (n_train, n_valid, n_sealed)]
    table = credit(sum(sizes), seed, gap=_GAP).set_index("application_id")
    ends = [0, sizes[0], sizes[0] + sizes[1], sum(sizes)]
    return SealedBox(*(table.iloc[a:b] for a, b in pairwise(ends)))
