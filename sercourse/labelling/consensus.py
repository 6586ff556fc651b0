"""What raters say together: the majority, the shares of votes, and the clips that they should talk about.

Missing labels, "not speech" and "unsure" count as `sercourse.labelling.agreement` says.
"""

import numpy as np
import pandas as pd

from sercourse.labelling.agreement import ratings_matrix
from sercourse.labelling.store import NOT_SPEECH


def majority(labels: pd.DataFrame, unsure: bool = True) -> pd.DataFrame:
    """The label that most raters gave each clip; "not speech" is a vote like the labels.

    Parameters
    ----------
    labels : pandas.DataFrame
        The labels table.
    unsure : bool
        False leaves votes out that are marked "unsure".

    Returns
    -------
    pandas.DataFrame
        One row a clip, sorted: ``clip``, ``emotion`` (NA without a winner, or where "not speech" wins),
        ``votes`` (for the winner), ``raters`` (who voted), ``arousal`` and ``valence`` (means of the raters
        who moved the slider), ``reason`` (why there is no emotion: a tie, which `adjudicate` lists, "not
        speech", "nobody labelled it"; else NA).
    """
    said = _said(labels, unsure)
    sliders = {value: ratings_matrix(labels, value, unsure).mean(axis=1) for value in ("arousal", "valence")}
    rows = []
    for clip, votes in said.iterrows():
        counts = votes.dropna().value_counts()
        winners = sorted(counts.index[counts == counts.max()])
        emotion, reason = pd.NA, pd.NA
        if not winners:
            reason = "nobody labelled it"
        elif len(winners) > 1:
            reason = f"tie: {', '.join(winners)}"
        elif winners[0] == NOT_SPEECH:
            reason = NOT_SPEECH
        else:
            emotion = winners[0]
        most = int(counts.max()) if winners else 0
        row = {"clip": clip, "emotion": emotion, "votes": most, "raters": int(counts.sum())}
        rows.append({**row, **{name: mean[clip] for name, mean in sliders.items()}, "reason": reason})
    columns = ["clip", "emotion", "votes", "raters", "arousal", "valence", "reason"]
    return pd.DataFrame(rows, columns=columns).astype(
        {"clip": "string", "emotion": "string", "votes": int, "raters": int, "reason": "string"}
    )


def soft_labels(labels: pd.DataFrame, order=None, unsure: bool = True) -> pd.DataFrame:
    """The share of votes that each label got; a network can be trained on these in place of one label.

    Parameters
    ----------
    labels, unsure
        See `majority`.
    order : sequence of str, optional
        The columns, such as a scheme's labels; by default those that occur, sorted.

    Returns
    -------
    pandas.DataFrame of float, shape (n_clips, n_labels)
        Rows add up to 1; NaN for a clip that nobody gave an emotion. "not speech" is no emotion, so it has
        no share.

    Raises
    ------
    ValueError
        A label occurs that `order` does not name.
    """
    matrix = ratings_matrix(labels, unsure=unsure)
    votes = matrix.melt(value_name="emotion", ignore_index=False).dropna()["emotion"]
    occurring = sorted(set(votes))
    order = occurring if order is None else list(order)
    if unnamed := [label for label in occurring if label not in order]:
        raise ValueError(f"labels occur that are not in the order: {', '.join(unnamed)}")
    counts = pd.crosstab(votes.index, votes.to_numpy(dtype=object))
    counts = counts.reindex(index=matrix.index, columns=order, fill_value=0)
    return counts.div(counts.sum(axis=1).replace(0, np.nan), axis=0).rename_axis(columns=None)


def adjudicate(labels: pd.DataFrame) -> pd.DataFrame:
    """The clips to talk about: not everybody says the same, or somebody is unsure.

    Parameters
    ----------
    labels : pandas.DataFrame
        The labels table.

    Returns
    -------
    pandas.DataFrame
        ``clip``; ``disagreement``, the share of pairs of raters who say different things, "not speech"
        included, from 0 to 1; ``tie``, whether there is no majority; a column for each rater: what they say,
        with "(unsure)" where they are, NA where they say nothing; ``arousal`` and ``valence``, the distance
        between the highest and the lowest slider. Most disagreement first, then by clip.
    """
    said = _said(labels, unsure=True)
    unsure = labels[labels["mark"] == "unsure"] if "mark" in labels else labels.iloc[:0]
    doubted = set(zip(unsure["clip"], unsure["rater"], strict=True))
    table = pd.DataFrame({"disagreement": said.apply(_disagreement, axis=1)}, index=said.index)
    table["tie"] = [_tied(votes) for _, votes in said.iterrows()]
    for rater in said:
        marks = [" (unsure)" if (clip, rater) in doubted else "" for clip in said.index]
        text = said[rater].where(said[rater].notna() | (pd.Series(marks, said.index) == ""), "no label")
        table[rater] = text + pd.Series(marks, said.index, dtype="string")
    for value in ("arousal", "valence"):
        matrix = ratings_matrix(labels, value)
        table[value] = matrix.max(axis=1) - matrix.min(axis=1)
    wanted = (table["disagreement"] > 0) | said.index.isin(unsure["clip"])
    table = table[wanted].reset_index().sort_values(["disagreement", "clip"], ascending=[False, True])
    return table.reset_index(drop=True)


def _said(labels: pd.DataFrame, unsure: bool) -> pd.DataFrame:
    """What each rater says of each clip: a label, "not speech", or NA."""
    said = ratings_matrix(labels, unsure=unsure)
    if "mark" in labels:
        for row in labels[labels["mark"] == NOT_SPEECH].itertuples():
            said.loc[row.clip, row.rater] = NOT_SPEECH
    return said


def _disagreement(votes: pd.Series) -> float:
    """Share of pairs that differ; 0 with fewer than two votes."""
    counts = votes.value_counts().to_numpy(dtype=float)
    n = counts.sum()
    return 0.0 if n < 2 else float(1 - (counts * (counts - 1)).sum() / (n * (n - 1)))


def _tied(votes: pd.Series) -> bool:
    counts = votes.value_counts()
    return len(counts) > 1 and int((counts == counts.max()).sum()) > 1
