# Answers that the checks of 04_tune must refuse (wrong) or accept (right).

# %% wrong="same_order_in_every_epoch" exercise="sgd"
def sgd(X, y, lr, batch, epochs, seed=0):
    order = np.random.default_rng(seed).permutation(len(y))
    w, losses = np.zeros(X.shape[1]), []
    for _ in range(epochs):
        for start in range(0, len(y), batch):
            rows = order[start : start + batch]
            w = w - lr * 2 / len(rows) * X[rows].T @ (X[rows] @ w - y[rows])
        loss = np.mean((X @ w - y) ** 2)
        losses.append(loss if np.isfinite(loss) else np.inf)
    return losses


def largest_good_lr(X, y, batch, candidates, epochs, seed=0):
    limit = 1.05 * smallest_loss(X, y)
    return max(
        (r for r in candidates if sgd(X, y, r, batch, epochs, seed)[-1] <= limit), default=None
    )


# %% wrong="drops_the_last_batch" exercise="sgd"
def sgd(X, y, lr, batch, epochs, seed=0):
    rng = np.random.default_rng(seed)
    batch = min(batch, len(y))
    w, losses = np.zeros(X.shape[1]), []
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for k in range(len(y) // batch):
            rows = order[k * batch : (k + 1) * batch]
            w = w - lr * 2 / batch * X[rows].T @ (X[rows] @ w - y[rows])
        losses.append(np.mean((X @ w - y) ** 2))
    return np.nan_to_num(losses, nan=np.inf, posinf=np.inf).tolist()


def largest_good_lr(X, y, batch, candidates, epochs, seed=0):
    limit = 1.05 * smallest_loss(X, y)
    return max(
        (r for r in candidates if sgd(X, y, r, batch, epochs, seed)[-1] <= limit), default=None
    )


# %% wrong="divides_by_the_full_batch_size" exercise="sgd"
def sgd(X, y, lr, batch, epochs, seed=0):
    rng = np.random.default_rng(seed)
    batch = min(batch, len(y))
    w, losses = np.zeros(X.shape[1]), []
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch):
            rows = order[start : start + batch]
            w = w - lr * 2 / batch * X[rows].T @ (X[rows] @ w - y[rows])
        losses.append(np.mean((X @ w - y) ** 2))
    return np.nan_to_num(losses, nan=np.inf, posinf=np.inf).tolist()


def largest_good_lr(X, y, batch, candidates, epochs, seed=0):
    limit = 1.05 * smallest_loss(X, y)
    return max(
        (r for r in candidates if sgd(X, y, r, batch, epochs, seed)[-1] <= limit), default=None
    )


# %% wrong="batches_of_equal_size" exercise="sgd"
def sgd(X, y, lr, batch, epochs, seed=0):
    rng = np.random.default_rng(seed)
    w, losses = np.zeros(X.shape[1]), []
    for _ in range(epochs):
        for rows in np.array_split(rng.permutation(len(y)), -(-len(y) // batch)):
            w = w - lr * 2 / len(rows) * X[rows].T @ (X[rows] @ w - y[rows])
        losses.append(np.mean((X @ w - y) ** 2))
    return np.nan_to_num(losses, nan=np.inf, posinf=np.inf).tolist()


def largest_good_lr(X, y, batch, candidates, epochs, seed=0):
    limit = 1.05 * smallest_loss(X, y)
    return max(
        (r for r in candidates if sgd(X, y, r, batch, epochs, seed)[-1] <= limit), default=None
    )


# %% wrong="sum_instead_of_mean" exercise="sgd"
def sgd(X, y, lr, batch, epochs, seed=0):
    rng = np.random.default_rng(seed)
    w, losses = np.zeros(X.shape[1]), []
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch):
            rows = order[start : start + batch]
            w = w - lr * 2 * X[rows].T @ (X[rows] @ w - y[rows])
        losses.append(np.mean((X @ w - y) ** 2))
    return np.nan_to_num(losses, nan=np.inf, posinf=np.inf).tolist()


def largest_good_lr(X, y, batch, candidates, epochs, seed=0):
    limit = 1.05 * smallest_loss(X, y)
    return max(
        (r for r in candidates if sgd(X, y, r, batch, epochs, seed)[-1] <= limit), default=None
    )


# %% wrong="forgets_the_two_of_the_gradient" exercise="sgd"
def sgd(X, y, lr, batch, epochs, seed=0):
    rng = np.random.default_rng(seed)
    w, losses = np.zeros(X.shape[1]), []
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch):
            rows = order[start : start + batch]
            w = w - lr / len(rows) * X[rows].T @ (X[rows] @ w - y[rows])
        losses.append(np.mean((X @ w - y) ** 2))
    return np.nan_to_num(losses, nan=np.inf, posinf=np.inf).tolist()


def largest_good_lr(X, y, batch, candidates, epochs, seed=0):
    limit = 1.05 * smallest_loss(X, y)
    return max(
        (r for r in candidates if sgd(X, y, r, batch, epochs, seed)[-1] <= limit), default=None
    )


# %% wrong="loss_before_the_first_step" exercise="sgd"
def sgd(X, y, lr, batch, epochs, seed=0):
    rng = np.random.default_rng(seed)
    w = np.zeros(X.shape[1])
    losses = [np.mean((X @ w - y) ** 2)]
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch):
            rows = order[start : start + batch]
            w = w - lr * 2 / len(rows) * X[rows].T @ (X[rows] @ w - y[rows])
        losses.append(np.mean((X @ w - y) ** 2))
    return np.nan_to_num(losses, nan=np.inf, posinf=np.inf).tolist()


def largest_good_lr(X, y, batch, candidates, epochs, seed=0):
    limit = 1.05 * smallest_loss(X, y)
    return max(
        (r for r in candidates if sgd(X, y, r, batch, epochs, seed)[-1] <= limit), default=None
    )


