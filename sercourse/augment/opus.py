"""Opus, the codec of internet calls, in memory.

FFmpeg's libopus, which PyAV ships: three times as fast as libsndfile's, and the bit rate is said in plain
numbers. Source: Valin JM, Vos K, Terriberry T (2012) Definition of the Opus audio codec. RFC 6716.
"""

import io

import numpy as np
import soxr

RATE = 16_000
"""In Hz: wideband, the rate that internet calls send speech at."""

_DECODED = 48_000  # Hz, whatever the rate of what was encoded


def encode_and_decode(samples: np.ndarray, kilobits: float) -> np.ndarray:
    """Return what an Opus decoder makes of speech.

    Parameters
    ----------
    samples : numpy.ndarray of float32, shape (n_samples,)
        At `RATE`; at least one.
    kilobits : float
        Bit rate, in thousands a second.

    Returns
    -------
    numpy.ndarray of float32, shape (about n_samples,)
        At `RATE`, in step with what was given: the file says how much the encoder delays, and the decoder
        takes it out.
    """
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono", options={"application": "voip"})
        stream.bit_rate = round(1000 * kilobits)
        frame = av.AudioFrame.from_ndarray(samples[None], format="flt", layout="mono")
        frame.sample_rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    file.seek(0)
    with av.open(file) as container:
        decoded = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    # The decoder leaves a mirror image of the speech above 8 kHz, which this takes away.
    return soxr.resample(decoded, _DECODED, RATE, quality="HQ")
