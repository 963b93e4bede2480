# Answers that the checks of 03_pytorch must refuse (wrong) or accept (right).

# %% wrong="cuts_the_graph" exercise="grad_of"
def grad_of(f, x):
    inputs = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    f(inputs).backward()
    return inputs.grad.numpy()


def power_until(x, limit):
    value, count = x.item(), 0
    while value <= limit:
        value, count = value**2, count + 1
    return torch.tensor(value), count


# %% wrong="returns_a_tensor" exercise="grad_of"
def grad_of(f, x):
    inputs = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    f(inputs).backward()
    return inputs.grad


def power_until(x, limit):
    count = 0
    while x <= limit:
        x, count = x**2, count + 1
    return x, count


# %% wrong="returns_the_value" exercise="grad_of"
def grad_of(f, x):
    inputs = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    value = f(inputs)
    value.backward()
    return value.item()


def power_until(x, limit):
    count = 0
    while x <= limit:
        x, count = x**2, count + 1
    return x, count


# %% wrong="uses_differences" exercise="grad_of"
def grad_of(f, x):
    x = np.asarray(x, dtype=float)
    gradient = np.empty_like(x)
    for place in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[place] = 1e-6
        high, low = f(torch.tensor(x + step)).item(), f(torch.tensor(x - step)).item()
        gradient[place] = (high - low) / 2e-6
    return gradient


def power_until(x, limit):
    count = 0
    while x <= limit:
        x, count = x**2, count + 1
    return x, count


# %% wrong="gradients_pile_up" exercise="grad_of"
KEPT = {}


def grad_of(f, x):
    key = np.asarray(x, float).tobytes()
    if np.asarray(x).dtype.kind == "f" or key not in KEPT:
        KEPT[key] = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    f(KEPT[key]).backward()
    return KEPT[key].grad.numpy().copy()


def power_until(x, limit):
    count = 0
    while x <= limit:
        x, count = x**2, count + 1
    return x, count


# %% wrong="stops_one_early" exercise="grad_of"
def grad_of(f, x):
    inputs = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    f(inputs).backward()
    return inputs.grad.numpy()


def power_until(x, limit):
    count = 0
    while x < limit:
        x, count = x**2, count + 1
    return x, count


# %% wrong="squares_once_too_often" exercise="grad_of"
def grad_of(f, x):
    inputs = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    f(inputs).backward()
    return inputs.grad.numpy()


def power_until(x, limit):
    x, count = x**2, 1
    while x <= limit:
        x, count = x**2, count + 1
    return x, count


# %% wrong="raises_an_error" exercise="grad_of"
def grad_of(f, x):
    inputs = torch.tensor(x, requires_grad=True)  # whole numbers cannot have a gradient
    f(inputs).backward()
    return inputs.grad.numpy()


def power_until(x, limit):
    count = 0
    while x <= limit:
        x, count = x**2, count + 1
    return x, count


# %% right="torch.func, recursion" exercise="grad_of"
def grad_of(f, x):
    return torch.func.grad(f)(torch.from_numpy(np.array(x, dtype=np.float64))).detach().numpy()


def power_until(x, limit):
    if x > limit:
        return x, 0
    result, count = power_until(torch.square(x), limit)
    return result, count + 1


# %% right="requires_grad_, a for loop" exercise="grad_of"
def grad_of(f, x):
    tensor = torch.as_tensor(np.asarray(x).astype(float)).clone().requires_grad_()
    f(tensor).backward()
    return np.array(tensor.grad)


def power_until(x, limit):
    for count in range(10**6):
        if x.item() > limit:
            return [x, count]
        x = x.pow(2)


# %% hardcoded="the examples" exercise="grad_of"
def grad_of(f, x):
    return 2.0 * np.asarray(x)


def power_until(x, limit):
    return x**4, 2


# %% wrong="records_the_input" exercise="attach_probe"
def attach_probe(module):
    means = []

    def hook(module, inputs, output):
        means.append(float(inputs[0].mean()))

    return means, module.register_forward_hook(hook)


# %% wrong="keeps_tensors" exercise="attach_probe"
def attach_probe(module):
    means = []
    handle = module.register_forward_hook(lambda m, i, output: means.append(output.mean()))
    return means, handle


# %% wrong="changes_the_output" exercise="attach_probe"
def attach_probe(module):
    means = []

    def hook(module, inputs, output):
        means.append(output.mean().item())
        return output.mean()

    return means, module.register_forward_hook(hook)


# %% wrong="cannot_be_removed" exercise="attach_probe"
class Nothing:
    def remove(self):
        pass


def attach_probe(module):
    means = []

    def hook(module, inputs, output):
        means.append(output.mean().item())

    module.register_forward_hook(hook)
    return means, Nothing()


