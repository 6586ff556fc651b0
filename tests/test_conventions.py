"""Each corpus's file names against its own description: strictly, and counted by hand."""

import itertools
import re
from collections import Counter
from pathlib import Path

import pytest
import soundfile

from sercourse import audio, corpora
from sercourse.corpora import cremad, emodb, ravdess, savee, tess

CONVENTIONS = {"ravdess": ravdess, "tess": tess, "savee": savee, "emodb": emodb, "cremad": cremad}


def touch(folder, names):
    """Empty files: a manifest is read from their names alone."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def counts(table, column):
    return table[column].value_counts(dropna=False).to_dict()


def test_a_ravdess_name_is_read_field_by_field():
    """The example that RAVDESS's own description works through."""
    row = ravdess.parse(Path("Actor_12/03-01-06-01-02-01-12.wav"))
    assert row == {
        "path": str(Path("Actor_12/03-01-06-01-02-01-12.wav")),
        "corpus": "ravdess",
        "recording_id": "01-06-01-02-01-12",
        "speaker": "ravdess_12",
        "sex": "female",
        "emotion": "fearful",
        "label": "fearful",
        "intensity": "normal",
        "statement": "dogs",
        "repetition": 1,
        "channel": "speech",
        "modality": "audio",
    }


@pytest.mark.parametrize("suffix", [".mp4", ".wav"])
def test_the_sound_of_a_video_is_the_recording_of_the_audio_file(suffix):
    sound = ravdess.parse(Path("Actor_17/03-02-05-02-01-02-17.wav"))
    video = ravdess.parse(Path(f"Actor_17/01-02-05-02-01-02-17{suffix}"))
    assert (sound["modality"], video["modality"]) == ("audio", "audio-video")
    assert {**sound, "path": "", "modality": ""} == {**video, "path": "", "modality": ""}
    assert (video["channel"], video["emotion"], video["intensity"]) == ("song", "angry", "strong")


def test_a_tess_name_is_read_field_by_field():
    row = tess.parse(Path("TESS/OAF_angry/OAF_back_angry.wav"))
    assert row == {
        "path": str(Path("TESS/OAF_angry/OAF_back_angry.wav")),
        "corpus": "tess",
        "recording_id": "OAF_back_angry",
        "speaker": "tess_OAF",
        "sex": "female",
        "emotion": "angry",
        "label": "angry",
        "statement": "back",
        "channel": "speech",
        "modality": "audio",
    }
    assert tess.parse(Path("YAF_youth_ps.wav"))["emotion"] == "surprised"
    assert tess.parse(Path("YAF_youth_fear.wav"))["label"] == "fear"


def test_the_misspelt_file_of_tess_makes_no_third_actress():
    row = tess.parse(Path("OA_bite_neutral.wav"))
    assert (row["speaker"], row["recording_id"]) == ("tess_OAF", "OAF_bite_neutral")
    assert (row["statement"], row["emotion"]) == ("bite", "neutral")


@pytest.mark.parametrize("name", ["DC_sa07.wav", "DC/sa07.wav", "DC/DC_sa07.wav"])
def test_both_namings_of_savee_are_one_recording(name):
    row = savee.parse(Path(name))
    assert row == {
        "path": str(Path(name)),
        "corpus": "savee",
        "recording_id": "DC_sa07",
        "speaker": "savee_DC",
        "sex": "male",
        "emotion": "sad",
        "label": "sadness",
        "statement": "07",
        "channel": "speech",
        "modality": "audio",
    }


def test_savee_has_thirty_neutral_recordings_of_a_speaker():
    row = savee.parse(Path("KL_n30.wav"))
    assert (row["emotion"], row["statement"]) == ("neutral", "30")


def test_an_emodb_name_is_read_field_by_field():
    """The example of EMO-DB's own documentation, and a second take."""
    row = emodb.parse(Path("emodb/wav/03a01Fa.wav"))
    assert row == {
        "path": str(Path("emodb/wav/03a01Fa.wav")),
        "corpus": "emodb",
        "recording_id": "03a01Fa",
        "speaker": "emodb_03",
        "sex": "male",
        "emotion": "happy",
        "label": "happiness",
        "statement": "a01",
        "repetition": 1,
        "channel": "speech",
        "modality": "audio",
    }
    row = emodb.parse(Path("16b10Wb.wav"))
    assert (row["sex"], row["emotion"], row["statement"], row["repetition"]) == ("female", "angry", "b10", 2)


