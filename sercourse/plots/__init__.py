"""Pictures for lessons. Each comes with a description in words, and nothing is computed here.

All have one style, `STYLE`, and the colours of `palette`. Colour never stands alone: there is a hatch, a
marker or a label beside it. A picture of synthetic speech says so in its title. Your own figures have the
style after ``plt.style.use("sercourse.plots.course")``; nothing here changes matplotlib's settings.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "attention": ["attended", "frame_probabilities", "neighbours"],
        "calibration": ["answered", "reliability"],
        "directions": ["curves", "dependence"],
        "filters": ["band_weights", "receptive_field", "responses", "sliding"],
        "frames": ["cepstra", "envelope", "framing", "leakage", "mel_filters", "slope"],
        "gates": ["gates"],
        "grids": ["choices", "grid", "ranked"],
        "layers": ["differences", "joined"],
        "leaks": ["ladder", "leak_pairs"],
        "learning": ["costs", "learning_curves"],
        "matrix": ["transfer"],
        "palette": [
            "BLUE",
            "EMOTION_COLOURS",
            "EMOTION_MARKERS",
            "GREEN",
            "GREY",
            "LEVELS",
            "ORANGE",
            "PURPLE",
            "SHADE",
            "SHARES",
            "SIGNED",
            "SKY",
        ],
        "picture": ["STYLE", "WIDTH", "Picture", "headline", "key", "styled"],
        "protocols": ["intervals", "sides"],
        "recipes": ["Kept", "kept", "losses"],
        "recurrence": ["reach", "states", "unrolled", "walks"],
        "replication": ["replication"],
        "scores": ["confusions", "counts", "pairs", "puzzle_card"],
        "sounds": ["spectrograms", "waves"],
        "speech": ["Contours", "contours", "effect_sizes", "spectra"],
    },
)