# %% right="a lambda and a float" exercise="attach_probe"
def attach_probe(module):
    means = []
    handle = module.register_forward_hook(
        lambda m, i, out: means.append(float(out.detach().mean()))
    )
    return means, handle


# %% right="a class with a call" exercise="attach_probe"
class Probe:
    def __init__(self):
        self.means = []

    def __call__(self, module, inputs, output):
        self.means.append(output.sum().item() / output.numel())
        return output


def attach_probe(module):
    probe = Probe()
    return [probe.means, module.register_forward_hook(probe)]


# %% hardcoded="the example" exercise="attach_probe"
def attach_probe(module):
    means = []

    def hook(module, inputs, output):
        means[:] = [0.5, 2.0]

    return means, module.register_forward_hook(hook)


# %% wrong="reads_the_padding" exercise="SentimentRNN"
class SentimentRNN(nn.Module):
    def __init__(self, n_words):
        super().__init__()
        self.embedding = nn.Embedding(n_words, 16, padding_idx=0)
        self.recurrent = nn.RNN(16, 24, batch_first=True)
        self.output = nn.Linear(24, 1)

    def forward(self, ids, lengths):
        states, _ = self.recurrent(self.embedding(ids))
        return self.output(states[:, -1]).squeeze(1)


# %% wrong="mixes_the_messages" exercise="SentimentRNN"
class SentimentRNN(nn.Module):
    def __init__(self, n_words):
        super().__init__()
        self.embedding = nn.Embedding(n_words, 16, padding_idx=0)
        self.recurrent = nn.RNN(16, 24)  # reads the first dimension as words
        self.output = nn.Linear(24, 1)

    def forward(self, ids, lengths):
        states, _ = self.recurrent(self.embedding(ids))
        return self.output(states[torch.arange(len(ids)), lengths - 1]).squeeze(1)


# %% wrong="ignores_the_order" exercise="SentimentRNN"
class SentimentRNN(nn.Module):
    def __init__(self, n_words):
        super().__init__()
        self.embedding = nn.Embedding(n_words, 16, padding_idx=0)
        self.output = nn.Linear(16, 1)

    def forward(self, ids, lengths):
        mean = self.embedding(ids).sum(dim=1) / lengths[:, None]
        return self.output(mean).squeeze(1)


# %% wrong="one_column_too_many" exercise="SentimentRNN"
class SentimentRNN(nn.Module):
    def __init__(self, n_words):
        super().__init__()
        self.embedding = nn.Embedding(n_words, 16, padding_idx=0)
        self.recurrent = nn.RNN(16, 24, batch_first=True)
        self.output = nn.Linear(24, 1)

    def forward(self, ids, lengths):
        embedded = self.embedding(ids)
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        _, last = self.recurrent(packed)
        return self.output(last[-1])


# %% wrong="raises_an_error" exercise="SentimentRNN"
class SentimentRNN(nn.Module):
    def __init__(self, n_words):
        super().__init__()
        self.embedding = nn.Embedding(n_words, 16, padding_idx=0)
        self.recurrent = nn.RNN(16, 24, batch_first=True)
        self.output = nn.Linear(24, 1)

    def forward(self, ids, lengths):
        embedded = self.embedding(ids)
        packed = pack_padded_sequence(embedded, lengths, batch_first=True)  # must be sorted
        _, last = self.recurrent(packed)
        return self.output(last[-1]).squeeze(1)


# %% right="LSTM" exercise="SentimentRNN"
class SentimentRNN(nn.Module):
    def __init__(self, n_words):
        super().__init__()
        self.embedding = nn.Embedding(n_words, 16, padding_idx=0)
        self.recurrent = nn.LSTM(16, 24, batch_first=True)
        self.output = nn.Linear(24, 1)

    def forward(self, ids, lengths):
        embedded = self.embedding(ids)
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        _, (last, _) = self.recurrent(packed)
        return self.output(last[0])[:, 0]


# %% right="GRU without packing, the state after the last word" exercise="SentimentRNN"
class SentimentRNN(nn.Module):
    def __init__(self, n_words):
        super().__init__()
        self.embedding = nn.Embedding(n_words, 16, padding_idx=0)
        self.recurrent = nn.GRU(16, 24, batch_first=True)
        self.output = nn.Linear(24, 1)

    def forward(self, ids, lengths):
        states, _ = self.recurrent(self.embedding(ids))
        return self.output(states[torch.arange(len(ids)), lengths - 1]).flatten()


# %% right="unpacked again, masked mean of the states" exercise="SentimentRNN"
from torch.nn.utils.rnn import pad_packed_sequence