# %% wrong="nan_instead_of_infinite" exercise="sgd"
def sgd(X, y, lr, batch, epochs, seed=0):
    rng = np.random.default_rng(seed)
    w, losses = np.zeros(X.shape[1]), []
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch):
            rows = order[start : start + batch]
            w = w - lr * 2 / len(rows) * X[rows].T @ (X[rows] @ w - y[rows])
        losses.append(np.mean((X @ w - y) ** 2))
    return losses


def largest_good_lr(X, y, batch, candidates, epochs, seed=0):
    limit = 1.05 * smallest_loss(X, y)
    return max(
        (r for r in candidates if sgd(X, y, r, batch, epochs, seed)[-1] <= limit), default=None
    )


# %% wrong="ignores_the_seed" exercise="sgd"
def sgd(X, y, lr, batch, epochs, seed=0):
    rng = np.random.default_rng(0)
    w, losses = np.zeros(X.shape[1]), []
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch):
            rows = order[start : start + batch]
            w = w - lr * 2 / len(rows) * X[rows].T @ (X[rows] @ w - y[rows])
        losses.append(np.mean((X @ w - y) ** 2))
    return np.nan_to_num(losses, nan=np.inf, posinf=np.inf).tolist()


def largest_good_lr(X, y, batch, candidates, epochs, seed=0):
    limit = 1.05 * smallest_loss(X, y)
    return max(
        (r for r in candidates if sgd(X, y, r, batch, epochs, seed)[-1] <= limit), default=None
    )


# %% wrong="depends_on_global_random_state" exercise="sgd"
def sgd(X, y, lr, batch, epochs, seed=0):
    w, losses = np.zeros(X.shape[1]), []
    for _ in range(epochs):
        order = np.random.permutation(len(y))
        for start in range(0, len(y), batch):
            rows = order[start : start + batch]
            w = w - lr * 2 / len(rows) * X[rows].T @ (X[rows] @ w - y[rows])
        losses.append(np.mean((X @ w - y) ** 2))
    return np.nan_to_num(losses, nan=np.inf, posinf=np.inf).tolist()


def largest_good_lr(X, y, batch, candidates, epochs, seed=0):
    limit = 1.05 * smallest_loss(X, y)
    return max(
        (r for r in candidates if sgd(X, y, r, batch, epochs, seed)[-1] <= limit), default=None
    )


# %% wrong="rate_with_the_smallest_loss" exercise="sgd"
def sgd(X, y, lr, batch, epochs, seed=0):
    rng = np.random.default_rng(seed)
    w, losses = np.zeros(X.shape[1]), []
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch):
            rows = order[start : start + batch]
            w = w - lr * 2 / len(rows) * X[rows].T @ (X[rows] @ w - y[rows])
        losses.append(np.mean((X @ w - y) ** 2))
    return np.nan_to_num(losses, nan=np.inf, posinf=np.inf).tolist()


def largest_good_lr(X, y, batch, candidates, epochs, seed=0):
    return min(candidates, key=lambda lr: sgd(X, y, lr, batch, epochs, seed)[-1])


# %% wrong="first_good_rate" exercise="sgd"
def sgd(X, y, lr, batch, epochs, seed=0):
    rng = np.random.default_rng(seed)
    w, losses = np.zeros(X.shape[1]), []
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch):
            rows = order[start : start + batch]
            w = w - lr * 2 / len(rows) * X[rows].T @ (X[rows] @ w - y[rows])
        losses.append(np.mean((X @ w - y) ** 2))
    return np.nan_to_num(losses, nan=np.inf, posinf=np.inf).tolist()


def largest_good_lr(X, y, batch, candidates, epochs, seed=0):
    for lr in candidates:
        if sgd(X, y, lr, batch, epochs, seed)[-1] <= 1.05 * smallest_loss(X, y):
            return lr
    return None


# %% wrong="only_asks_whether_it_converges" exercise="sgd"
def sgd(X, y, lr, batch, epochs, seed=0):
    rng = np.random.default_rng(seed)
    w, losses = np.zeros(X.shape[1]), []
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch):
            rows = order[start : start + batch]
            w = w - lr * 2 / len(rows) * X[rows].T @ (X[rows] @ w - y[rows])
        losses.append(np.mean((X @ w - y) ** 2))
    return np.nan_to_num(losses, nan=np.inf, posinf=np.inf).tolist()


def largest_good_lr(X, y, batch, candidates, epochs, seed=0):
    falls = []
    for lr in candidates:
        losses = sgd(X, y, lr, batch, epochs, seed)
        if losses[-1] < losses[0]:
            falls.append(lr)
    return max(falls)


# %% wrong="compares_with_the_best_candidate" exercise="sgd"
def sgd(X, y, lr, batch, epochs, seed=0):
    rng = np.random.default_rng(seed)
    w, losses = np.zeros(X.shape[1]), []
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch):
            rows = order[start : start + batch]
            w = w - lr * 2 / len(rows) * X[rows].T @ (X[rows] @ w - y[rows])
        losses.append(np.mean((X @ w - y) ** 2))
    return np.nan_to_num(losses, nan=np.inf, posinf=np.inf).tolist()


def largest_good_lr(X, y, batch, candidates, epochs, seed=0):
    last = {lr: sgd(X, y, lr, batch, epochs, seed)[-1] for lr in candidates}
    return max(lr for lr in last if last[lr] <= 1.05 * min(last.values()))


# %% right="RandomState, while loops, arrays" exercise="sgd"
def sgd(X, y, lr, batch, epochs, seed=0):
    rng = np.random.RandomState(seed)
    n, d = X.shape
    w = np.zeros(d)
    losses = np.full(epochs, np.inf)
    epoch = 0
    while epoch < epochs:
        rest = list(range(n))
        rng.shuffle(rest)
        while rest:
            rows, rest = rest[:batch], rest[batch:]
            residual = X[rows].dot(w) - y[rows]
            w = w - lr * (2 * residual @ X[rows]) / len(rows)
        loss = ((X.dot(w) - y) ** 2).mean()
        if not np.isnan(loss):
            losses[epoch] = loss
        epoch += 1
    return losses


