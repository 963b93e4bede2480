# Answers that the checks of 02_keras must refuse (wrong) or accept (right).

# %% wrong="own_weights_at_every_place" exercise="conv_layer"
def conv_layer(height, width, channels, filters, k, bias=True):
    rows, columns = height - k + 1, width - k + 1
    return rows * columns * filters * (k * k * channels + bias), (rows, columns, filters)


# %% wrong="forgets_the_channels" exercise="conv_layer"
def conv_layer(height, width, channels, filters, k, bias=True):
    return filters * (k * k + bias), (height - k + 1, width - k + 1, filters)


# %% wrong="forgets_the_bias" exercise="conv_layer"
def conv_layer(height, width, channels, filters, k, bias=True):
    return filters * k * k * channels, (height - k + 1, width - k + 1, filters)


# %% wrong="one_bias_for_all_filters" exercise="conv_layer"
def conv_layer(height, width, channels, filters, k, bias=True):
    return filters * k * k * channels + bias, (height - k + 1, width - k + 1, filters)


# %% wrong="one_bias_for_each_channel" exercise="conv_layer"
def conv_layer(height, width, channels, filters, k, bias=True):
    parameters = filters * channels * (k * k + bias)
    return parameters, (height - k + 1, width - k + 1, filters)


# %% wrong="ignores_bias" exercise="conv_layer"
def conv_layer(height, width, channels, filters, k, bias=True):
    return filters * (k * k * channels + 1), (height - k + 1, width - k + 1, filters)


# %% wrong="window_leaves_the_picture" exercise="conv_layer"
def conv_layer(height, width, channels, filters, k, bias=True):
    return filters * (k * k * channels + bias), (height, width, filters)


# %% wrong="one_place_too_few" exercise="conv_layer"
def conv_layer(height, width, channels, filters, k, bias=True):
    return filters * (k * k * channels + bias), (height - k, width - k, filters)


# %% right="counted in loops" exercise="conv_layer"
def conv_layer(height, width, channels, filters, k, bias=True):
    parameters = 0
    for _ in range(filters):
        parameters += sum(1 for row in range(k) for column in range(k) for c in range(channels))
        parameters += 1 if bias else 0
    shape = [len(range(height - k + 1)), len(range(width - k + 1)), filters]
    return parameters, shape


# %% right="asks Keras" exercise="conv_layer"
def conv_layer(height, width, channels, filters, k, bias=True):
    layer = keras.layers.Conv2D(filters, k, use_bias=bias)
    layer.build((None, height, width, channels))
    return layer.count_params(), layer.compute_output_shape((1, height, width, channels))[1:]


# %% right="sizes of arrays" exercise="conv_layer"
def conv_layer(height, width, channels, filters, k, bias=True):
    weights = np.empty((k, k, channels, filters))
    places = np.lib.stride_tricks.sliding_window_view(np.empty((height, width)), (k, k)).shape[:2]
    return weights.size + int(bias) * weights.shape[-1], (*places, filters)


# %% hardcoded="the example" exercise="conv_layer"
def conv_layer(height, width, channels, filters, k, bias=True):
    return 160, (6, 6, 16)


