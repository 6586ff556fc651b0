"""The corpora that the package knows: what each is called, how its files are read, and how to get it."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sercourse.corpora import (
    clips,
    cremad,
    demo,
    demo_film,
    demo_second,
    demo_twins,
    emodb,
    ravdess,
    savee,
    studio,
    tess,
)


@dataclass(frozen=True)
class Corpus:
    """What the package knows about a corpus before it is found.

    Attributes
    ----------
    title : str
        Its name in full.
    parse : callable or None
        ``parse(path) -> dict``: the manifest's row for a file; ValueError for a name
        that breaks the convention. None where names say nothing.
    synthetic : bool
        True where no person speaks; figures made from it must say so.
    get : str
        How to get it, for a user who has not got it; ``{folder}`` is where to put it.
    production : studio.Production, optional
        How it is made on this machine, if it is.
    below : str
        Folder inside the corpus in which its recordings lie, with slashes.
    reader : callable, optional
        ``reader(folder, files) -> parse``, where a table in the corpus's folder says what its files are.
    oddities : mapping of str to str
        Name of a file without suffix: what is known to be odd about it.
    """

    title: str
    parse: Callable[[Path], dict] | None
    synthetic: bool
    get: str
    production: studio.Production | None = None
    below: str = ""
    reader: Callable[[Path, list[Path]], Callable[[Path], dict]] | None = None
    oddities: Mapping[str, str] = field(default_factory=dict)


def _made(production: studio.Production, title: str, parse: Callable, effort: str, below: str = "") -> Corpus:
    """A corpus that is made on this machine; all of these are synthetic."""
    command = f"sercourse corpus make {production.name}"
    get = f"make it with `{command}` ({effort}, no network); it goes to {{folder}}"
    return Corpus(title, parse, synthetic=True, get=get, production=production, below=below)


def _spoken(convention, title: str, get: str) -> Corpus:
    """A corpus of people's voices, whose files are named by a convention: a module with `parse`."""
    return Corpus(title, convention.parse, synthetic=False, get=get, oddities=convention.ODDITIES)


def _fetched(name: str, convention, title: str, what: str) -> Corpus:
    """One of them that `sercourse corpus get` fetches."""
    return _spoken(convention, title, f"run `sercourse corpus get {name}` ({what}); it goes to {{folder}}")


CORPORA = {
    "demo": _made(
        demo.PRODUCTION,
        title="the course's own synthetic speech, 24 voices",
        parse=functools.partial(ravdess.parse, corpus="demo"),
        effort="about a minute",
    ),
    "demo_twins": _made(
        demo_twins.PRODUCTION,
        title="the demo corpus, each recording also as the sound of a video",
        parse=functools.partial(ravdess.parse, corpus="demo_twins"),
        effort="about half a minute once the demo corpus is there",
    ),
    "demo_second": _made(
        demo_second.PRODUCTION,
        title="four other synthetic voices, named as in TESS and SAVEE",
        parse=demo_second.parse,
        effort="about half a minute",
    ),
    "demo_film": _made(
        demo_film.PRODUCTION,
        title="the lines of a synthetic film, with its truth and three raters",
        parse=demo_film.parse,
        effort="about ten seconds",
        below="film/lines",
    ),
    "ravdess": _fetched(
        "ravdess",
        ravdess,
        title="RAVDESS, 24 actors: speech, and song",
        what="208 MB from Zenodo record 1188976, CC BY-NC-SA 4.0; `--song` fetches 226 MB of song",
    ),
    "tess": _fetched(
        "tess",
        tess,
        title="TESS, two actresses and 200 words",
        what="281 MB from Borealis, doi 10.5683/SP2/E8H2MF, CC BY-NC-ND 4.0",
    ),
    "savee": _spoken(
        savee,
        title="SAVEE, four men",
        get=(
            "register for it at the University of Surrey (for research only; "
            "`sercourse corpus get savee` says how, and checks what you put there) and put its folder of "
            "sound, AudioData, into {folder}"
        ),
    ),
    "emodb": _fetched(
        "emodb",
        emodb,
        title="EMO-DB, ten German speakers",
        what="about 50 MB from Zenodo record 7447302, CC BY 4.0 / CC0",
    ),
    "cremad": _fetched(
        "cremad",
        cremad,
        title="CREMA-D, 91 actors",
        what="about 640 MB from GitHub, ODbL 1.0",
    ),
    "clips": Corpus(
        title="your own clips",
        parse=None,
        synthetic=False,
        get=(
            "label clips of a recording of your own, as lesson 03 does: its export puts them with their "
            f"{clips.MANIFEST} into {{folder}}"
        ),
        reader=clips.reader,
    ),
}
