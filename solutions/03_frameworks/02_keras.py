# %% [markdown]
# ## The story
#
# The first candidate for reading form digits was a support vector machine. A colleague says: "For
# images you need a neural network." Perhaps. In this notebook you build a small one with Keras,
# train it batch by batch, and prove that it gives the same answers after it was saved. Then you
# compare, instead of believing.
#
# Keras is the part of TensorFlow with which people build networks. It takes some seconds to load.
# The first lines of the next cell make results repeat: one thread, and the same rounding
# everywhere. They must stand before the import.

# %%
import logging
import os
import tempfile

for limit in ("TF_NUM_INTEROP_THREADS", "TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(limit, "1")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # errors only, no remarks

import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from workshop_lib import artifacts, data, explore, figures
from workshop_lib.checks import check

logging.getLogger("tensorflow").setLevel("ERROR")  # TensorFlow sets its own level on import
figures.style()

# %% [markdown]
# The scans are those of `01_sklearn`. A network for images wants them as pictures: 8 rows, 8 columns,
# 1 channel (ink; a colour photograph has 3). The shape of the whole table is
# (number of scans, 8, 8, 1).

# %%
scans, digits, _ = data.scans("white")
images = scans.reshape(-1, 8, 8, 1)
train_rows, test_rows = slice(0, 1000), slice(1000, None)
print(
    images[train_rows].shape, images[test_rows].shape, f"ink from {images.min()} to {images.max()}"
)

# %% [markdown]
# ## What a convolution costs
#
# A dense layer looks at all pixels at once, with one weight for each pixel. It has to learn a stroke
# anew for every place. A **convolution** looks through a small window of *k* × *k* pixels and
# moves it over the picture. At every place it uses the **same** weights. One set of weights is called
# a filter, and its result is a new picture: where in the scan is my stroke?
#
# - A filter has one weight for each pixel **and each channel** of the window, and one bias (a number
#   that is added). If `bias=False`, it has no bias.
# - The window stays inside the picture and moves by one pixel. On 8 columns, a window of 3 has 6
#   places.
# - The result has as many channels as there are filters.
#
# **Your task.** Write `conv_layer(height, width, channels, filters, k, bias)`. It returns two things:
# the number of parameters (weights and biases) as a whole number, and the shape of the result for
# one picture, as `(height, width, channels)`. The picture is at least as large as the window.
#
# For example, `conv_layer(8, 8, 1, filters=16, k=3)` returns `160, (6, 6, 16)`: 16 filters of 3 × 3
# weights and one bias each.


# %% exercise="conv_layer" objective="W.4.1"
def conv_layer(
    height: int, width: int, channels: int, filters: int, k: int, bias: bool = True
) -> tuple[int, tuple[int, int, int]]:
    """Return the number of parameters of a convolution, and the shape of its result."""
    ### BEGIN SOLUTION
    weights = filters * k * k * channels
    parameters = weights + filters * bias
    return parameters, (height - k + 1, width - k + 1, filters)
    ### END SOLUTION


# %% check="conv_layer" title="Parameters of a convolution" points=1 transport="plain"
t.hints(
    "Count one filter first: how many weights has its window, over all channels? Then its bias.",
    "The number of parameters does not depend on the size of the picture.",
    "A window of 3 on 8 columns has 8 - 3 + 1 places.",
)


def layer(*arguments, **options):
    """Return parameters and shape, once the answer has the form that the task asks for."""
    got = t.call(conv_layer, *arguments, **options)
    is_pair = isinstance(got, tuple | list) and len(got) == 2
    t.require(is_pair, "Return two things: the number of parameters, and the shape.")
    return got


with t.item("The number of parameters", weight=2):
    for height, width, channels, filters, k in (
        (9, 7, 3, 5, 2),
        (8, 8, 1, 16, 3),
        (12, 12, 4, 1, 5),
    ):
        got, _ = layer(height, width, channels, filters, k)
        places = (height - k + 1) * (width - k + 1)
        t.wrong_if(
            "own_weights_at_every_place",
            got
            in (
                filters * (k * k * channels + 1) * places,
                filters * k * k * channels * places + filters,
            ),
            "You counted the weights once for each place of the window. A convolution uses the same "
            "weights at every place: that is what makes it small.",
        )
        t.wrong_if(
            "counts_one_side_of_the_window",
            k > 1 and got == filters * (k * channels + 1),
            f"The window is {k} pixels wide and {k} pixels high: {k} × {k} weights for each channel.",
        )
        t.wrong_if(
            "weights_for_the_whole_picture",
            got == filters * (height * width * channels + 1),
            "That is one weight for each pixel of the picture, as in a dense layer. A filter has "
            "weights for its small window only.",
        )
        t.wrong_if(
            "forgets_the_channels",
            channels > 1 and got == filters * (k * k + 1),
            f"The window goes through all {channels} channels, so a filter has k × k × {channels} "
            "weights.",
        )
        t.wrong_if(
            "forgets_the_bias",
            got == filters * k * k * channels,
            "These are the weights. Each filter also has one bias.",
        )
        t.wrong_if(
            "one_bias_for_all_filters",
            filters > 1 and got == filters * k * k * channels + 1,
            "There is one bias for each filter, not one for the layer.",
        )
        t.wrong_if(
            "one_bias_for_each_channel",
            channels > 1 and got == filters * (k * k * channels + channels),
            "A filter has one bias in all, not one for each channel of the picture.",
        )
        expected = filters * (k * k * channels + 1)
        t.equal(got, expected, what=f"parameters of {filters} filters, k={k}, {channels} channels")
with t.item("Without bias", weight=1):
    got, _ = layer(6, 6, 2, 3, 3, bias=False)
    t.wrong_if(
        "ignores_bias",
        got == 57,
        "With `bias=False` a filter has weights only: 3 × 3 × 3 × 2 = 54 here.",
    )
    t.equal(got, 54, what="parameters")
with t.item("The shape of the result", weight=1):
    for height, width, channels, filters, k in ((9, 7, 3, 5, 2), (8, 8, 1, 16, 3), (5, 6, 2, 4, 5)):
        _, got = layer(height, width, channels, filters, k)
        t.wrong_if(
            "window_leaves_the_picture",
            tuple(got) == (height, width, filters),
            "The result is as large as the picture. That needs a frame of zeros around it (padding). "
            "Here the window stays inside.",
        )
        t.wrong_if(
            "names_the_channels_first",
            tuple(got) == (filters, height - k + 1, width - k + 1) != (height - k + 1,) * 3,
            "The number of channels stands last: `(height, width, channels)`.",
        )
        t.wrong_if(
            "swaps_height_and_width",
            height != width and tuple(got) == (width - k + 1, height - k + 1, filters),
            f"The picture has {height} rows and {width} columns. The shape names the height first.",
        )
        t.wrong_if(
            "keeps_the_channels",
            channels != filters and tuple(got) == (height - k + 1, width - k + 1, channels),
            "The last number is the number of channels of the result. Each filter gives one channel.",
        )
        t.wrong_if(
            "moves_by_the_window",
            tuple(got) == (height // k, width // k, filters),
            "Here the window moves by its own width. It should move by one pixel, so that "
            "neighbouring places overlap.",
        )
        t.wrong_if(
            "one_place_too_few",
            tuple(got) == (height - k, width - k, filters),
            "One place is missing: a window as wide as the picture has 1 place, not 0.",
        )
        t.equal(list(got), [height - k + 1, width - k + 1, filters], what=f"shape, k={k}")
### BEGIN HIDDEN TESTS
with t.item("It agrees with Keras", weight=1, seconds=20):
    for seed in t.seeds:
        rng = np.random.default_rng([seed, 41])
        height, width, channels, filters = (
            int(n) for n in rng.integers([5, 5, 1, 1], [12, 12, 5, 9])
        )
        k, bias = int(rng.integers(1, 5)), bool(rng.integers(2))
        convolution = keras.layers.Conv2D(filters, k, use_bias=bias)
        convolution.build((None, height, width, channels))
        shape = convolution.compute_output_shape((1, height, width, channels))[1:]
        got = layer(height, width, channels, filters, k, bias)
        t.equal((got[0], list(got[1])), (convolution.count_params(), list(shape)))
### END HIDDEN TESTS

# %% [markdown]
# ## Build it, train it
#
# The network below has these layers. `Rescaling` divides the ink by 16, so that the network reads
# raw scans. `MaxPooling2D(2)` keeps the largest of each 2 × 2 values, `Flatten` makes one long row
# of numbers.
#
# Its last layer gives ten numbers, one for each digit; the largest wins.
#
# > **logits**: the scores before they become probabilities. They may be any numbers. The function
# > *softmax* turns them into probabilities that add up to 1.
#
# The loss must know what it gets. `SparseCategoricalCrossentropy(from_logits=True)` expects logits and
# applies softmax itself. With `from_logits=False`, which is the default, it takes the same numbers for
# probabilities. **No error is raised.** Below you see what that costs.
#
# > **epoch**: one pass of training through all rows.
#
# A table may be larger than the memory. Then a *generator* reads one batch after the other from the
# disk, and training must not ask for the next batch before it has used the last one.
#
# **Your task.** Complete two functions.
#
# - `build_cnn(seed)` returns a compiled model with at most 15,000 parameters. The first `...` in it is
#   for two layers, the second one for `compile`:
#     - `convolution = ...`: 16 filters of 3 × 3 with the activation `"relu"`;
#     - `output = ...`: a `Dense` layer with ten logits, so without activation;
#     - `model.compile(optimizer=..., loss=..., metrics=["accuracy"])`, with the optimiser
#       `keras.optimizers.Adam(0.005)` (others that learn well in 15 epochs are fine), and the loss
#       that fits logits. The labels are the whole numbers 0 to 9.
# - `train(model, batches)` trains with one batch after the other and returns the list of losses, one
#   for each batch. `batches` is a generator: a `for` loop over it gives pairs `images, labels`.
#   `model.train_on_batch(images, labels)` does one step and returns loss and accuracy before that
#   step. Ask for a batch only when the one before has been used.
#
# For example, a fresh `build_cnn()` gives for one scan ten numbers whose sum is *not* 1, and it has
# 5,130 parameters. With three batches, `train` returns three numbers; the first one is near 2.3, the
# loss of a blind guess among ten digits (ln 10).


# %% exercise="build_cnn" objective="W.4.1"
def build_cnn(seed: int = 0) -> keras.Model:
    """Return a small compiled network that reads digits and gives logits."""
    keras.utils.set_random_seed(seed)
    ### BEGIN SOLUTION
    convolution = keras.layers.Conv2D(16, 3, activation="relu")
    output = keras.layers.Dense(10)
    ### END SOLUTION
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16), convolution]
    layers += [keras.layers.MaxPooling2D(2), keras.layers.Flatten()]
    layers += [keras.layers.Dense(32, activation="relu"), output]
    model = keras.Sequential(layers)
    ### BEGIN SOLUTION
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss=loss, metrics=["accuracy"])
    ### END SOLUTION
    return model