# %% wrong="softmax_in_the_network" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16)]
    layers += [keras.layers.Conv2D(16, 3, activation="relu"), keras.layers.MaxPooling2D(2)]
    layers += [keras.layers.Flatten(), keras.layers.Dense(32, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax")])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss=loss, metrics=["accuracy"])
    return model


def train(model, batches):
    return [model.train_on_batch(images, labels)[0] for images, labels in batches]


# %% wrong="loss_expects_probabilities" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16)]
    layers += [keras.layers.Conv2D(16, 3, activation="relu"), keras.layers.MaxPooling2D(2)]
    layers += [keras.layers.Flatten(), keras.layers.Dense(32, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(10)])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train(model, batches):
    return [model.train_on_batch(images, labels)[0] for images, labels in batches]


# %% wrong="no_convolution" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16), keras.layers.Flatten()]
    layers += [keras.layers.Dense(64, activation="relu"), keras.layers.Dense(10)]
    model = keras.Sequential(layers)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss=loss, metrics=["accuracy"])
    return model


def train(model, batches):
    return [model.train_on_batch(images, labels)[0] for images, labels in batches]


# %% wrong="metrics_by_position" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16)]
    layers += [keras.layers.Conv2D(16, 3, activation="relu"), keras.layers.MaxPooling2D(2)]
    layers += [keras.layers.Flatten(), keras.layers.Dense(32, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.005), loss, ["accuracy"])
    return model


def train(model, batches):
    return [model.train_on_batch(images, labels)[0] for images, labels in batches]


# %% wrong="scaling_left_outside" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    layers = [keras.Input((8, 8, 1)), keras.layers.Conv2D(16, 3, activation="relu")]
    layers += [keras.layers.MaxPooling2D(2)]
    layers += [keras.layers.Flatten(), keras.layers.Dense(32, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss=loss, metrics=["accuracy"])
    return model


def train(model, batches):
    return [model.train_on_batch(images, labels)[0] for images, labels in batches]


# %% wrong="asks_for_several_batches_at_once" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16)]
    layers += [keras.layers.Conv2D(16, 3, activation="relu"), keras.layers.MaxPooling2D(2)]
    layers += [keras.layers.Flatten(), keras.layers.Dense(32, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss=loss, metrics=["accuracy"])
    return model


def train(model, batches):
    batches = list(batches)
    return [model.train_on_batch(images, labels)[0] for images, labels in batches]


# %% wrong="does_not_train" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16)]
    layers += [keras.layers.Conv2D(16, 3, activation="relu"), keras.layers.MaxPooling2D(2)]
    layers += [keras.layers.Flatten(), keras.layers.Dense(32, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss=loss, metrics=["accuracy"])
    return model


def train(model, batches):
    return [
        float(model.evaluate(images, labels, verbose=0)[0])
        for images, labels in batches
        if not model.reset_metrics()
    ] + [0.0] * int(model.optimizer.iterations)


# %% wrong="returns_nothing" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16)]
    layers += [keras.layers.Conv2D(16, 3, activation="relu"), keras.layers.MaxPooling2D(2)]
    layers += [keras.layers.Flatten(), keras.layers.Dense(32, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss=loss, metrics=["accuracy"])
    return model


def train(model, batches):
    for images, labels in batches:
        model.train_on_batch(images, labels)


# %% right="functional, another optimiser, fit on each batch" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    inputs = keras.Input(shape=(8, 8, 1))
    x = keras.layers.Rescaling(scale=0.0625)(inputs)
    x = keras.layers.Conv2D(16, (3, 3))(x)
    x = keras.layers.Activation("relu")(x)
    x = keras.layers.MaxPooling2D()(x)
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dense(32, activation="relu")(x)
    model = keras.Model(inputs, keras.layers.Dense(10, activation="linear")(x))
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[keras.metrics.SparseCategoricalAccuracy()],
        optimizer=keras.optimizers.SGD(0.1, momentum=0.9),
    )
    return model


def train(model, batches):
    losses = []
    for batch in batches:
        history = model.fit(*batch, batch_size=len(batch[0]), epochs=1, verbose=0)
        losses.append(history.history["loss"][0])
    return losses


# %% right="default Adam, a tuple of losses" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential()
    model.add(keras.Input((8, 8, 1)))
    model.add(keras.layers.Rescaling(1 / 16))
    model.add(keras.layers.Conv2D(24, 3, activation="relu"))
    model.add(keras.layers.MaxPooling2D(2))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(48, activation="relu"))
    model.add(keras.layers.Dense(10))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss=loss, metrics=["accuracy"])
    return model


def train(model, batches):
    losses = ()
    for images, labels in batches:
        loss, _ = model.train_on_batch(images, labels)
        losses += (float(loss),)
    return losses


# %% hardcoded="the first losses" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16)]
    layers += [keras.layers.Conv2D(16, 3, activation="relu"), keras.layers.MaxPooling2D(2)]
    layers += [keras.layers.Flatten(), keras.layers.Dense(32, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss=loss, metrics=["accuracy"])
    return model


def train(model, batches):
    return [2.3, 2.2, 2.1]


# %% wrong="drops_the_last_part" exercise="roundtrip"
def predict_batched(model, X, batch):
    parts = [model.predict_on_batch(X[i * batch : (i + 1) * batch]) for i in range(len(X) // batch)]
    return np.concatenate(parts) if parts else np.empty((0, 3))


def roundtrip(model, X, path):
    model.save(path)
    loaded = keras.models.load_model(path)
    difference = np.abs(model.predict(X, verbose=0) - loaded.predict(X, verbose=0)).max()
    size = os.path.getsize(path) / 1024
    return {"max_abs_diff": difference, "size_kb": size, "ok": difference <= 1e-6}


# %% wrong="takes_all_rows_at_once" exercise="roundtrip"
def predict_batched(model, X, batch):
    return model.predict_on_batch(X)


def roundtrip(model, X, path):
    model.save(path)
    loaded = keras.models.load_model(path)
    difference = np.abs(model.predict(X, verbose=0) - loaded.predict(X, verbose=0)).max()
    size = os.path.getsize(path) / 1024
    return {"max_abs_diff": difference, "size_kb": size, "ok": difference <= 1e-6}


# %% wrong="compares_the_model_with_itself" exercise="roundtrip"
def predict_batched(model, X, batch):
    return model.predict(X, batch_size=batch, verbose=0)


def roundtrip(model, X, path):
    model.save(path)
    difference = np.abs(model.predict(X, verbose=0) - model.predict(X, verbose=0)).max()
    size = os.path.getsize(path) / 1024
    return {"max_abs_diff": difference, "size_kb": size, "ok": difference <= 1e-6}


# %% wrong="saves_something_else" exercise="roundtrip"
def predict_batched(model, X, batch):
    return model.predict(X, batch_size=batch, verbose=0)


def roundtrip(model, X, path):
    import pickle

    with open(path, "wb") as file:
        pickle.dump(model.get_weights(), file)
    copy = keras.models.clone_model(model)
    with open(path, "rb") as file:
        copy.set_weights(pickle.load(file))
    difference = np.abs(model.predict(X, verbose=0) - copy.predict(X, verbose=0)).max()
    size = os.path.getsize(path) / 1024
    return {"max_abs_diff": difference, "size_kb": size, "ok": difference <= 1e-6}


# %% wrong="mean_instead_of_largest" exercise="roundtrip"
def predict_batched(model, X, batch):
    return model.predict(X, batch_size=batch, verbose=0)


def roundtrip(model, X, path):
    model.save(path)
    loaded = keras.models.load_model(path)
    difference = np.abs(model.predict(X, verbose=0) - loaded.predict(X, verbose=0)).mean()
    size = os.path.getsize(path) / 1024
    return {"max_abs_diff": difference, "size_kb": size, "ok": difference <= 1e-6}


# %% wrong="always_ok" exercise="roundtrip"
def predict_batched(model, X, batch):
    return model.predict(X, batch_size=batch, verbose=0)


def roundtrip(model, X, path):
    model.save(path)
    loaded = keras.models.load_model(path)
    difference = np.abs(model.predict(X, verbose=0) - loaded.predict(X, verbose=0)).max()
    size = os.path.getsize(path) / 1024
    return {"max_abs_diff": difference, "size_kb": size, "ok": os.path.exists(path)}


# %% wrong="bytes_instead_of_kb" exercise="roundtrip"
def predict_batched(model, X, batch):
    return model.predict(X, batch_size=batch, verbose=0)


def roundtrip(model, X, path):
    model.save(path)
    loaded = keras.models.load_model(path)
    difference = np.abs(model.predict(X, verbose=0) - loaded.predict(X, verbose=0)).max()
    size = os.path.getsize(path)
    return {"max_abs_diff": difference, "size_kb": size, "ok": difference <= 1e-6}


# %% right="predict with a size of batch, rounded size" exercise="roundtrip"
from pathlib import Path


def predict_batched(model, X, batch):
    return model.predict(X, batch_size=batch, verbose=0)


def roundtrip(model, X, path):
    keras.saving.save_model(model, path)
    twin = keras.saving.load_model(path)
    gap = np.max(np.abs(np.subtract(model(X), twin(X))))
    return dict(
        ok=bool(gap <= 1e-6), max_abs_diff=gap, size_kb=round(Path(path).stat().st_size / 1024, 1)
    )


# %% right="calls the model in a while loop" exercise="roundtrip"
def predict_batched(model, X, batch):
    outputs, start = [], 0
    while start < len(X):
        outputs.extend(np.asarray(model(X[start : start + batch], training=False)))
        start += batch
    return np.array(outputs)


def roundtrip(model, X, path):
    before = predict_batched(model, X, 3)
    model.save(path, overwrite=True)
    after = predict_batched(keras.models.load_model(path, compile=False), X, 3)
    worst = max(abs(a - b) for a, b in zip(before.ravel(), after.ravel()))
    with open(path, "rb") as file:
        size = len(file.read()) / 1024
    return {"max_abs_diff": float(worst), "size_kb": size, "ok": worst < 1e-6}


# %% hardcoded="always the same" exercise="roundtrip"
def predict_batched(model, X, batch):
    return np.zeros((len(X), 3))


def roundtrip(model, X, path):
    model.save(path)
    return {"max_abs_diff": 0.0, "size_kb": 20.0, "ok": True}


# %% wrong="imports_the_package" exercise="environment_report"
def environment_report(packages):
    import importlib
    from importlib.metadata import metadata

    rows = []
    for name in packages:
        try:
            module = importlib.import_module(name)
            fields = metadata(name)
        except ImportError:
            rows.append((name, None, None, None))
            continue
        licence = fields.get("License-Expression") or fields.get("License")
        rows.append((name, module.__version__, fields.get("Requires-Python"), licence))
    return pd.DataFrame(rows, columns=["package", "version", "requires_python", "licence"])


# %% wrong="raises_an_error" exercise="environment_report"
from importlib.metadata import metadata, version


def environment_report(packages):
    return pd.DataFrame(
        {
            "package": packages,
            "version": [version(name) for name in packages],
            "requires_python": [metadata(name).get("Requires-Python") for name in packages],
            "licence": [
                metadata(name).get("License-Expression") or metadata(name).get("License")
                for name in packages
            ],
        }
    )


# %% right="distributions by dictionary" exercise="environment_report"
from importlib.metadata import PackageNotFoundError, distribution


def environment_report(packages):
    def row(name):
        result = dict.fromkeys(["version", "requires_python", "licence"])
        try:
            found = distribution(name)
        except PackageNotFoundError:
            return {"package": name, **result}
        result["version"] = found.version
        result["requires_python"] = found.metadata["Requires-Python"]
        result["licence"] = found.metadata["License-Expression"] or found.metadata["License"]
        return {"package": name, **result}

    columns = ["package", "version", "requires_python", "licence"]
    return pd.DataFrame([row(name) for name in packages], columns=columns)


# %% right="missing as NaN, columns in another order" exercise="environment_report"
from importlib.metadata import PackageNotFoundError, metadata


def environment_report(packages):
    table = {"licence": [], "version": [], "requires_python": [], "package": list(packages)}
    for name in packages:
        try:
            fields = metadata(name)
        except PackageNotFoundError:
            fields = {}
        licence = fields.get("License-Expression", None)
        table["licence"].append(licence if licence is not None else fields.get("License", None))
        table["version"].append(fields.get("Version", np.nan))
        table["requires_python"].append(fields.get("Requires-Python", None))
    return pd.DataFrame(table)


# %% hardcoded="the example" exercise="environment_report"
def environment_report(packages):
    return pd.DataFrame(
        {
            "package": ["numpy", "no-such-package"],
            "version": [np.__version__, None],
            "requires_python": [">=3.11", None],
            "licence": ["BSD-3-Clause", None],
        }
    )


# %% wrong="relies_on_the_notebook" exercise="make_repro"
import inspect


def make_repro(function, args, setup, error):
    call = f"{function.__name__}({', '.join(map(repr, args))})"
    return f"# expected: {type(error).__name__}: {error}\n{inspect.getsource(function)}\n{call}\n"


# %% wrong="swallows_the_error" exercise="make_repro"
import inspect


def make_repro(function, args, setup, error):
    parts = [part if isinstance(part, str) else inspect.getsource(part) for part in setup]
    call = f"{function.__name__}({', '.join(map(repr, args))})"
    body = "\n".join([*parts, inspect.getsource(function)])
    first = f"# expected: {type(error).__name__}: {error}"
    return f"{first}\n{body}\ntry:\n    {call}\nexcept Exception as problem:\n    print(problem)\n"


# %% wrong="does_not_call" exercise="make_repro"
import inspect


def make_repro(function, args, setup, error):
    parts = [part if isinstance(part, str) else inspect.getsource(part) for part in setup]
    first = f"# expected: {type(error).__name__}: {error}"
    return "\n".join([first, *parts, inspect.getsource(function)])


# %% wrong="arguments_lose_their_form" exercise="make_repro"
import inspect


def make_repro(function, args, setup, error):
    parts = [part if isinstance(part, str) else inspect.getsource(part) for part in setup]
    first = f"# expected: {type(error).__name__}: {error}"
    call = f"{function.__name__}({', '.join(map(str, args))})"
    return "\n".join([first, *parts, inspect.getsource(function), call])


# %% right="a template, repr of a tuple" exercise="make_repro"
import inspect

TEMPLATE = """# expected: {name}: {error}
{setup}

{source}

if __name__ == "__main__":
    {call}(*{args!r})
"""


def make_repro(function, args, setup, error):
    texts = [inspect.getsource(part) if callable(part) else part for part in setup]
    return TEMPLATE.format(
        name=error.__class__.__name__,
        error=error,
        setup="\n".join(texts),
        source=inspect.getsource(function),
        call=function.__name__,
        args=args,
    )


# %% right="line by line, dedented" exercise="make_repro"
import inspect
import textwrap


def make_repro(function, args, setup, error):
    lines = ["# expected: " + type(error).__name__ + ": " + str(error)]
    for part in setup:
        source = part if type(part) is str else textwrap.dedent(inspect.getsource(part))
        lines.extend(source.splitlines())
    lines.extend(textwrap.dedent(inspect.getsource(function)).splitlines())
    lines.append("")
    written = ", ".join([repr(value) for value in args])
    lines.append(function.__name__ + "(" + written + ")")
    return "\n".join(lines)


# %% hardcoded="the example" exercise="make_repro"
def make_repro(function, args, setup, error):
    return (
        "# expected: ZeroDivisionError: division by zero\n\ndef half(n): return n / 0\n\nhalf(4)\n"
    )


# %% wrong="activation_on_the_logits" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16)]
    layers += [keras.layers.Conv2D(16, 3, activation="relu"), keras.layers.MaxPooling2D(2)]
    layers += [keras.layers.Flatten(), keras.layers.Dense(32, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(10, activation="relu")])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss=loss, metrics=["accuracy"])
    return model


def train(model, batches):
    return [model.train_on_batch(images, labels)[0] for images, labels in batches]


# %% hardcoded="always the same seed" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(0)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16)]
    layers += [keras.layers.Conv2D(16, 3, activation="relu"), keras.layers.MaxPooling2D(2)]
    layers += [keras.layers.Flatten(), keras.layers.Dense(32, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss=loss, metrics=["accuracy"])
    return model


def train(model, batches):
    return [model.train_on_batch(x, y, return_dict=True)["loss"] for x, y in batches]


# %% hardcoded="signed difference" exercise="roundtrip"
def predict_batched(model, X, batch):
    return model.predict(X, batch_size=batch, verbose=0)


def roundtrip(model, X, path):
    model.save(path)
    loaded = keras.models.load_model(path)
    difference = (model.predict(X, verbose=0) - loaded.predict(X, verbose=0)).max()
    size = os.path.getsize(path) / 1024
    return {"max_abs_diff": difference, "size_kb": size, "ok": abs(difference) <= 1e-6}


# %% wrong="swaps_height_and_width" exercise="conv_layer"
def conv_layer(height, width, channels, filters, k, bias=True):
    return filters * (k * k * channels + bias), (width - k + 1, height - k + 1, filters)


# %% wrong="keeps_the_channels" exercise="conv_layer"
def conv_layer(height, width, channels, filters, k, bias=True):
    return filters * (k * k * channels + bias), (height - k + 1, width - k + 1, channels)


# %% wrong="moves_by_the_window" exercise="conv_layer"
def conv_layer(height, width, channels, filters, k, bias=True):
    return filters * (k * k * channels + bias), (height // k, width // k, filters)


# %% wrong="loss_wants_columns" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16)]
    layers += [keras.layers.Conv2D(16, 3, activation="relu"), keras.layers.MaxPooling2D(2)]
    layers += [keras.layers.Flatten(), keras.layers.Dense(32, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(10)])
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss=loss, metrics=["accuracy"])
    return model


def train(model, batches):
    return [model.train_on_batch(images, labels)[0] for images, labels in batches]


# %% wrong="stops_after_the_first_batch" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16)]
    layers += [keras.layers.Conv2D(16, 3, activation="relu"), keras.layers.MaxPooling2D(2)]
    layers += [keras.layers.Flatten(), keras.layers.Dense(32, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss=loss, metrics=["accuracy"])
    return model


def train(model, batches):
    losses = []
    for images, labels in batches:
        losses.append(model.train_on_batch(images, labels)[0])
        return losses


# %% wrong="keeps_the_accuracy_too" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16)]
    layers += [keras.layers.Conv2D(16, 3, activation="relu"), keras.layers.MaxPooling2D(2)]
    layers += [keras.layers.Flatten(), keras.layers.Dense(32, activation="relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss=loss, metrics=["accuracy"])
    return model


def train(model, batches):
    return [model.train_on_batch(images, labels) for images, labels in batches]


# %% wrong="parts_are_not_joined" exercise="roundtrip"
def predict_batched(model, X, batch):
    parts = [model.predict_on_batch(X[i : i + batch]) for i in range(0, len(X), batch)]
    return parts


def roundtrip(model, X, path):
    model.save(path)
    loaded = keras.models.load_model(path)
    difference = np.abs(model.predict(X, verbose=0) - loaded.predict(X, verbose=0)).max()
    size = os.path.getsize(path) / 1024
    return {"max_abs_diff": difference, "size_kb": size, "ok": difference <= 1e-6}


# %% wrong="limit_is_too_coarse" exercise="roundtrip"
def predict_batched(model, X, batch):
    parts = [model.predict_on_batch(X[i : i + batch]) for i in range(0, len(X), batch)]
    return np.concatenate(parts)


def roundtrip(model, X, path):
    model.save(path)
    loaded = keras.models.load_model(path)
    difference = np.abs(model.predict(X, verbose=0) - loaded.predict(X, verbose=0)).max()
    size = os.path.getsize(path) / 1024
    return {"max_abs_diff": difference, "size_kb": size, "ok": difference <= 0.1}


# %% wrong="functions_lose_their_source" exercise="make_repro"
import inspect


def make_repro(function, args, setup, error):
    lines = [f"# expected: {type(error).__name__}: {error}", *map(str, setup)]
    call = f"{function.__name__}({', '.join(map(repr, args))})"
    return "\n".join([*lines, inspect.getsource(function), call])


# %% wrong="counts_one_side_of_the_window" exercise="conv_layer"
def conv_layer(height, width, channels, filters, k, bias=True):
    return filters * (k * channels + bias), (height - k + 1, width - k + 1, filters)


# %% wrong="weights_for_the_whole_picture" exercise="conv_layer"
def conv_layer(height, width, channels, filters, k, bias=True):
    weights = height * width * channels * filters
    return weights + filters * bias, (height - k + 1, width - k + 1, filters)


# %% wrong="names_the_channels_first" exercise="conv_layer"
def conv_layer(height, width, channels, filters, k, bias=True):
    return filters * (k * k * channels + bias), (filters, height - k + 1, width - k + 1)


# %% right="NumPy numbers, a list of lists" exercise="conv_layer"
def conv_layer(height, width, channels, filters, k, bias=True):
    parameters = np.prod([k, k, channels, filters]) + (filters if bias else 0)
    return [parameters, [np.int64(height) - k + 1, width - (k - 1), filters]]


# %% wrong="loss_does_not_fit_the_labels" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    convolution = keras.layers.Conv2D(16, 3, activation="relu")
    output = keras.layers.Dense(10)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16), convolution]
    layers += [keras.layers.MaxPooling2D(2), keras.layers.Flatten()]
    layers += [keras.layers.Dense(32, activation="relu"), output]
    model = keras.Sequential(layers)
    loss = "mse"
    model.compile(keras.optimizers.Adam(0.005), loss, metrics=["accuracy"])
    return model


def train(model, batches):
    return [model.train_on_batch(images, labels)[0] for images, labels in batches]


# %% wrong="convolution_is_linear" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    convolution = keras.layers.Conv2D(16, 3)
    output = keras.layers.Dense(10)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16), convolution]
    layers += [keras.layers.MaxPooling2D(2), keras.layers.Flatten()]
    layers += [keras.layers.Dense(32, activation="relu"), output]
    model = keras.Sequential(layers)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.005), loss, metrics=["accuracy"])
    return model


def train(model, batches):
    return [model.train_on_batch(images, labels)[0] for images, labels in batches]


# %% wrong="raises_an_error" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    convolution = keras.layers.Conv2D(16, 3, activation="relu")
    output = keras.layers.Dense(10)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16), convolution]
    layers += [keras.layers.MaxPooling2D(2), keras.layers.Flatten()]
    layers += [keras.layers.Dense(32, activation="relu"), output]
    model = keras.Sequential(layers)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.005), loss, metrics=["accuracy"])
    return model


