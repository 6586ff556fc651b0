"""Train a network on crops by a regime, and ask it about several views of each recording."""

import contextlib
from collections import deque
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from sercourse import networks
from sercourse.networks.backend import load_keras
from sercourse.splits import Used
from sercourse.training import compiled, crops
from sercourse.training.regimes import Regime

_TEMPO, _SHIFT = 0.1, 1.5  # how far views differ from the recording, see `Regime`


class Averaged:
    """The mean of a network's weights after its last epochs.

    Izmailov P et al. (2018) Averaging weights leads to wider optima and better generalization. UAI, 876-885.

    Parameters
    ----------
    model : keras.Model
    n_epochs : int
    """

    def __init__(self, model, n_epochs: int):
        self.model = model
        self.kept: deque[list[np.ndarray]] = deque(maxlen=n_epochs)

    def note(self) -> None:
        """Keep the weights as they are now."""
        self.kept.append(self.model.get_weights())

    def apply(self) -> None:
        """Give the network the mean."""
        self.model.set_weights([np.mean(each, axis=0) for each in zip(*self.kept, strict=True)])

    @contextlib.contextmanager
    def applied(self) -> Iterator[None]:
        """Give the network the mean for a moment."""
        own = self.model.get_weights()
        self.apply()
        try:
            yield
        finally:
            self.model.set_weights(own)


def train(
    network: str,
    x: np.ndarray,
    y: np.ndarray,
    n_classes: int,
    regime: Regime,
    *,
    epochs: int,
    seed: int,
    train: np.ndarray,
    used: Used,
    on_epoch: Callable[[int, Averaged], None],
    **options,
) -> tuple:
    """Train a network anew, for some epochs of its regime.

    Parameters
    ----------
    network : str
        One of `sercourse.networks.NETWORKS`.
    x : numpy.ndarray of float32, shape (n, n_frames, n_bands, 1)
        Standardised; padded frames are 0.
    y : numpy.ndarray of int, shape (n,)
    n_classes : int
    regime : Regime
    epochs : int
        At most its horizon. An epoch has as many whole batches as the training rows fill.
    seed : int
        Of weights, dropout, order and crops.
    train : numpy.ndarray of int
        The rows to train on.
    used : Used
        They are noted there, as ``fit``.
    on_epoch : callable
        ``on_epoch(epoch, averaged)`` is called after each epoch, which counts from 1.
    **options
        Of the network's own function.

    Returns
    -------
    model : keras.Model
        With the averaged weights.
    history : pandas.DataFrame
        One row an epoch: epoch, loss, accuracy, of the crops as they were trained on.

    Raises
    ------
    ValueError
        There are more epochs than the horizon has.
    """
    if epochs > regime.horizon:
        raise ValueError(f"epochs is {epochs}, the regime's horizon {regime.horizon}; raise horizon too")
    used.note("fit", train)
    steps = len(train) // regime.batch_size or 1
    keras = load_keras()
    keras.utils.set_random_seed(seed)
    model = networks.build(network, (None, *x.shape[2:]), n_classes, **options)
    rising = regime.warm_up * steps
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, regime.horizon * steps - rising, warmup_target=regime.learning_rate, warmup_steps=rising
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=regime.weight_decay)
    model.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    averaged = Averaged(model, regime.averaged)

    def ended(epoch, logs):
        averaged.note()
        on_epoch(epoch + 1, averaged)

    history = model.fit(
        crops.batches(x[train], y[train], n_classes, regime, seed),
        epochs=epochs,
        steps_per_epoch=steps,
        verbose=0,
        shuffle=False,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=ended)],
    ).history
    averaged.apply()
    table = pd.DataFrame(history).rename_axis("epoch").rename(index=lambda epoch: epoch + 1).reset_index()
    return model, table


def predict(model, x: np.ndarray, regime: Regime) -> np.ndarray:
    """Return the probabilities of each row: the mean over several views of it.

    Parameters
    ----------
    model : keras.Model
    x : numpy.ndarray of float32, shape (n, n_frames, n_bands, 1)
    regime : Regime

    Returns
    -------
    numpy.ndarray of float32, shape (n, n_classes)
        The same views at every call.
    """
    if regime.views == 1:
        return compiled.predict(model, x)
    rng = np.random.default_rng(0)
    views = crops.views(x, _TEMPO, _SHIFT, regime.views, rng)
    return np.mean([compiled.predict(model, view) for view in views], axis=0)
