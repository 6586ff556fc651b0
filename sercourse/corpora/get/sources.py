"""Where the corpora of people's voices come from, under which licence, and how to know that they are whole.

Sizes in bytes. Where a source publishes no exact figure, ours is an estimate and is shown as "about".
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Archive:
    """One zip file.

    Attributes
    ----------
    address : str
    checksum : str
        As published, such as ``md5:9d21...``.
    size : int, optional
        In bytes, if it is published.
    """

    address: str
    checksum: str
    size: int | None = None


@dataclass(frozen=True)
class Dataverse:
    """A data set in a Dataverse, which lists each file with its checksum.

    Attributes
    ----------
    address : str
        Base address of the installation.
    doi : str
        Such as ``doi:10.5683/SP2/E8H2MF``.
    """

    address: str
    doi: str


@dataclass(frozen=True)
class LfsRepository:
    """A Git repository whose recordings are kept by Git LFS: it holds a pointer for each one.

    Attributes
    ----------
    archive : str
        Address of the repository as a zip file; it names each recording's SHA-256 and size.
    batch : str
        Address that tells where the content of up to 100 pointers at a time can be fetched.
    folder : str
        Folder of the repository with the recordings.
    extras : tuple of str
        Small text files to keep as well, where the repository has them.
    """

    archive: str
    batch: str
    folder: str
    extras: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """A corpus, or a part of one, that can be fetched.

    Attributes
    ----------
    corpus : str
        Name of the corpus in `sercourse.corpora.library`.
    title : str
    page : str
        Where a person reads about it.
    licence, citation : str
    origin : Archive, Dataverse or LfsRepository
    n_recordings : int
        How many there are; fewer means that something is missing.
    fetched : int
        Bytes that come over the network, about.
    unpacked : int
        Bytes that it takes in the end, about. An archive that holds twice as much is refused.
    channel : str
        ``speech`` or ``song``.
    below : str
        Folder inside the corpus for this part; the corpus's own folder if empty.
    """

    corpus: str
    title: str
    page: str
    licence: str
    citation: str
    origin: Archive | Dataverse | LfsRepository
    n_recordings: int
    fetched: int
    unpacked: int
    channel: str = "speech"
    below: str = ""


_RAVDESS = {
    "corpus": "ravdess",
    "page": "https://zenodo.org/records/1188976",
    "licence": "CC BY-NC-SA 4.0 (https://creativecommons.org/licenses/by-nc-sa/4.0/)",
    "citation": (
        "Livingstone SR, Russo FA (2018) The Ryerson Audio-Visual Database of Emotional Speech and Song "
        "(RAVDESS). PLoS ONE 13(5): e0196391. https://doi.org/10.1371/journal.pone.0196391"
    ),
}

SOURCES = {
    ("ravdess", "speech"): Source(
        **_RAVDESS,
        title="RAVDESS speech",
        origin=Archive(
            address="https://zenodo.org/records/1188976/files/Audio_Speech_Actors_01-24.zip?download=1",
            checksum="md5:bc696df654c87fed845eb13823edef8a",
            size=208_468_073,
        ),
        n_recordings=1440,
        fetched=208_468_073,
        unpacked=515_000_000,
        below="speech",
    ),
    ("ravdess", "song"): Source(
        **_RAVDESS,
        title="RAVDESS song",
        origin=Archive(
            address="https://zenodo.org/records/1188976/files/Audio_Song_Actors_01-24.zip?download=1",
            checksum="md5:5411230427d67a21e18aa4d466e6d1b9",
            size=225_505_317,
        ),
        n_recordings=1012,
        fetched=225_505_317,
        unpacked=460_000_000,
        channel="song",
        below="song",
    ),
    ("tess", "speech"): Source(
        corpus="tess",
        title="TESS, the Toronto emotional speech set",
        page="https://doi.org/10.5683/SP2/E8H2MF",
        licence=(
            "CC BY-NC-ND 4.0 (https://creativecommons.org/licenses/by-nc-nd/4.0/); it is stated differently "
            "in places, this is the strictest"
        ),
        citation=(
            "Pichora-Fuller MK, Dupuis K (2020) Toronto emotional speech set (TESS). Borealis. "
            "https://doi.org/10.5683/SP2/E8H2MF"
        ),
        origin=Dataverse("https://borealisdata.ca", "doi:10.5683/SP2/E8H2MF"),
        n_recordings=2800,
        fetched=281_000_000,
        unpacked=281_000_000,
    ),
    ("emodb", "speech"): Source(
        corpus="emodb",
        title="EMO-DB 1.3, the Berlin database of emotional speech",
        page="https://zenodo.org/records/7447302",
        licence="CC BY 4.0 / CC0, see its page",
        citation=(
            "Burkhardt F, Paeschke A, Rolfes M, Sendlmeier W, Weiss B (2005) A database of German emotional "
            "speech. Proc. Interspeech, 1517-1520. https://doi.org/10.21437/Interspeech.2005-446"
        ),
        origin=Archive(
            address="https://zenodo.org/records/7447302/files/emodb.zip?download=1",
            checksum="md5:9d21362dbc5676ef3ab4745d83ced0db",
        ),
        n_recordings=535,
        fetched=50_000_000,
        unpacked=60_000_000,
    ),
    ("cremad", "speech"): Source(
        corpus="cremad",
        title="CREMA-D, the crowd-sourced emotional multimodal actors dataset",
        page="https://github.com/CheyneyComputerScience/CREMA-D",
        licence="ODbL 1.0 (https://opendatacommons.org/licenses/odbl/1-0/)",
        citation=(
            "Cao H, Cooper DG, Keutmann MK, Gur RC, Nenkova A, Verma R (2014) CREMA-D: Crowd-sourced "
            "emotional multimodal actors dataset. IEEE Transactions on Affective Computing 5(4): 377-390. "
            "https://doi.org/10.1109/TAFFC.2014.2336244"
        ),
        origin=LfsRepository(
            archive="https://github.com/CheyneyComputerScience/CREMA-D/archive/refs/heads/master.zip",
            batch="https://github.com/CheyneyComputerScience/CREMA-D.git/info/lfs/objects/batch",
            folder="AudioWAV",
            extras=(
                "LICENSE.txt",
                "SentenceFilenames.csv",
                "VideoDemographics.csv",
                "processedResults/summaryTable.csv",
                "processedResults/tabulatedVotes.csv",
            ),
        ),
        n_recordings=7442,
        fetched=640_000_000,
        unpacked=610_000_000,
    ),
}
"""By corpus and channel."""