def train(model, batches):
    losses = []
    for number in range(len(batches)):
        images, labels = batches[number]
        losses.append(model.train_on_batch(images, labels)[0])
    return losses


# %% wrong="measures_after_the_step" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    convolution = keras.layers.Conv2D(16, 3, activation="relu")
    output = keras.layers.Dense(10)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16), convolution]
    layers += [keras.layers.MaxPooling2D(2), keras.layers.Flatten()]
    layers += [keras.layers.Dense(32, activation="relu"), output]
    model = keras.Sequential(layers)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.005), loss, metrics=["accuracy"])
    return model


def train(model, batches):
    losses = []
    for images, labels in batches:
        model.fit(images, labels, verbose=0)
        losses.append(model.evaluate(images, labels, verbose=0)[0])
    return losses


# %% wrong="one_number_for_all_batches" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    convolution = keras.layers.Conv2D(16, 3, activation="relu")
    output = keras.layers.Dense(10)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16), convolution]
    layers += [keras.layers.MaxPooling2D(2), keras.layers.Flatten()]
    layers += [keras.layers.Dense(32, activation="relu"), output]
    model = keras.Sequential(layers)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.005), loss, metrics=["accuracy"])
    return model


def train(model, batches):
    return np.mean([model.train_on_batch(images, labels)[0] for images, labels in batches])


