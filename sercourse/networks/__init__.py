"""Networks, by name: those of the five reports, and the course's own.

`build` returns an untrained Keras model; TensorFlow is loaded then, and not before. `describe` says what a
network is made of, and how well each of its facts is known. Networks are pure Keras 3. They take what
`features.extract` gives, arranged by `arrange`. Frames that are all zeros are padding: a network that walks
over frames passes them over. Lessons 06 to 12 introduce the networks.
"""

from sercourse.networks.description import Description, describe
from sercourse.networks.inside import attention_weights, layer_output, load
from sercourse.networks.network import Fact, Network
from sercourse.networks.registry import NETWORKS, arrange, build, network, units_for

__all__ = [
    "NETWORKS",
    "Description",
    "Fact",
    "Network",
    "arrange",
    "attention_weights",
    "build",
    "describe",
    "layer_output",
    "load",
    "network",
    "units_for",
]