def largest_good_lr(X, y, batch, candidates, epochs, seed=0):
    for lr in sorted(candidates, reverse=True):
        if sgd(X, y, lr, batch, epochs, seed)[-1] / smallest_loss(X, y) <= 1.05:
            return lr


# %% right="stops when infinite, array_split at fixed places" exercise="sgd"
def sgd(X, y, lr, batch, epochs, seed=0):
    rng = np.random.default_rng([seed, 7])
    w = np.zeros(X.shape[1])
    losses = []
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for rows in np.array_split(order, np.arange(batch, len(y), batch)):
            gradient = np.mean(2 * (X[rows] @ w - y[rows])[:, None] * X[rows], axis=0)
            w = w - lr * gradient
        losses.append(float(np.mean((X @ w - y) ** 2)))
        if not np.isfinite(losses[-1]):
            return losses[:-1] + [np.inf] * (epochs - len(losses) + 1)
    return losses


def largest_good_lr(X, y, batch, candidates, epochs, seed=0):
    good = None
    for lr in candidates:
        loss = sgd(X, y, lr, batch, epochs, seed)[-1]
        if loss <= smallest_loss(X, y) * 1.05 and (good is None or lr > good):
            good = lr
    return good


# %% hardcoded="the example" exercise="sgd"
def sgd(X, y, lr, batch, epochs, seed=0):
    return [0.25 ** (k + 1) for k in range(epochs)] if batch > 1 else [0.0625, 0.0625**2]


def largest_good_lr(X, y, batch, candidates, epochs, seed=0):
    return 0.7


# %% wrong="prepares_before_splitting" exercise="grid_search"
def grid_search(pipe, grid, X, y, cv):
    ready = pipe[:-1].fit_transform(X, y)
    name = pipe.steps[-1][0]
    last = Pipeline([(name, pipe[-1])])
    return GridSearchCV(last, {f"{name}__{k}": v for k, v in grid.items()}, cv=cv).fit(ready, y)


def n_fits(grid, n_folds):
    return len(ParameterGrid(grid)) * n_folds + 1


def best_on_edge(search):
    return []


# %% wrong="search_is_not_fitted" exercise="grid_search"
def grid_search(pipe, grid, X, y, cv):
    name = pipe.steps[-1][0]
    return GridSearchCV(pipe, {f"{name}__{k}": v for k, v in grid.items()}, cv=cv)


def n_fits(grid, n_folds):
    return len(ParameterGrid(grid)) * n_folds + 1


def best_on_edge(search):
    return []


# %% wrong="ignores_cv" exercise="grid_search"
def grid_search(pipe, grid, X, y, cv):
    name = pipe.steps[-1][0]
    return GridSearchCV(pipe, {f"{name}__{k}": v for k, v in grid.items()}, cv=5).fit(X, y)


def n_fits(grid, n_folds):
    return len(ParameterGrid(grid)) * n_folds + 1


def best_on_edge(search):
    return []


# %% wrong="no_last_training" exercise="grid_search"
def grid_search(pipe, grid, X, y, cv):
    name = pipe.steps[-1][0]
    named = {f"{name}__{k}": v for k, v in grid.items()}
    return GridSearchCV(pipe, named, cv=cv, refit=False).fit(X, y)


def n_fits(grid, n_folds):
    return len(ParameterGrid(grid)) * n_folds + 1


def best_on_edge(search):
    return []


# %% wrong="raises_an_error" exercise="grid_search"
def grid_search(pipe, grid, X, y, cv):
    return GridSearchCV(pipe, {f"svc__{k}": v for k, v in grid.items()}, cv=cv).fit(X, y)


def n_fits(grid, n_folds):
    return len(ParameterGrid(grid)) * n_folds + 1


def best_on_edge(search):
    return []


# %% wrong="forgets_the_folds" exercise="grid_search"
def grid_search(pipe, grid, X, y, cv):
    name = pipe.steps[-1][0]
    return GridSearchCV(pipe, {f"{name}__{k}": v for k, v in grid.items()}, cv=cv).fit(X, y)


def n_fits(grid, n_folds):
    return len(ParameterGrid(grid)) + 1


def best_on_edge(search):
    return []


# %% wrong="forgets_the_last_training" exercise="grid_search"
def grid_search(pipe, grid, X, y, cv):
    name = pipe.steps[-1][0]
    return GridSearchCV(pipe, {f"{name}__{k}": v for k, v in grid.items()}, cv=cv).fit(X, y)


def n_fits(grid, n_folds):
    return len(ParameterGrid(grid)) * n_folds


def best_on_edge(search):
    return []


# %% wrong="adds_the_lengths" exercise="grid_search"
def grid_search(pipe, grid, X, y, cv):
    name = pipe.steps[-1][0]
    return GridSearchCV(pipe, {f"{name}__{k}": v for k, v in grid.items()}, cv=cv).fit(X, y)


def n_fits(grid, n_folds):
    return sum(len(values) for values in grid.values()) * n_folds + 1


def best_on_edge(search):
    return []


# %% wrong="edge_by_position_in_the_list" exercise="grid_search"
def grid_search(pipe, grid, X, y, cv):
    name = pipe.steps[-1][0]
    return GridSearchCV(pipe, {f"{name}__{k}": v for k, v in grid.items()}, cv=cv).fit(X, y)


def n_fits(grid, n_folds):
    return len(ParameterGrid(grid)) * n_folds + 1


def best_on_edge(search):
    return [
        name
        for name, values in search.param_grid.items()
        if not isinstance(values[0], str)
        and len(set(values)) > 1
        and search.best_params_[name] in (values[0], values[-1])
    ]


