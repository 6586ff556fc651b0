"""Exercise 10: gates the wrong way round, the other GRU, a third gate, one-sided p."""

from exercises_marked import Wrong

WRONG = [
    Wrong(
        "reset before: the gate multiplies the state before the matrix",
        {
            "step-answer": """
def gru_step(frame, state, kernel, recurrent, bias):
    wz, wr, wc = np.split(kernel, 3, axis=1)
    uz, ur, uc = np.split(recurrent, 3, axis=1)
    bz, br, bc = np.split(bias.sum(axis=0), 3)
    z = 1 / (1 + np.exp(-(frame @ wz + state @ uz + bz)))
    r = 1 / (1 + np.exp(-(frame @ wr + state @ ur + br)))
    return z * state + (1 - z) * np.tanh(frame @ wc + bc + (r * state) @ uc)
"""
        },
        {"step-reset": "that is the cell with reset_after=False"},
    ),
    Wrong(
        "a gate near 1 is open for the frame",
        {
            "gate-answer": """
level = update.reshape(3, 40).mean(axis=1)
keeps, writes = stretches[level.argmin()], stretches[level.argmax()]
half_frames = int(np.ceil(np.log(0.5) / np.log(half_z)))
""",
            "step-answer": """
def gru_step(frame, state, kernel, recurrent, bias):
    new_z, new_r, new = np.split(frame @ kernel + bias[0], 3)
    old_z, old_r, old = np.split(state @ recurrent + bias[1], 3)
    z = 1 / (1 + np.exp(-new_z - old_z))
    r = 1 / (1 + np.exp(-new_r - old_r))
    return (1 - z) * state + z * np.tanh(new + r * old)
""",
        },
        {
            "gate-keeps": "you name the stretch where z is near 0",
            "gate-writes": "you name the stretch where z is near 1",
            "step-keep": "With the update gate at 1 the new state should be the old one",
            "step-candidate": "differs from the expected values in 4 of 4 places",
            "step-reset": "The new state differs from the expected values",
        },
    ),
    Wrong(
        "a GRU with three gates, and equal units for equal size",
        {
            "count-answer": """
def count(layer, features, units):
    blocks = {"SimpleRNN": 1, "GRU": 4, "LSTM": 4}[layer]
    return blocks * units * (features + units + 1)


fair = {"SimpleRNN": lstm_units, "GRU": lstm_units}
"""
        },
        {
            "count-gru": "two gates and a candidate, and no third gate",
            "count-fair": "Equal units should not be called fair",
        },
    ),
    Wrong(
        "one-sided p, a difference that is larger counts as resolved, and n without its square",
        {
            "flip-answer": """
def p_by_flips(differences, signs):
    flipped = (signs * np.asarray(differences)).mean(axis=1)
    return (1 + np.sum(flipped >= np.mean(differences) - 1e-12)) / (1 + len(signs))


gru_less_rnn = gru_less_lstm = "resolved"
""",
            "speakers-answer": """
def speakers_needed(differences, true_difference):
    return int(np.ceil(2.8 * np.std(differences, ddof=1) / true_difference))


times = 2
""",
        },
        {
            "flip-p": "you count one direction only",
            "flip-verdict": "GRU less LSTM should be 'not resolved', and is 'resolved'",
            "speakers-needed": "the formula gives the root of n",
            "speakers-times": "the number of speakers goes with the square",
        },
    ),
]
