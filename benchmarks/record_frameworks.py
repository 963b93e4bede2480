"""Measure the candidates of unit 03 and write ``datasets/benchmarks.csv``.

    python benchmarks/record_frameworks.py

Every candidate runs in a Python of its own with one thread, so that its import is measured too.
Times are CPU times: they hardly depend on what else the machine does. Accuracies repeat on the same
machine; times differ a little, so the file is recorded once and then shipped.
"""

import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from workshop_lib.execution import environment

TARGET = Path(__file__).resolve().parents[1] / "datasets" / "benchmarks.csv"
COLUMNS = [
    "task",
    "candidate",
    "framework",
    "accuracy",
    "fit_s",
    "latency_ms",
    "size_kb",
    "import_s",
    "n_params",
]


def digits():
    """Scans as in the notebooks: the first 1,000 to learn from, the others to test."""
    from workshop_lib import data

    X, y, _ = data.scans("white")
    return X[:1000], y[:1000], X[1000:], y[1000:]


def messages():
    """Messages as in the notebooks."""
    from workshop_lib import data

    train, test = data.messages(1000, 0), data.messages(600, 100)
    return train["text"].tolist(), train["label"].to_numpy(), test["text"].tolist(), test["label"]


def scikit(make):
    """A candidate from scikit-learn."""

    def run(data):
        import skops.io as sio

        X, y, X_new, y_new = data()
        model = make()
        fit_s = timed(lambda: model.fit(X, y))
        size = len(sio.dumps(model)) / 1024
        return fit_s, lambda rows: model.predict(rows), X_new, y_new, size, count(model)

    return run


def count(model):
    """Learned numbers of a scikit-learn model."""
    last = model[-1] if hasattr(model, "steps") else model
    if hasattr(last, "support_vectors_"):
        return last.support_vectors_.size + last.dual_coef_.size
    if hasattr(last, "estimators_"):
        return sum(tree.tree_.node_count * 3 for tree in last.estimators_)
    return sum(getattr(last, name).size for name in ("coef_", "centroids_") if hasattr(last, name))


def svm():
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    return make_pipeline(StandardScaler(), SVC(C=10))


def mean_pictures():
    from sklearn.neighbors import NearestCentroid

    return NearestCentroid()


def forest():
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(random_state=0)


def words(longest):
    def make():
        from sklearn.feature_extraction.text import CountVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline

        counts = CountVectorizer(ngram_range=(1, longest))
        return make_pipeline(counts, LogisticRegression(max_iter=2000))

    return make