# %% hardcoded="the loss as a text, which expects probabilities" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    convolution = keras.layers.Conv2D(16, 3, activation="relu")
    output = keras.layers.Dense(10)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16), convolution]
    layers += [keras.layers.MaxPooling2D(2), keras.layers.Flatten()]
    layers += [keras.layers.Dense(32, activation="relu"), output]
    model = keras.Sequential(layers)
    loss = "sparse_categorical_crossentropy"
    model.compile(keras.optimizers.Adam(0.005), loss, metrics=["accuracy"])
    return model


def train(model, batches):
    return [model.train_on_batch(images, labels)[0] for images, labels in batches]


# %% hardcoded="steps that are too small" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    convolution = keras.layers.Conv2D(16, 3, activation="relu")
    output = keras.layers.Dense(10)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16), convolution]
    layers += [keras.layers.MaxPooling2D(2), keras.layers.Flatten()]
    layers += [keras.layers.Dense(32, activation="relu"), output]
    model = keras.Sequential(layers)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("sgd", loss, metrics=["accuracy"])
    return model


def train(model, batches):
    return [model.train_on_batch(images, labels)[0] for images, labels in batches]


# %% right="gradients by hand" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    convolution = keras.layers.Conv2D(16, 3, activation="relu")
    output = keras.layers.Dense(10)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16), convolution]
    layers += [keras.layers.MaxPooling2D(2), keras.layers.Flatten()]
    layers += [keras.layers.Dense(32, activation="relu"), output]
    model = keras.Sequential(layers)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=[keras.metrics.SparseCategoricalAccuracy()])
    return model