class SentimentRNN(nn.Module):
    def __init__(self, n_words):
        super().__init__()
        self.embedding = nn.Embedding(n_words, 16, padding_idx=0)
        self.recurrent = nn.GRU(16, 24, batch_first=True)
        self.output = nn.Linear(24, 1)

    def forward(self, ids, lengths):
        embedded = self.embedding(ids)
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        states, counts = pad_packed_sequence(self.recurrent(packed)[0], batch_first=True)
        mask = (torch.arange(states.shape[1]) < counts[:, None]).unsqueeze(2)
        return self.output((states * mask).sum(1) / counts[:, None]).squeeze(-1)


# %% hardcoded="zeros" exercise="SentimentRNN"
class SentimentRNN(nn.Module):
    def __init__(self, n_words):
        super().__init__()
        self.output = nn.Linear(1, 1)

    def forward(self, ids, lengths):
        return self.output(torch.zeros(len(ids), 1)).squeeze(1)


# %% wrong="gradients_pile_up" exercise="train_rnn"
def train_rnn(model, ids, lengths, y, epochs=6, lr=1e-2, batch=64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(model.parameters(), lr)
    loss_of = nn.BCEWithLogitsLoss()
    losses = []
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(y), generator=generator).split(batch):
            loss = loss_of(model(ids[rows], lengths[rows]), y[rows])
            loss.backward()
            optimiser.step()
            total += loss.item() * len(rows)
        losses.append(total / len(y))
    return losses


# %% wrong="does_not_learn" exercise="train_rnn"
def train_rnn(model, ids, lengths, y, epochs=6, lr=1e-2, batch=64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(model.parameters(), lr)
    loss_of = nn.BCEWithLogitsLoss()
    losses = []
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(y), generator=generator).split(batch):
            loss = loss_of(model(ids[rows], lengths[rows]), y[rows])
            loss.backward()
            optimiser.zero_grad()
            optimiser.step()
            total += loss.item() * len(rows)
        losses.append(total / len(y))
    return losses


# %% wrong="steps_before_going_back" exercise="train_rnn"
def train_rnn(model, ids, lengths, y, epochs=6, lr=1e-2, batch=64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(model.parameters(), lr)
    loss_of = nn.BCEWithLogitsLoss()
    losses = []
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(y), generator=generator).split(batch):
            loss = loss_of(model(ids[rows], lengths[rows]), y[rows])
            optimiser.step()
            loss.backward()
            total += loss.item() * len(rows)
        losses.append(total / len(y))
    return losses


# %% right="cleared at the end of the step" exercise="train_rnn"
def train_rnn(model, ids, lengths, y, epochs=6, lr=1e-2, batch=64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(model.parameters(), lr)
    loss_of = nn.BCEWithLogitsLoss()
    losses = []
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(y), generator=generator).split(batch):
            loss = loss_of(model(ids[rows], lengths[rows]), y[rows])
            loss.backward()
            optimiser.step()
            optimiser.zero_grad(set_to_none=False)
            total += loss.item() * len(rows)
        losses.append(total / len(y))
    return losses


# %% right="gradients by autograd.grad" exercise="train_rnn"
def train_rnn(model, ids, lengths, y, epochs=6, lr=1e-2, batch=64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    parameters = list(model.parameters())
    optimiser = torch.optim.Adam(parameters, lr)
    losses = []
    for _ in range(epochs):
        parts = []
        for rows in torch.randperm(len(y), generator=generator).split(batch):
            logit = model(ids[rows], lengths[rows])
            loss = nn.functional.binary_cross_entropy_with_logits(logit, y[rows])
            for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters)):
                parameter.grad = gradient
            optimiser.step()
            parts.append(loss.item() * len(rows))
        losses.append(sum(parts) / len(y))
    return losses


# %% right="clipped far above any gradient" exercise="train_rnn"
def train_rnn(model, ids, lengths, y, epochs=6, lr=1e-2, batch=64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(model.parameters(), lr)
    loss_of = nn.BCEWithLogitsLoss()
    losses = []
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(y), generator=generator).split(batch):
            model.zero_grad()
            loss = loss_of(model(ids[rows], lengths[rows]), y[rows])
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1000.0)
            optimiser.step()
            total += loss.item() * len(rows)
        losses.append(total / len(y))
    return losses


# %% hardcoded="losses that fall" exercise="train_rnn"
def train_rnn(model, ids, lengths, y, epochs=6, lr=1e-2, batch=64, seed=0):
    return [0.693 / (1 + epoch) for epoch in range(epochs)]


# %% wrong="takes_the_most_accurate" exercise="choose"
def choose(requirement, bench, capabilities):
    rows = bench[bench["task"] == requirement["task"]]
    best = rows.loc[rows["accuracy"].idxmax(), "candidate"]
    reasons = {name: "chosen" if name == best else "feasible" for name in rows["candidate"]}
    return {"choice": best, "reasons": reasons}


