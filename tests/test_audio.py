"""Reading sound, and saying what is wrong with what cannot be read."""

import librosa
import numpy as np
import pytest
import scipy.signal
import soundfile
from conftest import RATE, write_tone
from encode import encode

from sercourse import audio
from sercourse.errors import AudioError, TooShortError


@pytest.fixture
def tone(tmp_path):
    path = tmp_path / "tone.wav"
    write_tone(path, 200, np.random.default_rng(0))
    return path


def test_samples_are_those_that_were_written(tmp_path):
    written = np.array([0.0, 0.5, -0.5, 0.25], dtype=np.float32)
    soundfile.write(tmp_path / "a.wav", written, 8000, subtype="FLOAT")
    samples, rate = audio.read(tmp_path / "a.wav")
    assert rate == 8000
    assert samples.dtype == np.float32
    np.testing.assert_array_equal(samples, written)


def test_stereo_becomes_the_mean_of_its_channels(tmp_path):
    soundfile.write(tmp_path / "a.flac", np.array([[0.5, 0.25], [0.0, -0.5]]), 8000)
    samples, _ = audio.read(tmp_path / "a.flac")
    np.testing.assert_allclose(samples, [0.375, -0.25], atol=1e-4)


def test_resampling_keeps_a_tone_below_half_the_rate(tmp_path):
    time = np.arange(48_000) / 48_000
    soundfile.write(tmp_path / "a.wav", 0.5 * np.sin(2 * np.pi * 1000 * time), 48_000)
    samples, rate = audio.read(tmp_path / "a.wav", rate=22_050)
    assert (rate, len(samples)) == (22_050, 22_050)
    frequencies, power = scipy.signal.periodogram(samples, rate)
    assert frequencies[power.argmax()] == pytest.approx(1000, abs=1)
    np.testing.assert_allclose(np.abs(samples[5000:-5000]).max(), 0.5, rtol=1e-2)


def noise(path, rate, channels=1, seconds=2.0, **options):
    samples = np.random.default_rng(0).normal(scale=0.1, size=(round(seconds * rate), channels))
    soundfile.write(path, samples, rate, **options)


@pytest.mark.parametrize(
    ("offset", "seconds"), [(0, None), (0.6, None), (0, 0.5), (0.6, 0.7001), (1.5, 9.0), (1 / 3, 1 / 7)]
)
@pytest.mark.parametrize(
    ("name", "own_rate", "options"),
    [
        ("a.wav", 48_000, {"subtype": "PCM_16"}),
        ("a.wav", 44_100, {"subtype": "PCM_24", "channels": 2}),
        ("a.wav", 22_050, {"subtype": "FLOAT"}),
        ("a.flac", 16_001, {"channels": 2}),
        ("a.ogg", 24_414, {}),
    ],
)
def test_a_stretch_is_what_librosa_loads(tmp_path, name, own_rate, options, offset, seconds):
    noise(tmp_path / name, own_rate, **options)
    expected, _ = librosa.load(
        tmp_path / name, sr=22_050, offset=offset, duration=seconds, res_type="soxr_hq"
    )
    samples, rate = audio.read(tmp_path / name, 22_050, offset, seconds)
    assert (rate, samples.dtype) == (22_050, np.float32)
    np.testing.assert_allclose(samples, expected, atol=1e-4)


def test_a_stretch_of_real_speech_is_what_librosa_loads(real_ravdess):
    path = next(iter(sorted(real_ravdess.glob("Actor_01/*"))))
    expected, _ = librosa.load(path, sr=22_050, offset=0.6, duration=2.5, res_type="soxr_hq")
    np.testing.assert_allclose(audio.read(path, 22_050, 0.6, 2.5)[0], expected, atol=1e-4)


@pytest.mark.parametrize("name", ["a.m4a", "a.webm"])
def test_a_stretch_of_a_container_is_cut_out_of_the_whole(tmp_path, name):
    encode(tmp_path / name, two_tones(), 48_000, CONTAINERS[name])
    whole, _ = audio.read(tmp_path / name)
    for offset, seconds in ((0.0, 0.3), (0.9, 0.7001), (1.8, 9.0)):
        samples, _ = audio.read(tmp_path / name, offset=offset, seconds=seconds)
        first, length = int(offset * 48_000), int(seconds * 48_000)
        np.testing.assert_array_equal(samples, whole[first : first + length])


@pytest.mark.parametrize("name", ["a.wav", "a.m4a"])
def test_a_stretch_beyond_the_end_is_too_short(tmp_path, name):
    if name == "a.wav":
        soundfile.write(tmp_path / name, two_tones(), 48_000)
    else:
        encode(tmp_path / name, two_tones(), 48_000, "aac")
    with pytest.raises(TooShortError, match=r"too short: 2\.0\d\d s, the stretch .* starts at 2\.5 s"):
        audio.read(tmp_path / name, 16_000, offset=2.5)


