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
        return (
            f'<div style="width: 230px"><strong>{html.escape(name)}</strong><br>'
            f"{player(name, samples, self.rate, 'width: 100%')}<br>"
            f"<small>{html.escape(self.descriptions[name])}</small></div>"
        )


def player(label: str, samples: np.ndarray, rate: int, style: str = "") -> str:
    """Return a player as HTML, with the sound in it: nothing is fetched when it plays.

    Parameters
    ----------
    label : str
        What a screen reader says it is; any text.
    samples : numpy.ndarray, shape (n_samples,)
        What lies outside [-1, 1] is clipped.
    rate : int
        In Hz.
    style : str
        CSS of the player.
    """
    wav = io.BytesIO()
    soundfile.write(wav, np.clip(samples, -1, 1), rate, format="WAV", subtype="PCM_16")
    data = base64.b64encode(wav.getvalue()).decode()
    styled = f' style="{style}"' if style else ""
    return (
        f'<audio controls preload="none" aria-label="{html.escape(label, quote=True)}"{styled} '
        f'src="data:audio/wav;base64,{data}"></audio>'
    )
