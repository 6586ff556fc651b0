"""Move the sliders of `labelling.find_lines`, and see on the recording's level what they do."""

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np

from sercourse.labelling import segment
from sercourse.plots import BLUE, GREY, ORANGE, WIDTH, Picture, headline, key, styled

_SLIDERS = {
    "threshold_db": ("above room tone (dB)", 10.0, 3.0, 30.0, 1.0),
    "depth_db": ("below speech (dB)", 15.0, 3.0, 40.0, 1.0),
    "min_pause": ("shortest pause (s)", 0.35, 0.05, 2.0, 0.05),
    "min_line": ("shortest line (s)", 0.5, 0.1, 3.0, 0.1),
    "padding": ("padding (s)", 0.05, 0.0, 0.5, 0.05),
}
"""Parameter: what its slider is called, its default, lowest and highest value, and step."""


class Segmenter(ipywidgets.VBox):
    """Sliders above a picture of the level, with the lines that they find shaded.

    `lines` and `dropped` always hold what is shown, for the whole recording.

    Parameters
    ----------
    recording : path-like
        Read once, block by block.
    title : str
        What the recording is.
    synthetic : bool
        Whether it is synthetic speech.
    start, seconds : float
        The stretch that is shown at first, in seconds.
    """

    def __init__(self, recording, title: str, synthetic: bool, start: float = 0.0, seconds: float = 30.0):
        self.levels = segment.read_levels(recording)
        self.title, self.synthetic, self.seconds = title, synthetic, seconds
        self.sliders = {name: _slider(*values) for name, values in _SLIDERS.items()}
        last = max(0.0, len(self.levels) / segment.PER_SECOND - seconds)
        self.place = _slider("show from (s)", min(start, last), 0.0, max(last, 0.1), 0.1)
        self._page = ipywidgets.HTML()
        for slider in (*self.sliders.values(), self.place):
            slider.observe(self._show, "value")
        self._show()
        grid = ipywidgets.Layout(grid_template_columns="repeat(auto-fit, minmax(300px, 1fr))", width="100%")
        controls = ipywidgets.GridBox([*self.sliders.values(), self.place], layout=grid)
        super().__init__([controls, self._page])

    @property
    def parameters(self) -> dict[str, float]:
        """What the sliders say, as `labelling.find_lines` takes it."""
        return {name: slider.value for name, slider in self.sliders.items()}

    def __repr__(self) -> str:
        return self.picture.description

    def _repr_mimebundle_(self, **kwargs):
        # A page without a kernel shows the picture, a terminal the text.
        data = super()._repr_mimebundle_(**kwargs)
        data = data[0] if isinstance(data, tuple) else data
        return data | {"text/plain": repr(self), "text/html": self.picture._repr_html_()}

    def _show(self, _change=None) -> None:
        self.lines, self.dropped = segment.find_in_levels(self.levels, **self.parameters)
        limits = segment.thresholds(self.levels, self.parameters["threshold_db"], self.parameters["depth_db"])
        stretch = (self.place.value, self.place.value + self.seconds)
        self.picture = _draw(
            self.levels, limits, self.lines, self.dropped, stretch, self.title, self.synthetic
        )
        self._page.value = self.picture._repr_html_()


def _slider(description, value, low, high, step) -> ipywidgets.FloatSlider:
    return ipywidgets.FloatSlider(
        value=value,
        min=low,
        max=high,
        step=step,
        description=description,
        continuous_update=False,
        readout_format=".2f" if step < 0.1 else ".1f",
        style={"description_width": "150px"},
        layout=ipywidgets.Layout(width="auto"),
    )


@styled
def _draw(levels, limits, lines, dropped, stretch, title, synthetic) -> Picture:
    """Draw a stretch of the level, its threshold, and what was found in it."""
    first, last = stretch
    shown = slice(round(first * segment.PER_SECOND), round(last * segment.PER_SECOND) + 1)
    times = np.arange(len(levels))[shown] / segment.PER_SECOND
    figure, axes = plt.subplots(figsize=(WIDTH, 3.1))
    axes.plot(times, levels[shown], color="black", linewidth=0.7, label="level")
    axes.plot(times, limits[shown], color=ORANGE, linestyle="--", label="threshold")
    counts = {}
    for name, table, style in (
        ("line", lines, {"facecolor": BLUE, "alpha": 0.25}),
        ("dropped", dropped, {"facecolor": "none", "edgecolor": GREY, "hatch": "//"}),
    ):
        there = table[(table["end"] > first) & (table["start"] < last)]
        counts[name] = len(there)
        for number, row in enumerate(there.itertuples()):
            axes.axvspan(row.start, row.end, linewidth=0, **style, label="" if number else name)
    axes.set(xlim=stretch, xlabel="time (s)", ylabel="level (dB re full scale)")
    title = headline(figure, title, synthetic)
    key(figure)
    seconds = (lines["end"] - lines["start"]).median() if len(lines) else 0.0
    return Picture(
        figure,
        f"{title}, {first:g} to {last:g} s: lines found here: {counts['line']}, stretches dropped: "
        f"{counts['dropped']}; {len(lines)} lines in all, half of them longer than {seconds:.1f} s.",
    )
