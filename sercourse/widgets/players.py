"""Sound players for a page: no kernel is needed to listen."""

import base64
import html
import io

import numpy as np
import soundfile


class Players:
    """A row of players, each with a name and a description in words.

    Parameters
    ----------
    sounds : dict of str to numpy.ndarray, shape (n_samples,)
        Mono samples in [-1, 1], by name.
    rate : int
        Samples per second, in Hz.
    descriptions : dict of str to str
        What there is to hear, by the same names: the text for whoever cannot hear it.
    """

    def __init__(self, sounds: dict[str, np.ndarray], rate: int, descriptions: dict[str, str]):
        if missing := sorted(set(sounds) - set(descriptions)):
            raise ValueError(f"no description of: {', '.join(missing)}; every sound needs one in words")
        self.sounds = sounds
        self.rate = rate
        self.descriptions = descriptions

    def __repr__(self) -> str:
        return "\n".join(f"[sound] {name}: {self.descriptions[name]}" for name in self.sounds)

    def _repr_html_(self) -> str:
        cards = "".join(self._card(name, samples) for name, samples in self.sounds.items())
        return f'<div style="display: flex; flex-wrap: wrap; gap: 12px">{cards}</div>'

    def _card(self, name: str, samples: np.ndarray) -> str:
        wav = io.BytesIO()
        soundfile.write(wav, samples, self.rate, format="WAV", subtype="PCM_16")
        data = base64.b64encode(wav.getvalue()).decode()
        label, text = html.escape(name, quote=True), html.escape(self.descriptions[name])
        return (
            f'<div style="width: 230px"><strong>{label}</strong><br>'
            f'<audio controls preload="none" aria-label="{label}" style="width: 100%" '
            f'src="data:audio/wav;base64,{data}"></audio><br><small>{text}</small></div>'
        )