def test_emodbs_letters_are_those_of_german_words():
    """Wut, Langeweile, Ekel, Angst, Freude, Trauer, neutral."""
    read = {letter: emodb.parse(Path(f"09a07{letter}d.wav"))["emotion"] for letter in "WLEAFTN"}
    assert list(read.values()) == ["angry", "bored", "disgust", "fearful", "happy", "sad", "neutral"]


def test_a_cremad_name_is_read_field_by_field():
    row = cremad.parse(Path("AudioWAV/1001_IEO_ANG_HI.wav"))
    assert row == {
        "path": str(Path("AudioWAV/1001_IEO_ANG_HI.wav")),
        "corpus": "cremad",
        "recording_id": "1001_IEO_ANG_HI",
        "speaker": "cremad_1001",
        "sex": "male",
        "emotion": "angry",
        "label": "anger",
        "intensity": "strong",
        "statement": "IEO",
        "channel": "speech",
        "modality": "audio",
    }
    row = cremad.parse(Path("1091_WSI_SAD_XX.wav"))
    assert (row["sex"], row["emotion"], row["intensity"]) == ("female", "sad", None)
    levels = [cremad.parse(Path(f"1034_IEO_FEA_{level}.wav"))["intensity"] for level in ("LO", "MD", "HI")]
    assert levels == ["low", "normal", "strong"]


def test_the_cremad_file_that_lacks_a_letter_is_read():
    row = cremad.parse(Path("1040_ITH_SAD_X.wav"))
    assert (row["recording_id"], row["emotion"], row["intensity"]) == ("1040_ITH_SAD_XX", "sad", None)


BROKEN = {
    ravdess: {
        "Actor_12/03-01-06-01-02-01.wav": "seven two-digit fields",
        "Actor_12/03-01-06-01-02-01-12 copy.wav": "seven two-digit fields",
        "Actor_12/3-1-6-1-2-1-12.wav": "seven two-digit fields",
        "Actor_12/03-01-09-01-02-01-12.wav": "emotion 09",
        "Actor_12/03-01-01-02-02-01-12.wav": "neutral has no strong",
        "Actor_12/03-02-01-02-02-01-12.wav": "neutral has no strong",
        "Actor_12/03-01-06-01-02-01-25.wav": "actor 25",
        "Actor_12/03-01-06-01-02-01-00.wav": "actor 00",
        "Actor_12/03-01-06-01-02-01-13.wav": "folder says Actor_12",
        "Actor_12/02-01-06-01-02-01-12.mp4": "without sound",
        "Actor_12/03-03-06-01-02-01-12.wav": "vocal channel 03",
        "Actor_12/04-01-06-01-02-01-12.wav": "modality 04",
        "Actor_12/03-02-07-01-02-01-12.wav": "no song in disgust",
        "Actor_12/01-02-08-01-02-01-12.mp4": "no song in surprised",
        "Actor_18/03-02-05-01-02-01-18.wav": "actor 18 has no song",
    },
    tess: {
        "OA_back_neutral.wav": "actress OA is not one of OAF, YAF",
        "OAF_back_surprised.wav": "emotion surprised",
        "OAF_back_angry (1).wav": "not a TESS name",
        "OAF_angry.wav": "not a TESS name",
    },
    savee: {
        "a01.wav": "speaker  is not one of",
        "audio/a01.wav": "speaker audio",
        "JE/DC_a01.wav": "name says speaker DC, the folder says JE",
        "DC_s01.wav": "emotion s ",
        "DC_a16.wav": "number 16",
        "DC_a00.wav": "number 00",
        "DC_n31.wav": "number 31",
        "DC_a1.wav": "not a SAVEE name",
    },
    emodb: {
        "04a01Fa.wav": "speaker 04 is not one of 03, 08",
        "03a03Fa.wav": "text a03 is not one of a01, a02, a04",
        "03a01Xa.wav": "emotion X is not one of W, L, E, A, F, T, N",
        "03a01F.wav": "not an EMO-DB name",
        "03a01fa.wav": "not an EMO-DB name",
        "03a01Fa-1.wav": "not an EMO-DB name",
    },
    cremad: {
        "1000_DFA_ANG_XX.wav": "actor 1000 is not one of 1001 to 1091",
        "1092_DFA_ANG_XX.wav": "actor 1092",
        "1001_ABC_ANG_XX.wav": "sentence ABC",
        "1001_DFA_SUR_XX.wav": "emotion SUR is not one of ANG, DIS",
        "1001_IEO_ANG_ME.wav": "level ME is not one of LO, MD, HI, XX",
        "1001_DFA_ANG_HI.wav": "level HI: only IEO",
        "1001_IEO_NEU_HI.wav": "level HI: only IEO",
        "1001_DFA_ANG_X.wav": "not a CREMA-D name",
        "1001_DFA_ANG.wav": "not a CREMA-D name",
    },
}


