"""Networks, by name, as the reports describe them.

`build` returns an untrained Keras model; TensorFlow is loaded then, and not before.
Networks are pure Keras 3. They take what `features.extract` gives, arranged by `arrange`:
some walk over frames, some over the coefficients of an average.
"""

from sercourse.networks.registry import NETWORKS, Network, arrange, build, network

__all__ = ["NETWORKS", "Network", "arrange", "build", "network"]
