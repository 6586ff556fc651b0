"""Exercise 07: axes, a walk with a mask, Jacobians through time, clipping."""

from exercises_marked import Wrong

STEP = """
def step(frame, state, w, u, b):
    return np.tanh(frame @ w + state @ u + b)

"""

WRONG = [
    Wrong(
        "axes swapped: the network walks over coefficients, as Report B's probably does",
        {
            "turn-answer": "batch = mfcc\nn_steps = mfcc.shape[2]\nn_weights = 32 * (mfcc.shape[2] + 32 + 1)",
        },
        {
            "turn-batch": "the middle axis holds",
            "turn-steps": "So many steps it takes if it walks over the frames",
            "turn-weights": "do not depend on how many frames",
        },
    ),
    Wrong(
        "axes poured into another shape; the walk goes from recording to recording",
        {
            "turn-answer": """
batch = mfcc.reshape(mfcc.shape[0], mfcc.shape[2], mfcc.shape[1])
n_steps = mfcc.shape[1]
n_weights = 32 * (mfcc.shape[1] + 32 + 1)
""",
            "walk-answer": STEP
            + """
def walk(batch, lengths, w, u, b):
    states, state = [], np.zeros((batch.shape[1], len(b)))
    for frames in batch:
        state = step(frames, state, w, u, b)
        states.append(state)
    return np.array(states)
""",
        },
        {
            "turn-batch": "reshape pours them in",
            "walk-states": "This walks from recording to recording",
            "walk-mask": "go on changing in the padding",
        },
    ),
    Wrong(
        "no mask: zeros in the padding are taken for frames; the slope of tanh is left out",
        {
            "walk-answer": STEP
            + """
def walk(batch, lengths, w, u, b):
    states = np.zeros((*batch.shape[:2], len(b)))
    for i, frames in enumerate(batch):
        state = np.zeros(len(b))
        for t, frame in enumerate(frames):
            state = states[i, t] = step(frame, state, w, u, b)
    return states
""",
            "reach-answer": """
def gradient_norms(states, u):
    steps = range(len(states) - 1, -1, -1)
    return np.array([np.linalg.norm(np.linalg.matrix_power(u, n), ord=2) for n in steps])


largest_radius = max(curves, key=lambda letter: curves[letter][0])
factor = min(curve[0] for curve in curves.values())
""",
        },
        {
            "walk-mask": "go on changing in the padding",
            "reach-factor": "factor over all 100 steps",
            "reach-norms": "norms without tanh",
        },
    ),
    Wrong(
        "clipped by value; states zero in the padding; a recording goes on where the last one ended",
        {
            "walk-answer": STEP
            + """
def walk(batch, lengths, w, u, b):
    states, state = np.zeros((*batch.shape[:2], len(b))), np.zeros(len(b))
    for i, frames in enumerate(batch):
        for t in range(lengths[i]):
            state = states[i, t] = step(frames[t], state, w, u, b)
    return states
""",
            "clip-answer": """
def clip(gradients, limit):
    return [np.clip(each, -limit, limit) for each in gradients]
""",
        },
        {
            "walk-states": "begins with the last state of the one before",
            "walk-mask": "The state is zero in the padding",
            "clip-length": "should be 2",
            "clip-direction": "Each value was cut off",
        },
    ),
    Wrong(
        "each array clipped by itself, and short gradients made longer",
        {
            "clip-answer": """
def clip(gradients, limit):
    return [each * limit / np.linalg.norm(each) for each in gradients]
"""
        },
        {
            "clip-short": "differs from the expected values",
            "clip-length": "should be 2",
            "clip-direction": "Each array was clipped by itself",
        },
    ),
]
