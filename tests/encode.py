"""Sound in the containers that phones, browsers and films use, made by FFmpeg's own encoders."""

import av
import numpy as np


def encode(path, samples, rate, codec, video_seconds=0.0, layout="mono"):
    """Write samples of shape (n_samples,) or (n_channels, n_samples) in a container named by the suffix."""
    samples = np.atleast_2d(samples).astype(np.float32)
    with av.open(str(path), "w") as container:
        picture = _add_picture(container) if video_seconds else None
        sound = container.add_stream(codec, rate=rate, layout=layout) if codec else None
        if picture:
            _write_picture(container, picture, video_seconds)
        if sound:
            _write_sound(container, sound, samples, rate, layout)


def _add_picture(container):
    picture = container.add_stream("mpeg4", rate=10)
    picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
    return picture


def _write_picture(container, picture, seconds):
    for _ in range(round(10 * seconds)):
        container.mux(picture.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), "rgb24")))
    container.mux(picture.encode())


def _write_sound(container, sound, samples, rate, layout):
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=layout)
    frame.sample_rate, frame.pts = rate, 0
    for part in [*av.AudioResampler(sound.format.name, layout, rate, 960).resample(frame), None]:
        container.mux(sound.encode(part))