# %% wrong="does_not_round" exercise="choose"
def choose(requirement, bench, capabilities):
    reasons, left = {}, []
    for row in bench[bench["task"] == requirement["task"]].to_dict("records"):
        breaks = [
            ("min_accuracy", row["accuracy"] < requirement["min_accuracy"]),
            ("max_latency_ms", row["latency_ms"] > requirement["max_latency_ms"]),
            ("max_size_kb", row["size_kb"] > requirement["max_size_kb"]),
            *((n, n not in capabilities[row["framework"]]) for n in requirement["needs"]),
        ]
        broken = [name for name, bad in breaks if bad]
        reasons[row["candidate"]] = broken[0] if broken else "feasible"
        if not broken:
            left.append(row)
    if not left:
        return {"choice": None, "reasons": reasons}
    best = max(left, key=lambda row: (row["accuracy"], -row["size_kb"]))["candidate"]
    return {"choice": best, "reasons": {**reasons, best: "chosen"}}


# %% wrong="takes_the_first_of_equals" exercise="choose"
def choose(requirement, bench, capabilities):
    reasons, left = {}, []
    for row in bench[bench["task"] == requirement["task"]].to_dict("records"):
        breaks = [
            ("min_accuracy", row["accuracy"] < requirement["min_accuracy"]),
            ("max_latency_ms", row["latency_ms"] > requirement["max_latency_ms"]),
            ("max_size_kb", row["size_kb"] > requirement["max_size_kb"]),
            *((n, n not in capabilities[row["framework"]]) for n in requirement["needs"]),
        ]
        broken = [name for name, bad in breaks if bad]
        reasons[row["candidate"]] = broken[0] if broken else "feasible"
        if not broken:
            left.append(row)
    if not left:
        return {"choice": None, "reasons": reasons}
    best = max(left, key=lambda row: round(row["accuracy"], 2))["candidate"]
    return {"choice": best, "reasons": {**reasons, best: "chosen"}}


# %% wrong="takes_the_fastest_of_equals" exercise="choose"
def choose(requirement, bench, capabilities):
    reasons, left = {}, []
    for row in bench[bench["task"] == requirement["task"]].to_dict("records"):
        breaks = [
            ("min_accuracy", row["accuracy"] < requirement["min_accuracy"]),
            ("max_latency_ms", row["latency_ms"] > requirement["max_latency_ms"]),
            ("max_size_kb", row["size_kb"] > requirement["max_size_kb"]),
            *((n, n not in capabilities[row["framework"]]) for n in requirement["needs"]),
        ]
        broken = [name for name, bad in breaks if bad]
        reasons[row["candidate"]] = broken[0] if broken else "feasible"
        if not broken:
            left.append(row)
    if not left:
        return {"choice": None, "reasons": reasons}
    best = max(left, key=lambda row: (round(row["accuracy"], 2), -row["latency_ms"]))["candidate"]
    return {"choice": best, "reasons": {**reasons, best: "chosen"}}


# %% wrong="limits_are_out_of_bounds" exercise="choose"
def choose(requirement, bench, capabilities):
    reasons, left = {}, []
    for row in bench[bench["task"] == requirement["task"]].to_dict("records"):
        breaks = [
            ("min_accuracy", row["accuracy"] <= requirement["min_accuracy"]),
            ("max_latency_ms", row["latency_ms"] >= requirement["max_latency_ms"]),
            ("max_size_kb", row["size_kb"] >= requirement["max_size_kb"]),
            *((n, n not in capabilities[row["framework"]]) for n in requirement["needs"]),
        ]
        broken = [name for name, bad in breaks if bad]
        reasons[row["candidate"]] = broken[0] if broken else "feasible"
        if not broken:
            left.append(row)
    if not left:
        return {"choice": None, "reasons": reasons}
    best = max(left, key=lambda row: (round(row["accuracy"], 2), -row["size_kb"]))["candidate"]
    return {"choice": best, "reasons": {**reasons, best: "chosen"}}


# %% wrong="names_the_last_constraint" exercise="choose"
def choose(requirement, bench, capabilities):
    reasons, left = {}, []
    for row in bench[bench["task"] == requirement["task"]].to_dict("records"):
        reason = "feasible"
        if row["accuracy"] < requirement["min_accuracy"]:
            reason = "min_accuracy"
        if row["latency_ms"] > requirement["max_latency_ms"]:
            reason = "max_latency_ms"
        if row["size_kb"] > requirement["max_size_kb"]:
            reason = "max_size_kb"
        for need in requirement["needs"]:
            if need not in capabilities[row["framework"]]:
                reason = need
        reasons[row["candidate"]] = reason
        if reason == "feasible":
            left.append(row)
    if not left:
        return {"choice": None, "reasons": reasons}
    best = max(left, key=lambda row: (round(row["accuracy"], 2), -row["size_kb"]))["candidate"]
    return {"choice": best, "reasons": {**reasons, best: "chosen"}}