def train(model: keras.Model, batches) -> list[float]:
    """Train with one batch after the other and return the loss of each."""
    ### BEGIN SOLUTION
    return [float(model.train_on_batch(images, labels)[0]) for images, labels in batches]
    ### END SOLUTION


# %% check="build_cnn" title="A network with logits, trained batch by batch" points=3 transport="object"
import functools

from workshop_lib.checks import same

t.hints(
    "`keras.layers.Conv2D(filters, k, activation=...)` and `keras.layers.Dense(10)` fill the gaps.",
    "`keras.losses.SparseCategoricalCrossentropy` has an option that says that it gets logits.",
    "`train` is a `for` loop: one call of `model.train_on_batch` for each batch, and a list.",
)


@keras.saving.register_keras_serializable("build_cnn_check")
class Watched(keras.Sequential):
    """A model that is the same object in the check and in the answer."""

    def __deepcopy__(self, memo):
        return self


def watched_model(classes=3):
    """A tiny model, always with the same weights."""
    keras.utils.set_random_seed(5)
    model = Watched([keras.Input((4,)), keras.layers.Dense(classes)])
    entropy = keras.losses.SparseCategoricalCrossentropy
    step = keras.optimizers.SGD(0.1)
    # Eager: to build a graph takes longer than a handful of steps.
    model.compile(step, entropy(from_logits=True), metrics=["accuracy"], run_eagerly=True)
    return model


def batches_of(model, count, steps):
    """Yield batches; note how many steps the model had done when each was asked for."""
    rng = np.random.default_rng(count)
    for _ in range(count):
        steps.append(int(model.optimizer.iterations))
        yield rng.normal(size=(8, 4)), rng.integers(0, 3, 8)


def network(seed=0):
    """The answer's network."""
    model = t.call(build_cnn, seed)
    t.require(isinstance(model, keras.Model), "Return the model.")
    return model


