"""A network that was trained on photographs, made to read log-mel spectra."""

import keras
from keras import layers

from sercourse.errors import SercourseError

SIDE = 128
"""Height and width of the picture, in pixels: a size for which there are pre-trained weights."""


def mobilenet(
    input_shape: tuple[int, int, int],
    n_classes: int,
    weights: str | None = "imagenet",
    trainable: bool | None = None,
    dropout: float = 0.3,
) -> keras.Model:
    """Build MobileNetV2 over a picture of log-mel spectra, with a new last layer.

    The picture is stretched to 128 x 128 and shown in three equal channels. Standardised values from -3 to 3
    become the -1 to 1 that the network was trained on. It knows no mask: padded frames are
    part of the picture, and change the result.

    Parameters
    ----------
    input_shape : tuple of (int, int, int)
        Frames, mel bands and 1.
    n_classes : int
    weights : str or None
        ``imagenet``: learned from photographs; fetched once, about 9 MB, and kept in Keras's own folder.
        Or the path of such a file. None starts from random weights.
    trainable : bool, optional
        Whether MobileNetV2's own weights are trained too. By default only where they are random; otherwise
        the last layer is trained alone.
    dropout : float
        Before the last layer.

    Returns
    -------
    keras.Model

    Raises
    ------
    SercourseError
        The weights cannot be had: no network, say.

    Notes
    -----
    Sandler M, Howard A, Zhu M, Zhmoginov A, Chen L-C (2018) MobileNetV2: inverted residuals and linear
    bottlenecks. CVPR, 4510-4520.
    """
    base = _base(weights)
    base.trainable = weights is None if trainable is None else trainable
    inputs = keras.Input(input_shape)
    picture = layers.Rescaling(1 / 3)(layers.Resizing(SIDE, SIDE)(inputs))
    seen = base(layers.Concatenate()([picture] * 3))
    pooled = layers.Dropout(dropout)(layers.GlobalAveragePooling2D()(seen))
    outputs = layers.Dense(n_classes, activation="softmax")(pooled)
    return keras.Model(inputs, outputs, name="transfer_mobilenet")


def _base(weights: str | None) -> keras.Model:
    """Return MobileNetV2 without its last layer."""

    def made(weights):
        return keras.applications.MobileNetV2((SIDE, SIDE, 3), include_top=False, weights=weights)

    if weights is None:
        return made(None)
    try:
        return made(weights)
    except Exception as error:  # Keras raises nothing more special when it cannot fetch them
        raise SercourseError(
            f"the weights {weights!r} of MobileNetV2 cannot be had ({error}); connect to the network once, "
            "give the path of a file that holds them, or build with weights=None, to start from random ones"
        ) from error
