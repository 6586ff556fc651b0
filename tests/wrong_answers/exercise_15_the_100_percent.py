"""Exercise 15: leaks in a notebook, copies across a split, a fair control, figures that cannot be."""

from exercises_marked import Wrong

WRONG = [
    Wrong(
        "any scaler is a leak, and to share sentences is none; copies are looked for by file name",
        {
            "find-answer": 'leaks_here = {"duplicates", "speakers", "scaling", "selecting"}',
            "copies-answer": """
def tested_with_copy(rows, train, test):
    trained = set(rows["file"].iloc[train])
    return [row for row in test if rows["file"].iloc[row] in trained]


share = len(tested_with_copy(rows, train, test)) / len(test)
predicted = share + (1 - share) * ALONE
""",
        },
        {
            "find-split": "also shares people and what they say",
            "find-honest": "fitted on training rows only",
            "copies-rows": "have different names",
            "copies-share": "share of test rows that have a copy in training should be",
        },
    ),
    Wrong(
        "the control is smaller: what more rows bring is counted as leak",
        {
            "worth-answer": """
leak_worth = runs["UAR"].iloc[2] - runs["UAR"].iloc[0]
rows_worth = runs["UAR"].iloc[1] - runs["UAR"].iloc[0]
"""
        },
        {"worth-leak": "part of this difference comes from more rows"},
    ),
    Wrong(
        "a figure is always rounded, and the digits that a float has are those that were printed",
        {
            "sizes-answer": """
def sizes_that_fit(figures, sizes):
    def fits(figure, n):
        digits = len(str(float(figure)).split(".")[1])
        return round(round(float(figure) * n) / n, digits) == float(figure)

    return [n for n in sizes if all(fits(figure, n) for figure in figures)]
""",
            "table-answer": """
def least_loss(accuracy):
    return (1 - accuracy) * np.log(2)


finding = {}
for system, line in table.iterrows():
    accuracy, loss, precision, _ = line.astype(float)
    if abs(accuracy * 240 - round(accuracy * 240)) > 0.3:
        finding[system] = "no count"
    elif loss < least_loss(accuracy):
        finding[system] = "loss too small"
    elif accuracy < 0.5:
        finding[system] = "one class"
    else:
        finding[system] = "softmax twice" if loss > 1 else "nothing"
""",
        },
        {
            "sizes-cut": "accuses the innocent",
            "sizes-all": "should be [325], and is []",
            "sizes-digits": "its second digit is a 0, and it counts",
        },
    ),
    Wrong(
        "100 % cannot be, and a wrong answer leaves one eighth for the true class",
        {
            "table-answer": """
def least_loss(accuracy):
    return (1 - accuracy) * np.log(8)


finding = {}
for system, line in table.iterrows():
    accuracy, loss, precision, _ = line.astype(float)
    if accuracy == 1:
        finding[system] = "loss too small"
    elif abs(accuracy * 240 - round(accuracy * 240)) > 0.3:
        finding[system] = "no count"
    elif accuracy < 0.5:
        finding[system] = "one class"
    else:
        finding[system] = "softmax twice" if loss > 1 else "nothing"
"""
        },
        {"table-loss": "You give the true class one eighth", "table-impossible": "that is no proof"},
    ),
]
