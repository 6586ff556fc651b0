"""Exercise 17: waiting times, another rate, silence, a threshold, a steady answer."""

from exercises_marked import Wrong

WRONG = [
    Wrong(
        "mean and maximum in place of percentiles",
        {
            "latency-answer": """
def latency(times, warm_up):
    return np.mean(times[warm_up:]), np.max(times[warm_up:])


keeps = bool(np.sum(milliseconds[5:] >= 50) < 15)
"""
        },
        {
            "latency-median": "That is the mean",
            "latency-tail": "That is the slowest request of all",
            "latency-steady": "should be 20, and is 1514",
        },
    ),
    Wrong(
        "resampled without a filter; silence and clipping go by the peak",
        {
            "rate-answer": """
def prepared(samples, rate):
    if samples.ndim == 2:
        samples = samples.mean(axis=1)
    n = round(len(samples) * RATE / rate)
    return np.interp(np.arange(n) / RATE, np.arange(len(samples)) / rate, samples)
""",
            "guard-answer": """
def guard(samples, rate):
    if len(samples) / rate < 0.5:
        return "too short"
    if np.abs(samples).max() < 10 ** (-50 / 20):
        return "silence"
    return "clipped" if samples.max() >= 0.999 else "ok"
""",
        },
        {
            "rate-alias": "has come back at 6000 Hz",
            "guard-silence": "should be 'silence', and is 'ok'",
            "guard-clipped": "cut off at −1 only should be 'clipped', and is 'ok'",
        },
    ),
    Wrong(
        "the rate is taken for granted, and one channel is enough; length is counted in samples",
        {
            "rate-answer": """
def prepared(samples, rate):
    return samples if samples.ndim == 1 else samples[:, 0]
""",
            "guard-answer": """
def guard(samples, rate):
    if len(samples) < 8000:
        return "too short"
    if 20 * np.log10(abs(np.mean(samples)) + 1e-12) < -50:
        return "silence"
    return "clipped" if np.mean(np.abs(samples) >= 0.999) >= 0.01 else "ok"
""",
        },
        {
            "rate-tone": "One second still has 48,000 samples",
            "rate-alias": "has come back at",
            "rate-stereo": "nothing is left: take the mean of both",
            "guard-short": "0.4 s at 48,000",
            "guard-silence": "hum at -48 dB",
            "guard-clipped": "four times too loud",
            "guard-ok": "Did you take the mean of the samples?",
        },
    ),
    Wrong(
        "the threshold is chosen on the test speakers, and counts all recordings; the mean is centred",
        {
            "unsure-answer": """
def choose(confidence, right, target):
    confidence, right = np.asarray(confidence), np.asarray(right)
    kept = [each for each in confidence if right[confidence >= each].mean() >= target]
    return min(kept) if kept else None


threshold = choose(tested["confidence"], tested["right"], 0.8)
coverage = (tested["confidence"] >= threshold).mean()
share_right = (tested["right"] & (tested["confidence"] >= threshold)).mean()
""",
            "steady-answer": """
def steady(probabilities, n):
    return pd.DataFrame(probabilities).rolling(n, min_periods=1, center=True).mean().to_numpy()


shown = pd.DataFrame(timeline).rolling(5, min_periods=1).mean().to_numpy().argmax(axis=1)
changes = int(np.sum(np.diff(shown) != 0))
""",
        },
        {
            "unsure-people": "chosen on the test speakers' answers",
            "unsure-kept": "You divided by all test recordings",
            "steady-values": "last three rows of the example differs",
            "steady-future": "your mean looks into the future",
        },
    ),
]
