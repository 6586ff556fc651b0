"""Read sound: any format, any rate, stereo to mono.

libsndfile reads WAV, FLAC, Ogg and MP3. What it does not know, such as m4a, webm and the sound of a video,
is decoded by FFmpeg's libraries, which PyAV ships.

Conventions: samples are float32 in [-1, 1], one-dimensional (mono), at a rate in hertz.
A file that cannot be used raises `AudioError`, which names the file and the reason.
A recording that was cut off while it was copied counts as damaged: libsndfile reads
what is left of it without a word, so its length is checked against its header here.
"""

import io
import struct
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import soundfile
import soxr

from sercourse.errors import AudioError, TooShortError

SUFFIXES = (".wav", ".flac")
"""What corpora consist of. `read` reads more; but a corpus often has its videos or an MP3 of each recording
beside the WAV files, and these would count as recordings of their own."""

_LFS_POINTER = b"version https://git-lfs.github.com/spec/"
_UNRECOGNISED = 1  # libsndfile's code for a format that it does not know
_DECLARING = {"mov", "mp4", "m4a", "matroska", "webm"}  # containers whose headers say how long they are
_BLOCK = 2**24  # samples that are read at once
_SLACK = 0.25  # seconds by which a codec's padding may change that
_ALONE = {
    "protocol_whitelist": "none",
    "format_whitelist": "aac,aiff,amr,ape,asf,au,avi,caf,flac,flv,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,"
    "mpeg,mpegts,ogg,wav,w64,wv",
}
"""FFmpeg's options for bytes, which may be anybody's: no playlist, and so no other file and no address."""
_UNKNOWN_SIZE = 0xFFFFFFFF  # what a program writes that streams and cannot go back to the header


def read(
    path,
    rate: int | None = None,
    offset: float = 0.0,
    seconds: float | None = None,
    content: bytes | None = None,
) -> tuple[np.ndarray, int]:
    """Read a recording, or a stretch of it, as mono.

    The same samples as ``librosa.load(path, sr=rate, offset=offset, duration=seconds)``: the stretch is cut
    out at the file's own rate, and then resampled.

    Parameters
    ----------
    path : str or path-like
        Sound such as WAV, FLAC, MP3, m4a or webm, or a video with sound.
    rate : int, optional
        Resample to this rate in Hz (soxr, high quality). By default the file's own rate.
    offset : float
        Where the stretch starts, in seconds.
    seconds : float, optional
        How long it is; less where the recording ends before. By default it goes on to the end.
    content : bytes, optional
        What the file holds, if it was read already.

    Returns
    -------
    samples : numpy.ndarray of float32, shape (n_samples,)
        Channels are averaged.
    rate : int
        Samples per second.

    Raises
    ------
    AudioError
        The file is missing, empty, a Git LFS pointer, not sound, without sound, cut off, or
        holds values that are not finite; `TooShortError` where it ends before the stretch starts.
    """
    if offset < 0 or (seconds is not None and seconds <= 0):
        raise ValueError(f"no stretch of {seconds} s from {offset} s: use offset >= 0 and seconds > 0")
    path = Path(path)
    with _open(path) if content is None else io.BytesIO(content) as source:
        _check_content(path, source)
        try:
            samples, own_rate, there = _read_stretch(path, source, offset, seconds)
        except soundfile.LibsndfileError as error:
            if error.code != _UNRECOGNISED:
                raise AudioError(path, f"not readable as sound ({error.error_string.rstrip('.')})") from error
            source.seek(0)
            own = source if content is not None else None
            samples, own_rate, there = _decode_stretch(path, offset, seconds, own)
    if there == 0:
        raise AudioError(path, "holds no samples")
    if len(samples) == 0:
        reason = f"too short: {there / own_rate:.3f} s, the stretch that is wanted starts at {offset:g} s"
        raise TooShortError(path, reason)
    if not np.isfinite(samples).all():
        raise AudioError(path, "holds samples that are not finite (NaN or infinity)")
    return (samples, own_rate) if rate is None else (resample(samples, own_rate, rate), rate)


