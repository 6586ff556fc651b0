"""Exercise 13: a measured table, counts, noise at an SNR, a shift with silence, copies and their parents."""

from exercises_marked import Wrong

WRONG = [
    Wrong(
        "copies are taken for examples of their own: those of tested recordings stay in training",
        {
            "sides-answer": """
def sides(examples, tested):
    test = examples["recording_id"].isin(tested).to_numpy(bool)
    return np.flatnonzero(~test), np.flatnonzero(test)
"""
        },
        {"sides-copies": "copies of tested recordings are in training, such as r"},
    ),
    Wrong(
        "the whole family is tested, copies too; only recordings are trained on",
        {
            "sides-answer": """
def sides(examples, tested):
    family = examples["parent"].fillna(examples["recording_id"])
    test = family.isin(tested).to_numpy(bool)
    return np.flatnonzero(~test & examples["parent"].isna().to_numpy()), np.flatnonzero(test)
"""
        },
        {
            "sides-test": "People do not come as copies",
            "sides-training": "copies of training recordings are not in training",
        },
    ),
    Wrong(
        "decibels of power taken for decibels of amplitude, and a circle for a shift with silence",
        {
            "mix-answer": """
def mix(speech, noise, snr):
    return speech + noise * np.sqrt(np.mean(speech**2) / np.mean(noise**2)) / 10 ** (snr / 10)
""",
            "delay-answer": """
def delay(samples, by):
    return np.roll(samples, by)


no_news = {"circle", "silence", "slow"}
""",
        },
        {
            "mix-ratio": "twice as many. A factor for the power was used for the amplitude",
            "mix-other": "twice as many. A factor for the power was used for the amplitude",
            "delay-later": "What leaves at the end has come in at the beginning",
            "delay-earlier": "What leaves at the beginning has come in at the end",
            "delay-nowhere": "moved by 4 samples, differs",
            "delay-news": "Frames of silence have MFCC as well",
        },
    ),
    Wrong(
        "the noise's own power is forgotten; a shift by 0 leaves nothing",
        {
            "mix-answer": """
def mix(speech, noise, snr):
    return speech + noise * np.sqrt(np.mean(speech**2) / 10 ** (snr / 10))
""",
            "delay-answer": """
def delay(samples, by):
    if by < 0:
        return np.concatenate([samples[-by:], np.zeros(-by)])
    return np.concatenate([np.zeros(by), samples[:-by]])


no_news = {"circle", "slow"}
""",
        },
        {
            "mix-ratio": "the noise has a power of its own",
            "mix-other": "the noise has a power of its own",
            "delay-nowhere": "should have the shape (4,), and has (0,)",
        },
    ),
    Wrong(
        "compared with lines that differ in more than one thing; equal epochs for equal updates",
        {
            "read-answer": """
mean = scores.mean(axis=1)
leak = mean.iloc[0] - mean["random split, tested on recordings", "no copies"]
above_placebo = gains["difference"].groupby("copies").mean()["three augmented copies"]
n_resolved = 3
""",
            "count-answer": """
updates = EPOCHS * n_recordings // BATCH
fair_epochs = EPOCHS / n_copies
siblings = 1 - (1 / n_folds) ** n_copies
alike = (2 / 3) ** 6
""",
        },
        {
            "read-leak": "a line that is tested on recordings",
            "read-placebo": "Take off what exact copies gain",
            "read-resolved": "should be 0, and is 3",
            "count-epochs": "the recordings are trained on too",
            "count-siblings": "there is one fewer",
            "count-alike": "only if they raise the pitch equally often",
        },
    ),
]
