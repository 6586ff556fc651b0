"""The exceptions that a user of the course can meet.

Each message names the file or the value at fault and says what to do about it.
All of them derive from `SercourseError`, so that the command line can tell a
problem that the user can mend from a defect of the package.
"""


class SercourseError(Exception):
    """Base of all errors that a user can mend."""


class AudioError(SercourseError):
    """A file cannot be used as sound: damaged, empty, not audio, or not finite.

    Parameters
    ----------
    path : str or path-like
        The file at fault.
    reason : str
        What is wrong with it, in a few words.
    advice : str
        What the user can do about it.
    """

    def __init__(self, path, reason, advice="replace the file or remove it from the corpus folder"):
        super().__init__(f"{path}: {reason}; {advice}")
        self.path = str(path)
        self.reason = reason
        self.advice = advice

    def __reduce__(self):
        # Worker processes send this error back by pickle; the default would lose the arguments.
        return type(self), (self.path, self.reason, self.advice)


class TooShortError(AudioError):
    """A recording is shorter than what is wanted of it: a stretch, or one analysis window."""


class CorpusError(SercourseError):
    """A corpus cannot be found, is empty, or has a name that the package does not know."""


class DownloadError(SercourseError):
    """A corpus cannot be fetched: the server, the network, the disk, or what arrived is at fault."""


class ManifestError(SercourseError):
    """A manifest breaks the contract: a column is missing, or a value is not allowed."""


class UnknownNameError(SercourseError):
    """A name (network, recipe, lesson, fold scheme ...) is not known.

    Parameters
    ----------
    kind : str
        What was asked for, for example "network".
    name : str
        The name that is not known.
    known : iterable of str
        The names that are.
    """

    def __init__(self, kind, name, known):
        super().__init__(f"no {kind} is called {name!r}; choose one of: {', '.join(sorted(known))}")


class WorkersError(SercourseError):
    """Work cannot be shared: a process died, no Dask cluster answers, or Dask is not installed."""


class LeakError(SercourseError):
    """A split lets the test rows into training.

    Parameters
    ----------
    message : str
        What leaks, and what to do about it.
    findings : pandas.DataFrame
        All of it, with columns ``file``, ``finding``, ``grade`` and ``detail``.
    """

    def __init__(self, message, findings):
        super().__init__(message)
        self.findings = findings

    def __reduce__(self):
        return type(self), (str(self), self.findings)


class TableError(SercourseError):
    """A published table cannot be examined: a cell cannot be read, or cannot be what its column says.

    Parameters
    ----------
    value : object
        What stands there.
    reason : str
        What is wrong with it, in a few words.
    advice : str
        What the user can do about it.
    row, column : str
        Where it stands. Empty where the table as a whole is at fault.
    """

    def __init__(self, value, reason, advice, row="", column=""):
        places = [f"row {row!r}" if row else "", f"column {column!r}" if column else ""]
        where = ", ".join(place for place in places if place)
        super().__init__(f"{where + ': ' if where else ''}{value!r} {reason}; {advice}")
        self.value, self.reason, self.advice = value, reason, advice
        self.row, self.column = row, column

    def __reduce__(self):
        return type(self), (self.value, self.reason, self.advice, self.row, self.column)


class VoicesError(SercourseError):
    """Synthetic speech cannot be made on this machine."""


class LessonError(SercourseError):
    """A lesson cannot be found, or one of its cells raised an error."""


class ExperimentError(SercourseError):
    """An experiment cannot be described so, or the store of experiments cannot be used."""


class LiveError(SercourseError):
    """The process that predicts for the live demo does not start, does not answer, or refuses a sound."""


class BundleError(SercourseError):
    """A recognizer's bundle cannot be read or used: a part is missing, changed, or of another version.

    Parameters
    ----------
    path : str or path-like
        The bundle.
    reason : str
        What is wrong with it, in a few words.
    advice : str
        What the user can do about it.
    """

    def __init__(self, path, reason, advice="make it again with `sercourse bundle make`"):
        super().__init__(f"{path}: {reason}; {advice}")
        self.path, self.reason, self.advice = str(path), reason, advice

    def __reduce__(self):
        return type(self), (self.path, self.reason, self.advice)


class SiteError(SercourseError):
    """The course's site cannot be built."""
