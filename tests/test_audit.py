"""The audit: what it must find, and what it must leave alone."""

import io
import os
import subprocess
import sys
from dataclasses import replace

import av
import numpy as np
import pandas as pd
import pytest
import scipy.signal
import soundfile
import soxr
from conftest import NO_PRAAT, RATE

from sercourse import audio, corpora, features
from sercourse.corpora import CORPORA, demo_twins, manifest, studio, wav
from sercourse.corpora.auditing import COLUMNS, audit, duplicates, hearing
from sercourse.corpora.demo_twins import soundtrack


def sound(seed, seconds=1.2, rate=RATE):
    """Noise of a random colour whose level moves as that of syllables does: no two are alike."""
    rng = np.random.default_rng(seed)
    noise = scipy.signal.lfilter([1], [1, -rng.uniform(0.6, 0.9)], rng.normal(size=round(seconds * rate)))
    level = np.interp(np.linspace(0, 1, noise.size), np.linspace(0, 1, 14), rng.uniform(0, 1, 14))
    return (0.3 * level * noise / np.abs(noise).max()).astype(np.float32)


def table(paths, **columns):
    """A manifest of these files, one recording of one speaker each, unless columns say otherwise."""
    rows = [
        {
            "path": str(path),
            "corpus": "own",
            "recording_id": f"r{number}",
            "speaker": "own_1",
            "emotion": "happy",
        }
        | {name: values[number] for name, values in columns.items()}
        for number, path in enumerate(paths)
    ]
    return manifest.build(rows)


def checked(paths, *arguments, **columns):
    return audit(table(paths, **columns), *arguments, workers=1, progress=False)


def found(findings):
    """What was found, without the sentences."""
    return list(findings[["file", "finding", "grade"]].itertuples(index=False, name=None))


@pytest.fixture
def good(tmp_path):
    """Four recordings without fault."""
    paths = [tmp_path / f"good_{seed}.wav" for seed in range(4)]
    for seed, path in enumerate(paths):
        wav.save(path, sound(seed), RATE)
    return paths


def test_nothing_is_found_where_all_is_well(good):
    findings = checked(good)
    assert list(findings.columns) == list(COLUMNS)
    assert findings.empty


