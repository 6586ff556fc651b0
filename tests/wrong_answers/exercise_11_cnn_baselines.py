"""Exercise 11: a filter turned round, lengths that are off by one, channels and strides forgotten."""

from exercises_marked import Wrong

WRONG = [
    Wrong(
        "the filter is turned round, as mathematics has it",
        {
            "slide-answer": """
def output_length(length, width, stride, padding):
    return -(-length // stride) if padding == "same" else (length - width) // stride + 1


def convolve(x, kernel, bias, stride, padding):
    n_outputs = output_length(len(x), len(kernel), stride, padding)
    zeros = max((n_outputs - 1) * stride + len(kernel) - len(x), 0)
    x = np.pad(x, [(zeros // 2, zeros - zeros // 2), (0, 0)])
    _, channels, filters = kernel.shape
    turned = [
        sum(np.convolve(x[:, c], kernel[:, c, n], "valid") for c in range(channels)) for n in range(filters)
    ]
    return np.transpose(turned)[::stride] + bias
"""
        },
        {"slide-values": "you turn it round: networks compute a cross-correlation"},
    ),
    Wrong(
        "lengths that are off by one, rounded down; as many zeros in front as behind",
        {
            "slide-answer": """
def output_length(length, width, stride, padding):
    return length // stride if padding == "same" else (length - width) // stride


def convolve(x, kernel, bias, stride, padding):
    if padding == "same":
        x = np.pad(x, [(len(kernel) // 2, len(kernel) // 2), (0, 0)])
    starts = range(0, len(x) - len(kernel) + 1, stride)
    return np.array([np.tensordot(x[start : start + len(kernel)], kernel, 2) for start in starts]) + bias
"""
        },
        {
            "slide-valid": "is 37: the filter can begin at 0 too",
            "slide-same": "should be rounded up, and is 13",
            "slide-zeros": "there is one zero only, at the end",
        },
    ),
    Wrong(
        "the channels are forgotten in a width, and the bias in a count",
        {
            "table-answer": """
length, count, number = (printed[column] for column in ("length", "parameters", "filters"))
widths = [40 - length[1] + 1, count[2] // number[2] - 1, length[3] - length[4] + 1]
misprint = 1 if count[1] % number[1] else 4
should_be = widths[0] * number[1] if misprint == 1 else widths[2] * number[3] * number[4]
"""
        },
        {
            "table-widths": "a filter reaches over all channels of the layer below it",
            "table-right": "Each filter has a bias as well",
        },
    ),
    Wrong(
        "strides do not count for the view, and windows lie end to end; the order of averages is nothing",
        {
            "field-answer": """
def receptive_field(layers):
    return 1 + sum(width - 1 for width, _ in layers)


frames, step = 1, 1
for width, stride in my_layers:
    frames += (width - 1) * step
    step *= stride
span_ms = frames * 2_048 / 22.05
""",
            "bands-answer": """
unchanged = "b"


def band_weights(outer, middle, n_bands):
    return middle + 2 * outer * np.cos(np.pi * (np.arange(n_bands) + 0.5) / n_bands)
""",
        },
        {
            "field-strides": "sees 11: above a pooling by 2",
            "field-span": "you lay them end to end",
            "bands-unchanged": "gives the network's filters other neighbours",
        },
    ),
]
