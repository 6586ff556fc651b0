"""The demo film's sound track: voices, pauses, rooms, music and two sounds that are no speech.

A film is mixed as films are. Every line is spoken in a silent booth (`speak`), the lines are laid out in
time (`lay_out`), every scene is recorded in its own room, and the music, which no character hears, comes
on top. The numbers are ours, and chosen for teaching: clear enough that cutting at pauses works for most
lines, and wrong in known places.
"""

from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np

from sercourse import voices
from sercourse.corpora import film_script
from sercourse.corpora.film_script import CAST, Line
from sercourse.voices import timbre

RATE = voices.RATE

LEVEL, PEAK = -29.0, 0.55
"""Level of a line with no loudness of its own, dB relative to full scale, and the highest peak of any."""

PAUSE, SHORT, LONG, OVER = (0.35, 1.5), 0.15, (2.2, 3.2), 0.45
"""Pauses before lines, and the overlap of two voices, in seconds; a pair is drawn from evenly."""

JOIN = 0.1
"""Scenes fade into one another over so many seconds."""

UNDER, INTERLUDE = -43.0, -32.0
"""Level of music under an ordinary line and where nobody speaks, dB relative to full scale."""

CHORDS = ((0, 7, 12, 15), (-4, 3, 8, 12), (3, 10, 15, 19), (-2, 5, 10, 14), (5, 8, 12, 17))
"""The music's chords, in semitones above 110 Hz. Their order is drawn, so that there is no tune."""

STREAMS = ("line", "pauses", "room", "tone", "music", "sound")
"""Each kind of chance draws from streams of its own, so that a change in one leaves the others alone."""


class Spoken(NamedTuple):
    """One line as spoken in the booth."""

    samples: np.ndarray
    level: float


class Layout(NamedTuple):
    """Where everything lies on the film's time axis, in seconds."""

    lines: list[tuple[float, float]]
    scenes: list[tuple[float, float]]
    sounds: list[tuple[float, str]]


def _seeds(seed: int, name: str, number: int = 0) -> tuple[int, int, int]:
    return seed, 1000 + STREAMS.index(name), number


def _stream(seed: int, name: str, number: int = 0) -> np.random.Generator:
    return np.random.default_rng(_seeds(seed, name, number))


def film(seed: int) -> tuple[np.ndarray, list[tuple[float, float]]]:
    """The whole sound track, and where its lines lie.

    Parameters
    ----------
    seed : int
        The same seed gives the same samples in a fresh process: Praat's noise source carries on from
        call to call.

    Returns
    -------
    samples : array of shape (samples,), float32, within -1 and 1
        At 22,050 Hz.
    spans : list of (start, end)
        Of each line in seconds, to the millisecond, in the script's order.

    Raises
    ------
    VoicesError
        If Praat is missing.
    """
    lines = [line for scene in film_script.SCENES for line in scene.lines]
    spoken = [speak(line, number, seed) for number, line in enumerate(lines, 1)]
    layout = lay_out([len(one.samples) / RATE for one in spoken], seed)
    track = _scenes(spoken, layout, seed)
    for number, points in enumerate(_cues(lines, spoken, layout)):
        _add(track, points[0][0], _cue(points, _stream(seed, "music", number)))
    track *= min(1.0, 0.95 / max(track.max(), -track.min()))
    return track, layout.lines


def speak(line: Line, number: int, seed: int) -> Spoken:
    """One line in a booth without echo or noise, at the level that it has in the film.

    Films are mixed so that murmurs are heard and shouts do no harm: half of an emotion's loudness is left,
    no more than 4 dB down and 12 dB up, and what would stand out is turned down.
    """
    rng = _stream(seed, "line", number)
    speaker = voices.speaker(CAST[line.character], seed)
    effects, colour = voices.portray(speaker, line.emotion, line.intensity, rng)
    booth = replace(speaker, floor=-150.0, echo=-150.0)
    rendered, _ = voices.render(booth, effects, line.text, rng, colour)
    samples = _cut_to_speech(rendered.astype(float))
    samples *= 10 ** ((LEVEL + np.clip(effects.loudness / 2, -4, 12) - timbre.speech_level(samples)) / 20)
    samples *= min(1.0, PEAK / np.abs(samples).max())
    return Spoken(samples, timbre.speech_level(samples))