# %% wrong="edge_by_text" exercise="grid_search"
def grid_search(pipe, grid, X, y, cv):
    name = pipe.steps[-1][0]
    return GridSearchCV(pipe, {f"{name}__{k}": v for k, v in grid.items()}, cv=cv).fit(X, y)


def n_fits(grid, n_folds):
    return len(ParameterGrid(grid)) * n_folds + 1


def best_on_edge(search):
    edges = []
    for name, values in search.param_grid.items():
        values = sorted(map(str, values))
        if len(set(values)) > 2 and str(search.best_params_[name]) in (values[0], values[-1]):
            edges.append(name)
    return edges


# %% wrong="looks_at_the_upper_end_only" exercise="grid_search"
def grid_search(pipe, grid, X, y, cv):
    name = pipe.steps[-1][0]
    return GridSearchCV(pipe, {f"{name}__{k}": v for k, v in grid.items()}, cv=cv).fit(X, y)


def n_fits(grid, n_folds):
    return len(ParameterGrid(grid)) * n_folds + 1


def best_on_edge(search):
    return [
        name
        for name, values in search.param_grid.items()
        if not isinstance(values[0], str)
        and len(set(values)) > 1
        and search.best_params_[name] == max(values)
    ]


# %% wrong="single_value_is_an_edge" exercise="grid_search"
def grid_search(pipe, grid, X, y, cv):
    name = pipe.steps[-1][0]
    return GridSearchCV(pipe, {f"{name}__{k}": v for k, v in grid.items()}, cv=cv).fit(X, y)


def n_fits(grid, n_folds):
    return len(ParameterGrid(grid)) * n_folds + 1


def best_on_edge(search):
    return [
        name
        for name, values in search.param_grid.items()
        if not isinstance(values[0], str)
        and search.best_params_[name] in (min(values), max(values))
    ]


# %% wrong="texts_have_edges" exercise="grid_search"
def grid_search(pipe, grid, X, y, cv):
    name = pipe.steps[-1][0]
    return GridSearchCV(pipe, {f"{name}__{k}": v for k, v in grid.items()}, cv=cv).fit(X, y)


def n_fits(grid, n_folds):
    return len(ParameterGrid(grid)) * n_folds + 1


def best_on_edge(search):
    return [
        name
        for name, values in search.param_grid.items()
        if len(set(values)) > 1 and search.best_params_[name] in (min(values), max(values))
    ]


# %% right="products, parallel, from cv_results_" exercise="grid_search"
from math import prod


def grid_search(pipe, grid, X, y, cv):
    name = list(pipe.named_steps)[-1]
    renamed = {}
    for key in grid:
        renamed[name + "__" + key] = list(grid[key])
    search = GridSearchCV(estimator=pipe, param_grid=renamed, cv=cv, n_jobs=2)
    search.fit(X, y)
    return search


def n_fits(grid, n_folds):
    grids = [grid] if isinstance(grid, dict) else grid
    return 1 + n_folds * sum(prod(len(values) for values in each.values()) for each in grids)


def best_on_edge(search):
    edges = set()
    for name, best in search.best_params_.items():
        tried = {params[name] for params in search.cv_results_["params"]}
        if isinstance(best, str) or len(tried) < 2:
            continue
        if not min(tried) < best < max(tried):
            edges.add(name)
    return sorted(edges)


# %% right="set_params and numpy" exercise="grid_search"
def grid_search(pipe, grid, X, y, cv):
    step, _ = pipe.steps[-1]
    search = GridSearchCV(pipe, [{f"{step}__{k}": v for k, v in grid.items()}], cv=cv)
    search.set_params(scoring="accuracy", return_train_score=True)
    return search.fit(X, y)


def n_fits(grid, n_folds):
    return sum(n_folds for _ in ParameterGrid(grid)) + 1


def best_on_edge(search):
    result = []
    for name, values in search.param_grid.items():
        values = np.unique(values)
        if values.dtype.kind in "if" and len(values) > 1:
            place = np.flatnonzero(values == search.best_params_[name])[0]
            if place in (0, len(values) - 1):
                result.append(name)
    return result


# %% hardcoded="the example" exercise="grid_search"
def grid_search(pipe, grid, X, y, cv):
    return GridSearchCV(pipe, {}, cv=cv).fit(X, y)


def n_fits(grid, n_folds):
    return 19


def best_on_edge(search):
    return ["svc__C", "svc__gamma"]


# %% wrong="uniform_on_the_ordinary_scale" exercise="sample_params"
def sample_params(space, n, seed=0):
    rng = np.random.default_rng(seed)

    def draw(kind, *limits):
        if kind == "log":
            return rng.uniform(*limits)
        if kind == "int":
            return int(rng.integers(limits[0], limits[1] + 1))
        return limits[0][rng.integers(len(limits[0]))]

    return [{name: draw(*entry) for name, entry in space.items()} for _ in range(n)]


# %% wrong="upper_end_is_left_out" exercise="sample_params"
def sample_params(space, n, seed=0):
    rng = np.random.default_rng(seed)

    def draw(kind, *limits):
        if kind == "log":
            return 10 ** rng.uniform(*np.log10(limits))
        if kind == "int":
            return int(rng.integers(*limits))
        return limits[0][rng.integers(len(limits[0]))]

    return [{name: draw(*entry) for name, entry in space.items()} for _ in range(n)]


# %% wrong="ends_come_half_as_often" exercise="sample_params"
def sample_params(space, n, seed=0):
    rng = np.random.default_rng(seed)

    def draw(kind, *limits):
        if kind == "log":
            return 10 ** rng.uniform(*np.log10(limits))
        if kind == "int":
            return round(rng.uniform(*limits))
        return limits[0][rng.integers(len(limits[0]))]

    return [{name: draw(*entry) for name, entry in space.items()} for _ in range(n)]


