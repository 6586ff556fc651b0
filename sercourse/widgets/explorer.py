"""A picture with sliders and checkboxes: move one, and the picture is drawn anew."""

from collections.abc import Callable

import ipywidgets

from sercourse.plots import Picture


class Explorer(ipywidgets.VBox):
    """Sliders of whole numbers, or checkboxes, above a picture that follows them.

    A page without a kernel shows the picture that the controls start with, a terminal its description.

    Parameters
    ----------
    draw : callable
        Takes the controls' values by name, and returns a `Picture`.
    **sliders : tuple of (str, int, int, int) or of (str, bool)
        What each slider is called, where it starts, its lowest and its highest value; or what a checkbox is
        called, and whether it is ticked.
    """

    def __init__(self, draw: Callable[..., Picture], **sliders: tuple[str, int, int, int] | tuple[str, bool]):
        self.draw = draw
        self.sliders = {name: _control(*values) for name, values in sliders.items()}
        self._page = ipywidgets.HTML()
        for slider in self.sliders.values():
            slider.observe(self._show, "value")
        self._show()
        super().__init__([*self.sliders.values(), self._page])

    def __repr__(self) -> str:
        return self.picture.description

    def _repr_mimebundle_(self, **kwargs):
        data = super()._repr_mimebundle_(**kwargs)
        data = data[0] if isinstance(data, tuple) else data
        return data | {"text/plain": repr(self), "text/html": self.picture._repr_html_()}

    def _show(self, _change=None) -> None:
        self.picture = self.draw(**{name: slider.value for name, slider in self.sliders.items()})
        self._page.value = self.picture._repr_html_()


def _control(description: str, value: int | bool, low: int = 0, high: int = 1) -> ipywidgets.ValueWidget:
    if isinstance(value, bool):
        layout = ipywidgets.Layout(width="500px")
        return ipywidgets.Checkbox(value=value, description=description, indent=False, layout=layout)
    return ipywidgets.IntSlider(
        value=value,
        min=low,
        max=high,
        description=description,
        continuous_update=False,
        style={"description_width": "150px"},
        layout=ipywidgets.Layout(width="500px"),
    )
