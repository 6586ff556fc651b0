"""Two recurrent cells that Keras does not have: independently recurrent, and second-order.

Put one into ``keras.layers.RNN(cell)``, and it walks over frames, heeds the mask, runs backwards and
is saved like Keras's own layers. Report D explains both kinds; lesson 07's appendix builds them by hand.
"""

import keras
from keras import ops


@keras.saving.register_keras_serializable("sercourse")
class Within(keras.constraints.Constraint):
    """Keep every weight between ``-bound`` and ``bound``."""

    def __init__(self, bound: float):
        self.bound = bound

    def __call__(self, w):
        """Return the weights, clipped."""
        return ops.clip(w, -self.bound, self.bound)

    def get_config(self) -> dict:
        """Return what the constraint is made of."""
        return {"bound": self.bound}


@keras.saving.register_keras_serializable("sercourse")
class IndRNNCell(keras.layers.Layer):
    """A cell whose units each see their own past only (IndRNN).

    ::

        h[t] = φ(W x[t] + u * h[t - 1] + b),  h[0] = 0

    Where a SimpleRNN has a matrix, there is a vector: ``u`` weighs each unit's last state. Hence the gradient
    of a unit through k frames is its own ``u`` to the power k, times slopes: it can be bounded one by one.
    Units meet in the next layer only, so stack two or more. ``u`` begins uniform from 0 to `bound`, and
    training keeps it within.

    Parameters
    ----------
    units : int
    activation : str or callable
        φ; the rectifier, as in the publication.
    bound : float
        Largest absolute value of ``u``. With 1 a state grows by no more than what a frame adds to it.

    Notes
    -----
    Input (batch, coefficients), state and output (batch, units). With d coefficients and n units there are
    n (d + 2) parameters.

    Li S, Li W, Cook C, Zhu C, Gao Y (2018) Independently recurrent neural network (IndRNN): building a longer
    and deeper RNN. CVPR, 5457-5466.
    """

    def __init__(self, units: int, activation="relu", bound: float = 1.0, **kwargs):
        super().__init__(**kwargs)
        self.units = self.state_size = self.output_size = units
        self.activation = keras.activations.get(activation)
        self.bound = bound

    def build(self, input_shape):
        """Make the weights W (coefficients, units), u (units,) and b (units,)."""
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], self.units), initializer="glorot_uniform"
        )
        self.recurrent_kernel = self.add_weight(
            name="recurrent_kernel",
            shape=(self.units,),
            initializer=keras.initializers.RandomUniform(0.0, self.bound),
            constraint=Within(self.bound),
        )
        self.bias = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")

    def call(self, inputs, states):
        """Return the output for a frame, and the state, which is the same."""
        own = self.recurrent_kernel * states[0]
        output = self.activation(ops.matmul(inputs, self.kernel) + own + self.bias)
        return output, [output]

    def get_config(self) -> dict:
        """Return what the cell is made of."""
        activation = keras.activations.serialize(self.activation)
        return {**super().get_config(), "units": self.units, "activation": activation, "bound": self.bound}


@keras.saving.register_keras_serializable("sercourse")
class SecondOrderCell(keras.layers.Layer):
    """A cell that multiplies each state by each input.

    ::

        h[t, i] = σ(sum over j and k of W[j, k, i] h[t - 1, j] x[t, k] + b[i])

    The input mixes the matrix that leads from one state to the next. So the network can copy a finite
    automaton, for which it was made. The first state is (1, 0, ..., 0); from zeros, no product would let the
    first frame in.

    Parameters
    ----------
    units : int
        With d coefficients and n units there are n (n d + 1) parameters, so n is small.
    activation : str or callable
        σ; the logistic function, as in the publication.

    Notes
    -----
    Input (batch, coefficients), state and output (batch, units).

    Giles CL, Miller CB, Chen D, Chen HH, Sun GZ, Lee YC (1992) Learning and extracting finite state automata
    with second-order recurrent neural networks. Neural Computation 4(3), 393-405. The bias came later:
    Omlin CW, Giles CL (1996) Constructing deterministic finite-state automata in recurrent neural networks.
    Journal of the ACM 43(6), 937-972.
    """

    def __init__(self, units: int, activation="sigmoid", **kwargs):
        super().__init__(**kwargs)
        self.units = self.state_size = self.output_size = units
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        """Make the weights W (units, coefficients, units) and b (units,)."""
        self.kernel = self.add_weight(
            name="kernel",
            shape=(self.units, input_shape[-1], self.units),
            initializer="lecun_normal",  # its variance is 1 over the number of products
        )
        self.bias = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")

    def get_initial_state(self, batch_size=None):
        """Return the state before the first frame: (1, 0, ..., 0)."""
        first = ops.one_hot(0, self.units, dtype=self.compute_dtype)
        return [ops.broadcast_to(first, (batch_size, self.units))]

    def call(self, inputs, states):
        """Return the output for a frame, and the state, which is the same."""
        products = ops.expand_dims(states[0], 2) * ops.expand_dims(inputs, 1)
        size = self.kernel.shape[0] * self.kernel.shape[1]
        flat = ops.matmul(ops.reshape(products, (-1, size)), ops.reshape(self.kernel, (size, self.units)))
        output = self.activation(flat + self.bias)
        return output, [output]

    def get_config(self) -> dict:
        """Return what the cell is made of."""
        activation = keras.activations.serialize(self.activation)
        return {**super().get_config(), "units": self.units, "activation": activation}
