"""Exercise 02: names, an unknown convention, a parser, counts, twins."""

from exercises_marked import Wrong

WRONG = [
    Wrong(
        "one corpus's codes are read as another's, and an emotion is sought anywhere in the name",
        {
            "names-answer": """
meant = {examples["emodb"][0]: "angry", examples["emodb"][1]: "sad", examples["savee"][0]: "angry"}
meant[examples["savee"][1]] = "neutral"
meant[examples["tess"][0]] = examples["tess"][0].split("_")[1]
"""
        },
        {
            "names-emodb": "A is Angst, fear",
            "names-savee": "The emotion of JK_s",
            "names-tess": "is the word that was spoken",
        },
    ),
    Wrong(
        "the sentence's six values are taken for emotions, and the first field for the speaker",
        {
            "detective-answer": """
speaker_field = next(field for field in fields if fields[field].nunique() == 1)
sixes = [field for field in fields if fields[field].nunique() == 6]
emotion_field = min(sixes, key=lambda field: fields[field].value_counts().max())
neutral = "00"
"""
        },
        {
            "detective-speaker": "the corpus would have so many speakers",
            "detective-emotion": "all equally frequent: the sentence",
            "detective-neutral": "The code for neutral should be",
        },
    ),
    Wrong(
        "the parser guesses: emotions counted from 0, the speaker first, the modality in the recording",
        {
            "parse-answer": """
WORDS = ["neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"]


def parse(name):
    return {
        "emotion": WORDS[int(name[6:8]) % 8],
        "intensity": "strong" if name[9:11] == "02" else "normal",
        "speaker": "ravdess_" + name[:2],
        "sex": "male" if int(name[:2]) % 2 else "female",
        "recording_id": name[:-4],
    }
"""
        },
        {
            "parse-emotion": "06 is fearful",
            "parse-speaker": "as Report B's text says",
            "parse-recording": "Leave the modality out",
            "parse-fields": "should raise ValueError, and raises nothing",
            "parse-values": "motion 09, which does not exist, should raise ValueError",
        },
    ),
    Wrong(
        "the corpus as a whole is called balanced, calm is kept, and examples are taken for recordings",
        {
            "counts-answer": """
balanced = {"actor", "sex", "emotion", "statement", "repetition"}
usable = len(manifest)
lost_by_b = 3 * 1440 - 855 * 5
"""
        },
        {
            "counts-balanced": "neutral has half",
            "counts-usable": "SAVEE has no calm",
            "counts-report": "Three of them come from one recording",
        },
    ),
    Wrong(
        "columns are called balanced for which nobody asked",
        {
            "counts-answer": """
balanced = {column for column in manifest if manifest[column].value_counts().nunique() == 1} | {"label"}
usable = int((manifest["emotion"] != "calm").sum())
lost_by_b = 15
"""
        },
        {"counts-balanced": "Only the five columns named in the task count, and you have ['label']"},
    ),
    Wrong(
        "twins are compared by their whole names, and files counted as recordings",
        {
            "twins-answer": """
def leaked(train, test):
    return sum(name in train for name in test) / len(test)


recordings = len(set(train + test))
"""
        },
        {"twins-recordings": "the number of files", "twins-leaked": "comparing whole names"},
    ),
    Wrong(
        "a known speaker is taken for a known recording",
        {
            "twins-answer": """
def leaked(train, test):
    speakers = {name[-6:] for name in train}
    return sum(name[-6:] in speakers for name in test) / len(test)


recordings = len({name[3:] for name in train + test})
"""
        },
        {"twins-leaked": "such as only the speaker"},
    ),
]
