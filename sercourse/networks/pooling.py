"""From frames to an utterance: attention, which says how much each frame counts."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable("sercourse")
class FrameAttention(layers.Layer):
    """How much each frame counts: weights that are positive and sum to 1 over an utterance's frames.

    ::

        α[t] = exp(u · h[t]) / sum over τ of exp(u · h[τ])

    ``u``, of which there is one number a unit, is all that is learned. It begins with zeros: every frame
    counts the same, as in a mean, and training moves away from that. Padded frames get 0. Follow it with
    ``Dot(axes=1)([weights, frames])``, the weighted mean. Lesson 12 plots the weights over the waveform.

    Notes
    -----
    Input (batch, frames, units), output (batch, frames).

    Mirsamadi S, Barsoum E, Zhang C (2017) Automatic speech emotion recognition using recurrent neural
    networks with local attention. ICASSP, 2227-2231. There it is called weighted pooling with local
    attention.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape):
        """Make the weights u (units, 1)."""
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], 1), initializer="zeros")

    def compute_output_shape(self, input_shape):
        """Return (batch, frames)."""
        return input_shape[:2]

    def compute_mask(self, inputs, previous_mask=None):
        """Return None: after the weighted mean there are no frames."""
        return None

    def call(self, inputs, mask=None):
        """Return the weight of each frame."""
        scores = ops.squeeze(ops.matmul(inputs, self.kernel), -1)
        if mask is None:
            return ops.softmax(scores)
        return ops.where(mask, ops.softmax(ops.where(mask, scores, -1e9)), 0)
