"""Exercise 08: parameters, gates that are read, a half-life, a step, two dropouts."""

from exercises_marked import Wrong

STEP = """
def lstm_step(frame, state, cell, kernel, recurrent, bias):
    {names} = np.split(frame @ kernel + state @ recurrent + bias, 4)
    i, f, o = (1 / (1 + np.exp(-gate)) for gate in (i, f, o))
    cell = f * cell + i * np.tanh(g)
    return {state}, cell
"""

WALK = """
def walk(frames, kernel, recurrent, bias, frame_mask, state_mask):
    state = cell = np.zeros(len(recurrent))
    for frame in frames:
        state, cell = lstm_step({arguments}, kernel, recurrent, bias)
    return {last}
"""

WRONG = [
    Wrong(
        "an open forget gate forgets; a shut output gate empties the cell; Model A walks over frames",
        {
            "count-answer": """
n_model_a = 128 * (1 + 128 + 1)
a_step_is = "frame"
n_own = n_units * (n_features + n_units + 1)
""",
            "gates-answer": """
written, shown, emptied = a - 0.35, c, a
cell_then, state_then = "near 0", "near 0"
""",
        },
        {
            "count-a": "parameters of one gate",
            "count-step": "The frames are gone",
            "count-own": "parameters of a SimpleRNN",
            "gates-written": "the forget gate is shut",
            "gates-emptied": "an open forget gate keeps",
            "gates-then": "The cell at the dotted line",
        },
    ),
    Wrong(
        "the blocks in the order i, f, o, candidate",
        {"step-answer": STEP.format(names="i, f, o, g", state="o * np.tanh(cell)")},
        {
            "step-cell": "Candidate and output gate are exchanged",
            "step-state": "Candidate and output gate are exchanged",
            "drop-none": "differs from the expected values",
            "drop-inputs": "differs from the expected values",
            "drop-recurrent": "differs from the expected values",
        },
    ),
    Wrong(
        "one tanh, as Report D says",
        {"step-answer": STEP.format(names="i, f, g, o", state="o * cell")},
        {
            "step-state": "The second tanh is missing",
            "drop-none": "differs from the expected values",
            "drop-inputs": "differs from the expected values",
            "drop-recurrent": "differs from the expected values",
        },
    ),
    Wrong(
        "recurrent dropout hits the cell; the time to 1/e for a half-life, and the gate for its bias",
        {
            "memory-answer": """
def half_life(forget_bias, hop):
    return -hop / np.log(1 / (1 + np.exp(-forget_bias)))


def bias_for(seconds, hop):
    return 0.5 ** (hop / seconds)
""",
            "drop-answer": WALK.format(
                arguments="frame * frame_mask, state, cell * state_mask", last="state"
            ),
        },
        {
            "memory-half": "1/e is left",
            "memory-bias": "how far the gate is open",
            "drop-recurrent": "The cell is hit",
        },
    ),
    Wrong(
        "recurrent dropout hits what the layer gives out; inputs are not dropped; frames, not seconds",
        {
            "memory-answer": """
def half_life(forget_bias, hop):
    return np.log(0.5) / np.log(1 / (1 + np.exp(-forget_bias)))


def bias_for(seconds, hop):
    gate = 0.5 ** (hop / seconds)
    return np.log(gate / (1 - gate))
""",
            "drop-answer": WALK.format(
                arguments="frame, state * state_mask, cell", last="state * state_mask"
            ),
        },
        {
            "memory-half": "number of frames",
            "drop-inputs": "are still heard",
            "drop-recurrent": "The mask hits the state that the layer gives out",
        },
    ),
]
