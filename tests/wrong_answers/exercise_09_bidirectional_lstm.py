"""Exercise 09: both walks, padding that is turned too, the cost of the second walk."""

from exercises_marked import Wrong

WRONG = [
    Wrong(
        "the whole row is turned round, so the padding comes first",
        {"turn-answer": "def turn_round(padded, lengths):\n    return padded[:, ::-1]"},
        {
            "turn-first": "is padding: the whole row was turned",
            "turn-inside": "at (0, 0) it should be 3, and is 0",
            "turn-behind": "should still be padding",
        },
    ),
    Wrong(
        "the second turn is forgotten, and the answer is the row of the last frame",
        {
            "both-answer": """
def both_ways(frames, there, back):
    return np.concatenate([walk(frames, there), walk(frames[::-1], back)], axis=1)


def utterance_answer(frames, there, back):
    return np.concatenate([walk(frames, there)[-1], walk(frames[::-1], back)[0]])
"""
        },
        {
            "both-values": "turn them round again",
            "both-answer-row": "has read one frame of it, the last",
        },
    ),
    Wrong(
        "a later layer reads one half, and half of the units are fair",
        {
            "count-answer": """
def count(features, units, layers):
    one_way = 4 * units * (features + units + 1) + (layers - 1) * 4 * units * (units + units + 1)
    return 2 * one_way


fair = plain // 2
"""
        },
        {
            "count-later": "a later layer reads both halves",
            "count-fair": "Half of the units should not be fair",
        },
    ),
    Wrong(
        "forward means that it knows what comes; live, the backward walk is made once",
        {
            "reach-answer": """
(forward,) = (letter for letter in squares if not squares[letter][-1, 0])
(backward,) = (letter for letter in squares if not squares[letter][0, -1])
(both,) = (letter for letter, square in squares.items() if square.all())
(forgotten,) = set(squares) - {forward, backward, both}
""",
            "live-answer": """
waits_ms = n_frames * 512 / 22.05
delay_ms = ahead * 512 / 22.05
walked = 2 * n_frames
""",
        },
        {
            "reach-one": "the first output moves with the last frame",
            "live-wait": "you count the whole utterance",
            "live-walked": "you let it walk once, at the end",
        },
    ),
]
