"""The capstone: a split that knows its speakers, one seed, the best seed, a table without honesty."""

from exercises_marked import Wrong

PEOPLE = "people = [f'demo_{number:02}' for number in range(1, 25)]"

ROWS = """
results = pd.read_csv(
    io.StringIO('''
system,corpus,protocol,fold,seed,n_test,accuracy,uar,low,high
{}
''')
)
n_classes = 8
"""

HONEST = '"unseen speakers, four folds, pooled",pooled'
RANDOM = 'report_c_model_b,demo,"random, stratified five-fold, pooled",pooled'

WRONG = [
    Wrong(
        "the random split as the honest one: recordings apart, people not; and settings chosen by the score",
        {
            "split-answer": f"""
{PEOPLE}
folds = [(people, people[first : first + 6]) for first in range(0, 24, 6)]
recordings = dict.fromkeys(people, 60)
protocol = "unseen speakers, four folds, pooled"
dropped = 0
chosen_on = "test speakers"
"""
        },
        {
            "split-apart": "in training and in test. The network knows them.",
            "split-chosen": "no longer a score of unseen speakers",
        },
    ),
    Wrong(
        "one seed, an interval that is plus or minus nothing, and no baseline",
        {
            "results-answer": ROWS.format(
                f"report_c_model_b,demo,{HONEST},0,1440,0.288,0.283,0.283,0.283\n"
                f"{RANDOM},0,1440,0.537,0.526,0.497,0.557"
            )
        },
        {
            "results-seeds": "at least three seeds, and comes from 1",
            "results-interval": "the interval has no width",
            "results-baselines": "no row for majority",
        },
    ),
    Wrong(
        "the best seed, the claim in percent, UAR beside a claimed accuracy, a boast for a sentence",
        {
            "choice-answer": "report, system, corpus, claimed = 'C', 'report_c_model_b', 'demo', 100",
            "beside-answer": """
published = rows_of(results, system, "random, stratified five-fold, pooled")["uar"].mean()
honest = rows_of(results, system, protocol)["uar"].max()
spread = (0.283, 0.309)
sentence = f"Our network recognises emotions of unseen speakers with {100 * honest:.0f} %."
""",
        },
        {
            "choice-claimed": "divide percents by 100",
            "beside-honest": "You put the best seed forward",
            "beside-published": "This is the UAR. The report claims an accuracy",
            "beside-sentence": "should have the honest UAR, 0.298",
        },
    ),
    Wrong(
        "the report's own corpus, hard speakers left out, the network against itself: three equal seeds",
        {
            "choice-answer": "report, system, corpus, claimed = 'D', 'report_d', 'ravdess', 0.95",
            "split-answer": f"""
{PEOPLE}
folds = [(people[6:], people[:6]), (people[:6], people[6:20])]
recordings = dict.fromkeys(people, 60)
protocol = "unseen speakers, four folds, pooled"
dropped = 0
chosen_on = "nothing"
""",
            "results-answer": ROWS.format(
                "\n".join(
                    [
                        *(f"report_d,ravdess,{HONEST},{seed},1200,0.40,0.41,0.37,0.45" for seed in (0, 1, 2)),
                        f"majority,ravdess,{HONEST},0,1200,0.133,0.125,0.125,0.125",
                        f"svm,ravdess,{HONEST},0,1200,0.46,0.46,0.43,0.5",
                        RANDOM.replace("c_model_b,demo", "d,ravdess") + ",0,1440,0.6,0.59,0.5,0.62",
                    ]
                )
            ),
        },
        {
            "choice-corpus": "ravdess is the corpus of Report D itself",
            "split-once": "Did you leave out the hard ones?",
            "results-seeds": "Was the network really trained again each time?",
            "results-counts": "should be 1440, and is 1200",
        },
    ),
]