def train(model, batches):
    import tensorflow as tf

    losses = []
    for images, labels in batches:
        with tf.GradientTape() as tape:
            loss = model.loss(labels, model(images, training=True))
        gradients = tape.gradient(loss, model.trainable_variables)
        model.optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        losses.append(loss.numpy())
    return losses


# %% right="one batch by `next`" exercise="build_cnn"
def build_cnn(seed=0):
    keras.utils.set_random_seed(seed)
    convolution = keras.layers.Conv2D(16, 3, activation="relu")
    output = keras.layers.Dense(10)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16), convolution]
    layers += [keras.layers.MaxPooling2D(2), keras.layers.Flatten()]
    layers += [keras.layers.Dense(32, activation="relu"), output]
    model = keras.Sequential(layers)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.RMSprop(0.003), loss, metrics=["accuracy"])
    return model


def train(model, batches):
    losses = []
    while True:
        try:
            images, labels = next(batches)
        except StopIteration:
            return np.array(losses)
        losses.append(model.train_on_batch(images, labels, return_dict=True)["loss"])


# %% wrong="limit_is_zero" exercise="roundtrip"
def predict_batched(model, X, batch):
    parts = [model.predict_on_batch(X[i : i + batch]) for i in range(0, len(X), batch)]
    return np.concatenate(parts)


