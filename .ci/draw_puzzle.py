"""Draw the README's picture from the measured results. Run: uv run python .ci/draw_puzzle.py."""

from pathlib import Path

from sercourse import plots, reports


def puzzle() -> plots.Picture:
    """Return the card of Model B on real speech, mean over the seeds that were measured."""
    measured = reports.measured("puzzle").query("corpus == 'ravdess' and network == 'report_c_model_b'")
    uar = measured.groupby("protocol")["uar"].mean()
    title = f"One small network on RAVDESS, 24 actors, 8 emotions, mean of {measured['seed'].nunique()} seeds"
    return plots.puzzle_card(uar[reports.RANDOM], uar[reports.UNSEEN], 1 / 8, title, synthetic=False)


if __name__ == "__main__":
    puzzle().save(Path(__file__).parents[1] / "notebooks" / "puzzle.svg")