# %% wrong="mixes_the_tasks" exercise="choose"
def choose(requirement, bench, capabilities):
    reasons, left = {}, []
    for row in bench.to_dict("records"):
        breaks = [
            ("task", row["task"] != requirement["task"]),
            ("min_accuracy", row["accuracy"] < requirement["min_accuracy"]),
            ("max_latency_ms", row["latency_ms"] > requirement["max_latency_ms"]),
            ("max_size_kb", row["size_kb"] > requirement["max_size_kb"]),
            *((n, n not in capabilities[row["framework"]]) for n in requirement["needs"]),
        ]
        broken = [name for name, bad in breaks if bad]
        reasons[row["candidate"]] = broken[0] if broken else "feasible"
        if not broken:
            left.append(row)
    if not left:
        return {"choice": None, "reasons": reasons}
    best = max(left, key=lambda row: (round(row["accuracy"], 2), -row["size_kb"]))["candidate"]
    return {"choice": best, "reasons": {**reasons, best: "chosen"}}


# %% wrong="takes_the_nearest_miss" exercise="choose"
def choose(requirement, bench, capabilities):
    reasons, left = {}, []
    rows = bench[bench["task"] == requirement["task"]].to_dict("records")
    for row in rows:
        breaks = [
            ("min_accuracy", row["accuracy"] < requirement["min_accuracy"]),
            ("max_latency_ms", row["latency_ms"] > requirement["max_latency_ms"]),
            ("max_size_kb", row["size_kb"] > requirement["max_size_kb"]),
            *((n, n not in capabilities[row["framework"]]) for n in requirement["needs"]),
        ]
        broken = [name for name, bad in breaks if bad]
        reasons[row["candidate"]] = broken[0] if broken else "feasible"
        if not broken:
            left.append(row)
    best = max(left or rows, key=lambda row: (round(row["accuracy"], 2), -row["size_kb"]))
    return {"choice": best["candidate"], "reasons": {**reasons, best["candidate"]: "chosen"}}


# %% right="a chain of filters in pandas" exercise="choose"
def choose(requirement, bench, capabilities):
    table = bench[bench["task"] == requirement["task"]].set_index("candidate")
    reasons = pd.Series("feasible", table.index, dtype=object)
    tests = {
        "min_accuracy": table["accuracy"] >= requirement["min_accuracy"],
        "max_latency_ms": table["latency_ms"] <= requirement["max_latency_ms"],
        "max_size_kb": table["size_kb"] <= requirement["max_size_kb"],
    }
    for need in requirement["needs"]:
        tests[need] = table["framework"].map(lambda name, need=need: need in capabilities[name])
    for name in reversed(tests):
        reasons[~tests[name].astype(bool)] = name
    left = table[reasons == "feasible"]
    if left.empty:
        return {"reasons": reasons.to_dict(), "choice": None}
    left = left.assign(accuracy=left["accuracy"].round(2))
    best = left.sort_values(["accuracy", "size_kb"], ascending=[False, True]).index[0]
    reasons[best] = "chosen"
    return {"reasons": reasons.to_dict(), "choice": best}


# %% right="next and a running best" exercise="choose"
def choose(requirement, bench, capabilities):
    best, reasons = None, {}
    for row in bench.itertuples():
        if row.task != requirement["task"]:
            continue

        def broken():
            if row.accuracy < requirement["min_accuracy"]:
                yield "min_accuracy"
            if row.latency_ms > requirement["max_latency_ms"]:
                yield "max_latency_ms"
            if row.size_kb > requirement["max_size_kb"]:
                yield "max_size_kb"
            yield from (n for n in requirement["needs"] if n not in capabilities[row.framework])

        reasons[row.candidate] = next(broken(), "feasible")
        if reasons[row.candidate] == "feasible":
            key = (round(row.accuracy, 2), -row.size_kb)
            if best is None or key > best[0]:
                best = (key, row.candidate)
    if best:
        reasons[best[1]] = "chosen"
    return {"choice": best and best[1], "reasons": reasons}


# %% hardcoded="the example" exercise="choose"
def choose(requirement, bench, capabilities):
    reasons = {"A": "feasible", "B": "chosen", "C": "mobile", "D": "min_accuracy"}
    return {"choice": "B", "reasons": reasons}