def measured(model):
    """What the answer's network reports for 64 scans: the loss, and accuracy if it was asked for."""
    compiled = model.get_compile_config() or {}
    t.require(compiled.get("loss") is not None, "The model has no loss: call `model.compile`.")
    t.wrong_if(
        "metrics_by_position",
        compiled.get("loss_weights") is not None,
        'In Keras 3 the third argument of `compile` by position is `loss_weights`, so ["accuracy"] '
        "became a list of weights, and training stops with an obscure error about "
        "`dtype='string'`. Write `metrics=[...]` with its name.",
    )
    name = model.loss if isinstance(model.loss, str) else type(model.loss).__name__
    spelled = name.replace("_", "").lower()
    t.wrong_if(
        "loss_wants_columns",
        "categorical" in spelled and "sparse" not in spelled,
        "`CategoricalCrossentropy` wants ten columns of 0 and 1 as labels. Here the labels are whole "
        "numbers. Use `SparseCategoricalCrossentropy`.",
    )
    try:
        return np.ravel(model.test_on_batch(images[:64], digits[:64]))
    except Exception:
        t.wrong_if(
            "loss_does_not_fit_the_labels",
            True,
            f"The loss `{name}` cannot compare ten outputs with one label from 0 to 9. For classes "
            "as whole numbers use `SparseCategoricalCrossentropy`.",
        )


@functools.cache
def first_network():
    """The answer's network with the seed 0: three items look at it, and none trains it."""
    return network()


@functools.cache
def first_measured():
    """Its outputs for 64 scans, and what it reports for them: a graph is built only once."""
    return np.asarray(first_network()(images[:64])), measured(first_network())


