"""Downloads against a server that fails in every way: what a student sees, and what is on the disk after."""

import errno
import hashlib
import io
import json
import shutil
import stat
import sys
import threading
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from faulty_server import running

from sercourse import cli
from sercourse.corpora import get, library
from sercourse.corpora.get import assembly, fetching, sources, unpacking
from sercourse.corpora.get.sources import Archive, Dataverse, LfsRepository
from sercourse.errors import DownloadError, UnknownNameError

NAMES = [f"Actor_{actor:02d}/03-01-05-01-01-01-{actor:02d}.wav" for actor in (1, 2, 3, 4)]
SIZE = 100_000
HALF, QUARTER = 24 * 8192, 12 * 8192  # bytes; whole pieces, so that not one of them is lost in a cut


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(fetching, "WAITS", (0, 0, 0))
    monkeypatch.setattr(fetching, "TIMEOUT", (5, 10))
    with running() as server:
        yield server


def recordings(names=NAMES):
    """Bytes that no codec makes smaller, so that the archive is as large as what it holds."""
    rng = np.random.default_rng(0)
    return {name: rng.bytes(SIZE) for name in names}


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture
def speech(server, monkeypatch, home):
    """RAVDESS's speech, with four recordings, on that server."""
    return offer(server, monkeypatch, zipped(recordings()))


def offer(server, monkeypatch, content, channel="speech", n_recordings=4):
    server.pages[f"/{channel}.zip"] = content
    md5 = f"md5:{hashlib.md5(content).hexdigest()}"
    source = replace(
        sources.SOURCES["ravdess", channel],
        origin=Archive(f"{server.address}/{channel}.zip", md5, len(content)),
        n_recordings=n_recordings,
        fetched=len(content),
        unpacked=n_recordings * SIZE,
    )
    monkeypatch.setitem(sources.SOURCES, ("ravdess", channel), source)
    return source


def typed(monkeypatch, *words):
    """Type a command; return its exit code."""
    monkeypatch.setattr(sys, "argv", ["sercourse", "corpus", "get", *words])
    with pytest.raises(SystemExit) as leaving:
        cli.main()
    return leaving.value.code or 0


def refused(monkeypatch, capsys, *words):
    """Type a command that must fail; return what a student reads then."""
    assert typed(monkeypatch, *words, "--yes") == 1
    return capsys.readouterr().err.strip()