def roundtrip(model, X, path):
    model.save(path)
    loaded = keras.models.load_model(path)
    difference = np.abs(model.predict(X, verbose=0) - loaded.predict(X, verbose=0)).max()
    size = os.path.getsize(path) / 1024
    return {"max_abs_diff": difference, "size_kb": size, "ok": difference == 0}


# %% wrong="returns_labels" exercise="roundtrip"
def predict_batched(model, X, batch):
    parts = [model.predict_on_batch(X[i : i + batch]) for i in range(0, len(X), batch)]
    return np.concatenate(parts).argmax(axis=1)


def roundtrip(model, X, path):
    model.save(path)
    loaded = keras.models.load_model(path)
    difference = np.abs(model.predict(X, verbose=0) - loaded.predict(X, verbose=0)).max()
    size = os.path.getsize(path) / 1024
    return {"max_abs_diff": difference, "size_kb": size, "ok": difference <= 1e-6}


# %% hardcoded="a limit that grows with the outputs" exercise="roundtrip"
def predict_batched(model, X, batch):
    parts = [model.predict_on_batch(X[i : i + batch]) for i in range(0, len(X), batch)]
    return np.concatenate(parts)


def roundtrip(model, X, path):
    model.save(path)
    loaded = keras.models.load_model(path)
    one, two = model.predict(X, verbose=0), loaded.predict(X, verbose=0)
    size = os.path.getsize(path) / 1024
    difference = np.abs(one - two).max()
    return {"max_abs_diff": difference, "size_kb": size, "ok": np.allclose(one, two, atol=1e-6)}