def probabilities(logits):
    """Softmax."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


with t.item("One convolution, ten outputs, at most 15,000 parameters", weight=1, seconds=20):
    model = first_network()
    kinds = [type(layer).__name__ for layer in model.layers]
    t.wrong_if(
        "no_convolution",
        "Conv2D" not in kinds,
        f"The layers are {', '.join(kinds)}: no `Conv2D`. Dense layers must learn each stroke anew "
        "for each place.",
    )
    t.equal(list(model.output_shape), [None, 10], what="shape of the output")
    t.wrong_if(
        "convolution_is_linear",
        not {"Activation", "ReLU", "LeakyReLU", "PReLU", "ELU"} & set(kinds)
        and all(
            layer.get_config().get("activation") in (None, "linear")
            for layer in model.layers
            if type(layer).__name__ == "Conv2D"
        ),
        'The convolution has no activation. Add `activation="relu"`: then a filter answers where it '
        "finds its stroke, and gives 0 elsewhere.",
    )
    t.require(
        model.count_params() <= 15000,
        f"The network has {model.count_params()} parameters; at most 15,000 are allowed.",
    )
    t.wrong_if(
        "scaling_left_outside",
        not {"Rescaling", "Normalization", "BatchNormalization"} & set(kinds),
        "The layer `Rescaling` is gone. Then everybody who uses the network has to divide by 16, and "
        "some day somebody forgets.",
    )
with t.item("The outputs are logits, and the loss knows it", weight=2, seconds=20):
    outputs, result = first_measured()
    loss = float(result[0])
    adds_up = np.allclose(outputs.sum(axis=1), 1, atol=1e-4) and outputs.min() >= 0
    t.wrong_if(
        "softmax_in_the_network",
        adds_up,
        "The outputs are probabilities: each row adds up to 1. The task asks for logits. (TensorFlow "
        "notices this while it trains; with another backend of Keras softmax would be applied twice.) "
        "Leave the activation of the last layer away.",
    )
    t.wrong_if(
        "activation_on_the_logits",
        outputs.min() >= 0,
        "No output is negative, so the last layer has an activation. Logits may be any numbers: leave "
        "the activation away.",
    )
    expected = -np.log(probabilities(outputs)[np.arange(64), digits[:64]]).mean()
    t.wrong_if(
        "loss_expects_probabilities",
        not np.isclose(loss, expected, rtol=1e-3),
        f"For these logits the loss should be {expected:.2f}, but it is {loss:.2f}. The loss takes "
        "the logits for probabilities. Tell it with `from_logits=True`.",
    )
with t.item("Accuracy is measured", weight=1, seconds=20):
    outputs, result = first_measured()
    right = np.mean(outputs.argmax(axis=1) == digits[:64])
    t.require(
        np.size(result) == 2 and np.isclose(result[1], right),
        'The model does not report accuracy. Add `metrics=["accuracy"]`.',
    )
with t.item("The seed decides where training starts", weight=1, seconds=20):
    first, again, other = (network(seed).get_weights() for seed in (3, 3, 4))
    same_start = all(np.array_equal(a, b) for a, b in zip(first, again))
    t.require(same_start, "Two networks with the same seed start with different weights.")
    different = any(not np.array_equal(a, b) for a, b in zip(first, other))
    t.require(different, "Another seed gives the same weights. Use the argument `seed`.")
with t.item("After 15 epochs it reads at least 94 % of new scans", weight=2, seconds=60):
    order = np.random.default_rng([t.seeds[-1], 42]).permutation(len(digits))
    old, new = order[:1200], order[1200:]
    first_measured()  # a loss that does not fit is named before it costs 15 epochs
    model = network(t.seeds[-1])
    model.fit(images[old], digits[old], epochs=15, batch_size=32, verbose=0)
    got = np.mean(np.asarray(model(images[new])).argmax(axis=1) == digits[new])
    t.require(got >= 0.94, f"It reads {got:.3f} of the scans. Look at the loss and the optimiser.")
with t.item("`train` uses one batch after the other", weight=2, seconds=30):
    model, reference, steps, total = watched_model(), watched_model(), [], 5
    expected = [reference.train_on_batch(*batch)[0] for batch in batches_of(reference, total, [])]
    got = t.call(train, model, batches_of(model, total, steps))
    t.wrong_if(
        "does_not_train",
        int(model.optimizer.iterations) == 0,
        "The weights have not changed. `test_on_batch` and `evaluate` only measure: use "
        "`train_on_batch`.",
    )
    t.wrong_if(
        "asks_for_several_batches_at_once",
        len(steps) > 1 and steps[1] == 0,
        "When batch number 2 was asked for, the model had not done one step. So two batches or "
        "more were in memory at the same time. (`fit` fetches ahead, `list(batches)` takes all.) "
        "Train inside the loop.",
    )
    t.wrong_if(
        "stops_after_the_first_batch",
        int(model.optimizer.iterations) == 1,
        "Training ended after the first of five batches. Does `return` stand inside the loop? It "
        "belongs after it.",
    )
    t.equal(int(model.optimizer.iterations), total, what="steps of training")
    t.wrong_if(
        "one_number_for_all_batches",
        np.ndim(got) == 0,
        "You return one number. Return a list with one loss for each batch.",
    )
    t.wrong_if(
        "keeps_the_accuracy_too",
        np.shape(got) == (total, 2),
        "Each entry of your list holds two numbers, loss and accuracy. Keep the loss only.",
    )
    t.equal(np.shape(got), (total,), what="shape of the list of losses")
    losses, expected = np.asarray(got, float), np.asarray(expected, float)
    if not same(losses, expected, rtol=1e-4):
        fresh = watched_model()
        after = [
            (fresh.train_on_batch(*batch), fresh.test_on_batch(*batch))[1][0]
            for batch in batches_of(fresh, total, [])
        ]
        t.wrong_if(
            "measures_after_the_step",
            np.allclose(losses, after, rtol=1e-3),
            "These are the losses after each step, measured once more. `train_on_batch` returns "
            "the loss before its step: keep that.",
        )
    # Losses are single-precision numbers.
    t.equal(losses, expected, rtol=1e-4, what="losses")
    t.equal(
        model.get_weights()[0], reference.get_weights()[0], rtol=1e-3, atol=1e-5, what="weights"
    )
### BEGIN HIDDEN TESTS
with t.item("A generator with one batch, and with none", weight=1, seconds=30):
    for count in (1, 0):
        model = watched_model()
        got = t.call(train, model, batches_of(model, count, []))
        t.equal(np.shape(got), (count,), what=f"shape of the losses of {count} batches")
        t.equal(int(model.optimizer.iterations), count, what="steps of training")
### END HIDDEN TESTS

# %% [markdown]
# Where are the parameters, and how does training go? `batches_of_scans` is a generator: it could as
# well read files.


# %% needs="build_cnn"
def batches_of_scans(size=50, seed=0):
    """Yield the training scans in random order, `size` at a time."""
    order = np.random.default_rng(seed).permutation(1000)
    for start in range(0, 1000, size):
        rows = order[start : start + size]
        yield images[rows], digits[rows]


model = build_cnn()
losses = [loss for epoch in range(8) for loss in train(model, batches_of_scans(seed=epoch))]
fig, ax = plt.subplots(figsize=(7, 3))
ax.plot(losses)
ax.set(xlabel="batch (20 batches are one epoch)", ylabel="loss", title="8 epochs, batch by batch")
figures.show(
    fig,
    alt="Loss against batch number. It falls from 2.3 to about 0.5 within 60 batches, then slowly "
    "to about 0.1, with small jumps between batches.",
)
pd.DataFrame(
    [
        (each.name.split("_")[0], str(each.output.shape[1:]), each.count_params())
        for each in model.layers
    ],
    columns=["layer", "shape of the result", "parameters"],
)

# %% [markdown]
# The convolution, which does the seeing, has 160 parameters. The dense layer behind it has 4,640: it
# connects everything with everything. The loss jumps because every batch holds other scans.
#
# Now the usual way, with `fit`, on the same rows as the support vector machine of `01_sklearn`.

# %% needs="build_cnn"
cnn = build_cnn(seed=1)
cnn.fit(images[train_rows], digits[train_rows], epochs=15, batch_size=32, verbose=0)
svm = artifacts.get("forms_v1", reference=True)
moved, _, _ = data.scans("shifted")
rows = {}
for name, pictures in (("as scanned", scans), ("moved by one pixel", moved)):
    reads = cnn.predict(pictures[test_rows].reshape(-1, 8, 8, 1), verbose=0).argmax(axis=1)
    rows[name] = {
        "CNN": np.mean(reads == digits[test_rows]),
        "SVM": svm.score(pictures[test_rows], digits[test_rows]),
    }
forgetful = build_cnn(seed=1)
loss = keras.losses.SparseCategoricalCrossentropy()  # from_logits=True is forgotten
forgetful.compile(optimizer=keras.optimizers.Adam(0.005), loss=loss)
forgetful.fit(images[train_rows], digits[train_rows], epochs=15, batch_size=32, verbose=0)
reads = forgetful.predict(images[test_rows], verbose=0).argmax(axis=1)
rows["as scanned"]["CNN, from_logits forgotten"] = np.mean(reads == digits[test_rows])
pd.DataFrame(rows).round(2)

# %% [markdown]
# The last line: one forgotten option, no error, and the network has learned nearly nothing (a blind
# guess is right in one case of ten). When a loss does not fall, look here first.
#
# On scans of other writers both read about the same. Moved by one pixel, the network reads more, but
# both lose a great deal. "The network is robust, because the window moves" is half of the truth: the
# window moves, but the dense layer behind it knows places. (A remedy is to train with moved copies
# as well. Try it if you have time: `data.scans("shifted", seed=9)`.)
#
# What did the filters learn?

# %% needs="build_cnn"
weights = next(each for each in cnn.layers if "conv" in each.name).get_weights()[0]
fig, axes = plt.subplots(2, 8, figsize=(8, 2.4))
for number, ax in enumerate(axes.flat):
    ax.imshow(weights[:, :, 0, number], cmap="PuOr", vmin=-1, vmax=1)
    ax.set(xticks=[], yticks=[])
fig.suptitle("16 filters of 3 × 3 weights (orange: negative, purple: positive)", fontsize=11)
figures.show(
    fig,
    alt="Sixteen small squares of 3 by 3 weights. Several have a dark side and a light side: they "
    "answer to edges in one direction.",
)

# %% [markdown]
# Several filters have a positive and a negative side. Such a filter answers where ink begins or
# ends in one direction: an edge.
#
# **Try it.** How many filters, how many epochs? The table was recorded with this network (rate
# 0.005, mean of two seeds), because 30 trainings would take minutes. Find the smallest network that
# is at most 0.02 below the best one.

# %%
recorded = pd.DataFrame(
    [
        [0.373, 0.599, 0.766, 0.805, 0.826],
        [0.498, 0.760, 0.834, 0.874, 0.900],
        [0.512, 0.771, 0.870, 0.894, 0.914],
        [0.620, 0.833, 0.891, 0.914, 0.925],
        [0.714, 0.838, 0.901, 0.925, 0.933],
        [0.711, 0.867, 0.913, 0.936, 0.945],
    ],
    index=pd.Index([1, 2, 4, 8, 16, 32], name="filters"),
    columns=pd.Index([1, 2, 4, 8, 15], name="epochs"),
)
recorded

# %% [markdown]
# Each grey line is one row of the table.


# %% tags=["nbval-ignore-output"]
def show_training(filters: int, epochs: int) -> None:
    """Draw the recorded test accuracy, with one setting marked."""
    fig, ax = plt.subplots(figsize=(7, 3.2))
    ax.plot(recorded.columns, recorded.T, "-", color="0.7")
    ax.plot(recorded.columns, recorded.loc[filters], "o-", color="C0")
    ax.plot(epochs, recorded.loc[filters, epochs], "s", color="C1", ms=11)
    found = f"{filters} filters, {epochs} epochs: {recorded.loc[filters, epochs]:.3f} read"
    ax.set(xlabel="epochs", ylabel="test accuracy", title=found)
    figures.show(fig, alt=f"Test accuracy against epochs, six lines, one marked. {found}.")


explore.sliders(show_training, filters=[16, 1, 2, 4, 8, 32], epochs=[8, 1, 2, 4, 15])

# %% [markdown]
# <details><summary>Answer</summary>
#
# The best is 0.945, with 32 filters and 15 epochs. 8 filters reach 0.925 after 15 epochs, with less
# than a third of the parameters (2,746 instead of 9,898). Even one filter reads 0.826. But remember
# `02_training/05_how_sure`: with 797 test scans, a difference of 0.02 is about twice the standard
# error, and two seeds differ by as much.
#
# </details>
#
# ## The same answers after saving
#
# A network is trained in one place and used in another: a server, a phone, a branch. "Ready for
# production" means at least that it gives the **same answers** there. That can be tested.
#
# A file that holds only the weights is not enough: whoever loads it must have your code for the
# layers. `model.save(path)` with a path that ends in `.keras` stores layers, weights and the
# settings of `compile`; `keras.models.load_model(path)` brings them back. (Do not use `pickle`:
# opening such a file can run any code. More on that in unit 09.)
#
# **Your task.** Write two functions.
#
# - `predict_batched(model, X, batch)` returns the outputs of the model for all rows of `X`, as one
#   NumPy array in the order of the rows. The model gets **at most** `batch` rows at a time; the last
#   part may be smaller. `X` has at least one row. `model.predict(rows, batch_size=..., verbose=0)`
#   and `model.predict_on_batch(rows)` return arrays.
# - `roundtrip(model, X, path)` saves the whole model at `path` (a text that ends in `.keras`), loads
#   it from there and returns a dictionary:
#     - `"max_abs_diff"`: the largest absolute difference between the outputs of the original and
#       the **loaded** model for the rows of `X`;
#     - `"size_kb"`: the size of the file in kilobytes of 1,024 bytes, as `os.path.getsize(path)`
#       gives it in bytes;
#     - `"ok"`: True if `max_abs_diff` is at most 0.000001, else False.
#
# For example, for 10 rows and `batch=4` the model gets 4, 4 and 2 rows. A file of 20,480 bytes has
# `size_kb` 20.


# %% exercise="roundtrip" objective="W.4.3"
def predict_batched(model: keras.Model, X: np.ndarray, batch: int) -> np.ndarray:
    """Return the outputs for all rows; the model gets at most `batch` rows at a time."""
    ### BEGIN SOLUTION
    starts = range(0, len(X), batch)
    return np.concatenate([model.predict_on_batch(X[start : start + batch]) for start in starts])
    ### END SOLUTION


def roundtrip(model: keras.Model, X: np.ndarray, path: str) -> dict:
    """Save and load a model; return the largest difference, the size of the file, and ok."""
    ### BEGIN SOLUTION
    model.save(path)
    loaded = keras.models.load_model(path)
    difference = float(np.abs(model.predict(X, verbose=0) - loaded.predict(X, verbose=0)).max())
    size = os.path.getsize(path) / 1024
    return {"max_abs_diff": difference, "size_kb": size, "ok": difference <= 1e-6}
    ### END SOLUTION


# %% check="roundtrip" title="Saved, loaded, and the same" points=3 transport="object"
import zipfile

t.hints(
    "`range(0, len(X), batch)` gives where each part begins; `np.concatenate` joins the results.",
    "`model.save(path)`, then `keras.models.load_model(path)`; compare the outputs of both models.",
    "`float(np.abs(a - b).max())` is the largest absolute difference.",
)


@keras.saving.register_keras_serializable("roundtrip_check")
class Kept(keras.Sequential):
    """A model that is the same object in the check and in the answer; it counts its rows."""

    def __deepcopy__(self, memo):
        return self

    def call(self, inputs, *args, **options):
        self.most_rows = max(getattr(self, "most_rows", 0), int(inputs.shape[0] or 0))
        return super().call(inputs, *args, **options)


@keras.saving.register_keras_serializable("roundtrip_check")
class Forgetful(keras.layers.Layer):
    """A layer whose setting is not stored: a real and frequent fault."""

    factor = 1.0

    def call(self, inputs):
        return inputs * self.factor


def small_model(seed, factor=1.0, eager=True):
    """A tiny model; with another factor it comes back changed."""
    keras.utils.set_random_seed(seed)
    model = Kept([keras.Input((6,)), Forgetful(), keras.layers.Dense(3)])
    model.layers[0].factor = factor
    model.compile(run_eagerly=eager)
    return model


def exact(model, X):
    """The outputs of the model by its weights."""
    weights, bias = model.layers[-1].get_weights()
    return X * model.layers[0].factor @ weights + bias


with t.item("All rows, in order, for every size of batch", weight=2, seconds=20):
    for seed in t.seeds[:2]:
        X = np.random.default_rng([seed, 43]).normal(size=(10, 6)).astype("float32")
        model = small_model(seed)
        for batch in (4, 1, 7, 10, 64):
            got = t.call(predict_batched, model, X, batch)
            t.wrong_if(
                "parts_are_not_joined",
                isinstance(got, list | tuple) and len(got) < len(X),
                "You return a list of parts. Join them to one array with `np.concatenate`.",
            )
            got = np.asarray(got)
            t.wrong_if(
                "drops_the_last_part",
                len(got) == len(X) // batch * batch and len(got) < len(X),
                f"10 rows with batch={batch} gave {len(got)} outputs. The last part is smaller than "
                "the others, but its rows count too.",
            )
            t.wrong_if(
                "returns_labels",
                np.shape(got) == (10,),
                "You return one number for each row. Return all outputs of the model, here three "
                "for each row; which one is the largest is for others to see.",
            )
            t.equal(np.shape(got), (10, 3), what=f"shape for batch={batch}")
            # Single-precision numbers; other sizes of batch add in another order.
            t.equal(got, exact(model, X), rtol=1e-4, atol=1e-5, what=f"outputs for batch={batch}")
with t.item("The model gets at most `batch` rows at a time", weight=1, seconds=20):
    X = np.random.default_rng(44).normal(size=(10, 6)).astype("float32")
    for batch in (3, 4):
        model = small_model(1)
        t.call(predict_batched, model, X, batch)
        t.wrong_if(
            "takes_all_rows_at_once",
            model.most_rows > batch,
            f"With batch={batch} the model got {model.most_rows} rows at once. A table that does not "
            "fit into memory would stop here. (`np.array_split(X, n)` makes n parts, not parts of n "
            "rows.)",
        )
with (
    t.item("The loaded model is compared, not the original with itself", weight=3, seconds=20),
    tempfile.TemporaryDirectory() as folder,
):
    # The signs: a largest difference without `abs` would be right for one of them only.
    for number, (factor, ok, sign) in enumerate(
        [(1.0, True, 1), (3.0, False, 1), (3.0, False, -1)]
    ):
        path = os.path.join(folder, f"model_{number}.keras")
        model = small_model(2, factor)
        X = sign * np.random.default_rng([t.seeds[0], 45]).normal(size=(8, 6)).astype("float32")
        got = t.call(roundtrip, model, X, path)
        t.require(
            isinstance(got, dict) and {"max_abs_diff", "size_kb", "ok"} <= set(got),
            "Return a dictionary with `max_abs_diff`, `size_kb` and `ok`.",
        )
        t.require(os.path.exists(path), "There is no file at the path that was given.")
        t.wrong_if(
            "saves_something_else",
            not zipfile.is_zipfile(path) or "config.json" not in zipfile.ZipFile(path).namelist(),
            "The file does not hold a whole Keras model: weights alone lack the layers, and a "
            "pickle can run code when it is opened. Use `model.save(path)`.",
        )
        changed = np.abs(exact(model, X) - exact(keras.models.load_model(path), X)).max()
        t.wrong_if(
            "compares_the_model_with_itself",
            not ok and got["max_abs_diff"] < 1e-3,
            "This model has a layer whose setting is lost in the file, so the loaded model gives "
            f"other answers (difference {changed:.2f}). You report {float(got['max_abs_diff']):.2f}. "
            "Compare all outputs with those of the model that you load from the file.",
        )
        t.wrong_if(
            "mean_instead_of_largest",
            not ok and got["max_abs_diff"] < 0.999 * changed,
            f"The largest difference is {changed:.3f}, and you report "
            f"{float(got['max_abs_diff']):.3f}. "
            "A mean hides the one row that is wrong, and signed differences cancel.",
        )
        t.equal(got["max_abs_diff"], changed, rtol=1e-3, atol=1e-6, what="max_abs_diff")
        t.wrong_if(
            "always_ok",
            not ok and bool(got["ok"]),
            f"The answers differ by {changed:.2f}, and `ok` is True.",
        )
        t.equal(bool(got["ok"]), ok, what="ok")
        t.wrong_if(
            "bytes_instead_of_kb",
            np.isclose(got["size_kb"], os.path.getsize(path)),
            "This is the size in bytes. Divide by 1,024.",
        )
        size = os.path.getsize(path) / 1024
        # A rounded size, or kilobytes of 1,000 bytes, are good enough to plan a disk.
        t.equal(got["size_kb"], size, rtol=0.05, what="size_kb")
    # Six millionths of a large output: too much, although the share is tiny.
    model, X = small_model(2, 1.000006), 20 * X
    got = t.call(roundtrip, model, X, path)
    loaded = keras.models.load_model(path)
    changed = np.abs(model.predict(X, verbose=0) - loaded.predict(X, verbose=0)).max()
    t.wrong_if(
        "limit_is_too_coarse",
        bool(got["ok"]),
        f"The largest difference is {changed:.5f}, and `ok` is True. The limit is 0.000001, "
        "whatever the size of the outputs. (`np.allclose` allows a share of the output as well.)",
    )
    # The next number of single precision after 1: a difference, but far below the limit.
    model, X = small_model(2, 1.0000001), X / 100
    got = t.call(roundtrip, model, X, path)
    t.wrong_if(
        "limit_is_zero",
        not got["ok"] and 0 < got["max_abs_diff"] <= 5e-7,
        f"The difference is {float(got['max_abs_diff']):.8f}, and `ok` is False. Up to 0.000001 is "
        "fine: rounding alone makes such differences.",
    )
    t.equal(bool(got["ok"]), True, what="ok for a difference far below the limit")
### BEGIN HIDDEN TESTS
with t.item("The same in one step, and with the real network", weight=1, seconds=30):
    keras.utils.set_random_seed(7)
    layers = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 16), keras.layers.Conv2D(2, 3)]
    model = keras.Sequential([*layers, keras.layers.Flatten(), keras.layers.Dense(10)])
    with tempfile.TemporaryDirectory() as folder:
        got = t.call(roundtrip, model, images[:20], os.path.join(folder, "cnn.keras"))
    t.equal(
        (bool(got["ok"]), got["max_abs_diff"]), (True, 0.0), atol=1e-6, what="ok and difference"
    )
    expected = np.asarray(model(images[:20]))
    for batch in (6, 20):
        got = t.call(predict_batched, model, images[:20], batch)
        t.equal(np.asarray(got), expected, rtol=1e-3, atol=1e-4, what=f"outputs for batch={batch}")
### END HIDDEN TESTS

# %% [markdown]
# Our trained network, on its way to the branch:

# %% needs="build_cnn, roundtrip"
with tempfile.TemporaryDirectory() as folder:
    result = roundtrip(cnn, images[test_rows], os.path.join(folder, "forms_cnn.keras"))
print(
    f"same answers: {result['ok']}, file of {result['size_kb']:.0f} kB, {cnn.count_params()} parameters"
)
in_one = predict_batched(cnn, images[test_rows], batch=797)
in_sevens = predict_batched(cnn, images[test_rows], batch=7)
print(f"batches of 7 and of 797 rows agree: {np.allclose(in_one, in_sevens, atol=1e-4)}")
for name, pictures in (("raw ink", images), ("divided by 16 once more", images / 16)):
    reads = predict_batched(cnn, pictures[test_rows], batch=100).argmax(axis=1)
    print(f"{name}: accuracy {np.mean(reads == digits[test_rows]):.3f}")

# %% [markdown]
# The file holds more than the weights. 5,130 numbers of 4 bytes are 20 kB; the optimiser keeps two
# more numbers for each, and there is a description of the layers.
#
# The last two lines show why the scaling belongs into the network, and only there. A helpful
# colleague who divides by 16 first, as many examples on the web do, gets no error. The network still
# answers, and it guesses.
#
# We saved and loaded on one machine, with one version of Keras. Phones and web pages use other
# formats, with other rounding; unit 09 (`M3.6`) tests such a conversion.

# %% [markdown]
# ## Stretch: ask a question that can be answered
#
# *This part is optional.* All frameworks have large communities. Whether you get an answer depends on
# the question. Two things are always asked for: which versions do you have, and a short script that
# shows the error.
#
# **Your task.** Write `environment_report(packages)` with `importlib.metadata`, the part of Python
# that knows what is installed. It returns a DataFrame with one row for each name in the list
# `packages`, in this order, and the columns
#
# - `package`: the name as it was given;
# - `version`: the version that is installed;
# - `requires_python`: the metadata field `Requires-Python`;
# - `licence`: the field `License-Expression`, or if there is none, the field `License`.
#
# A field that is missing is None (pandas may turn it into NaN; both are fine). For a package that is
# not installed, the last three columns are None. The names are those you install with: `scikit-learn`, although you import `sklearn`. Capital
# letters, `-` and `_` make no difference (`importlib.metadata` knows that).
#
# For example, `environment_report(["numpy", "no-such-package"])` has two rows. Use
# `metadata(name).get(field)`: it gives None for a missing field.

# %% exercise="environment_report" objective="W.4.11"
from importlib.metadata import PackageNotFoundError, metadata, version


def environment_report(packages: list[str]) -> pd.DataFrame:
    """Return version, required Python and licence of each package."""
    ### BEGIN SOLUTION
    rows = []
    for name in packages:
        try:
            fields = metadata(name)
        except PackageNotFoundError:
            rows.append((name, None, None, None))
            continue
        licence = fields.get("License-Expression") or fields.get("License")
        rows.append((name, version(name), fields.get("Requires-Python"), licence))
    return pd.DataFrame(rows, columns=["package", "version", "requires_python", "licence"])
    ### END SOLUTION


# %% check="environment_report" title="Versions, also of what is missing" points=1 transport="plain"
import importlib.metadata as installed

t.hints(
    "Write a loop over the names that collects one tuple for each.",
    "`version(name)` and `metadata(name)` raise `PackageNotFoundError` for a missing package.",
    '`metadata(name).get("License-Expression") or metadata(name).get("License")` is the licence.',
)


def report(*packages):
    """Return the answer's table by package, with None for everything that is missing."""
    got = t.call(environment_report, list(packages))
    t.require(isinstance(got, pd.DataFrame), "Return a DataFrame.")
    columns = ["package", "version", "requires_python", "licence"]
    t.require(
        sorted(map(str, got.columns)) == sorted(columns),
        f"The columns are {', '.join(map(str, got.columns))}. The task asks for "
        f"{', '.join(columns)}. (A name that stands in the index is not a column.)",
    )
    t.wrong_if(
        "drops_what_is_missing",
        len(got) < len(packages) and set(got["package"]) < set(packages),
        f"No row for {', '.join(sorted(set(packages) - set(got['package'])))}. A helper needs to know "
        "that it is missing: give it a row with None.",
    )
    t.equal(list(got["package"]), list(packages), what="packages, as given")
    got = got.astype(object)
    return got.where(got.notna(), None).set_index("package")