# %% wrong="choices_become_texts" exercise="sample_params"
def sample_params(space, n, seed=0):
    rng = np.random.default_rng(seed)

    def draw(kind, *limits):
        if kind == "log":
            return 10 ** rng.uniform(*np.log10(limits))
        if kind == "int":
            return int(rng.integers(limits[0], limits[1] + 1))
        return str(rng.choice(np.array(limits[0], dtype=str)))

    return [{name: draw(*entry) for name, entry in space.items()} for _ in range(n)]


# %% wrong="starts_the_generator_again_in_the_loop" exercise="sample_params"
def sample_params(space, n, seed=0):
    settings = []
    for _ in range(n):
        rng = np.random.default_rng(seed)
        setting = {}
        for name, (kind, *limits) in space.items():
            if kind == "log":
                setting[name] = np.exp(rng.uniform(*np.log(limits)))
            elif kind == "int":
                setting[name] = rng.integers(limits[0], limits[1] + 1)
            else:
                setting[name] = limits[0][rng.integers(len(limits[0]))]
        settings.append(setting)
    return settings


# %% wrong="one_random_number_for_all" exercise="sample_params"
def sample_params(space, n, seed=0):
    columns = {}
    for name, (kind, *limits) in space.items():
        rng = np.random.default_rng(seed)
        if kind == "log":
            columns[name] = np.exp(rng.uniform(*np.log(limits), n))
        elif kind == "int":
            columns[name] = rng.integers(limits[0], limits[1] + 1, n)
        else:
            columns[name] = [limits[0][i] for i in rng.integers(len(limits[0]), size=n)]
    return [{name: columns[name][i] for name in space} for i in range(n)]


# %% wrong="ignores_the_seed" exercise="sample_params"
def sample_params(space, n, seed=0):
    rng = np.random.default_rng(42)

    def draw(kind, *limits):
        if kind == "log":
            return 10 ** rng.uniform(*np.log10(limits))
        if kind == "int":
            return int(rng.integers(limits[0], limits[1] + 1))
        return limits[0][rng.integers(len(limits[0]))]

    return [{name: draw(*entry) for name, entry in space.items()} for _ in range(n)]


# %% wrong="depends_on_global_random_state" exercise="sample_params"
def sample_params(space, n, seed=0):
    def draw(kind, *limits):
        if kind == "log":
            return 10 ** np.random.uniform(*np.log10(limits))
        if kind == "int":
            return np.random.randint(limits[0], limits[1] + 1)
        return limits[0][np.random.randint(len(limits[0]))]

    return [{name: draw(*entry) for name, entry in space.items()} for _ in range(n)]


# %% right="scipy distributions" exercise="sample_params"
from scipy.stats import loguniform, randint


def sample_params(space, n, seed=0):
    state = np.random.RandomState(seed)
    columns = {}
    for name, entry in space.items():
        if entry[0] == "log":
            columns[name] = loguniform(entry[1], entry[2]).rvs(n, random_state=state)
        elif entry[0] == "int":
            columns[name] = randint(entry[1], entry[2] + 1).rvs(n, random_state=state)
        else:
            places = state.randint(0, len(entry[1]), n)
            columns[name] = [entry[1][place] for place in places]
    return [{name: columns[name][i] for name in columns} for i in range(n)]


# %% right="ParameterSampler of scikit-learn" exercise="sample_params"
from scipy.stats import loguniform, randint
from sklearn.model_selection import ParameterSampler


class OneOf:
    def __init__(self, entries):
        self.entries = entries

    def rvs(self, random_state=None):
        return self.entries[random_state.randint(len(self.entries))]


def sample_params(space, n, seed=0):
    kinds = {
        "log": loguniform,
        "int": lambda low, high: randint(low, high + 1),
        "choice": OneOf,
    }
    spaces = {name: kinds[kind](*rest) for name, (kind, *rest) in space.items()}
    if n == 0:
        return []
    return list(ParameterSampler(spaces, n, random_state=seed))


# %% right="the random module of Python" exercise="sample_params"
import math
import random


def sample_params(space, n, seed=0):
    rng = random.Random(seed)
    result = []
    for _ in range(n):
        values = {}
        for name, entry in space.items():
            if entry[0] == "choice":
                values[name] = rng.choice(entry[1])
            elif entry[0] == "int":
                values[name] = rng.randint(entry[1], entry[2])
            else:
                values[name] = entry[1] * math.exp(rng.random() * math.log(entry[2] / entry[1]))
        result.append(values)
    return result


# %% hardcoded="the example" exercise="sample_params"
def sample_params(space, n, seed=0):
    return [{"C": 18.8, "depth": 3}, {"C": 1.2, "depth": 2}]


# %% wrong="random_gets_fewer_trials" exercise="grid_vs_random"
def grid_vs_random(f, n_side, seeds):
    side = np.linspace(0, 1, n_side)
    x, y = map(np.ravel, np.meshgrid(side, side))
    wins = 0
    for seed in seeds:
        a, b = np.random.default_rng(seed).random((2, n_side))
        wins += f(a, b, seed).max() > f(x, y, seed).max()
    return wins / len(seeds)


# %% wrong="grid_moves_along_a_diagonal" exercise="grid_vs_random"
def grid_vs_random(f, n_side, seeds):
    side = np.linspace(0, 1, n_side)
    wins = 0
    for seed in seeds:
        a, b = np.random.default_rng(seed).random((2, n_side**2))
        wins += np.max(f(a, b, seed)) > np.max(f(side, side, seed))
    return wins / len(seeds)


# %% wrong="grid_without_the_ends" exercise="grid_vs_random"
def grid_vs_random(f, n_side, seeds):
    side = (np.arange(n_side) + 0.5) / n_side
    x, y = map(np.ravel, np.meshgrid(side, side))
    wins = 0
    for seed in seeds:
        a, b = np.random.default_rng(seed).random((2, n_side**2))
        wins += np.max(f(a, b, seed)) > np.max(f(x, y, seed))
    return wins / len(seeds)