def stream(path, rate: int) -> Iterator[np.ndarray]:
    """Read a recording of any length, such as a film's sound, without holding it whole.

    Parameters
    ----------
    path : str or path-like
        As in `read`.
    rate : int
        Samples per second that are wanted.

    Yields
    ------
    numpy.ndarray of float32, shape (n_samples,)
        The next samples, mono. Some pieces are empty.

    Raises
    ------
    AudioError
        As `read` does; what is cut off is noticed at the end.
    """
    path = Path(path)
    with _open(path) as source:
        _check_content(path, source)
    resampler = None
    for piece, own_rate in _decode(path):
        resampler = resampler or soxr.ResampleStream(own_rate, rate, 1, dtype="float32", quality="HQ")
        if not np.isfinite(piece).all():
            raise AudioError(path, "holds samples that are not finite (NaN or infinity)")
        yield resampler.resample_chunk(piece)
    yield resampler.resample_chunk(np.zeros(0, np.float32), last=True)


def duration(path) -> float:
    """Return how many seconds a sound or video file says that it lasts; 0 if it says nothing.

    Raises
    ------
    AudioError
        The file is no sound or video.
    """
    with suppress(soundfile.LibsndfileError):  # much faster than FFmpeg, which decodes to find out
        return soundfile.info(str(path)).duration
    import av

    try:
        with av.open(str(path)) as container:
            return (container.duration or 0) / av.time_base
    except av.FFmpegError as error:
        raise AudioError(path, f"not readable as sound ({error.strerror})") from error


