"""Praat at work: a sentence is spoken, then given the F0 contour that the emotion asks for.

Praat's speech synthesiser is eSpeak. Its noise source carries on from call to call, so identical calls
in one process give different samples; a fresh process that makes the same calls in the same order
repeats them. `sercourse.corpora.demo` therefore makes each speaker in a process of its own.
"""

import numpy as np

from sercourse.errors import VoicesError

RATE = 22050
"""Sampling rate of everything in this room, Hz: eSpeak's own."""

STEP = 0.005

ADVICE = (
    "install them with `pip install praat-parselmouth` (Linux on ARM has no ready-made package of it), use "
    "the real RAVDESS recordings, or a demo corpus made elsewhere"
)
"""What to do where Praat is missing."""


def load():
    """Praat as a Python module; imported only here, since it costs a tenth of a second and may be missing.

    Returns
    -------
    module
        `parselmouth`.

    Raises
    ------
    VoicesError
        If it is not installed, with what to do on this machine.
    """
    try:
        import parselmouth
    except ImportError as error:
        raise VoicesError(f"Praat's voices are not available on this computer ({error}); {ADVICE}") from error
    return parselmouth


def available() -> bool:
    """Whether synthetic speech can be made on this machine."""
    try:
        load()
    except VoicesError:
        return False
    return True


def speak(text: str, voice: str, multiplier: float, rate: float, gap: float) -> np.ndarray:
    """One sentence in one of Praat's voices.

    Parameters
    ----------
    text : str
        English text.
    voice : str
        Name of the voice variant, such as "Female1".
    multiplier : float
        Ratio of F0 to the voice's own, about .5 to 2.
    rate : float
        Words per minute, 80 to 450.
    gap : float
        Added silence between words, seconds.

    Returns
    -------
    array of shape (samples,), float64
        At `RATE`.
    """
    call = load().praat.call
    synthesiser = call("Create SpeechSynthesizer", "English (America)", voice)
    settings = (float(RATE), float(gap), float(multiplier), 1.0, round(rate), "IPA")
    call(synthesiser, "Speech output settings", *settings)
    spoken = call(synthesiser, "To Sound", text, "no")
    sound = spoken[0] if isinstance(spoken, list) else spoken
    return sound.values[0].copy()


def intone(
    samples: np.ndarray,
    expected: float,
    mean: float,
    range: float,
    ending: float,
    tremor: float,
    jitter: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """Give speech another F0 contour, by pitch-synchronous overlap and add (PSOLA).

    Parameters
    ----------
    samples : array of shape (samples,)
        Speech at `RATE`.
    expected : float
        Roughly the mean F0 of `samples`, Hz; it narrows Praat's search and so prevents octave errors.
    mean : float
        Mean F0 of the result (on a logarithmic scale), Hz.
    range : float
        Standard deviation of F0 before ending, tremor and jitter are added, semitones.
    ending : float
        Rise over the last third, semitones.
    tremor, jitter : float
        Depth of a 4 to 8 Hz modulation and of random change, per cent; standard deviations.
    rng : numpy.random.Generator
        Source of the tremor's frequency and phase and of the jitter.

    Returns
    -------
    array of shape (samples,), float64
    """
    parselmouth = load()
    call = parselmouth.praat.call
    sound = parselmouth.Sound(samples, sampling_frequency=RATE)
    manipulation = call(sound, "To Manipulation", 0.01, expected / 1.8, expected * 2)
    tier = call(manipulation, "Extract pitch tier")
    # As a matrix the tier takes three calls to read; point by point it would take hundreds.
    points = call(call(tier, "Down to TableOfReal", "Hertz"), "To Matrix").values
    if len(points) < 2:
        return samples
    times = np.arange(STEP / 2, sound.duration, STEP)
    semitones = 12 * np.log2(np.interp(times, points[:, 0], points[:, 1]))
    voiced = np.min(np.abs(times[:, None] - points[None, :, 0]), axis=1) < 0.01
    excursion = semitones - semitones[voiced].mean()
    contour = range * excursion / max(excursion[voiced].std(), 0.1)
    contour += ending * _last_third(times, points[0, 0], points[-1, 0])
    contour += _unsteadiness(times, tremor, jitter, rng)
    contour -= contour[voiced].mean()
    hertz = np.clip(mean * 2 ** (contour / 12), 50, 700)
    call([_pitch_tier(call, hertz, sound.duration), manipulation], "Replace pitch tier")
    return call(manipulation, "Get resynthesis (overlap-add)").values[0].copy()


def _last_third(times: np.ndarray, start: float, stop: float) -> np.ndarray:
    """A ramp over the sentence's last third, 0 before it and 1 at its end."""
    position = (times - start) / max(stop - start, STEP)
    return np.clip(3 * position - 2, 0, 1)


def _unsteadiness(times: np.ndarray, tremor: float, jitter: float, rng: np.random.Generator) -> np.ndarray:
    """Tremor and jitter as a contour in semitones."""
    per_cent = 12 / np.log(2) / 100
    frequency, phase = rng.uniform(4, 8), rng.uniform(0, 2 * np.pi)
    wave = np.sqrt(2) * np.sin(2 * np.pi * frequency * times + phase)
    return per_cent * (tremor * wave + jitter * rng.standard_normal(len(times)))


def _pitch_tier(call, hertz: np.ndarray, duration: float):
    """A pitch tier with one point every `STEP` seconds, by way of a matrix for speed."""
    shape = (0, duration, len(hertz), STEP, STEP / 2, 1, 1, 1, 1, 1)
    matrix = call("Create Matrix", "contour", *shape, "0")
    matrix.values[0, :] = hertz
    return call(call(matrix, "To Pitch"), "Down to PitchTier")