with t.item("Version, Python and licence of what is installed", weight=2):
    names = ["pandas", "numpy", "matplotlib"]
    got = report(*names)
    for name in names:
        fields = installed.metadata(name)
        t.equal(got.loc[name, "version"], installed.version(name), what=f"version of {name}")
        t.equal(got.loc[name, "requires_python"], fields.get("Requires-Python"), what="Python")
        named = [fields.get(field) for field in ("License-Expression", "License")]
        t.wrong_if(
            "reads_one_field_only",
            named[0] != named[1] and None in named and got.loc[name, "licence"] is None,
            f"The licence of {name} is {named[0] or named[1]}, and you return None. Some packages use "
            "the field `License-Expression`, others `License`: try both, in this order.",
        )
        t.equal(got.loc[name, "licence"], named[0] or named[1], what=f"licence of {name}")
with t.item("The name to install is not always the name to import", weight=1):
    got = report("scikit-learn", "no-such-package")
    t.wrong_if(
        "imports_the_package",
        got.loc["scikit-learn", "version"] is None,
        "`scikit-learn` is installed, but your table says that it is not. Its name to import is "
        "`sklearn`. Ask `importlib.metadata`, which also does not load the package.",
    )
    t.equal(got.loc["scikit-learn", "version"], installed.version("scikit-learn"), what="version")