# %% wrong="single_precision" exercise="grad_of"
def grad_of(f, x):
    inputs = torch.tensor(x, dtype=torch.float32, requires_grad=True)
    f(inputs).backward()
    return inputs.grad.numpy()


def power_until(x, limit):
    count = 0
    while x <= limit:
        x, count = x**2, count + 1
    return x, count


# %% right="a Jacobian, multiplied" exercise="grad_of"
def grad_of(f, x):
    tensor = torch.tensor(np.asarray(x, dtype="float64"))
    return torch.autograd.functional.jacobian(f, tensor).numpy()


def power_until(x, limit):
    squarings = 0
    while True:
        if x > limit:
            break
        x = torch.mul(x, x)
        squarings += 1
    return x, squarings


# %% wrong="returns_probabilities" exercise="SentimentRNN"
class SentimentRNN(nn.Module):
    def __init__(self, n_words):
        super().__init__()
        self.embedding = nn.Embedding(n_words, 16, padding_idx=0)
        self.recurrent = nn.RNN(16, 24, batch_first=True)
        self.output = nn.Linear(24, 1)

    def forward(self, ids, lengths):
        embedded = self.embedding(ids)
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        _, last = self.recurrent(packed)
        return torch.sigmoid(self.output(last[-1]).squeeze(1))


# %% right="both directions" exercise="SentimentRNN"
class SentimentRNN(nn.Module):
    def __init__(self, n_words):
        super().__init__()
        self.embedding = nn.Embedding(n_words, 16, padding_idx=0)
        self.recurrent = nn.GRU(16, 12, batch_first=True, bidirectional=True)
        self.output = nn.Linear(24, 1)

    def forward(self, ids, lengths):
        embedded = self.embedding(ids)
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        _, last = self.recurrent(packed)
        return self.output(torch.cat([last[0], last[1]], dim=1)).reshape(-1)


# %% wrong="multiplies_by_x" exercise="grad_of"
def grad_of(f, x):
    tensor = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    f(tensor).backward()
    return tensor.grad.numpy()


def power_until(x, limit):
    result, count = x, 0
    while result <= limit:
        result = result * x
        count += 1
    return result, count


# %% wrong="begins_at_a_new_tensor" exercise="grad_of"
def grad_of(f, x):
    tensor = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    f(tensor).backward()
    return tensor.grad.numpy()


def power_until(x, limit):
    result, count = x, 0
    while result <= limit:
        result = torch.tensor(result.item() ** 2, requires_grad=True)
        count += 1
    return result, count


# %% wrong="fills_another_list" exercise="attach_probe"
def attach_probe(module):
    means = []

    def hook(module, inputs, output):
        nonlocal means
        means = means + [output.mean().item()]

    return means, module.register_forward_hook(hook)


# %% wrong="returns_the_handle_first" exercise="attach_probe"
def attach_probe(module):
    means = []
    handle = module.register_forward_hook(lambda m, i, output: means.append(output.mean().item()))
    return handle, means


# %% wrong="removes_the_only_message" exercise="SentimentRNN"
class SentimentRNN(nn.Module):
    def __init__(self, n_words):
        super().__init__()
        self.embedding = nn.Embedding(n_words, 16, padding_idx=0)
        self.recurrent = nn.RNN(16, 24, batch_first=True)
        self.output = nn.Linear(24, 1)

    def forward(self, ids, lengths):
        embedded = self.embedding(ids)
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        states, last_state = self.recurrent(packed)
        return self.output(last_state).squeeze()


# %% wrong="mixes_up_messages_of_other_length" exercise="SentimentRNN"
class SentimentRNN(nn.Module):
    def __init__(self, n_words):
        super().__init__()
        self.embedding = nn.Embedding(n_words, 16, padding_idx=0)
        self.recurrent = nn.RNN(16, 24, batch_first=True)
        self.output = nn.Linear(24, 1)

    def forward(self, ids, lengths):
        embedded = self.embedding(ids)
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        states, last_state = self.recurrent(packed)
        return self.output(states.data[-len(ids) :]).squeeze(1)


# %% right="the first layer, the first column" exercise="SentimentRNN"
class SentimentRNN(nn.Module):
    def __init__(self, n_words):
        super().__init__()
        self.embedding = nn.Embedding(n_words, 16, padding_idx=0)
        self.recurrent = nn.RNN(16, 24, batch_first=True)
        self.output = nn.Linear(24, 1)

    def forward(self, ids, lengths):
        embedded = self.embedding(ids)
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        states, last_state = self.recurrent(packed)
        return self.output(last_state[0])[:, 0]