@pytest.mark.parametrize(
    ("convention", "name", "reason"),
    [(convention, *case) for convention, cases in BROKEN.items() for case in cases.items()],
)
def test_a_name_that_breaks_the_convention_is_not_guessed(convention, name, reason):
    with pytest.raises(ValueError, match=reason):
        convention.parse(Path(name))


def ravdess_names(modality, channel, emotions, actors):
    """Every cell of the design: two statements, two takes, two intensities but for neutral."""
    for emotion, level, statement, take, actor in itertools.product(
        emotions, "12", "12", "12", (f"{actor:02d}" for actor in actors)
    ):
        if (emotion, level) != (1, "2"):
            name = f"{modality}-{channel}-0{emotion}-0{level}-0{statement}-0{take}-{actor}"
            yield f"Actor_{actor}/{name}.wav"


def test_ravdess_has_1440_recordings_of_speech_and_1012_of_song(home):
    singers = [actor for actor in range(1, 25) if actor != 18]
    touch(home / "ravdess" / "speech", ravdess_names("03", "01", range(1, 9), range(1, 25)))
    touch(home / "ravdess" / "song", ravdess_names("03", "02", range(1, 7), singers))
    speech = corpora.load("ravdess")
    assert len(speech) == 1440
    assert set(counts(speech, "speaker").values()) == {60}
    assert counts(speech, "emotion") == {"neutral": 96} | dict.fromkeys(
        ("calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"), 192
    )
    song = corpora.load("ravdess", channel="song")
    assert len(song) == 1012
    assert set(counts(song, "speaker").values()) == {44}
    assert set(song["speaker"]) == set(speech["speaker"]) - {"ravdess_18"}
    assert counts(song, "emotion") == {"neutral": 92} | dict.fromkeys(
        ("calm", "happy", "sad", "angry", "fearful"), 184
    )
    assert counts(song, "sex") == {"male": 12 * 44, "female": 11 * 44}
    assert len(corpora.load("ravdess", channel=None)) == 2452


def tess_names():
    """Two actresses, seven emotions, 200 words: one misspelt file as in the real corpus, all else made up."""
    made_up = [f"{first}{second}x" for first in "bdfghklmnp" for second in "abcdefghijklmnopqrst"]
    words = ["bite", *made_up[1:]]
    emotions = ("angry", "disgust", "fear", "happy", "neutral", "ps", "sad")
    for actress, word, emotion in itertools.product(("OAF", "YAF"), words, emotions):
        misspelt = (actress, word, emotion) == ("OAF", "bite", "neutral")
        yield f"{actress}_{emotion}/{'OA' if misspelt else actress}_{word}_{emotion}.wav"


def test_tess_has_two_actresses_and_counts_once_what_its_archive_holds_twice(home):
    names = list(tess_names())
    assert len(set(names)) == 2800
    touch(home / "tess", names)
    touch(home / "tess" / "TESS Toronto emotional speech set data", names)
    with pytest.warns(UserWarning, match=r"2800 sound file\(s\) left out"):
        loaded = corpora.load("tess")
    assert counts(loaded, "speaker") == {"tess_OAF": 1400, "tess_YAF": 1400}
    assert sorted(counts(loaded, "emotion").values()) == [400] * 7
    assert sorted(counts(loaded, "statement").values()) == [14] * 200
    left_out = corpora.scan("tess").left_out
    assert left_out["reason"].str.startswith("second copy of ").all()
    assert not set(left_out["path"]) & set(loaded["path"])


def savee_names():
    for speaker, emotion in itertools.product(
        ("DC", "JE", "JK", "KL"), ("a", "d", "f", "h", "n", "sa", "su")
    ):
        for number in range(1, 31 if emotion == "n" else 16):
            yield speaker, f"{emotion}{number:02d}.wav"


@pytest.mark.parametrize("joint", ["_", "/"])
def test_savee_has_480_recordings_in_both_namings(home, joint):
    touch(home / "savee" / "AudioData", (f"{speaker}{joint}{name}" for speaker, name in savee_names()))
    loaded = corpora.load("savee")
    assert len(loaded) == 480
    assert counts(loaded, "speaker") == dict.fromkeys(
        (f"savee_{who}" for who in ("DC", "JE", "JK", "KL")), 120
    )
    assert counts(loaded, "emotion") == {"neutral": 120} | dict.fromkeys(
        ("angry", "disgust", "fearful", "happy", "sad", "surprised"), 60
    )


