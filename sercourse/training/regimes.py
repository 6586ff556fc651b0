"""How a network is trained on crops: few recordings, many epochs, and no picture twice."""

import dataclasses
from dataclasses import dataclass


@dataclass(frozen=True)
class Regime:
    """How to train a network that reads pictures of log-mel spectra, see `sercourse.training.crops`.

    Attributes
    ----------
    frames : int
        Of a crop. A shorter recording is padded with masked frames.
    horizon : int
        Epochs over which the learning rate rises and falls. It reaches 0 there.
    warm_up : int
        Epochs over which it rises.
    learning_rate : float
        The highest one.
    batch_size : int
    weight_decay : float
        Of AdamW.
    label_smoothing : float
        Share of the probability that is given to all classes alike.
    tempo : float
        A crop is faster or slower by at most this, as a natural logarithm: .1 is a tenth.
    shift : float
        It is moved by at most so many bands,
    stretch : float
        and its bands are stretched by at most this, as a natural logarithm: a shorter vocal tract.
    noise : float
        Deviation of the noise that is added to standardised features.
    level : float
        Deviation of a number that is added to a whole crop.
    masked_bands, masked_frames : int
        Two stretches of each are set to zero, none as wide as this.
    averaged : int
        The weights are the mean of those after the last so many epochs.
    views : int
        How many crops of each recording are asked about, mildly changed. Their answers are averaged. With 1
        it is the recording as it is, whole.
    mixup : float
        Pairs of crops are mixed, labels too, by shares from a beta distribution with this as both of its
        parameters. 0 mixes none.

    Notes
    -----
    - AdamW: Loshchilov I, Hutter F (2019) Decoupled weight decay regularization. ICLR.
    - Label smoothing: Szegedy C et al. (2016) Rethinking the Inception architecture for computer vision.
      CVPR, 2818-2826.
    - Stretched bands: Jaitly N, Hinton GE (2013) Vocal tract length perturbation (VTLP) improves speech
      recognition. ICML workshop on deep learning for audio, speech and language.
    - Masked bands and frames: Park DS et al. (2019) SpecAugment: a simple data augmentation method for
      automatic speech recognition. Interspeech, 2613-2617.
    - Mixed pairs: Zhang H et al. (2018) mixup: beyond empirical risk minimization. ICLR.
    """

    frames: int = 96
    horizon: int = 60
    warm_up: int = 5
    learning_rate: float = 2e-3
    batch_size: int = 32
    weight_decay: float = 1e-3
    label_smoothing: float = 0.1
    tempo: float = 0.17
    shift: float = 3.0
    stretch: float = 0.0
    noise: float = 0.05
    level: float = 0.0
    masked_bands: int = 6
    masked_frames: int = 8
    mixup: float = 0.0
    averaged: int = 15
    views: int = 1

    def __post_init__(self):
        for name, least in (("frames", 2), ("horizon", 1), ("batch_size", 1), ("averaged", 1), ("views", 1)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} is {getattr(self, name)}; give at least {least}")
        if not 0 <= self.warm_up < self.horizon:
            raise ValueError(
                f"warm_up is {self.warm_up}, horizon {self.horizon}; the learning rate rises for "
                "fewer epochs than there are: give another warm_up, or more epochs"
            )


REGIMES: dict[str, Regime] = {"course_best": Regime()}
"""The networks that are trained on crops, and how. Others are trained on what there is, by `training.fit`."""


def chosen(network: str, options: dict, **given) -> tuple[Regime | None, dict]:
    """Return how a network is trained on crops, if it is, and the options that are left for its builder.

    Parameters
    ----------
    network : str
        One of `sercourse.networks.NETWORKS`.
    options : dict
        Those that are fields of `Regime` change it.
    **given
        More such fields; None changes nothing.

    Returns
    -------
    regime : Regime or None
        None: the network is not in `REGIMES`.
    options : dict
    """
    if network not in REGIMES:
        return None, options
    names = fields_of(network)
    changed = {name: value for name, value in options.items() if name in names}
    changed |= {name: value for name, value in given.items() if value is not None}
    left = {name: value for name, value in options.items() if name not in names}
    return dataclasses.replace(REGIMES[network], **changed), left


def fields_of(network: str) -> frozenset[str]:
    """Return the names of what can be changed of a network's regime; empty if it has none."""
    known = dataclasses.fields(Regime) if network in REGIMES else ()
    return frozenset(field.name for field in known)