def resample(samples: np.ndarray, own_rate: int, rate: int) -> np.ndarray:
    """Resample (soxr, high quality), and fill up what soxr rounds off with a zero, as librosa does.

    Parameters
    ----------
    samples : numpy.ndarray of float32, shape (n_samples,)
    own_rate, rate : int
        In Hz: what they have, and what is wanted.

    Returns
    -------
    numpy.ndarray of float32, shape (ceil(n_samples * rate / own_rate),)
    """
    if own_rate == rate:
        return samples
    resampled = soxr.resample(samples, own_rate, rate, quality="HQ")
    return np.pad(resampled, (0, max(0, -(-len(samples) * rate // own_rate) - len(resampled))))


def stretch(samples: np.ndarray, rate: int, offset: float = 0.0, seconds: float | None = None) -> np.ndarray:
    """Cut a stretch out of samples, the same ones that `read` reads of a file."""
    return samples[slice(*_borders(offset, seconds, rate))]


def trim(
    samples: np.ndarray, top_db: float = 30.0, frame_length: int = 2048, hop_length: int = 512
) -> np.ndarray:
    """Cut silence off both ends, as ``librosa.effects.trim`` does.

    Written out here because librosa's compiles itself for some 20 s when it is first used.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n_samples,)
    top_db : float
        A frame that lies this many decibels or more below the loudest one is silence.
    frame_length, hop_length : int
        In samples. Frames are centred; beyond the ends there is silence.

    Returns
    -------
    numpy.ndarray, shape (n_samples_left,)
        Empty if there is nothing but digital silence.
    """
    padded = np.pad(samples, frame_length // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, frame_length)[::hop_length]
    power = np.mean(frames**2, axis=1)
    loud = np.flatnonzero(power > power.max() * 10 ** (-top_db / 10))
    return samples[loud[0] * hop_length : (loud[-1] + 1) * hop_length] if len(loud) else samples[:0]


def _borders(offset: float, seconds: float | None, rate: int) -> tuple[int, int | None]:
    """First sample of a stretch and the one after its last, truncated as librosa does."""
    first = int(offset * rate)
    return first, None if seconds is None else first + int(seconds * rate)


def _read_stretch(path: Path, source, offset: float, seconds: float | None) -> tuple[np.ndarray, int, int]:
    """Read a stretch by libsndfile; return it with the rate and how many samples the file has."""
    with soundfile.SoundFile(source) as file:
        first, end = _borders(offset, seconds, file.samplerate)
        expected = max(0, (file.frames if end is None else min(end, file.frames)) - first)
        if first and expected:
            file.seek(first)
        # 16 bits become the same numbers in a third of the time if libsndfile does not convert them.
        whole = file.subtype == "PCM_16"
        # Channels are averaged a block at a time: a small file can hold hundreds of them.
        block, parts, there = max(1, _BLOCK // file.channels), [], 0
        while there < expected or not parts:
            wanted = min(block, expected - there)
            samples = file.read(wanted, dtype="int16" if whole else "float32", always_2d=True)
            there += len(samples)
            if len(samples) < wanted:
                raise AudioError(path, f"cut off: {first + there} of {file.frames} samples are there")
            if whole:
                samples = np.multiply(samples, np.float32(2**-15), dtype=np.float32)
            parts.append(samples.mean(axis=1) if file.channels > 1 else samples[:, 0])
        mono = parts[0] if len(parts) == 1 else np.concatenate(parts)
        return mono, file.samplerate, file.frames


def _decode_stretch(
    path: Path, offset: float, seconds: float | None, content: io.BytesIO | None
) -> tuple[np.ndarray, int, int]:
    """Read a stretch by FFmpeg; return it with its rate and how many samples were decoded."""
    pieces, decoded = [], 0
    with closing(_decode(path, content)) as rest:
        for piece, rate in rest:
            first, end = _borders(offset, seconds, rate)
            pieces.append(piece[max(0, first - decoded) : None if end is None else max(0, end - decoded)])
            decoded += len(piece)
            if end is not None and decoded >= end:
                break
    return np.concatenate(pieces), rate, decoded


def _decode(path: Path, content: io.BytesIO | None = None) -> Iterator[tuple[np.ndarray, int]]:
    """Yield the sound of any container, mono, piece by piece, each with its rate; at least one piece."""
    import av

    something = False
    source, options = (str(path), {}) if content is None else (content, _ALONE)
    try:
        with av.open(source, options=options) as container:
            if not container.streams.audio:
                raise AudioError(path, "holds no sound, only a video or something else")
            to_float = av.AudioResampler(format="fltp")
            end = 0.0
            # Packets of all streams, since a film's sound may end before its picture.
            for packet in container.demux():
                end = max(end, _end(packet))
                if packet.stream is not container.streams.audio[0]:
                    continue
                for decoded in packet.decode():
                    for frame in to_float.resample(decoded):
                        something = True
                        yield frame.to_ndarray().mean(axis=0), frame.sample_rate
            _check_duration(path, container, end)
    except av.FFmpegError as error:
        raise AudioError(path, f"damaged, or not readable as sound ({error.strerror})") from error
    if not something:
        raise AudioError(path, "holds no samples")


def _end(packet) -> float:
    """When a packet ends, in seconds of its stream's clock."""
    if packet.pts is None:
        return 0.0
    return float((packet.pts + (packet.duration or 0)) * packet.time_base)


def _check_duration(path: Path, container, end: float) -> None:
    """Raise `AudioError` if a container holds less than its header says."""
    import av

    if container.duration is None or not _DECLARING & set(container.format.name.split(",")):
        return
    declared = container.duration / av.time_base
    there = end - max(container.start_time or 0, 0) / av.time_base
    if there < declared - _SLACK:
        raise AudioError(path, f"cut off: {there:.1f} of {declared:.1f} s are there")


def _open(path: Path):
    try:
        return open(path, "rb")
    except OSError as error:
        advice = "check the path and its permissions"
        raise AudioError(path, f"cannot be opened ({error.strerror})", advice) from error


def _check_content(path: Path, source) -> None:
    """Raise `AudioError` for what libsndfile would refuse unclearly, or not refuse at all."""
    head = source.read(64)
    if not head:
        raise AudioError(path, "empty file (0 bytes)")
    if head.startswith(_LFS_POINTER):
        advice = "fetch the content with `git lfs pull`"
        raise AudioError(path, "a Git LFS pointer, not the recording itself", advice)
    if head.startswith(b"RIFF") and head[8:12] != b"AVI ":  # such a video is RIFF too
        _check_wav_length(path, source)
    source.seek(0)


def _check_wav_length(path: Path, file) -> None:
    """Walk the chunks of a WAV file and compare the sound's declared size with the file's size."""
    size = file.seek(0, 2)
    position = 12
    while position + 8 <= size:
        file.seek(position)
        name, length = struct.unpack("<4sI", file.read(8))
        if name == b"data":
            there = size - position - 8
            if length != _UNKNOWN_SIZE and there < length:
                raise AudioError(path, f"cut off: {there} of {length} bytes of sound are there")
            return
        position += 8 + length + length % 2
    raise AudioError(path, "cut off: a WAV header without sound")
