"""Every picture says in words what it shows; synthetic speech is named."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from sercourse import plots, widgets


def pictures(synthetic):
    confusion = pd.DataFrame([[8, 2], [5, 5]], index=["sad", "calm"], columns=["sad", "calm"])
    return {
        "card": plots.puzzle_card(0.51, 0.302, 0.125, "Model B", synthetic),
        "spectrograms": plots.spectrograms(
            {"sad": np.zeros((40, 64)), "calm": np.ones((80, 64))}, 20_000, 500, "Two", synthetic
        ),
        "waves": plots.waves({"sad": np.linspace(-0.5, 0.25, 50)}, 10_000, "A wave", synthetic),
        "confusions": plots.confusions({"one": confusion, "two": confusion}, synthetic),
        "counts": plots.counts(
            pd.DataFrame({"normal": [4], "strong": [3]}, index=["sad"]), "Recordings", synthetic
        ),
    }


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("card", ["51.0 % on a random split", "30.2 % on unseen speakers", "12.5 %"]),
        ("spectrograms", ["sad 1.0 s", "calm 2.0 s"]),
        ("waves", ["sad lies between -0.50 and 0.25 for 5 ms"]),
        ("confusions", ["one: 65 % on the diagonal", "calm is taken for sad (50 %)"]),
        ("counts", ["sad 7 recordings"]),
    ],
)
def test_the_description_carries_the_values(name, said):
    description = pictures(synthetic=False)[name].description
    for words in said:
        assert words in description
    assert "synthetic" not in description


def test_synthetic_speech_is_named_in_every_figure():
    for picture in pictures(synthetic=True).values():
        titles = [axes.get_title() + axes.get_title(loc="left") for axes in picture.figure.axes]
        suptitle = picture.figure.get_suptitle()
        assert "synthetic speech" in " ".join([*titles, suptitle])


def test_a_picture_is_shown_once_with_its_text():
    plt.close("all")  # what another test left open in this process
    picture = pictures(synthetic=True)["card"]
    assert not plt.get_fignums()
    assert f'alt="{picture.description}"' in picture._repr_html_().replace("&#x27;", "'")


def test_the_same_picture_is_the_same_file(tmp_path):
    for name in ("a.svg", "b.svg"):
        pictures(synthetic=False)["card"].save(tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_players_carry_their_sound_and_their_words():
    players = widgets.Players({"sad": np.zeros(100)}, 22_050, {"sad": "female voice, sad <1 s"})
    page = players._repr_html_()
    assert 'src="data:audio/wav;base64,UklGR' in page
    assert "female voice, sad &lt;1 s" in page
    assert "female voice, sad <1 s" in repr(players)


def test_a_sound_without_words_is_refused():
    with pytest.raises(ValueError, match="no description of: sad"):
        widgets.Players({"sad": np.zeros(100)}, 22_050, {})