def emodb_names():
    """535 names: as many of each emotion as the corpus has, dealt out over speakers, texts and takes."""
    letters = {"W": 127, "L": 81, "E": 46, "A": 69, "F": 71, "T": 62, "N": 79}
    speakers = ("03", "08", "09", "10", "11", "12", "13", "14", "15", "16")
    texts = ("a01", "a02", "a04", "a05", "a07", "b01", "b02", "b03", "b09", "b10")
    places = [(speaker, text, take) for take in "abcdef" for text in texts for speaker in speakers]
    for letter, n_files in letters.items():
        for speaker, text, take in places[:n_files]:
            yield f"{speaker}{text}{letter}{take}.wav"


def test_emodb_has_535_recordings_by_five_men_and_five_women(home):
    touch(home / "emodb" / "emodb" / "wav", emodb_names())
    loaded = corpora.load("emodb")
    assert len(loaded) == 535
    assert counts(loaded, "emotion") == {
        "angry": 127,
        "bored": 81,
        "disgust": 46,
        "fearful": 69,
        "happy": 71,
        "sad": 62,
        "neutral": 79,
    }
    sexes = loaded.groupby("sex")["speaker"].unique().map(sorted).to_dict()
    assert sexes["male"] == [f"emodb_{number}" for number in ("03", "10", "11", "12", "15")]
    assert sexes["female"] == [f"emodb_{number}" for number in ("08", "09", "13", "14", "16")]
    assert loaded["statement"].nunique() == 10


def cremad_names():
    """The full design, 82 recordings of each of 91 actors, without 20 that were never published.

    They lack in speech without a stated level, three of each emotion and five of neutral. Which ones is
    chosen at will here.
    """
    sentences = ("TIE", "IOM", "IWW", "TAI", "MTI", "IWL", "ITH", "DFA", "ITS", "TSI", "WSI")
    lacking = Counter({"ANG": 3, "DIS": 3, "FEA": 3, "HAP": 3, "SAD": 3, "NEU": 5})
    for actor in range(1001, 1092):
        for emotion in lacking:
            yield from (
                f"{actor}_IEO_{emotion}_{level}.wav"
                for level in (("XX",) if emotion == "NEU" else ("LO", "MD", "HI"))
            )
            for sentence in sentences:
                if sentence == "WSI" and actor <= 1000 + lacking[emotion]:
                    continue
                misspelt = (actor, sentence, emotion) == (1040, "ITH", "SAD")
                yield f"{actor}_{sentence}_{emotion}_{'X' if misspelt else 'XX'}.wav"


def test_cremad_has_7442_recordings_by_48_men_and_43_women(home):
    touch(home / "cremad" / "AudioWAV", cremad_names())
    loaded = corpora.load("cremad")
    assert len(loaded) == 7442
    assert counts(loaded, "emotion") == {"neutral": 1087} | dict.fromkeys(
        ("angry", "disgust", "fearful", "happy", "sad"), 1271
    )
    by_level = loaded["intensity"].fillna("not stated").value_counts().to_dict()
    assert by_level == {"not stated": 6077, "low": 455, "normal": 455, "strong": 455}
    assert loaded.groupby("sex")["speaker"].nunique().to_dict() == {"male": 48, "female": 43}
    assert loaded["statement"].nunique() == 12


def test_odd_files_are_named_as_the_files_of_their_corpus_are():
    for name, convention in CONVENTIONS.items():
        assert corpora.CORPORA[name].oddities == convention.ODDITIES
        for stem, what in convention.ODDITIES.items():
            assert convention.parse(Path(f"{stem}.wav"))["corpus"] == name
            assert re.fullmatch(r"\S.*[^.]", what)
    assert not corpora.CORPORA["demo"].oddities, "the demo corpus has RAVDESS's names, but not its odd files"


def test_the_odd_files_of_ravdess_are_those_of_the_real_corpus(real_ravdess):
    paths = {Path(path).stem: path for path in corpora.load("ravdess")["path"]}
    stereo = {stem for stem, path in paths.items() if soundfile.info(path).channels == 2}
    assert stereo == {stem for stem, what in ravdess.ODDITIES.items() if "stereo" in what}
    first, second = (stem for stem, what in ravdess.ODDITIES.items() if "same bytes" in what)
    assert (audio.read(paths[first])[0] == audio.read(paths[second])[0]).all()