@pytest.mark.parametrize("stretch", [{"offset": -1}, {"seconds": 0}, {"seconds": -2}])
def test_a_stretch_that_cannot_be_is_refused(tone, stretch):
    with pytest.raises(ValueError, match="use offset >= 0 and seconds > 0"):
        audio.read(tone, **stretch)


def test_damage_after_the_stretch_counts_too(tone):
    """A file that was cut while it was copied is damaged, whatever is wanted of it."""
    tone.write_bytes(tone.read_bytes()[:-10])
    with pytest.raises(AudioError, match="cut off"):
        audio.read(tone, seconds=0.1)


def test_content_that_was_read_already_is_not_read_again(tone):
    expected, content = audio.read(tone, 16_000), tone.read_bytes()
    tone.unlink()
    samples, rate = audio.read(tone, 16_000, content=content)
    assert rate == 16_000
    np.testing.assert_array_equal(samples, expected[0])


@pytest.mark.parametrize("top_db", [20, 30, 60])
def test_trim_equals_librosas(top_db):
    rng = np.random.default_rng(0)
    loudness = 10 ** (np.interp(np.arange(RATE), [0, 8000, 14_000, RATE], [-5, -1, -1, -4]))
    samples = (loudness * rng.normal(size=RATE)).astype(np.float32)
    expected, _ = librosa.effects.trim(samples, top_db=top_db)
    np.testing.assert_array_equal(audio.trim(samples, top_db=top_db), expected)


def test_nothing_is_left_of_digital_silence():
    assert audio.trim(np.zeros(RATE, np.float32)).size == 0