# %% wrong="a_tie_is_a_win" exercise="grid_vs_random"
def grid_vs_random(f, n_side, seeds):
    side = np.linspace(0, 1, n_side)
    x, y = map(np.ravel, np.meshgrid(side, side))
    wins = 0
    for seed in seeds:
        a, b = np.random.default_rng(seed).random((2, n_side**2))
        wins += np.max(f(a, b, seed)) >= np.max(f(x, y, seed))
    return wins / len(seeds)


# %% wrong="counts_wins_of_the_grid" exercise="grid_vs_random"
def grid_vs_random(f, n_side, seeds):
    side = np.linspace(0, 1, n_side)
    x, y = map(np.ravel, np.meshgrid(side, side))
    wins = 0
    for seed in seeds:
        a, b = np.random.default_rng(seed).random((2, n_side**2))
        wins += np.max(f(a, b, seed)) < np.max(f(x, y, seed))
    return wins / len(seeds)


# %% wrong="counts_instead_of_a_share" exercise="grid_vs_random"
def grid_vs_random(f, n_side, seeds):
    side = np.linspace(0, 1, n_side)
    x, y = map(np.ravel, np.meshgrid(side, side))
    wins = 0
    for seed in seeds:
        a, b = np.random.default_rng(seed).random((2, n_side**2))
        wins += np.max(f(a, b, seed)) > np.max(f(x, y, seed))
    return int(wins)


# %% wrong="compares_means" exercise="grid_vs_random"
def grid_vs_random(f, n_side, seeds):
    side = np.linspace(0, 1, n_side)
    x, y = map(np.ravel, np.meshgrid(side, side))
    wins = 0
    for seed in seeds:
        a, b = np.random.default_rng(seed).random((2, n_side**2))
        wins += np.mean(f(a, b, seed)) > np.mean(f(x, y, seed))
    return wins / len(seeds)


# %% wrong="same_random_settings_for_all_seeds" exercise="grid_vs_random"
def grid_vs_random(f, n_side, seeds):
    side = np.linspace(0, 1, n_side)
    x, y = map(np.ravel, np.meshgrid(side, side))
    a, b = np.random.default_rng(0).random((2, n_side**2))
    return np.mean([np.max(f(a, b, seed)) > np.max(f(x, y, seed)) for seed in seeds])


# %% wrong="x_equals_y" exercise="grid_vs_random"
def grid_vs_random(f, n_side, seeds):
    side = np.linspace(0, 1, n_side)
    x, y = map(np.ravel, np.meshgrid(side, side))
    wins = 0
    for seed in seeds:
        a = np.random.default_rng(seed).random(n_side**2)
        wins += np.max(f(a, a, seed)) > np.max(f(x, y, seed))
    return wins / len(seeds)


# %% wrong="depends_on_global_random_state" exercise="grid_vs_random"
def grid_vs_random(f, n_side, seeds):
    side = np.linspace(0, 1, n_side)
    x, y = map(np.ravel, np.meshgrid(side, side))
    wins = 0
    for seed in seeds:
        a, b = np.random.rand(2, n_side**2)
        wins += np.max(f(a, b, seed)) > np.max(f(x, y, seed))
    return wins / len(seeds)


# %% right="one setting at a time" exercise="grid_vs_random"
import random
from itertools import product


def grid_vs_random(f, n_side, seeds):
    axis = [i / (n_side - 1) for i in range(n_side)]
    wins = []
    for seed in seeds:
        rng = random.Random(seed)
        grid = max(float(f(x, y, seed)) for x, y in product(axis, axis))
        free = max(float(f(rng.random(), rng.random(), seed)) for _ in range(n_side * n_side))
        wins.append(1 if free > grid else 0)
    return sum(wins) / len(wins)


# %% right="uniform table of pairs" exercise="grid_vs_random"
def grid_vs_random(f, n_side, seeds):
    axis = np.linspace(0.0, 1.0, num=n_side)
    grid = np.array([(x, y) for x in axis for y in axis])
    results = []
    for seed in seeds:
        points = np.random.RandomState(seed).uniform(size=(n_side**2, 2))
        best = [f(*table.T, seed).max() for table in (grid, points)]
        results.append(best[1] > best[0])
    return np.count_nonzero(results) / len(results)


# %% hardcoded="the shares of the notebook" exercise="grid_vs_random"
def grid_vs_random(f, n_side, seeds):
    return 0.85 if len(seeds) > 50 else 0.0


# %% wrong="default_direction_minimises" exercise="tune"
def tune(make_model, space, X, y, cv, n_trials=25, seed=0):
    def objective(trial):
        values = {k: trial.suggest_float(k, *v, log=True) for k, v in space.items()}
        return cross_val_score(make_model(**values), X, y, cv=cv).mean()

    sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=8)
    study = optuna.create_study(sampler=sampler)
    study.optimize(objective, n_trials=n_trials)
    return study


def summary(study):
    rows = [(trial.number, trial.value) for trial in study.trials if trial.value is not None]
    table = pd.DataFrame(rows, columns=["number", "value"])
    sign = 1 if study.direction.name == "MAXIMIZE" else -1
    return table.assign(best_so_far=sign * (sign * table["value"]).cummax())


# %% wrong="scores_the_training_rows" exercise="tune"
def tune(make_model, space, X, y, cv, n_trials=25, seed=0):
    def objective(trial):
        values = {k: trial.suggest_float(k, *v, log=True) for k, v in space.items()}
        return make_model(**values).fit(X, y).score(X, y)

    sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=8)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=n_trials)
    return study


def summary(study):
    rows = [(trial.number, trial.value) for trial in study.trials if trial.value is not None]
    table = pd.DataFrame(rows, columns=["number", "value"])
    sign = 1 if study.direction.name == "MAXIMIZE" else -1
    return table.assign(best_so_far=sign * (sign * table["value"]).cummax())


