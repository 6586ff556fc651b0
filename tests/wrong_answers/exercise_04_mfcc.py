"""Exercise 04: frames, a mel filter, the mean over time."""

from exercises_marked import Wrong

WRONG = [
    Wrong(
        "a last frame that does not fit whole is counted, as if padded",
        {"count-answer": "n_frames = 16_000 // 160\noverlap = 240"},
        {"count-frames": "should be 98, and is 100"},
    ),
    Wrong(
        "axes swapped: (sample, frame) as librosa.util.frame gives it",
        {
            "frames-answer": """
def frame(samples, length, hop):
    if len(samples) < length:
        raise ValueError(len(samples))
    return np.lib.stride_tricks.sliding_window_view(samples, length)[::hop].T
"""
        },
        {
            "frames-shape": "as (frame, sample), should be (98, 400), and is (400, 98)",
            "frames-values": "should have the shape (3, 4), and has (4, 3)",
            "frames-rest": "should be (3, 4), and is (4, 3)",
        },
    ),
    Wrong(
        "the triangle goes on below 0 outside, and a short signal gives no frame instead of an error",
        {
            "mel-answer": """
def triangle(frequencies, low, centre, high):
    return np.minimum((frequencies - low) / (centre - low), (high - frequencies) / (high - centre))
""",
            "frames-answer": """
def frame(samples, length, hop):
    return np.array([samples[i : i + length] for i in range(0, len(samples) - length + 1, hop)])
""",
        },
        {
            "mel-outside": "at (0,) it should be 0, and is -1",
            "frames-short": "should raise ValueError, and raises nothing",
        },
    ),
    Wrong(
        "mean over the coefficients, not over time",
        {"mean-answer": "same = 'c'\n\n\ndef mean_over_time(table):\n    return np.mean(table, axis=1)"},
        {
            "mean-same": "should be 'b', and is 'c'",
            "mean-values": "should have the shape (13,), and has (98,)",
        },
    ),
]