# %% hardcoded="a file with a name of its own" exercise="roundtrip"
def predict_batched(model, X, batch):
    parts = [model.predict_on_batch(X[i : i + batch]) for i in range(0, len(X), batch)]
    return np.concatenate(parts)


def roundtrip(model, X, path):
    with tempfile.TemporaryDirectory() as folder:
        own = os.path.join(folder, "model.keras")
        model.save(own)
        loaded, size = keras.models.load_model(own), os.path.getsize(own) / 1024
    difference = np.abs(model.predict(X, verbose=0) - loaded.predict(X, verbose=0)).max()
    return {"max_abs_diff": difference, "size_kb": size, "ok": difference <= 1e-6}


# %% right="a whole number of parts, pathlib" exercise="roundtrip"
from pathlib import Path


def predict_batched(model, X, batch):
    rows = []
    for part in np.array_split(X, -(-len(X) // batch)):
        rows.extend(np.asarray(model(part)).tolist())
    return np.array(rows)


def roundtrip(model, X, path):
    keras.saving.save_model(model, path)
    both = [predict_batched(each, X, 3) for each in (model, keras.saving.load_model(path))]
    gap = float(np.max(np.abs(both[0] - both[1])))
    return dict(ok=gap <= 1e-6, size_kb=round(Path(path).stat().st_size / 1024), max_abs_diff=gap)


# %% wrong="reads_one_field_only" exercise="environment_report"
from importlib.metadata import PackageNotFoundError, metadata


def environment_report(packages):
    rows = []
    for name in packages:
        try:
            fields = metadata(name)
        except PackageNotFoundError:
            rows.append((name, None, None, None))
            continue
        licence = fields.get("License")
        rows.append((name, fields["Version"], fields["Requires-Python"], licence))
    return pd.DataFrame(rows, columns=["package", "version", "requires_python", "licence"])


# %% wrong="drops_what_is_missing" exercise="environment_report"
from importlib.metadata import PackageNotFoundError, metadata


def environment_report(packages):
    rows = []
    for name in packages:
        try:
            fields = metadata(name)
        except PackageNotFoundError:
            pass
            continue
        licence = fields.get("License-Expression") or fields.get("License")
        rows.append((name, fields["Version"], fields["Requires-Python"], licence))
    return pd.DataFrame(rows, columns=["package", "version", "requires_python", "licence"])


# %% hardcoded="a text for what is missing" exercise="environment_report"
from importlib.metadata import PackageNotFoundError, metadata


def environment_report(packages):
    rows = []
    for name in packages:
        try:
            fields = metadata(name)
        except PackageNotFoundError:
            rows.append((name, "not installed", "", ""))
            continue
        licence = fields.get("License-Expression") or fields.get("License")
        rows.append((name, fields["Version"], fields["Requires-Python"], licence))
    return pd.DataFrame(rows, columns=["package", "version", "requires_python", "licence"])


# %% hardcoded="the package in the index" exercise="environment_report"
from importlib.metadata import PackageNotFoundError, metadata


def environment_report(packages):
    rows = []
    for name in packages:
        try:
            fields = metadata(name)
        except PackageNotFoundError:
            rows.append((name, None, None, None))
            continue
        licence = fields.get("License-Expression") or fields.get("License")
        rows.append((name, fields["Version"], fields["Requires-Python"], licence))
    return pd.DataFrame(
        rows, columns=["package", "version", "requires_python", "licence"]
    ).set_index("package")


# %% wrong="first_line_is_not_a_comment" exercise="make_repro"
import inspect


def make_repro(function, args, setup, error):
    parts = [f"expected: {type(error).__name__}: {error}"]
    parts += [part if isinstance(part, str) else inspect.getsource(part) for part in setup]
    parts.append(inspect.getsource(function))
    parts.append(f"{function.__name__}({', '.join(map(repr, args))})")
    return "\n".join(parts)


# %% wrong="passes_the_tuple" exercise="make_repro"
import inspect


def make_repro(function, args, setup, error):
    parts = [f"# expected: {type(error).__name__}: {error}"]
    parts += [part if isinstance(part, str) else inspect.getsource(part) for part in setup]
    parts.append(inspect.getsource(function))
    parts.append(f"{function.__name__}({args})")
    return "\n".join(parts)


# %% hardcoded="the error as `repr` writes it" exercise="make_repro"
import inspect


def make_repro(function, args, setup, error):
    parts = [f"# expected: {error!r}"]
    parts += [part if isinstance(part, str) else inspect.getsource(part) for part in setup]
    parts.append(inspect.getsource(function))
    parts.append(f"{function.__name__}(*{args!r})")
    return "\n".join(parts)


# %% right="a tuple written as a call" exercise="make_repro"
import inspect


def make_repro(function, args, setup, error):
    parts = [f"# expected: {type(error).__name__}: {error}"]
    parts += [part if isinstance(part, str) else inspect.getsource(part) for part in setup]
    parts.append(inspect.getsource(function))
    parts.append(f"{function.__name__}{args!r}")
    return "\n".join(parts)