def damage(tone, tmp_path):
    """Every kind of damaged file, with a word of the reason that must be given."""
    whole = tone.read_bytes()
    flac = tmp_path / "whole.flac"
    soundfile.write(flac, np.random.default_rng(0).normal(scale=0.1, size=RATE), RATE)
    not_finite = tmp_path / "nan.wav"
    soundfile.write(not_finite, np.array([0.1, np.nan, 0.2], dtype=np.float32), RATE, subtype="FLOAT")
    no_samples = tmp_path / "none.wav"
    soundfile.write(no_samples, np.zeros(0), RATE)
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 120044\n"
    return {
        "truncated.wav": (whole[: len(whole) // 2], "cut off"),
        "header.wav": (whole[:36], "cut off"),
        "truncated.flac": (flac.read_bytes()[:20_000], "cut off|not readable"),
        "empty.wav": (b"", "empty file"),
        "text.wav": (b"These are words, not sound.", "not readable as sound"),
        "pointer.wav": (pointer, "Git LFS pointer.*git lfs pull"),
        "nan_copy.wav": (not_finite.read_bytes(), "not finite"),
        "no_samples.wav": (no_samples.read_bytes(), "no samples"),
    }


@pytest.mark.parametrize(
    "name",
    [
        "truncated.wav",
        "header.wav",
        "truncated.flac",
        "empty.wav",
        "text.wav",
        "pointer.wav",
        "nan_copy.wav",
        "no_samples.wav",
    ],
)
def test_a_damaged_file_is_named_with_its_reason(name, tone, tmp_path):
    content, reason = damage(tone, tmp_path)[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(AudioError, match=f"(?s){name}: .*({reason})"):
        audio.read(tmp_path / name)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(AudioError, match=r"gone\.wav: cannot be opened"):
        audio.read(tmp_path / "gone.wav")


def test_a_wav_of_unknown_length_is_read(tone, tmp_path):
    """Programs that stream leave the size open."""
    content = bytearray(tone.read_bytes())
    position = content.index(b"data") + 4
    content[position : position + 4] = b"\xff\xff\xff\xff"
    (tmp_path / "stream.wav").write_bytes(content)
    assert len(audio.read(tmp_path / "stream.wav")[0]) == len(audio.read(tone)[0])


SENTENCE = 48_000 * 2
CONTAINERS = {"a.m4a": "aac", "a.webm": "libopus", "a.mp4": "aac", "a.mkv": "libopus", "a.mov": "aac"}


def two_tones():
    """A second of 500 Hz, then one of 2,000 Hz, at 48 kHz."""
    time = np.arange(SENTENCE) / 48_000
    return 0.5 * np.sin(2 * np.pi * np.where(time < 1, 500, 2000) * time)


def loudest(samples, rate):
    frequencies, power = scipy.signal.periodogram(samples, rate)
    return frequencies[power.argmax()]


@pytest.mark.parametrize("name", CONTAINERS)
def test_what_phones_browsers_and_films_hold_is_read(tmp_path, name):
    video = 3.0 if name in ("a.mp4", "a.mkv") else 0.0
    encode(tmp_path / name, two_tones(), 48_000, CONTAINERS[name], video)
    samples, rate = audio.read(tmp_path / name)
    assert rate == 48_000
    assert samples.dtype == np.float32
    assert len(samples) == pytest.approx(SENTENCE, abs=0.025 * 48_000)  # codecs pad by a frame
    assert loudest(samples[:48_000], rate) == pytest.approx(500, abs=2)
    assert loudest(samples[48_000:96_000], rate) == pytest.approx(2000, abs=2)
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.05)


def test_stereo_in_a_container_becomes_the_mean_of_its_channels(tmp_path):
    encode(tmp_path / "a.m4a", np.stack([two_tones(), 0 * two_tones()]), 48_000, "aac", layout="stereo")
    samples, _ = audio.read(tmp_path / "a.m4a")
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(0.25 / np.sqrt(2), rel=0.05)


@pytest.mark.parametrize("name", ["a.m4a", "a.webm", "a.avi", "a.flac"])
def test_content_is_read_as_the_file_is(tmp_path, name):
    if name == "a.flac":
        soundfile.write(tmp_path / name, two_tones(), 48_000)
    else:
        encode(tmp_path / name, two_tones(), 48_000, CONTAINERS.get(name, "mp3"))
    content = (tmp_path / name).read_bytes()
    for stretch in ({}, {"offset": 0.5, "seconds": 1.0}):
        wanted, _ = audio.read(tmp_path / name, **stretch)
        np.testing.assert_array_equal(audio.read(f"elsewhere/{name}", content=content, **stretch)[0], wanted)


def test_content_opens_no_other_file(tmp_path):
    """A playlist is a few words that name files and addresses."""
    encode(tmp_path / "a.ts", two_tones(), 48_000, "aac")
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{tmp_path / 'a.ts'}\n#EXT-X-ENDLIST\n"
    (tmp_path / "a.m3u8").write_text(playlist)
    assert len(audio.read(tmp_path / "a.m3u8")[0]) > 48_000  # as a file of one's own it is read
    for content in (playlist, f"ffconcat version 1.0\nfile {tmp_path / 'a.ts'}\n"):
        with pytest.raises(AudioError, match="not readable as sound"):
            audio.read("a.wav", content=content.encode())


def test_many_channels_are_averaged_a_block_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(audio, "_BLOCK", 1000)
    samples = np.random.default_rng(0).uniform(-1, 1, (2050, 30)).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", samples, 8000, subtype="FLOAT")
    np.testing.assert_allclose(audio.read(tmp_path / "a.wav")[0], samples.mean(axis=1), atol=1e-6)
    (tmp_path / "cut.flac").write_bytes(cut_flac(tmp_path, samples[:, :8]))
    with pytest.raises(AudioError, match=r"cut off|not readable"):
        audio.read(tmp_path / "cut.flac")


def cut_flac(folder, samples):
    soundfile.write(folder / "whole.flac", samples, 8000)
    content = (folder / "whole.flac").read_bytes()
    return content[: len(content) // 2]


@pytest.mark.parametrize("name", ["a.webm", "a.wav"])
def test_a_stream_is_what_is_read_at_once(tmp_path, name):
    if name == "a.wav":
        soundfile.write(tmp_path / name, two_tones(), 48_000, subtype="FLOAT")
    else:
        encode(tmp_path / name, two_tones(), 48_000, "libopus")
    pieces = list(audio.stream(tmp_path / name, 22_050))
    whole, _ = audio.read(tmp_path / name, 22_050)
    assert max(map(len, pieces)) < len(whole) / 4
    np.testing.assert_allclose(np.concatenate(pieces), whole, atol=1e-3)
    assert audio.duration(tmp_path / name) == pytest.approx(2, abs=0.03)


@pytest.mark.parametrize(
    ("name", "codec", "reason"),
    [
        ("cut.m4a", "aac", "damaged, or not readable as sound"),
        ("cut.webm", "libopus", r"cut off: 1\.\d of 2\.0 s"),
        ("cut.mkv", "aac", r"cut off: \d\.\d of 3\.0 s"),
    ],
)
def test_a_container_that_was_cut_is_named(tmp_path, name, codec, reason):
    whole = tmp_path / f"whole{name[3:]}"
    encode(whole, two_tones(), 48_000, codec, 3.0 if name == "cut.mkv" else 0.0)
    content = whole.read_bytes()
    (tmp_path / name).write_bytes(content[: len(content) * 6 // 10])
    with pytest.raises(AudioError, match=f"{name}: {reason}"):
        audio.read(tmp_path / name)
    with pytest.raises(AudioError, match=f"{name}: {reason}"):
        list(audio.stream(tmp_path / name, 8000))


def test_a_video_without_sound_is_named(tmp_path):
    encode(tmp_path / "silent.mp4", np.zeros(0), 48_000, None, 1.0)
    with pytest.raises(AudioError, match=r"silent\.mp4: holds no sound"):
        audio.read(tmp_path / "silent.mp4")
