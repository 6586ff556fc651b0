"""A small package for a course on speech emotion recognition.

Its rooms, from the ground up: `errors`, `settings`, `progress`, `files`, `audio`, `augment`, `parallel`,
`voices`, `corpora`, `features`, `labelling`, `splits`, `networks`, `baselines`, `training`, `evaluation`,
`reports`, `recognizer`, `plots`, `widgets`, `lessons`, `doctor`, `terminal` and `cli`. A room imports only
rooms that stand before it in this list.

Importing the package is quick: TensorFlow is loaded when a network is first built.
"""

__version__ = "0.1.0"