def keras_cnn(data):
    """The network of 02_keras."""
    import keras

    X, y, X_new, y_new = data()
    keras.utils.set_random_seed(0)
    layers = [keras.Input((64,)), keras.layers.Reshape((8, 8, 1)), keras.layers.Rescaling(1 / 16)]
    layers += [keras.layers.Conv2D(16, 3, activation="relu"), keras.layers.MaxPooling2D(2)]
    layers += [keras.layers.Flatten(), keras.layers.Dense(32, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss=loss)
    fit_s = timed(lambda: model.fit(X, y, epochs=15, batch_size=32, verbose=0))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.keras")
        model.save(path)
        size = os.path.getsize(path) / 1024

    def predict(rows):
        return model.predict_on_batch(rows).argmax(axis=1)

    return fit_s, predict, X_new, y_new, size, model.count_params()


def torch_model(data, make, epochs, prepare):
    import io

    import torch
    from torch import nn

    torch.set_num_threads(1)
    X, y, X_new, y_new = data()
    inputs = prepare(X)
    torch.manual_seed(0)
    model = make()
    binary = set(y) == {0, 1}
    loss_of = nn.BCEWithLogitsLoss() if binary else nn.CrossEntropyLoss()
    target = torch.tensor(y, dtype=torch.float32 if binary else torch.long)
    optimiser = torch.optim.Adam(model.parameters(), 0.01)
    generator = torch.Generator().manual_seed(0)

    def fit():
        for _ in range(epochs):
            for rows in torch.randperm(len(y), generator=generator).split(64):
                loss = loss_of(model(*(part[rows] for part in inputs)), target[rows])
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()

    fit_s = timed(fit)
    buffer = io.BytesIO()
    torch.save(model.state_dict(), buffer)
    size = len(buffer.getvalue()) / 1024

    def predict(rows):
        with torch.inference_mode():
            outputs = model(*prepare(rows))
        return ((outputs > 0).long() if binary else outputs.argmax(1)).numpy()

    n_params = sum(part.numel() for part in model.parameters())
    return fit_s, predict, X_new, y_new, size, n_params


def torch_cnn(data):
    """The same layers in PyTorch."""
    import torch
    from torch import nn

    def make():
        return nn.Sequential(
            *(nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()),
            *(nn.Linear(144, 32), nn.ReLU(), nn.Linear(32, 10)),
        )

    def prepare(X):
        return (torch.tensor(X / 16, dtype=torch.float32).reshape(-1, 1, 8, 8),)

    return torch_model(data, make, 15, prepare)


def recurrent(kind):
    """The network of 03_pytorch."""

    def run(data):
        import torch
        from torch import nn
        from torch.nn.utils.rnn import pack_padded_sequence

        vocabulary = {}
        for text in data()[0]:
            for word in text.split():
                vocabulary.setdefault(word, len(vocabulary) + 2)

        def prepare(texts):
            rows = [[vocabulary.get(word, 1) for word in text.split()] for text in texts]
            lengths = torch.tensor([len(row) for row in rows])
            ids = torch.zeros(len(rows), int(lengths.max()), dtype=torch.long)
            for row, numbers in zip(ids, rows, strict=True):
                row[: len(numbers)] = torch.tensor(numbers)
            return ids, lengths

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.embedding = nn.Embedding(len(vocabulary) + 2, 16, padding_idx=0)
                self.recurrent = getattr(nn, kind)(16, 24, batch_first=True)
                self.output = nn.Linear(24, 1)

            def forward(self, ids, lengths):
                embedded = self.embedding(ids)
                options = {"batch_first": True, "enforce_sorted": False}
                packed = pack_padded_sequence(embedded, lengths, **options)
                return self.output(self.recurrent(packed)[1][-1]).squeeze(1)

        return torch_model(data, Net, 6, prepare)

    return run


CANDIDATES = {
    ("digits", "SVM", "scikit-learn"): (digits, scikit(svm), "sklearn.svm"),
    ("digits", "random forest", "scikit-learn"): (digits, scikit(forest), "sklearn.ensemble"),
    ("digits", "mean pictures", "scikit-learn"): (
        digits,
        scikit(mean_pictures),
        "sklearn.neighbors",
    ),
    ("digits", "CNN (Keras)", "Keras"): (digits, keras_cnn, "keras"),
    ("digits", "CNN (PyTorch)", "PyTorch"): (digits, torch_cnn, "torch"),
    ("messages", "single words", "scikit-learn"): (
        messages,
        scikit(words(1)),
        "sklearn.linear_model",
    ),
    ("messages", "pairs of words", "scikit-learn"): (
        messages,
        scikit(words(2)),
        "sklearn.linear_model",
    ),
    ("messages", "RNN", "PyTorch"): (messages, recurrent("RNN"), "torch"),
    ("messages", "GRU", "PyTorch"): (messages, recurrent("GRU"), "torch"),
}


def timed(action):
    """CPU seconds of an action."""
    start = time.process_time()
    action()
    return time.process_time() - start


def measure(key):
    """Measure one candidate in this process and print a line of JSON."""
    data, run, module = CANDIDATES[key]
    import_s = timed(lambda: __import__(module))
    fit_s, predict, X_new, y_new, size, n_params = run(data)
    accuracy = (predict(X_new) == y_new).mean()
    latencies = [timed(lambda row=row: predict(X_new[row : row + 1])) for row in range(60)]
    row = {
        "task": key[0],
        "candidate": key[1],
        "framework": key[2],
        "accuracy": round(float(accuracy), 3),
        "fit_s": round(fit_s, 2),
        "latency_ms": round(1000 * statistics.median(latencies), 2),
        "size_kb": round(size, 1),
        "import_s": round(import_s, 1),
        "n_params": int(n_params),
    }
    print(json.dumps(row))


def main():
    """Measure all candidates, one after the other, and write the file."""
    rows = []
    for key in CANDIDATES:
        command = [sys.executable, __file__, *key]
        done = subprocess.run(
            command, env=environment(), capture_output=True, text=True, check=True
        )
        rows.append(json.loads(done.stdout.splitlines()[-1]))
        print(rows[-1])
    with TARGET.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    measure(tuple(sys.argv[1:])) if len(sys.argv) > 1 else main()
