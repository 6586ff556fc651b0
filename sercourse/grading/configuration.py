"""nbgrader's settings for a class of this course."""

from pathlib import Path

from traitlets.config import Config


def configure(config: Config, root: Path) -> None:
    """Set up nbgrader for a class, from its ``nbgrader_config.py``.

    Parameters
    ----------
    config : traitlets.config.Config
        What ``get_config()`` gives there.
    root : pathlib.Path
        The class's folder.
    """
    from nbgrader import preprocessors as steps

    from sercourse.grading.steps import MarkApart, WholeNotebook

    config.CourseDirectory.root = str(root)
    config.CourseDirectory.course_id = "sercourse"
    config.Autograde.sanitize_preprocessors = [
        steps.ClearOutput,
        WholeNotebook,
        steps.OverwriteKernelspec,
        steps.OverwriteCells,
        steps.CheckCellMetadata,
    ]
    config.Autograde.autograde_preprocessors = [
        MarkApart,
        steps.LimitOutput,
        steps.SaveAutoGrades,
        steps.AssignLatePenalties,
        steps.CheckCellMetadata,
    ]