# %% wrong="ordinary_scale" exercise="tune"
def tune(make_model, space, X, y, cv, n_trials=25, seed=0):
    def objective(trial):
        values = {k: trial.suggest_float(k, *v) for k, v in space.items()}
        return cross_val_score(make_model(**values), X, y, cv=cv).mean()

    sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=8)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=n_trials)
    return study


def summary(study):
    rows = [(trial.number, trial.value) for trial in study.trials if trial.value is not None]
    table = pd.DataFrame(rows, columns=["number", "value"])
    sign = 1 if study.direction.name == "MAXIMIZE" else -1
    return table.assign(best_so_far=sign * (sign * table["value"]).cummax())


# %% wrong="sampler_without_seed" exercise="tune"
def tune(make_model, space, X, y, cv, n_trials=25, seed=0):
    def objective(trial):
        values = {k: trial.suggest_float(k, *v, log=True) for k, v in space.items()}
        return cross_val_score(make_model(**values), X, y, cv=cv).mean()

    sampler = optuna.samplers.TPESampler(n_startup_trials=8)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=n_trials)
    return study


def summary(study):
    rows = [(trial.number, trial.value) for trial in study.trials if trial.value is not None]
    table = pd.DataFrame(rows, columns=["number", "value"])
    sign = 1 if study.direction.name == "MAXIMIZE" else -1
    return table.assign(best_so_far=sign * (sign * table["value"]).cummax())


# %% wrong="ignores_the_seed" exercise="tune"
def tune(make_model, space, X, y, cv, n_trials=25, seed=0):
    def objective(trial):
        values = {k: trial.suggest_float(k, *v, log=True) for k, v in space.items()}
        return cross_val_score(make_model(**values), X, y, cv=cv).mean()

    sampler = optuna.samplers.TPESampler(seed=0, n_startup_trials=8)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=n_trials)
    return study


def summary(study):
    rows = [(trial.number, trial.value) for trial in study.trials if trial.value is not None]
    table = pd.DataFrame(rows, columns=["number", "value"])
    sign = 1 if study.direction.name == "MAXIMIZE" else -1
    return table.assign(best_so_far=sign * (sign * table["value"]).cummax())


# %% wrong="search_is_not_guided" exercise="tune"
def tune(make_model, space, X, y, cv, n_trials=25, seed=0):
    def objective(trial):
        values = {k: trial.suggest_float(k, *v, log=True) for k, v in space.items()}
        return cross_val_score(make_model(**values), X, y, cv=cv).mean()

    sampler = optuna.samplers.RandomSampler(seed=seed)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=n_trials)
    return study


def summary(study):
    rows = [(trial.number, trial.value) for trial in study.trials if trial.value is not None]
    table = pd.DataFrame(rows, columns=["number", "value"])
    sign = 1 if study.direction.name == "MAXIMIZE" else -1
    return table.assign(best_so_far=sign * (sign * table["value"]).cummax())


# %% wrong="random_trials_at_the_start" exercise="tune"
def tune(make_model, space, X, y, cv, n_trials=25, seed=0):
    def objective(trial):
        values = {k: trial.suggest_float(k, *v, log=True) for k, v in space.items()}
        return cross_val_score(make_model(**values), X, y, cv=cv).mean()

    sampler = optuna.samplers.TPESampler(seed=seed)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=n_trials)
    return study


def summary(study):
    rows = [(trial.number, trial.value) for trial in study.trials if trial.value is not None]
    table = pd.DataFrame(rows, columns=["number", "value"])
    sign = 1 if study.direction.name == "MAXIMIZE" else -1
    return table.assign(best_so_far=sign * (sign * table["value"]).cummax())


# %% wrong="failed_trials_are_kept" exercise="tune"
def tune(make_model, space, X, y, cv, n_trials=25, seed=0):
    def objective(trial):
        values = {k: trial.suggest_float(k, *v, log=True) for k, v in space.items()}
        return cross_val_score(make_model(**values), X, y, cv=cv).mean()

    sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=8)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=n_trials)
    return study


def summary(study):
    table = study.trials_dataframe()[["number", "value"]]
    sign = 1 if study.direction.name == "MAXIMIZE" else -1
    return table.assign(best_so_far=sign * (sign * table["value"]).cummax())


# %% wrong="numbers_are_counted_again" exercise="tune"
def tune(make_model, space, X, y, cv, n_trials=25, seed=0):
    def objective(trial):
        values = {k: trial.suggest_float(k, *v, log=True) for k, v in space.items()}
        return cross_val_score(make_model(**values), X, y, cv=cv).mean()

    sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=8)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=n_trials)
    return study


def summary(study):
    values = pd.Series([trial.value for trial in study.trials], dtype=float).dropna()
    values = values.reset_index(drop=True)
    best = values.cummax() if study.direction.name == "MAXIMIZE" else values.cummin()
    return pd.DataFrame({"number": range(len(values)), "value": values, "best_so_far": best})


# %% wrong="best_is_always_the_largest" exercise="tune"
def tune(make_model, space, X, y, cv, n_trials=25, seed=0):
    def objective(trial):
        values = {k: trial.suggest_float(k, *v, log=True) for k, v in space.items()}
        return cross_val_score(make_model(**values), X, y, cv=cv).mean()

    sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=8)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=n_trials)
    return study


def summary(study):
    rows = [(trial.number, trial.value) for trial in study.trials if trial.value is not None]
    table = pd.DataFrame(rows, columns=["number", "value"])
    return table.assign(best_so_far=table["value"].cummax())


# %% wrong="returns_nothing" exercise="tune"
def tune(make_model, space, X, y, cv, n_trials=25, seed=0):
    def objective(trial):
        values = {k: trial.suggest_float(k, *v, log=True) for k, v in space.items()}
        return cross_val_score(make_model(**values), X, y, cv=cv).mean()

    sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=8)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=n_trials)