with t.item("A package that is not installed has a row, too", weight=1):
    got = report("numpy", "no-such-package", "pandas")
    t.equal(list(got.loc["no-such-package"]), [None, None, None], what="its other columns")
### BEGIN HIDDEN TESTS
with t.item("Other spellings, and an empty list", weight=1):
    got = report("Scikit_Learn", "NUMPY")
    t.equal(got.loc["Scikit_Learn", "version"], installed.version("scikit-learn"), what="version")
    t.equal(got.loc["NUMPY", "version"], installed.version("numpy"), what="version")
    t.equal(len(report()), 0, what="rows for an empty list")
### END HIDDEN TESTS

# %% [markdown]
# The second part is the script. It must show the error in a **fresh** Python that knows nothing of
# your notebook.
#
# **Your task.** Write `make_repro(function, args, setup, error)`. It returns the text of a script.
#
# - `function` is a function defined in a cell; `args` is a tuple of its arguments (numbers, texts,
#   None, lists, dictionaries). Calling it raises `error`, an exception.
# - `setup` is a list of what the function needs: lines of code as texts (`"import math"`,
#   `"LIMIT = 3"`), or other functions.
# - The first line of the script is a comment: `# expected: `, then the name of the class of the
#   error, a colon, a space, and its text. Texts of errors have one line here.
# - Then come the parts of `setup` in order, the function, and its call with the arguments. The
#   script must end with the same error: no `try`.
#
# `inspect.getsource(function)` gives the source of a function, and `repr(value)` a text that gives
# the value back.
#
# For example, for `def half(n): return n / 0`, `args=(4,)` and an empty `setup`, the script is
#
# ```
# # expected: ZeroDivisionError: division by zero
# def half(n): return n / 0
#
# half(4)
# ```