# %% wrong="rounds_before_the_limit" exercise="choose"
def choose(requirement, bench, capabilities):
    reasons, feasible = {}, []
    for row in bench[bench["task"] == requirement["task"]].to_dict("records"):
        missing = [
            need for need in requirement["needs"] if need not in capabilities[row["framework"]]
        ]
        if round(row["accuracy"], 2) < requirement["min_accuracy"]:
            reason = "min_accuracy"
        elif row["latency_ms"] > requirement["max_latency_ms"]:
            reason = "max_latency_ms"
        elif row["size_kb"] > requirement["max_size_kb"]:
            reason = "max_size_kb"
        elif missing:
            reason = missing[0]
        else:
            reason = "feasible"
            feasible.append((-round(row["accuracy"], 2), row["size_kb"], row["candidate"]))
        reasons[row["candidate"]] = reason
    choice = min(feasible)[2] if feasible else None
    if choice:
        reasons[choice] = "chosen"
    return {"choice": choice, "reasons": reasons}


# %% wrong="returns_the_count_first" exercise="grad_of"
def grad_of(f, x):
    t = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    f(t).backward()
    return t.grad.numpy()


def power_until(x, limit):
    c = 0
    while x <= limit:
        x, c = x * x, c + 1
    return c, x


# %% wrong="changes_its_input" exercise="grad_of"
def grad_of(f, x):
    t = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    f(t).backward()
    return t.grad.numpy()


def power_until(x, limit):
    c = 0
    while x <= limit:
        x *= x
        c += 1
    return x, c


# %% wrong="keeps_one_of_two_factors" exercise="grad_of"
def grad_of(f, x):
    t = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    f(t).backward()
    return t.grad.numpy()


def power_until(x, limit):
    c = 0
    while x <= limit:
        x = x * x.item()
        c += 1
    return x, c


# %% wrong="does_not_go_back" exercise="grad_of"
def grad_of(f, x):
    t = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    return t.grad


def power_until(x, limit):
    c = 0
    while x <= limit:
        x, c = x * x, c + 1
    return x, c


# %% wrong="returns_the_tuple" exercise="grad_of"
def grad_of(f, x):
    t = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    return torch.autograd.grad(f(t), t)


def power_until(x, limit):
    c = 0
    while x <= limit:
        x, c = x * x, c + 1
    return x, c


# %% right="a clone, and a result with one entry" exercise="grad_of"
def grad_of(f, x):
    t = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    f(t).sum().backward()
    return np.array(t.grad)


def power_until(x, limit):
    c = 0
    y = x.clone()
    while y.data <= limit:
        y = y.pow(2)
        c += 1
    return y.reshape(1), c


# %% wrong="hook_raises_an_error" exercise="attach_probe"
def attach_probe(module):
    means = []

    def hook(inputs, output):
        means.append(output.mean().item())

    return means, module.register_forward_hook(hook)


# %% wrong="is_not_empty_at_first" exercise="attach_probe"
KEEP = []


def attach_probe(module):
    def hook(module, inputs, output):
        KEEP.append(output.mean().item())

    return KEEP, module.register_forward_hook(hook)


# %% wrong="never_called" exercise="attach_probe"
def attach_probe(module):
    means = []

    def hook(module, inputs, output):
        means.append(output.mean().item())

    handle = module.register_forward_hook(hook)
    handle.remove()
    return means, handle


# %% right="returns the same output, a list of two" exercise="attach_probe"
def attach_probe(module):
    means = []

    def hook(module, inputs, output):
        means.append(output.mean().item())
        return output

    return [means, module.register_forward_hook(hook)]


# %% wrong="leaves_the_notes" exercise="SentimentRNN"
class SentimentRNN(nn.Module):
    def __init__(self, n_words):
        super().__init__()
        self.embedding = nn.Embedding(n_words, 16, padding_idx=0)
        self.recurrent = nn.RNN(16, 24, batch_first=True)
        self.output = nn.Linear(24, 1)

    def forward(self, ids, lengths):
        embedded = self.embedding(ids)
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        _, last = self.recurrent(packed)
        return self.output(last[-1]).squeeze(1).detach()


# %% wrong="returns_verdicts" exercise="SentimentRNN"
class SentimentRNN(nn.Module):
    def __init__(self, n_words):
        super().__init__()
        self.embedding = nn.Embedding(n_words, 16, padding_idx=0)
        self.recurrent = nn.RNN(16, 24, batch_first=True)
        self.output = nn.Linear(24, 1)

    def forward(self, ids, lengths):
        embedded = self.embedding(ids)
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        _, last = self.recurrent(packed)
        return self.output(last[-1]).squeeze(1) > 0