def on_disk(folder):
    """All files below a folder with their sizes, the lock left out."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def test_a_corpus_is_fetched_shown_and_recorded(speech, server, monkeypatch, capsys, home):
    assert typed(monkeypatch, "ravdess", "--yes") == 0
    shown = capsys.readouterr().out
    for words in ("CC BY-NC-SA 4.0", "401 kB to fetch", "Livingstone", "zenodo.org/records/1188976"):
        assert words in shown
    folder = home / "ravdess" / "speech"
    assert {name: (folder / name).read_bytes() for name in NAMES} == recordings()
    record = json.loads((folder / "SOURCE.json").read_text())
    assert record["licence"].startswith("CC BY-NC-SA 4.0")
    assert "Livingstone" in record["citation"]
    assert record["origin"]["checksum"] == speech.origin.checksum
    assert record["files"] == dict.fromkeys(NAMES, SIZE)
    assert set(on_disk(home)) == {f"ravdess/speech/{name}" for name in [*NAMES, "SOURCE.json"]}
    assert len(library.load("ravdess")) == 4


def test_what_is_complete_is_not_fetched_again(speech, server, monkeypatch, capsys, home):
    assert typed(monkeypatch, "ravdess", "--yes") == 0
    n_asked = len(server.asked)
    assert typed(monkeypatch, "ravdess") == 0  # nor is anything asked
    assert "nothing to fetch" in capsys.readouterr().out
    assert len(server.asked) == n_asked


def test_a_corpus_put_there_by_hand_is_not_fetched(speech, server, monkeypatch, capsys, home):
    for name, content in recordings().items():
        (home / "ravdess" / name).parent.mkdir(parents=True)
        (home / "ravdess" / name).write_bytes(content)
    assert typed(monkeypatch, "ravdess") == 0
    assert f"complete in {home / 'ravdess'}: nothing to fetch" in capsys.readouterr().out
    assert server.asked == []


def test_without_a_terminal_nothing_is_fetched_without_yes(speech, server, monkeypatch, capsys, home):
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert typed(monkeypatch, "ravdess") == 1
    shown = capsys.readouterr()
    assert "CC BY-NC-SA 4.0" in shown.out
    assert "add --yes" in shown.err
    assert server.asked == []
    assert not home.exists()


@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("", 1), ("y", 0)])
def test_a_student_is_asked(speech, server, monkeypatch, home, answer, code):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: answer)
    assert typed(monkeypatch, "ravdess") == code
    assert (home / "ravdess" / "speech").exists() == (code == 0)


def test_song_is_added_beside_speech(speech, server, monkeypatch, home):
    song = [name.replace("03-01-", "03-02-") for name in NAMES]
    offer(server, monkeypatch, zipped(recordings(song)), "song")
    assert typed(monkeypatch, "ravdess", "--yes") == 0
    assert typed(monkeypatch, "ravdess", "--song", "--yes") == 0
    assert library.load("ravdess", channel=None)["channel"].value_counts().to_dict() == {
        "speech": 4,
        "song": 4,
    }


def test_a_cut_goes_on_where_it_was_cut(speech, server, monkeypatch, home):
    server.faults = [("cut", HALF), ("cut", QUARTER)]
    assert typed(monkeypatch, "ravdess", "--yes") == 0
    assert [asked for _, asked in server.asked] == [None, f"bytes={HALF}-", f"bytes={HALF + QUARTER}-"]
    assert server.sent == speech.fetched


def test_a_second_run_goes_on_where_the_first_gave_up(speech, server, monkeypatch, capsys, home):
    server.faults = [("cut", HALF)] + 4 * [("cut", 0)]
    said = refused(monkeypatch, capsys, "ravdess")
    assert "the server cut the connection; what arrived is kept: run the same command again" in said
    assert on_disk(home) == {"ravdess/.speech.part/archive.zip.part": HALF}
    assert library.find("ravdess") is None
    assert typed(monkeypatch, "ravdess", "--yes") == 0
    assert server.sent == speech.fetched


def test_a_stall_is_given_up_and_goes_on(speech, server, monkeypatch, capsys, home):
    with monkeypatch.context() as impatient:
        impatient.setattr(fetching, "TIMEOUT", (5, 1))
        impatient.setattr(fetching, "WAITS", (0,))
        server.faults = [("stall", HALF), ("stall", 0)]
        said = refused(impatient, capsys, "ravdess")
    assert "the server stalls (nothing came for 1 s)" in said
    assert on_disk(home) == {"ravdess/.speech.part/archive.zip.part": HALF}
    assert typed(monkeypatch, "ravdess", "--yes") == 0
    assert server.sent == speech.fetched


def test_a_server_that_refuses_ranges_starts_anew(speech, server, monkeypatch, home):
    server.ranges = False
    server.faults = [("cut", HALF)]
    assert typed(monkeypatch, "ravdess", "--yes") == 0
    assert server.sent == speech.fetched + HALF
    assert {name: (home / "ravdess/speech" / name).read_bytes() for name in NAMES} == recordings()


@pytest.mark.parametrize(
    "change", [lambda content: content[:-1] + b"x", lambda content: b"<html>Log in</html>"]
)
def test_wrong_bytes_are_thrown_away(speech, server, monkeypatch, capsys, home, change):
    server.pages["/speech.zip"] = change(server.pages["/speech.zip"])
    said = refused(monkeypatch, capsys, "ravdess")
    assert "instead of" in said
    assert "it was thrown away" in said
    assert on_disk(home) == {}


def test_the_rest_of_another_edition_is_fetched_anew(speech, server, monkeypatch, home):
    """The first half came from an edition that is gone: the sum tells, and the file is fetched whole."""
    part = home / "ravdess" / ".speech.part" / "archive.zip.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"x" * 1000)
    assert typed(monkeypatch, "ravdess", "--yes") == 0
    assert [asked for _, asked in server.asked] == ["bytes=1000-", None]


def test_a_server_that_sends_without_end_is_stopped(speech, server, monkeypatch, capsys, home):
    server.pages["/speech.zip"] += bytes(10_000_000)
    said = refused(monkeypatch, capsys, "ravdess")
    assert f"more than the {speech.fetched:,} bytes" in said
    assert sum(on_disk(home).values()) <= speech.fetched


@pytest.mark.parametrize(
    ("code", "n_asked", "words"),
    [
        (404, 1, "the server refuses (404 Not Found); the file may have moved"),
        (403, 1, "the server refuses (403 Forbidden)"),
        (500, 4, "the server is in trouble or busy (500 Internal Server Error)"),
        (429, 4, "the server is in trouble or busy (429 Too Many Requests)"),
    ],
)
def test_an_error_of_the_server_is_said(speech, server, monkeypatch, capsys, home, code, n_asked, words):
    server.faults = 4 * [("status", code)]
    assert words in refused(monkeypatch, capsys, "ravdess")
    assert len(server.asked) == n_asked
    assert on_disk(home) == {}


def test_a_server_that_asks_to_wait_is_heard(speech, server, monkeypatch, home):
    waited = []
    monkeypatch.setattr(fetching.time, "sleep", waited.append)
    server.faults = [("status", 429), ("status", 503)]
    server.headers = {"Retry-After": "7"}
    assert typed(monkeypatch, "ravdess", "--yes") == 0
    assert waited == [7, 7]


def test_speech_somewhere_else_would_hide_song_at_home(server, monkeypatch, capsys, home, tmp_path):
    for name, content in recordings().items():
        path = tmp_path / "data" / "ravdess" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    monkeypatch.setenv("SERCOURSE_DATA", str(tmp_path / "data"))
    offer(
        server, monkeypatch, zipped(recordings([name.replace("03-01-", "03-02-") for name in NAMES])), "song"
    )
    assert typed(monkeypatch, "ravdess", "--song") == 1
    own = tmp_path / "data" / "ravdess"
    assert f"{own} comes first and would hide it: better add --folder {own}" in capsys.readouterr().out
    assert typed(monkeypatch, "ravdess", "--song", "--yes", "--folder", str(own)) == 0
    assert len(library.load("ravdess", channel="song")) == 4


def test_a_server_that_is_not_there_is_said(speech, server, monkeypatch, capsys, home):
    source = sources.SOURCES["ravdess", "speech"]
    nowhere = replace(source, origin=replace(source.origin, address="http://127.0.0.1:9/a.zip"))
    monkeypatch.setitem(sources.SOURCES, ("ravdess", "speech"), nowhere)
    assert "cannot be reached (are you online?)" in refused(monkeypatch, capsys, "ravdess")
    assert on_disk(home) == {}


def test_a_file_that_came_whole_but_lacks_recordings(server, monkeypatch, capsys, home):
    offer(server, monkeypatch, zipped(recordings()), n_recordings=5)
    said = refused(monkeypatch, capsys, "ravdess")
    assert "4 recordings came instead of 5" in said
    assert on_disk(home) == {}


def special(kind):
    member = zipfile.ZipInfo("Actor_01/link.wav")
    member.create_system = 3
    member.external_attr = (kind | 0o777) << 16
    return member


BAD_ARCHIVES = {
    "climbs": ({"../../evil.wav": b"x"}, "'../../evil.wav', which is not safe"),
    "absolute": ({"/tmp/evil.wav": b"x"}, "'/tmp/evil.wav', which is not safe"),
    "drive": ({"C:/evil.wav": b"x"}, "'C:/evil.wav', which is not safe"),
    "backslash": ({"Actor_01\\..\\evil.wav": b"x"}, "which is not safe"),
    "link": ({special(stat.S_IFLNK): b"/etc/passwd"}, "'Actor_01/link.wav' is a link or a device"),
    "device": ({special(stat.S_IFCHR): b""}, "'Actor_01/link.wav' is a link or a device"),
    "twice": ({"a.wav": b"x", "A.wav": b"x"}, "holds 'A.wav' twice"),
}


@pytest.mark.parametrize("kind", BAD_ARCHIVES)
def test_an_archive_that_would_do_harm_is_refused(server, monkeypatch, capsys, home, tmp_path, kind):
    bad, words = BAD_ARCHIVES[kind]
    offer(server, monkeypatch, zipped(recordings() | bad))
    before = on_disk(tmp_path)
    said = refused(monkeypatch, capsys, "ravdess")
    assert "refused, because" in said
    assert words in said
    assert on_disk(tmp_path) == before == {}


def test_a_bomb_is_refused_before_it_is_unpacked(server, monkeypatch, capsys, home):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAMES[0], bytes(50_000_000))
    offer(server, monkeypatch, buffer.getvalue())
    assert len(buffer.getvalue()) < SIZE
    assert "unpacks to 50,000,000 bytes in 1 files; at most" in refused(monkeypatch, capsys, "ravdess")
    assert on_disk(home) == {}


def test_an_archive_of_too_many_files_is_refused(server, monkeypatch, capsys, home):
    offer(server, monkeypatch, zipped({f"{number}.wav": b"" for number in range(500)}))
    assert "bytes in 500 files" in refused(monkeypatch, capsys, "ravdess")
    assert on_disk(home) == {}


def test_a_bomb_that_lies_about_its_size_writes_no_more_than_it_says(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.wav", bytes(5_000_000))
    content = buffer.getvalue().replace((5_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    (tmp_path / "lie.zip").write_bytes(content)
    with pytest.raises(DownloadError, match="damaged"):
        unpacking.unzip(tmp_path / "lie.zip", tmp_path / "out", 10_000, 10, "lie.zip")
    assert sum(on_disk(tmp_path / "out").values()) <= 1000


def test_a_damaged_archive_is_said(server, monkeypatch, capsys, home):
    content = bytearray(zipped(recordings()))
    content[1000] ^= 1
    offer(server, monkeypatch, bytes(content))
    assert "speech.zip: the archive is damaged (Bad CRC-32" in refused(monkeypatch, capsys, "ravdess")
    assert on_disk(home) == {}


def test_space_is_checked_first(speech, server, monkeypatch, capsys, home):
    free = shutil.disk_usage("/")._replace(free=500_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: free)
    said = refused(monkeypatch, capsys, "ravdess")
    assert "500 kB free, but RAVDESS speech needs 801 kB" in said
    assert server.asked == []
    assert on_disk(home) == {}


class FullDisk(io.FileIO):
    """A file on a disk that has room for 150,000 bytes more."""

    room = 150_000

    def write(self, content):
        if self.tell() + len(content) > self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(content)


@pytest.mark.parametrize(("module", "room"), [(fetching, 150_000), (unpacking, 50_000)])
def test_a_disk_that_fills_up_keeps_nothing_half_written(
    speech, server, monkeypatch, capsys, home, module, room
):
    with monkeypatch.context() as full:
        full.setattr(FullDisk, "room", room)
        full.setattr(module, "open", lambda path, mode: FullDisk(path, mode), raising=False)
        said = refused(full, capsys, "ravdess")
    assert "the disk is full; RAVDESS speech takes 400 kB" in said
    whole = {"ravdess/.speech.part/archive.zip": speech.fetched}
    assert on_disk(home) == ({} if module is fetching else whole)
    assert typed(monkeypatch, "ravdess", "--yes") == 0
    assert set(on_disk(home)) == {f"ravdess/speech/{name}" for name in [*NAMES, "SOURCE.json"]}


def test_a_folder_that_cannot_be_written_is_said(speech, monkeypatch, capsys, home):
    home.write_text("in the way")
    assert "cannot be written" in refused(monkeypatch, capsys, "ravdess")


def test_files_of_somebody_else_are_left_alone(speech, server, monkeypatch, capsys, home):
    mine = home / "ravdess" / "speech" / "notes.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    said = refused(monkeypatch, capsys, "ravdess")
    assert "holds 1 files that this command did not put there, such as notes.txt" in said
    assert mine.read_text() == "mine"
    assert server.asked == []


def test_a_corpus_that_lost_a_file_is_mended(speech, server, monkeypatch, home):
    assert typed(monkeypatch, "ravdess", "--yes") == 0
    (home / "ravdess/speech" / NAMES[0]).unlink()
    assert typed(monkeypatch, "ravdess", "--yes") == 0
    assert {name: (home / "ravdess/speech" / name).read_bytes() for name in NAMES} == recordings()


def test_two_runs_at_a_time_fetch_once(speech, server, home):
    runs = [threading.Thread(target=get.fetch, args=("ravdess", None, False, True, False)) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert server.sent == speech.fetched
    assert assembly.is_complete(home / "ravdess" / "speech")


TESS = [f"OAF_{word}_angry.wav" for word in ("back", "bar", "base", "bath", "bean")]


@pytest.fixture
def tess(server, monkeypatch, home):
    """TESS as a Dataverse lists it: five recordings and a text."""
    files = recordings(TESS) | {"readme.txt": b"words"}
    entries = []
    for number, (name, content) in enumerate(files.items()):
        server.pages[f"/api/access/datafile/{number}"] = content
        file = {"id": number, "filesize": len(content), "md5": hashlib.md5(content).hexdigest()}
        entries.append({"label": name, "directoryLabel": "TESS", "dataFile": file})
    return offer_tess(server, monkeypatch, entries)


def offer_tess(server, monkeypatch, entries):
    answer = json.dumps({"status": "OK", "data": {"latestVersion": {"files": entries}}}).encode()
    server.pages["/api/datasets/:persistentId/?persistentId=doi:10.5683/SP2/E8H2MF"] = answer
    origin = Dataverse(server.address, "doi:10.5683/SP2/E8H2MF")
    source = replace(sources.SOURCES["tess", "speech"], origin=origin, n_recordings=5, fetched=5 * SIZE)
    monkeypatch.setitem(sources.SOURCES, ("tess", "speech"), source)
    return entries


def test_tess_comes_file_by_file(tess, server, monkeypatch, home):
    assert typed(monkeypatch, "tess", "--yes") == 0
    assert {name: (home / "tess/TESS" / name).read_bytes() for name in TESS} == recordings(TESS)
    assert set(on_disk(home)) == {"tess/SOURCE.json"} | {f"tess/TESS/{name}" for name in TESS}
    assert json.loads((home / "tess/SOURCE.json").read_text())["list_checksum"].startswith("sha256:")


def test_tess_goes_on_with_the_files_that_are_missing(tess, server, monkeypatch, capsys, home):
    good = server.pages.pop("/api/access/datafile/4")
    assert "datafile/4: the server refuses (404 Not Found)" in refused(monkeypatch, capsys, "tess")
    assert not (home / "tess").exists()
    server.pages["/api/access/datafile/4"] = good
    server.asked.clear()
    n_missing = 5 - sum(path.endswith(".wav") for path in on_disk(home))
    assert typed(monkeypatch, "tess", "--yes") == 0
    assert len(server.asked) == n_missing < 5


def test_a_wrong_recording_of_tess_is_not_kept(tess, server, monkeypatch, capsys, home):
    server.pages["/api/access/datafile/2"] = bytes(SIZE)
    assert "datafile/2: what arrived is not the published file (md5" in refused(monkeypatch, capsys, "tess")
    assert not any(TESS[2] in path for path in on_disk(home))


def test_a_file_that_was_lost_is_fetched_alone(tess, server, monkeypatch, home):
    assert typed(monkeypatch, "tess", "--yes") == 0
    (home / "tess" / "TESS" / TESS[3]).unlink()
    server.asked.clear()
    assert typed(monkeypatch, "tess", "--yes") == 0
    assert [path for path, _ in server.asked if "access" in path] == ["/api/access/datafile/3"]
    assert (home / "tess" / "TESS" / TESS[3]).read_bytes() == recordings(TESS)[TESS[3]]


@pytest.mark.parametrize("label", ["../evil.wav", "/tmp/evil.wav", "a/../../evil.wav", "C:\\evil.wav"])
def test_a_list_with_a_path_that_escapes_is_refused(tess, server, monkeypatch, capsys, home, label):
    offer_tess(server, monkeypatch, [tess[0] | {"label": label, "directoryLabel": ""}, *tess[1:]])
    assert "which is not safe" in refused(monkeypatch, capsys, "tess")
    assert on_disk(home) == {}


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b'{"status": "OK"}'])
def test_an_answer_of_another_form_is_said(tess, server, monkeypatch, capsys, home, answer):
    server.pages = {page: answer for page in server.pages if "persistentId" in page}
    assert "the answer" in refused(monkeypatch, capsys, "tess")
    assert on_disk(home) == {}


CREMAD = {f"AudioWAV/{number}_DFA_ANG_XX.wav": bytes([number % 256]) * SIZE for number in range(1001, 1151)}


@pytest.fixture
def cremad(server, monkeypatch, home):
    """CREMA-D: a repository of 150 pointers, and a service that hands out addresses for 100 at a time."""
    objects = {hashlib.sha256(content).hexdigest(): content for content in CREMAD.values()}
    pointers = {
        f"CREMA-D-master/{path}": (
            "version https://git-lfs.github.com/spec/v1\n"
            f"oid sha256:{hashlib.sha256(content).hexdigest()}\nsize {SIZE}\n"
        )
        for path, content in CREMAD.items()
    }
    extras = {"CREMA-D-master/VideoDemographics.csv": "ActorID,Age\n", "CREMA-D-master/a.R": "x"}
    server.pages["/master.zip"] = zipped(pointers | extras)
    server.pages |= {f"/objects/{oid}": content for oid, content in objects.items()}
    server.batches = []

    def batch(body):
        wanted = json.loads(body)
        assert wanted["operation"] == "download"
        server.batches.append(len(wanted["objects"]))
        return json.dumps({"objects": [hand_out(each["oid"]) for each in wanted["objects"]]}).encode()

    def hand_out(oid):
        return {"oid": oid, "actions": {"download": {"href": f"{server.address}/objects/{oid}"}}}

    server.pages["/batch"] = batch
    origin = LfsRepository(
        f"{server.address}/master.zip", f"{server.address}/batch", "AudioWAV", ("VideoDemographics.csv",)
    )
    source = replace(sources.SOURCES["cremad", "speech"], origin=origin, n_recordings=150, fetched=150 * SIZE)
    monkeypatch.setitem(sources.SOURCES, ("cremad", "speech"), source)
    return source


def test_cremad_comes_by_its_pointers(cremad, server, monkeypatch, home):
    assert typed(monkeypatch, "cremad", "--yes") == 0
    assert {path: (home / "cremad" / path).read_bytes() for path in CREMAD} == CREMAD
    extra = {"SOURCE.json", "VideoDemographics.csv"}
    assert set(on_disk(home)) == {f"cremad/{path}" for path in set(CREMAD) | extra}
    assert server.batches == [100, 50]


def test_a_quota_that_is_used_up_is_said(cremad, server, monkeypatch, capsys, home):
    def refuse(body):
        error = {"code": 403, "message": "over its data quota"}
        objects = json.loads(body)["objects"]
        return json.dumps({"objects": [{"oid": each["oid"], "error": error} for each in objects]}).encode()

    server.pages["/batch"] = refuse
    said = refused(monkeypatch, capsys, "cremad")
    assert "AudioWAV/1001_DFA_ANG_XX.wav is not handed out (over its data quota); try again tomorrow" in said


def test_a_repository_without_pointers_is_refused(cremad, server, monkeypatch, capsys, home):
    server.pages["/master.zip"] = zipped({"CREMA-D-master/AudioWAV/1001_DFA_ANG_XX.wav": bytes(SIZE)})
    assert "is not a Git LFS pointer; the repository has changed" in refused(monkeypatch, capsys, "cremad")
    assert on_disk(home) == {}


def savee_names():
    """The design as published: 4 men, 15 sentences in each of 6 emotions, and 30 in neutral."""
    codes = {"a": 15, "d": 15, "f": 15, "h": 15, "n": 30, "sa": 15, "su": 15}
    return [
        f"{man}/{code}{number:02d}.wav"
        for man in ("DC", "JE", "JK", "KL")
        for code, count in codes.items()
        for number in range(1, count + 1)
    ]


def test_savee_says_what_to_do(monkeypatch, capsys, home):
    said = refused(monkeypatch, capsys, "savee")
    assert "Register at http" in said
    assert f"unpack it into {home / 'savee'}" in said


def test_savee_is_checked(monkeypatch, capsys, home):
    assert len(savee_names()) == 480
    for name in savee_names():
        path = home / "savee" / "AudioData" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    assert typed(monkeypatch, "savee") == 0
    for name in ("JK/sa07.wav", "JK/sa08.wav", "DC/n30.wav"):
        (home / "savee" / "AudioData" / name).unlink()
    said = refused(monkeypatch, capsys, "savee")
    assert "477 of 480 recordings" in said
    assert "JK, sadness: 13 of 15" in said
    assert "DC, neutral: 29 of 30" in said


def test_an_unknown_corpus_and_a_song_that_is_not():
    with pytest.raises(UnknownNameError, match="cremad, emodb, ravdess, savee, tess"):
        get.fetch("radvess")
    with pytest.raises(DownloadError, match="tess has no song"):
        get.fetch("tess", song=True)


def test_the_sources_are_those_of_the_corpora_own_pages():
    """Figures as the records on Zenodo state them."""
    speech, song = sources.SOURCES["ravdess", "speech"], sources.SOURCES["ravdess", "song"]
    assert (speech.origin.size, speech.n_recordings) == (208_468_073, 24 * 60)
    assert (song.origin.size, song.n_recordings) == (225_505_317, 23 * 44)
    assert sources.SOURCES["tess", "speech"].n_recordings == 2 * 7 * 200
    assert all(source.licence and source.citation for source in sources.SOURCES.values())