# %% exercise="make_repro" objective="W.4.11"
import inspect


def make_repro(function, args: tuple, setup: list, error: Exception) -> str:
    """Return a script that shows the error in a fresh Python."""
    ### BEGIN SOLUTION
    parts = [f"# expected: {type(error).__name__}: {error}"]
    for part in [*setup, function]:
        parts.append(part if isinstance(part, str) else inspect.getsource(part))
    parts.append(f"{function.__name__}({', '.join(map(repr, args))})")
    return "\n".join(parts) + "\n"
    ### END SOLUTION


# %% check="make_repro" title="A script that a stranger can run" points=1 transport="object"
import linecache

from workshop_lib.checks import run_script

t.hints(
    "Collect the parts in a list and join them with `\\n`.",
    "A part of `setup` is a text or a function: `isinstance(part, str)` tells which.",
    "The call is `function.__name__`, and `repr` of each argument between brackets.",
)


def in_a_cell(source):
    """Define a function as a cell of a notebook does, so that its source can be asked for."""
    file, names = f"<cell {len(linecache.cache)}>", {}
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    exec(compile(source, file, "exec"), names)
    return names[source.removeprefix("def ").partition("(")[0]]


share_of = in_a_cell("def share_of(part, whole):\n    return part / whole[0]\n")
word_at = in_a_cell("def word_at(words, place):\n    return clean(words)[place][:LONGEST]\n")
clean = in_a_cell("def clean(words):\n    return [word.strip() for word in words if word]\n")
root_of = in_a_cell("def root_of(x):\n    return math.sqrt(x)\n")


def script(function, args, setup, error):
    """The script of the answer, and what a new Python says to it."""
    text = t.call(make_repro, function, args, setup, error)
    t.require(isinstance(text, str), "Return the text of the script.")
    return text, run_script(text)