def _cut_to_speech(samples: np.ndarray) -> np.ndarray:
    """Leave out what is 30 dB below the loudest 5 ms at either end, and round the edges off.

    In a noisy scene the room tone would hide it anyway, and nobody could say where such a line ends.
    """
    n = RATE // 200
    power = np.mean(samples[: len(samples) // n * n].reshape(-1, n) ** 2, axis=1)
    loud = np.flatnonzero(power > power.max() / 1000)
    speech = samples[loud[0] * n : (loud[-1] + 1) * n]
    speech[:n] *= _ramp(n)
    speech[-2 * n :] *= _ramp(2 * n)[::-1]
    return speech


def _ramp(n: int) -> np.ndarray:
    """A rise from 0 to 1; its square and that of its mirror image add up to 1."""
    return np.sin(np.pi / 2 * (np.arange(n) + 0.5) / n)


def lay_out(seconds: list[float], seed: int) -> Layout:
    """Put lines, scenes and sounds on one time axis.

    Parameters
    ----------
    seconds : list of float
        Duration of each line, in the script's order.
    seed : int
        Source of the pauses.

    Returns
    -------
    Layout
        Lines to the millisecond, so that times in a table lose nothing.
    """
    rng, durations = _stream(seed, "pauses"), iter(seconds)
    layout, now = Layout([], [], []), 0.0
    for scene in film_script.SCENES:
        begin, now = now, now + scene.opening
        for place, line in enumerate(scene.lines):
            usual, long = rng.uniform(*PAUSE), rng.uniform(*LONG)
            for sound in ("knock", "bell"):
                if sound in line.marks:
                    layout.sounds.append((now + usual, sound))
                    now += usual + SOUNDS[sound][0]
            if place:
                pause = SHORT if "short" in line.marks else long if "long" in line.marks else usual
                now += -OVER if "over" in line.marks else pause
            start = round(now, 3)
            now = max(now, round(start + next(durations), 3))
            layout.lines.append((start, now))
        now = round(now + scene.closing, 3)
        layout.scenes.append((begin, now))
    return layout


def _scenes(spoken: list[Spoken], layout: Layout, seed: int) -> np.ndarray:
    """All scenes in their rooms, one after the other; float32, since minutes of sound are long."""
    track = np.zeros(round((layout.scenes[-1][1] + JOIN) * RATE) + 1, np.float32)
    for number, (scene, (begin, end)) in enumerate(zip(film_script.SCENES, layout.scenes, strict=True), 1):
        dry = np.zeros(round((end - begin + JOIN) * RATE))
        for one, (start, _) in zip(spoken, layout.lines, strict=True):
            if begin <= start < end:
                _add(dry, start - begin, one.samples)
        for time, sound in layout.sounds:
            if begin <= time < end:
                _add(dry, time - begin, SOUNDS[sound][1](_stream(seed, "sound", number)))
        room, tone = _seeds(seed, "room", number), _stream(seed, "tone", number)
        sound = timbre.record(dry, 0, 0, scene.floor, scene.echo, np.asarray(scene.colour), room, tone)
        ramp = _ramp(round(JOIN * RATE))
        sound[: len(ramp)] *= ramp
        sound[-len(ramp) :] *= ramp[::-1]
        _add(track, begin, sound)
    return track


def _add(track: np.ndarray, time: float, samples: np.ndarray) -> None:
    """Add samples to a track at a time in seconds."""
    start = round(time * RATE)
    track[start : start + len(samples)] += samples[: len(track) - start]


def _cues(lines: list[Line], spoken: list[Spoken], layout: Layout) -> list[list[tuple[float, float]]]:
    """Where music plays: for each cue the points (seconds, dB) between which its level moves evenly.

    Music starts and ends halfway through the pauses around the lines that it accompanies, so that no other
    line has any.
    """
    cues = []
    for scene, (begin, end) in zip(film_script.SCENES, layout.scenes, strict=True):
        inside = [number for number, (start, _) in enumerate(layout.lines) if begin <= start < end]
        first, last = layout.lines[inside[0]][0], layout.lines[inside[-1]][1]
        if scene.interlude:
            a, b = (begin + 0.3, first - 0.4) if scene.interlude == "opening" else (last + 0.4, end - 0.3)
            cues.append([(a, -90.0), (a + 0.8, INTERLUDE), (b - 1.2, INTERLUDE), (b, -90.0)])
        cue: list[tuple[float, float]] = []
        edges = [begin, *(time for number in inside for time in layout.lines[number]), end]
        for place, number in enumerate(inside):
            if "music" not in lines[number].marks:
                continue
            before, start, stop, after = edges[2 * place : 2 * place + 4]
            cue = cue or [((before + start) / 2, -90.0)]
            level = UNDER + (spoken[number].level - LEVEL) / 2
            cue += [(start, level), (stop, level)]
            if place + 1 == len(inside) or "music" not in lines[number + 1].marks:
                cues.append([*cue, ((stop + min(after, stop + 2)) / 2, -90.0)])
                cue = []
    return cues


def _cue(points: list[tuple[float, float]], rng: np.random.Generator) -> np.ndarray:
    """Music whose level follows the points."""
    times, levels = np.array(points).T
    music = _chords(times[-1] - times[0], rng)
    music /= np.sqrt(np.mean(music**2))
    return music * 10 ** (np.interp(times[0] + np.arange(len(music)) / RATE, times, levels) / 20)


def _chords(seconds: float, rng: np.random.Generator) -> np.ndarray:
    """Struck chords, one every two seconds, each of decaying partials as of a string."""
    track, chord, time = np.zeros(round(seconds * RATE)), -1, 0.0
    while time < seconds:
        chord = rng.choice([other for other in range(len(CHORDS)) if other != chord])
        for note, semitones in enumerate(CHORDS[chord]):
            _add(track, min(time + 0.07 * note, seconds), _struck(110 * 2 ** (semitones / 12)))
        time += 2.0
    return track


@cache
def _struck(hertz: float) -> np.ndarray:
    """One note of four seconds: high partials are weaker and die sooner."""
    times = np.arange(4 * RATE) / RATE
    partials = [
        np.sin(2 * np.pi * k * hertz * times) * np.exp(-times * k**0.7 / 1.8) / k**1.5 for k in range(1, 7)
    ]
    note = np.sum(partials, axis=0)
    n = RATE // 50
    note[:n] *= _ramp(n)
    note[-10 * n :] *= _ramp(10 * n)[::-1]
    return note


def _knock(rng: np.random.Generator) -> np.ndarray:
    """Three knocks on wood: low modes and a thud, all gone in a twentieth of a second."""
    times = np.arange(RATE // 5) / RATE
    modes = sum(np.sin(2 * np.pi * hertz * times) for hertz in (170, 290, 460))
    blow = (modes + rng.standard_normal(len(times))) * np.exp(-times / 0.02)
    blow[:44] *= _ramp(44)
    return 0.05 * np.concatenate([blow, 0.8 * blow, 1.1 * blow])


def _bell(_: np.random.Generator) -> np.ndarray:
    """A small bell: partials that are no multiples of one another, the low ones lasting longest."""
    times = np.arange(round(1.6 * RATE)) / RATE
    ratios = (1.0, 2.0, 2.4, 3.0, 4.5, 5.3)
    tone = sum(np.sin(2 * np.pi * 520 * r * times) * np.exp(-times * 2.5 * r**0.6) / r for r in ratios)
    tone[:44] *= _ramp(44)
    return 0.05 * tone * np.minimum(1, (times[-1] - times) / 0.1)


SOUNDS = {"knock": (0.6, _knock), "bell": (1.6, _bell)}
"""Sounds that are no speech: seconds, and what makes them."""
