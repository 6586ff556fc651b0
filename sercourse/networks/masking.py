"""Layers for pictures of speech in which padded frames change nothing.

Keras's convolutions, its pooling and its batch normalisation know no mask of a picture. A padded frame would
come out of a convolution as its bias, and the frames beside it would see that in the next one. The layers
here keep what lies past the end of an utterance at zero, which is what ``padding="same"`` takes to be there.
So an utterance gives the same numbers with padded frames and without. Where there is no mask they do what
Keras's do. Pictures have the shape (batch, frames, frequencies, channels), masks (batch, frames).
"""

import keras
from keras import layers, ops


def _kept(x, mask):
    """Return x with zeros where there is no frame."""
    if mask is None:
        return x
    return ops.where(ops.reshape(mask, (*ops.shape(mask), *[1] * (len(x.shape) - 2))), x, 0)


@keras.saving.register_keras_serializable("sercourse")
class MaskFrames(layers.Layer):
    """Mask the frames of a picture that are all zeros, as ``Masking`` does for sequences."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_mask(self, inputs, previous_mask=None):
        """Return which frames there are, with shape (batch, frames)."""
        return ops.any(ops.not_equal(inputs, 0), axis=list(range(2, len(inputs.shape))))

    def call(self, inputs):
        """Return the picture as it is; the mask goes with it."""
        return _kept(inputs, self.compute_mask(inputs))


@keras.saving.register_keras_serializable("sercourse")
class MaskedConv2D(layers.Conv2D):
    """A convolution that sees zeros past the end; ``padding`` is ``"same"``, frames are not skipped."""

    def __init__(self, filters, kernel_size, padding="same", **kwargs):
        super().__init__(filters, kernel_size, padding=padding, **kwargs)
        if self.padding != "same" or self.strides[0] != 1:
            raise ValueError(
                f"padding is {self.padding!r}, the stride over frames {self.strides[0]}; take 'same' and 1, "
                "or keras.layers.Conv2D, which has no mask"
            )
        self.supports_masking = True

    def call(self, inputs, mask=None):
        """Convolve, with zeros past the end of each utterance."""
        return super().call(_kept(inputs, mask))


@keras.saving.register_keras_serializable("sercourse")
class MaskedBatchNormalization(layers.BatchNormalization):
    """Batch normalisation by the mean and the variance of frames that are there."""

    def call(self, inputs, training=None, mask=None):
        """Normalise each channel."""
        if mask is not None:
            columns = ops.reshape(mask, (*ops.shape(mask), *[1] * (len(inputs.shape) - 3)))
            mask = ops.broadcast_to(columns, ops.shape(inputs)[:-1])
        return super().call(inputs, training=training, mask=mask)


@keras.saving.register_keras_serializable("sercourse")
class MaskedMaxPooling2D(layers.MaxPooling2D):
    """Max-pooling over frames that are there, by one or two of them.

    ``padding`` is ``"same"``, so that no last frame is lost. From three frames on it would also pad in front,
    by a number that depends on the length, and so on the padded frames.
    """

    def __init__(self, pool_size, padding="same", **kwargs):
        super().__init__(pool_size, padding=padding, **kwargs)
        fine = self.padding == "same" and tuple(self.strides) == tuple(self.pool_size)
        if not fine or self.pool_size[0] > 2:
            raise ValueError(
                f"padding is {self.padding!r}, strides {self.strides} for a pool of {self.pool_size}; take "
                "'same', equal strides and 1 or 2 frames, or keras.layers.MaxPooling2D, which has no mask"
            )
        self.supports_masking = True

    def compute_mask(self, inputs, previous_mask=None):
        """Return which pools hold a frame, with shape (batch, pooled frames)."""
        if previous_mask is None:
            return None
        frames = ops.expand_dims(ops.cast(previous_mask, inputs.dtype), -1)
        size = self.pool_size[:1]
        pooled = ops.max_pool(frames, size, strides=size, padding="same", data_format="channels_last")
        return ops.squeeze(pooled, -1) > 0

    def call(self, inputs, mask=None):
        """Return the largest value of each pool; a padded frame is never it."""
        if mask is None:
            return super().call(inputs)
        there = ops.reshape(mask, (*ops.shape(mask), 1, 1))
        return _kept(super().call(ops.where(there, inputs, -1e9)), self.compute_mask(inputs, mask))


@keras.saving.register_keras_serializable("sercourse")
class FlattenFrames(layers.Layer):
    """Make a row of each frame of a picture: (batch, frames, frequencies x channels).

    The same as ``TimeDistributed(Flatten())``, which TensorFlow would do frame by frame.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_output_shape(self, input_shape):
        """Return (batch, frames, frequencies x channels)."""
        return (*input_shape[:2], input_shape[2] * input_shape[3])

    def call(self, inputs):
        """Return the rows."""
        return ops.reshape(inputs, (*ops.shape(inputs)[:2], inputs.shape[2] * inputs.shape[3]))