def expect(text, run, error):
    """The run must end with the same error."""
    wanted = f"{type(error).__name__}: {error}"
    t.wrong_if(
        "first_line_is_not_a_comment",
        not text.lstrip().startswith("#"),
        "The first line has no `#` in front, so Python takes it for code and stops there.",
    )
    t.wrong_if(
        "does_not_call",
        run.error is None and "try" not in text,
        "The script ends without an error. Call the function in its last line.",
    )
    t.wrong_if(
        "swallows_the_error",
        run.error is None,
        "The script catches the error. A helper wants to see the whole traceback: leave `try` away.",
    )
    t.wrong_if(
        "relies_on_the_notebook",
        run.error.startswith("NameError"),
        f"A fresh Python says: {run.error}. The script needs something that only your notebook has. "
        "Write the sources of `function` and of all parts of `setup` into it.",
    )
    t.wrong_if(
        "functions_lose_their_source",
        "<function" in text,
        "The script holds `<function ...>`: that is the name tag of a function, not code. For a "
        "part of `setup` that is a function, write `inspect.getsource(part)`.",
    )
    t.wrong_if(
        "passes_the_tuple",
        run.error.startswith("TypeError") and "missing" in run.error,
        f"A fresh Python says: {run.error}. `args` is a tuple with all arguments, and the script "
        "passes it as one. Write each argument for itself, with a comma between.",
    )
    t.wrong_if(
        "arguments_lose_their_form",
        run.error.startswith("SyntaxError"),
        f"A fresh Python says: {run.error}. Are texts among the arguments without quotation marks? "
        "`repr` writes a value as code.",
    )
    t.equal(run.error, wanted, what="last line that a fresh Python prints")


with t.item("The script shows the same error in a fresh Python", weight=2, seconds=20):
    error = ZeroDivisionError("division by zero")
    text, run = script(share_of, (3, [0, 1]), [], error)
    expect(text, run, error)
    for call in ("share_of(3, [0, 1])", "share_of(*"):
        if call in text:
            break
    else:
        t.require(False, "The script does not call `share_of` with the arguments 3 and [0, 1].")
with t.item("Texts as arguments", weight=1, seconds=20):
    error = TypeError("string indices must be integers, not 'str'")
    text, run = script(share_of, (None, "it's"), [], TypeError("unsupported"))
    t.wrong_if(
        "arguments_lose_their_form",
        text.lstrip().startswith("#")
        and run.error is not None
        and ("SyntaxError" in run.error or "NameError" in run.error),
        f'A fresh Python says: {run.error}. The argument was the text "it\'s". `repr` writes a value '
        "as code, with quotation marks.",
    )
    t.require(
        run.error is not None and run.error.startswith("TypeError: unsupported operand"),
        f"With None and a text a fresh Python should say TypeError, it says {run.error}.",
    )
with t.item("Everything in `setup` is there: imports, constants, helpers", weight=2, seconds=20):
    error = IndexError("list index out of range")
    text, run = script(word_at, ([" a", ""], 1), ["LONGEST = 5", clean], error)
    expect(text, run, error)
    error = ValueError(str(run_script("import math\nmath.sqrt(-1)").error).partition(": ")[2])
    text, run = script(root_of, (-1,), ["import math"], error)
    expect(text, run, error)
with t.item("The first line names the expected error", weight=1, seconds=20):
    text, _ = script(share_of, (3, [0]), [], ZeroDivisionError("division by zero"))
    wanted = "# expected: ZeroDivisionError: division by zero"
    t.equal(text.lstrip().splitlines()[0].strip(), wanted, what="first line")
### BEGIN HIDDEN TESTS
with t.item("No arguments, and nested ones", weight=1, seconds=20):
    error = RuntimeError("a fault of ours")
    stop = in_a_cell("def stop(table, name=None):\n    raise RuntimeError('a fault of ours')\n")
    text, run = script(stop, ({"age": [1, None, 2.5]}, "x"), [], error)
    expect(text, run, error)
    text, run = script(stop, ((1, "a\nb"),), [], error)
    expect(text, run, error)
### END HIDDEN TESTS

# %% [markdown]
# Here is a fault that has cost many people an afternoon. In Keras 3 the third argument of `compile`
# by position is not `metrics`.


# %%
def train_once(third):
    """Compile with the third argument by position, and train."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    model.compile("adam", "mse", third)
    model.train_on_batch(np.ones((4, 2)), np.ones((4, 2)))


# %% [markdown]
# Your function writes the question down.

# %% needs="make_repro, environment_report"
try:
    train_once(["accuracy"])
except ValueError as problem:
    setup = ["import keras", "import numpy as np"]
    print(make_repro(train_once, (["accuracy"],), setup, problem))
environment_report(["keras", "tensorflow", "tensorflow-cpu", "numpy", "not-installed"])

# %% [markdown]
# The message speaks of `dtype='string'` and names neither `compile` nor `metrics`. With the script
# and the table, a stranger finds the reason in a minute; without them, nobody can. Often you find it
# yourself while you shorten the script.

# %% [markdown]
# ## Recap
#
# - A convolution uses the same few weights at every place. Most parameters sit in the dense layer.
# - Logits or probabilities: the last layer and the loss must agree. No error tells you if they do not.
# - Training asks for one batch at a time, so data may be larger than memory.
# - "Ready for production" is a test: save, load, same answers, with the scaling inside.
# - On these digits the network is no better than the support vector machine. That is a result, too.
#
# Two questions to recall, without looking back:
#
# 1. From `01_sklearn`: which rows does a support vector machine keep, and what does that mean for
#    the size of the model?
# 2. From `02_training/04_tune`: the loss of a training jumps up and down and does not fall. Which
#    hyperparameter do you change first, and in which direction?
#
# <details><summary>Answers</summary>
#
# 1. The rows near the border, the support vectors. With more of them the model grows; the network
#    always has the same number of parameters, however many scans it learns from.
# 2. The learning rate; make it smaller. (A larger batch makes the jumps smaller as well, because the
#    mean of more rows varies less.)
#
# </details>
#
# ## What to read next
#
# - A. Zhang and others, *Dive into Deep Learning*, [Convolutions for
#   images](https://d2l.ai/chapter_convolutional-neural-networks/conv-layer.html): an edge filter by
#   hand, then learned.
# - Keras, [Whole model saving and loading](https://keras.io/api/models/model_saving_apis/): what a
#   `.keras` file holds.
# - Keras, [Reproducibility in Keras
#   models](https://keras.io/examples/keras_recipes/reproducibility_recipes/): what else can differ
#   between two runs, above all on graphics cards.
# - Stack Overflow, [How to create a minimal, reproducible
#   example](https://stackoverflow.com/help/minimal-reproducible-example).
