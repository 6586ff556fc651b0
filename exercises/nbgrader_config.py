"""nbgrader reads this file in a class's folder. `sercourse class new FOLDER` puts a copy there."""

from pathlib import Path

from sercourse.grading.configuration import configure

c = get_config()  # noqa: F821 - nbgrader gives it
configure(c, root=Path(__file__).resolve().parent)

# How long a cell may take, and how much memory a submission:
# c.MarkApart.seconds = 30
# c.MarkApart.memory = 3

# Feedback pages show hidden tests. To leave them out:
# from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
# from nbgrader.preprocessors import ClearHiddenTests, GetGrades
# c.GenerateFeedback.preprocessors = [GetGrades, ClearHiddenTests, CSSHTMLHeaderPreprocessor]