def summary(study):
    print(study.trials_dataframe())


# %% right="ask and tell, multivariate TPE" exercise="tune"
def tune(make_model, space, X, y, cv, n_trials=25, seed=0):
    study = optuna.create_study(
        direction=optuna.study.StudyDirection.MAXIMIZE,
        sampler=optuna.samplers.TPESampler(n_startup_trials=8, seed=seed, multivariate=True),
    )
    for _ in range(n_trials):
        trial = study.ask()
        values = {}
        for name in space:
            low, high = space[name]
            values[name] = trial.suggest_float(name, low, high, log=True)
        study.tell(trial, float(np.mean(cross_val_score(make_model(**values), X, y, cv=cv))))
    return study


def summary(study):
    rows, best = [], None
    for trial in study.trials:
        if trial.value is None:
            continue
        if study.direction == optuna.study.StudyDirection.MAXIMIZE:
            best = trial.value if best is None else max(best, trial.value)
        else:
            best = trial.value if best is None else min(best, trial.value)
        rows.append({"best_so_far": best, "value": trial.value, "number": trial.number})
    return pd.DataFrame(rows)


# %% right="trials_dataframe without failed trials" exercise="tune"
from sklearn.model_selection import cross_validate


def tune(make_model, space, X, y, cv, n_trials=25, seed=0):
    study = optuna.create_study(
        study_name="readers",
        direction="maximize",
        sampler=optuna.samplers.TPESampler(8, seed=seed)
        if False
        else optuna.samplers.TPESampler(seed=seed, n_startup_trials=8),
    )

    def score(trial):
        model = make_model(
            **{n: trial.suggest_float(n, a, b, log=True) for n, (a, b) in space.items()}
        )
        return cross_validate(model, X, y, cv=cv)["test_score"].mean()

    study.optimize(score, n_trials)
    return study


def summary(study):
    table = study.trials_dataframe()[["number", "value"]].dropna().reset_index(drop=True)
    better = np.maximum if study.direction.name == "MAXIMIZE" else np.minimum
    return table.assign(best_so_far=better.accumulate(table["value"].to_numpy()))


# %% hardcoded="the example" exercise="tune"
def tune(make_model, space, X, y, cv, n_trials=25, seed=0):
    return optuna.create_study(direction="maximize")


def summary(study):
    return pd.DataFrame(
        {"number": [0, 1, 3], "value": [0.6, 0.9, 0.7], "best_so_far": [0.6, 0.9, 0.9]}
    )


# %% wrong="another_limit_than_five_percent" exercise="sgd"
def sgd(X, y, lr, batch, epochs, seed=0):
    rng = np.random.default_rng(seed)
    w, losses = np.zeros(X.shape[1]), []
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch):
            rows = order[start : start + batch]
            w = w - lr * 2 / len(rows) * X[rows].T @ (X[rows] @ w - y[rows])
        losses.append(np.mean((X @ w - y) ** 2))
    return np.nan_to_num(losses, nan=np.inf, posinf=np.inf).tolist()


def largest_good_lr(X, y, batch, candidates, epochs, seed=0):
    limit = 1.15 * smallest_loss(X, y)
    good = [lr for lr in candidates if sgd(X, y, lr, batch, epochs, seed)[-1] <= limit]
    return max(good, default=None)


# %% wrong="rate_ignores_its_seed" exercise="sgd"
def sgd(X, y, lr, batch, epochs, seed=0):
    rng = np.random.default_rng(seed)
    w, losses = np.zeros(X.shape[1]), []
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch):
            rows = order[start : start + batch]
            w = w - lr * 2 / len(rows) * X[rows].T @ (X[rows] @ w - y[rows])
        losses.append(np.mean((X @ w - y) ** 2))
    return np.nan_to_num(losses, nan=np.inf, posinf=np.inf).tolist()


def largest_good_lr(X, y, batch, candidates, epochs, seed=0):
    limit = 1.05 * smallest_loss(X, y)
    good = [lr for lr in candidates if sgd(X, y, lr, batch, epochs)[-1] <= limit]
    return max(good, default=None)


# %% wrong="one_generator_for_all_worlds" exercise="grid_vs_random"
def grid_vs_random(f, n_side, seeds):
    side = np.linspace(0, 1, n_side)
    x, y = map(np.ravel, np.meshgrid(side, side))
    wins, rng = 0, np.random.default_rng(seeds[0])
    for seed in seeds:
        a, b = rng.random((2, n_side**2))
        wins += np.max(f(a, b, seed)) > np.max(f(x, y, seed))
    return wins / len(seeds)


# %% wrong="spread_evenly_instead_of_drawn" exercise="sample_params"
def sample_params(space, n, seed=0):
    rng = np.random.default_rng(seed)

    def column(kind, *limits):
        if kind == "log":
            return rng.permutation(np.geomspace(*limits, n)).tolist()
        if kind == "int":
            return rng.integers(limits[0], limits[1] + 1, n).tolist()
        return [limits[0][place] for place in rng.integers(0, len(limits[0]), n)]

    columns = {name: column(*entry) for name, entry in space.items()}
    return [{name: columns[name][i] for name in columns} for i in range(n)]


# %% wrong="zero_counts_as_failed" exercise="tune"
def tune(make_model, space, X, y, cv, n_trials=25, seed=0):
    def objective(trial):
        values = {k: trial.suggest_float(k, *v, log=True) for k, v in space.items()}
        return cross_val_score(make_model(**values), X, y, cv=cv).mean()

    sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=8)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=n_trials)
    return study


def summary(study):
    rows = [(trial.number, trial.value) for trial in study.trials if trial.value]
    table = pd.DataFrame(rows, columns=["number", "value"])
    is_max = study.direction.name == "MAXIMIZE"
    table["best_so_far"] = table["value"].cummax() if is_max else table["value"].cummin()
    return table
