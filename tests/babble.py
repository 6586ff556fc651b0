"""Something that is built like speech: voiced syllables that glide in pitch, vowel after vowel, with gaps."""

import numpy as np
import soundfile
from scipy.signal import lfilter

VOWELS = ((300, 2300), (700, 1200), (500, 1800), (350, 800), (600, 1000))  # Hz, two formants each


def babble(rng, seconds=3.0, rate=22_050, pitch=130.0, tempo=4.0, level=0.1):
    """Samples of shape (n_samples,), float32, with this root mean square."""
    n, size = round(seconds * rate), round(rate / tempo)
    made = np.zeros(n + size)
    for start in range(0, n, size):
        length = round(0.7 * size)
        glide = pitch * 2 ** (np.linspace(*rng.uniform(-3, 3, 2), length) / 12)
        source = 2 * (np.cumsum(glide / rate) % 1) - 1
        for formant in VOWELS[rng.integers(len(VOWELS))]:
            source = resonance(source, formant, 80.0, rate)
        source *= np.sin(np.pi * np.arange(length) / length) * rng.uniform(0.3, 1)
        made[start : start + length] = source / np.abs(source).max()
    made = made[:n] + 1e-4 * rng.normal(size=n)
    return (level * made / np.sqrt(np.mean(made**2))).astype(np.float32)


def resonance(samples, frequency, bandwidth, rate):
    """Filter by two conjugate poles."""
    radius = np.exp(-np.pi * bandwidth / rate)
    return lfilter([1], [1, -2 * radius * np.cos(2 * np.pi * frequency / rate), radius**2], samples)


def write_corpus(folder, rate=22_050, seconds=1.2):
    """A corpus in RAVDESS's names: 24 actors; the sad are low, slow and soft, the angry the opposite."""
    rng = np.random.default_rng(0)
    kinds = {"04": {"tempo": 3.0, "level": 0.03}, "05": {"tempo": 6.0, "level": 0.12}}
    for actor in range(1, 25):
        own = rng.uniform(90, 130) * (1.8 if actor % 2 == 0 else 1.0)
        for emotion, kind in kinds.items():
            for repetition in ("01", "02"):
                pitch = own * (1.0 if emotion == "04" else 1.5)
                path = folder / f"Actor_{actor:02d}" / f"03-01-{emotion}-01-01-{repetition}-{actor:02d}.wav"
                path.parent.mkdir(parents=True, exist_ok=True)
                soundfile.write(path, babble(rng, seconds, rate, pitch, **kind), rate, subtype="PCM_16")
