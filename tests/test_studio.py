"""What every corpus made on this machine relies on, tried on one of text files: no Praat is needed here."""

import json
import sys

import pytest

from sercourse.corpora import studio
from sercourse.errors import CorpusError, VoicesError

WRITER = """
def write(folder, key, part, source=None):
    (folder / "inner").mkdir()
    for name in ("a.txt", "inner/b.txt", "inner/c.txt"):
        text = (source / part / name).read_text() if source else f"{part} {key['seed']}"
        (folder / name).write_text("again " * bool(source) + text)
        yield
"""


@pytest.fixture
def write_module(tmp_path, monkeypatch):
    """Write a module that this process and the workers can import."""
    folder = tmp_path / "modules"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    studio._source_hash.cache_clear()

    def write(name, text):
        (folder / f"{name}.py").write_text(text)
        studio._source_hash.cache_clear()

    return write


@pytest.fixture
def texts(write_module):
    write_module("texts", WRITER)
    return studio.Production("texts", "texts", {"one": 3, "two": 3}, megabytes=7, speaks=False)


@pytest.fixture
def echo(write_module, texts):
    write_module("echo", WRITER)
    return studio.Production("echo", "echo", {"one": 3, "two": 3}, megabytes=7, speaks=False, needs=texts)


def make(production, folder, **options):
    return studio.make(production, folder, progress=False, **options)


def test_folders_in_a_part_are_recorded_and_watched(texts, tmp_path):
    folder = make(texts, tmp_path / "texts", seed=3)
    assert (folder / "two" / "inner" / "c.txt").read_text() == "two 3"
    record = json.loads((folder / "one" / "record.json").read_text())
    assert record["bytes"] == {"a.txt": 5, "inner/b.txt": 5, "inner/c.txt": 5}
    assert studio.is_complete(texts, folder, seed=3)
    (folder / "one" / "inner" / "b.txt").write_text("shorter"[:2])
    assert not studio.is_complete(texts, folder)
    make(texts, folder, seed=3)
    assert (folder / "one" / "inner" / "b.txt").read_text() == "one 3"


def test_files_that_others_add_do_no_harm(texts, tmp_path):
    folder = make(texts, tmp_path / "texts")
    (folder / "one" / ".DS_Store").write_text("a file manager was here")
    assert studio.is_complete(texts, folder)


def test_other_source_code_makes_a_corpus_stale(texts, write_module, tmp_path):
    folder = make(texts, tmp_path / "texts")
    write_module("texts", WRITER.replace("{part}", "new {part}"))
    assert not studio.is_complete(texts, folder)
    make(texts, folder)
    assert (folder / "one" / "a.txt").read_text() == "new one 0"


def test_a_part_has_as_many_files_as_it_says(texts, write_module, tmp_path):
    write_module("texts", WRITER.replace('"inner/c.txt"', ""))
    with pytest.raises(CorpusError, match="one was not finished; run it again"):
        make(texts, tmp_path / "texts", parts=["one"])
    assert not (tmp_path / "texts" / "one").exists()


def test_a_full_disk_is_said_with_the_room_that_is_needed(texts, write_module, tmp_path):
    write_module("texts", "def write(folder, key, part):\n    raise OSError(28, 'No space left')\n    yield")
    with pytest.raises(CorpusError, match=r"texts cannot be written here.*No space left.*about 7 MB"):
        make(texts, tmp_path / "texts")


def test_a_defect_of_a_writer_is_shown(texts, write_module, tmp_path):
    write_module("texts", "def write(folder, key, part):\n    yield 1 / 0")
    with pytest.raises(CorpusError, match=r"(?s)not finished.*ZeroDivisionError"):
        make(texts, tmp_path / "texts")


def test_parts_must_exist(texts, tmp_path):
    with pytest.raises(CorpusError, match="texts has the parts one to two, not three"):
        make(texts, tmp_path / "texts", parts=["one", "three"])


def test_the_corpus_that_is_needed_is_made_beside_part_by_part(echo, texts, tmp_path):
    make(echo, tmp_path / "echo", seed=2, parts=["two"])
    assert (tmp_path / "echo" / "two" / "a.txt").read_text() == "again two 2"
    assert [path.name for path in (tmp_path / "echo_source").iterdir() if path.is_dir()] == ["two"]
    make(echo, tmp_path / "echo", seed=2)
    assert studio.is_complete(texts, tmp_path / "echo_source", seed=2)
    assert studio.is_complete(echo, tmp_path / "echo", seed=2)


def test_a_corpus_is_stale_when_the_one_it_is_made_from_is(echo, write_module, tmp_path):
    source = make(echo.needs, tmp_path / "texts")
    folder = make(echo, tmp_path / "echo", source=source)
    assert not (tmp_path / "echo_source").exists()
    write_module("texts", WRITER + "# changed")
    assert not studio.is_complete(echo, folder)


def test_speech_that_is_there_needs_no_praat(texts, tmp_path, monkeypatch):
    speaking = studio.Production("texts", "texts", texts.parts, megabytes=7)
    monkeypatch.setitem(sys.modules, "parselmouth", None)
    with pytest.raises(VoicesError, match="pip install praat-parselmouth"):
        make(speaking, tmp_path / "texts")
    assert not (tmp_path / "texts").exists()
    make(texts, tmp_path / "texts", parts=["one"])
    make(speaking, tmp_path / "texts", parts=["one"])
    with pytest.raises(VoicesError):
        make(speaking, tmp_path / "texts")


def test_a_part_of_the_version_before_is_ours_and_made_anew(texts, tmp_path):
    part = tmp_path / "texts" / "one"
    part.mkdir(parents=True)
    (part / "speaker.json").write_text("{}")
    make(texts, tmp_path / "texts", parts=["one"])
    assert not (part / "speaker.json").exists()
    assert (part / "record.json").exists()
