"""Run the network of a bundle: one window at a time, soon, and with probabilities that are not too sure."""

from collections.abc import Callable

import numpy as np

from sercourse.networks.backend import load_keras


def tempered(probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """Divide the logarithms of probabilities by a temperature, and let them sum to 1 again.

    Parameters
    ----------
    probabilities : numpy.ndarray, shape (..., n_classes)
    temperature : float
        1 changes nothing; above 1 draws them towards each other. The order stays.

    Returns
    -------
    numpy.ndarray of float64, shape (..., n_classes)

    Notes
    -----
    Guo C, Pleiss G, Sun Y, Weinberger KQ (2017) On calibration of modern neural networks. Proc. ICML,
    1321-1330. The logarithm of a softmax is its input but for a constant, which cancels.

    Examples
    --------
    >>> tempered(np.array([0.8, 0.2]), 2.0).round(3).tolist()
    [0.667, 0.333]
    """
    logarithms = np.log(np.maximum(np.asarray(probabilities, float), 1e-12)) / temperature
    powers = np.exp(logarithms - logarithms.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def compiled(model, shape: tuple[int, ...]) -> Callable[[np.ndarray], np.ndarray]:
    """Return a function from one arranged window, of this shape, to its probabilities.

    TensorFlow makes a graph of it here. A call then costs a fraction of ``model.predict``, which sets up a
    data pipeline each time. `.ci/benchmark_recognizer.py` measures both.
    """
    keras = load_keras()
    if keras.backend.backend() != "tensorflow":
        return lambda x: keras.ops.convert_to_numpy(model(x, training=False))[0]
    import tensorflow as tf

    @tf.function(input_signature=[tf.TensorSpec(shape, tf.float32)], autograph=False)
    def forward(x):
        return model(x, training=False)

    traced = forward.get_concrete_function()
    return lambda x: traced(tf.constant(x)).numpy()[0]