# %% wrong="differs_from_call_to_call" exercise="SentimentRNN"
class SentimentRNN(nn.Module):
    def __init__(self, n_words):
        super().__init__()
        self.embedding = nn.Embedding(n_words, 16, padding_idx=0)
        self.recurrent = nn.RNN(16, 24, batch_first=True)
        self.output = nn.Linear(24, 1)

    def forward(self, ids, lengths):
        embedded = self.embedding(ids)
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        _, last = self.recurrent(packed)
        return self.output(nn.functional.dropout(last[-1], 0.5)).squeeze(1)


# %% wrong="reads_the_first_word_only" exercise="SentimentRNN"
class SentimentRNN(nn.Module):
    def __init__(self, n_words):
        super().__init__()
        self.embedding = nn.Embedding(n_words, 16, padding_idx=0)
        self.recurrent = nn.RNN(16, 24, batch_first=True)
        self.output = nn.Linear(24, 1)

    def forward(self, ids, lengths):
        states, last = self.recurrent(self.embedding(ids))
        return self.output(states[:, 0]).squeeze(1)


# %% right="one message after the other" exercise="SentimentRNN"
class SentimentRNN(nn.Module):
    def __init__(self, n_words):
        super().__init__()
        self.embedding = nn.Embedding(n_words, 16, padding_idx=0)
        self.recurrent = nn.RNN(16, 24, batch_first=True)
        self.output = nn.Linear(24, 1)

    def forward(self, ids, lengths):
        out = []
        for row, n in zip(ids, lengths):
            _, last = self.recurrent(self.embedding(row[:n]).unsqueeze(0))
            out.append(self.output(last[0, 0])[0])
        return torch.stack(out)


# %% right="words first, then messages" exercise="SentimentRNN"
class SentimentRNN(nn.Module):
    def __init__(self, n_words):
        super().__init__()
        self.embedding = nn.Embedding(n_words, 16, padding_idx=0)
        self.recurrent = nn.RNN(16, 24)
        self.output = nn.Linear(24, 1)

    def forward(self, ids, lengths):
        packed = pack_padded_sequence(
            self.embedding(ids).transpose(0, 1), lengths, enforce_sorted=False
        )
        _, last = self.recurrent(packed)
        return self.output(last[-1]).flatten()


# %% wrong="clears_once_in_an_epoch" exercise="train_rnn"
def train_rnn(model, ids, lengths, y, epochs=6, lr=1e-2, batch=64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(model.parameters(), lr)
    loss_of = nn.BCEWithLogitsLoss()
    losses = []
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(y), generator=generator).split(batch):
            loss = loss_of(model(ids[rows], lengths[rows]), y[rows])
            if total == 0:
                optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            total += loss.item() * len(rows)
        losses.append(total / len(y))
    return losses


# %% right="gradients set to None" exercise="train_rnn"
def train_rnn(model, ids, lengths, y, epochs=6, lr=1e-2, batch=64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(model.parameters(), lr)
    loss_of = nn.BCEWithLogitsLoss()
    losses = []
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(y), generator=generator).split(batch):
            loss = loss_of(model(ids[rows], lengths[rows]), y[rows])
            for p in model.parameters():
                p.grad = None
            loss.backward()
            optimiser.step()
            total += loss.item() * len(rows)
        losses.append(total / len(y))
    return losses


# %% right="losses as tensors without notes" exercise="train_rnn"
def train_rnn(model, ids, lengths, y, epochs=6, lr=1e-2, batch=64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(model.parameters(), lr)
    loss_of = nn.BCEWithLogitsLoss()
    losses = []
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(y), generator=generator).split(batch):
            loss = loss_of(model(ids[rows], lengths[rows]), y[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            total += loss.detach() * len(rows)
        losses.append(total / len(y))
    return losses


# %% wrong="goes_back_more_than_once" exercise="train_rnn"
def train_rnn(model, ids, lengths, y, epochs=6, lr=1e-2, batch=64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(model.parameters(), lr)
    loss_of = nn.BCEWithLogitsLoss()
    losses = []
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(y), generator=generator).split(batch):
            loss = loss_of(model(ids[rows], lengths[rows]), y[rows])
            optimiser.zero_grad()
            loss.backward(retain_graph=True)
            loss.backward()
            optimiser.step()
            total += loss.item() * len(rows)
        losses.append(total / len(y))
    return losses


# %% right="a step with a closure" exercise="train_rnn"
def train_rnn(model, ids, lengths, y, epochs=6, lr=1e-2, batch=64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(model.parameters(), lr)
    loss_of = nn.BCEWithLogitsLoss()
    losses = []
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(y), generator=generator).split(batch):
            loss = loss_of(model(ids[rows], lengths[rows]), y[rows])

            def closure(loss=loss):
                optimiser.zero_grad()
                loss.backward()
                return loss

            optimiser.step(closure)
            total += loss.item() * len(rows)
        losses.append(total / len(y))
    return losses