def damaged(good, tmp_path):
    """Damaged files by name, with the finding and a word of its detail."""
    whole = good[0].read_bytes()
    nan = io.BytesIO()
    soundfile.write(nan, np.array([0.1, np.nan, 0.2], np.float32), RATE, "FLOAT", format="WAV")
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 120044\n"
    return {
        "empty.wav": (b"", "unreadable", "empty file"),
        "cut.wav": (whole[: len(whole) // 2], "unreadable", "cut off"),
        "pointer.wav": (pointer, "LFS pointer", "git lfs pull"),
        "text.wav": (b"These are words, not sound.", "unreadable", "not readable as sound"),
        "nan.wav": (nan.getvalue(), "unreadable", "not finite"),
        "gone.wav": (None, "unreadable", "cannot be opened"),
    }


def test_each_damaged_file_is_named_and_the_others_are_still_heard(good, tmp_path):
    cases = damaged(good, tmp_path)
    for name, (content, _, _) in cases.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
    findings = checked([tmp_path / name for name in cases] + good).set_index("file")
    assert set(findings.index) == {str(tmp_path / name) for name in cases}
    for name, (_, finding, word) in cases.items():
        row = findings.loc[str(tmp_path / name)]
        assert (row["finding"], row["grade"]) == (finding, "problem")
        assert word in row["detail"]


def test_a_corpus_of_damaged_files_only_is_no_crash(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"")
    assert found(checked([tmp_path / "a.wav"])) == [(str(tmp_path / "a.wav"), "unreadable", "problem")]


def clipped_sine():
    time = np.arange(round(1.2 * RATE)) / RATE
    return np.clip(0.9 * np.sin(2 * np.pi * 200 * time), -0.5, 0.5)


ODD = {
    "zeros": (np.zeros(26_460), RATE, [("silence", "problem")]),
    "constant": (np.full(26_460, 0.25), RATE, [("silence", "problem"), ("offset", "odd")]),
    "off centre": (sound(9) + 0.05, RATE, [("offset", "odd")]),
    "clipped": (clipped_sine(), RATE, [("clipping", "odd")]),
    "stereo": (np.stack([sound(9), sound(10)], axis=1), RATE, [("stereo", "odd")]),
    "8 kHz": (sound(9, rate=8000), 8000, [("wrong rate", "odd")]),
    "50 ms": (sound(9)[5000:6103], RATE, [("too short", "odd")]),
    "10 s": (sound(9, seconds=10), RATE, [("too long", "odd")]),
    "faint": (sound(9) * 0.02, RATE, []),
    "loud": (sound(9) * 0.98 / np.abs(sound(9)).max(), RATE, []),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_among_good_ones(name, good, tmp_path):
    samples, rate, expected = ODD[name]
    path = tmp_path / "odd.wav"
    soundfile.write(path, samples, rate, subtype="PCM_16")
    assert found(checked([path, *good])) == [(str(path), *finding) for finding in expected]


def test_flat_tops_are_counted_by_hand():
    samples = np.array(
        [0, 0.5, 0.5, 0.5, 0, -0.5, -0.5, 0.1, 0.5, 0.5, 0.5, 0.5, -0.5, -0.5, -0.5], np.float32
    )
    assert hearing.flat_tops(samples) == 3
    assert hearing.flat_tops(samples / 100) == 0


def aac(samples, rate):
    """The same sound after AAC, 32 kbit/s, with the encoder's delay."""
    encoded = io.BytesIO()
    with av.open(encoded, "w", format="mp4") as file:
        stream = file.add_stream("aac", rate=rate, layout="mono")
        stream.bit_rate = 32_000
        frame = av.AudioFrame.from_ndarray(samples[None], format="fltp", layout="mono")
        frame.sample_rate = rate
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            file.mux(packet)
    encoded.seek(0)
    with av.open(encoded) as file:
        return np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])


def later(samples, rate):
    return 0.3 * np.concatenate([np.zeros(777, np.float32), samples])


CHANGES = {
    "Vorbis": (lambda samples, rate: soundtrack(samples, rate), RATE),
    "AAC": (aac, RATE),
    "16 kHz": (lambda samples, rate: soxr.resample(samples, rate, 16_000), 16_000),
    "8 kHz": (lambda samples, rate: soxr.resample(samples, rate, 8000), 8000),
    "quieter and later": (later, RATE),
    "upside down": (lambda samples, rate: -samples, RATE),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_copy_is_found(name, good, tmp_path):
    change, rate = CHANGES[name]
    copy = tmp_path / "copy.wav"
    wav.save(copy, change(audio.read(good[2])[0], RATE), rate)
    findings = checked([*good, copy], statement=["a", "a", "a", "a", "b"])
    findings = findings[findings["finding"] != "wrong rate"]
    assert found(findings) == [(str(copy), "near-duplicate", "problem")]
    assert f"same recording as {good[2]} (" in findings["detail"].iloc[0]
    assert "tells them apart by statement" in findings["detail"].iloc[0]


def test_identical_files_and_identical_samples(good, tmp_path):
    file, flac, header = tmp_path / "x.wav", tmp_path / "y.flac", tmp_path / "z.wav"
    content = good[1].read_bytes()
    file.write_bytes(content)
    soundfile.write(flac, soundfile.read(good[1], dtype="int16")[0], RATE)
    header.write_bytes(content + b"LIST\x04\x00\x00\x00INFO")
    findings = checked([*good, file, flac, header])
    assert found(findings) == [
        (str(file), "identical file", "problem"),
        (str(flac), "identical samples", "problem"),
        (str(header), "identical samples", "problem"),
    ]
    assert findings["detail"].str.contains(f"same recording as {good[1]} (", regex=False).all()


def test_what_comes_from_a_video_or_has_a_parent_is_the_copy(good, tmp_path):
    for copy, columns in {
        "01.wav": {"modality": ["audio-video", *4 * ["audio"]], "recording_id": list("01234")},
        "02.wav": {"parent": ["r1", *4 * [pd.NA]], "recording_id": list("01234")},
        "03.wav": {"modality": ["audio-video", *4 * ["audio"]], "recording_id": list("01023")},
    }.items():
        path = tmp_path / copy
        wav.save(path, soundtrack(*audio.read(good[1])), RATE)
        known = len(set(columns["recording_id"])) == 4
        findings = checked([path, *good], **columns)
        assert found(findings) == [(str(path), "near-duplicate", "odd" if known else "problem")]
        path.unlink()


def test_copies_are_found_across_corpora(good):
    findings = checked([good[0], copied(good[0])], corpus=["one", "two"], speaker=["one_1", "two_1"])
    assert found(findings) == [(str(copied(good[0])), "identical file", "problem")]
    assert "by corpus and speaker" in findings["detail"].iloc[0]


def copied(path):
    copy = path.with_name("a_copy.wav")
    copy.write_bytes(path.read_bytes())
    return copy


def test_correlation_is_the_highest_of_numpys():
    one, other = sound(1, 0.2, 8000), sound(2, 0.25, 8000)
    expected = np.abs(np.correlate(one, other, "full")).max() / np.sqrt((one @ one) * (other @ other))
    value = duplicates.correlation(one, other)
    assert expected <= value + 1e-6  # it also looks between the samples
    assert value < expected + 0.05


def test_correlation_finds_a_delay_between_two_samples():
    time = np.arange(8000) / 8000
    window = scipy.signal.get_window("hann", 8000)
    one, other = (window * np.sin(2 * np.pi * 3000 * (time - delay)) for delay in (0, 0.5 / 8000))
    coarse = np.abs(np.correlate(one, other, "full")).max() / np.sqrt((one @ one) * (other @ other))
    assert coarse < 0.93  # the cosine of 22.5 degrees, the phase that is left
    # In steps of an eighth, half a step of phase may remain at 3 kHz: 8.4 degrees.
    assert duplicates.correlation(one, other) > 0.989


def test_candidates_are_those_of_all_pairs():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(30, 50))
    rows = np.concatenate([centres, centres[:7] + 0.05 * rng.normal(size=(7, 50))])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    cosines = np.triu(rows @ rows.T, 1)
    expected = [(int(a), int(b)) for a, b in np.argwhere(cosines >= duplicates.ALIKE)]
    assert expected == [(number, 30 + number) for number in range(7)]
    assert duplicates.candidates(rows, block=8) == expected


@pytest.mark.parametrize("rate", [16_000, 22_050, 48_000])
def test_a_recipe_drops_what_the_extractor_drops(rate, tmp_path):
    recipe = features.recipe("report_a")
    lengths = [round(recipe.n_fft * rate / recipe.rate) + extra for extra in (-60, -2, -1, 0, 1, 2, 60)]
    paths = [tmp_path / f"{length}.wav" for length in lengths]
    for length, path in zip(lengths, paths, strict=True):
        wav.save(path, sound(length)[2000 : 2000 + length], rate)
    long = tmp_path / "long.wav"
    wav.save(long, sound(1, 3.5, rate), rate)
    rows = table([*paths, long])
    with pytest.warns(UserWarning, match="left out"):
        dropped = features.extract(rows, recipe, workers=1, progress=False, cache=False).dropped["path"]
    findings = audit(rows, recipe, workers=1, progress=False)
    named = findings.loc[findings["finding"] == "dropped by recipe", "file"]
    assert 0 < len(named) < len(paths)
    assert sorted(named) == sorted(dropped)
    cut = findings[findings["finding"] == "cut by recipe"]
    assert cut["detail"].str.startswith("own: 1 of 8 recordings").all()


def design(speakers, left_out=()):
    """RAVDESS's design in columns: neutral in one intensity, all else in two."""
    cells = [
        (speaker, emotion, intensity, repetition)
        for speaker in speakers
        for emotion in ("neutral", "happy")
        for intensity in ("normal", "strong")
        for repetition in (1, 2)
        if (emotion, intensity) != ("neutral", "strong")
    ]
    cells = [cell for cell in cells if cell not in left_out]
    names = ("speaker", "emotion", "intensity", "repetition")
    return len(cells), dict(zip(names, map(list, zip(*cells, strict=True)), strict=True))


def test_missing_cells_are_named_and_neutral_strong_is_none(tmp_path):
    lacking = ("own_2", "happy", "strong", 2)
    count, columns = design(["own_1", "own_2", "own_3"], [lacking])
    paths = [tmp_path / f"{number}.wav" for number in range(count)]
    for number, path in enumerate(paths):
        wav.save(path, sound(number, 0.5), RATE)
    findings = checked(paths, **columns)
    missing = findings[findings["finding"] == "missing cell"]
    assert missing["detail"].tolist() == [
        "own_2 has no recording of emotion happy, intensity strong, repetition 2; 2 of 3 speakers do."
    ]
    assert (missing["grade"] == "odd").all()
    assert set(findings["finding"]) == {"missing cell", "imbalance of emotions"}


def test_where_there_is_no_full_design_no_cell_is_missing(good):
    columns = {"speaker": ["own_1", "own_1", "own_2", "own_2"], "statement": list("abcd")}
    assert checked(good, **columns).empty


def test_imbalance_is_advice_with_its_counts(good):
    findings = checked(good, emotion=["sad", "happy", "happy", "happy"])
    assert found(findings) == [("", "imbalance of emotions", "advice")]
    assert "from 1 (sad) to 3 (happy)" in findings["detail"].iloc[0]


def test_left_out_files_and_known_oddities_are_listed(good, monkeypatch):
    left_out = pd.DataFrame({"path": ["b.wav"], "reason": ["not a RAVDESS name"]})
    odd = replace(CORPORA["ravdess"], oddities={"good_3": "a door slams"})
    monkeypatch.setitem(CORPORA, "ravdess", odd)
    findings = checked(good, None, left_out, corpus=4 * ["ravdess"])
    assert found(findings) == [("b.wav", "left out", "odd"), (str(good[3]), "known oddity", "advice")]
    assert findings["detail"].tolist() == [
        "It is not in the manifest: not a RAVDESS name.",
        "a door slams",
    ]


def test_the_command_prints_and_writes_the_findings(small_ravdess, tmp_path):
    (small_ravdess / "Actor_01" / "03-01-04-01-01-01-01.wav").write_bytes(b"")
    (small_ravdess / "Actor_01" / "notes.wav").write_bytes(b"")
    command = [sys.executable, "-m", "sercourse", "corpus", "audit", "ravdess", "--recipe", "report_a"]
    done = subprocess.run(
        [*command, "--output", str(tmp_path / "findings.csv")],
        capture_output=True,
        text=True,
        env=os.environ | {"COLUMNS": "200"},
    )
    assert done.returncode == 0, done.stderr
    assert "problem: unreadable (1)" in done.stdout
    assert "odd: left out (1)" in done.stdout
    assert "96 recordings of ravdess: " in done.stdout
    written = pd.read_csv(tmp_path / "findings.csv")
    assert list(written.columns) == list(COLUMNS)
    assert "unreadable" in set(written["finding"])


def test_real_ravdess_has_five_stereo_files_and_one_identical_pair(real_ravdess):
    findings = audit(corpora.load("ravdess"), progress=False)
    serious = findings[findings["grade"] != "advice"]
    # The reports' notes name these; nothing else is wrong with it.
    stereo = (
        "03-01-02-01-01-02-01",
        "03-01-08-01-02-02-01",
        "03-01-02-01-02-02-05",
        "03-01-03-01-02-01-20",
        "03-01-06-01-01-02-20",
    )
    expected = {(name, "stereo", "odd") for name in stereo} | {
        ("03-01-03-01-02-02-07", "identical file", "problem")
    }
    assert {(stem(file), *rest) for file, *rest in found(serious)} == expected
    assert len(serious) == len(expected)
    pair = serious[serious["finding"] == "identical file"]["detail"].iloc[0]
    assert "03-01-03-01-02-01-07" in pair
    assert "by repetition" in pair


def stem(path):
    return path.replace("\\", "/").rsplit("/", 1)[1].rsplit(".", 1)[0]


def test_each_lossy_copy_of_real_speech_is_found_and_no_take(real_ravdess, tmp_path):
    """Two actors, 120 recordings; 60 pairs of takes are among them."""
    real = corpora.load("ravdess")
    real = real[real["speaker"].isin([f"ravdess_{actor:02d}" for actor in (11, 15)])]
    originals, copies = real["path"].tolist(), []
    for path in originals:
        copies.append(str(tmp_path / f"{stem(path)}.wav"))
        samples, rate = audio.read(path)
        wav.save(copies[-1], soundtrack(samples, rate), rate)
    lossy = real.assign(path=pd.array(copies, dtype="string"), corpus="lossy")
    findings = audit(pd.concat([real, lossy], ignore_index=True), progress=False)
    assert len(originals) == 120
    assert set(findings.loc[findings["grade"] != "advice", "finding"]) == {"near-duplicate"}
    near = findings[findings["finding"] == "near-duplicate"]
    named = near["detail"].str.extract(r"same recording as (.+?) \(")[0]
    assert dict(zip(near["file"], named, strict=True)) == dict(zip(copies, originals, strict=True))
    assert len(near) == 120


if not NO_PRAAT:  # the demo corpus cannot be made there

    def test_every_twin_of_six_synthetic_speakers_is_found_and_nothing_else(tmp_path):
        corpora.load("demo")
        parts = [f"Actor_{number:02d}" for number in (2, 5, 11, 14, 20, 23)]
        options = {"parts": parts, "source": corpora.find("demo"), "progress": False}
        folder = studio.make(demo_twins.PRODUCTION, tmp_path / "demo_twins", **options)
        rows = manifest.build(map(CORPORA["demo_twins"].parse, sorted(folder.rglob("*.wav"))))
        assert len(rows) == 6 * 120
        findings = audit(rows, progress=False)
        serious = findings[findings["grade"] != "advice"]
        assert len(serious) == 6 * 60
        assert set(serious["finding"]) == {"near-duplicate"}
        named = serious["detail"].str.extract(r"same recording as (.+?) \(")[0]
        for twin, original in zip(serious["file"], named, strict=True):
            assert (stem(twin)[:3], stem(original)[:3]) == ("01-", "03-")
            assert stem(twin)[3:] == stem(original)[3:]
