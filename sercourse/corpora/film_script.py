"""The script of the demo film: who speaks, where, and what; every sentence was written for this course.

The words are everyday ones, so that the emotion is in the voice; "The boat leaves at seven" returns in
several voices and emotions. A line of the script has five columns: character, emotion, intensity, marks
and words. Marks are joined by commas, and say what is particular about the moment before or during the
line:

=======  ================================================================================
mark     meaning
=======  ================================================================================
`-`      nothing: an ordinary pause before the line
`short`  a pause so short that cutting at pauses misses it
`long`   a long pause
`over`   the line starts before the one before it has ended: both talk for a moment
`knock`  a knock at the door in the pause: a sound that is no line
`bell`   a ship's bell in the pause
`music`  music under the line
=======  ================================================================================
"""

from typing import NamedTuple

MOVIE = "ferry"
"""The film's name in its files' names."""

CAST = {"captain": 31, "cook": 32, "keeper": 33, "pilot": 34, "carpenter": 35, "teacher": 36}
"""Each character's number among the synthetic voices; the demo corpus ends at 24. Odd ones are male."""


class Line(NamedTuple):
    """One line of dialogue; the columns are those of the script."""

    character: str
    emotion: str
    intensity: str
    marks: frozenset[str]
    text: str


class Scene(NamedTuple):
    """A scene: a place with its sound, and what is said there."""

    opening: float  # seconds before the first line
    closing: float  # seconds after the last line
    interlude: str  # where music plays without speech: "opening", "closing" or nowhere
    floor: float  # level of the room tone, dB relative to full scale
    echo: float  # energy of the reverberation against the direct sound, dB
    colour: tuple[float, float]  # colour of microphone and room, dB at 0 Hz and at the top, even in mel
    lines: tuple[Line, ...]


def _lines(script: str) -> tuple[Line, ...]:
    """Read lines out of a scene's script."""
    rows = [row.split(maxsplit=4) for row in script.strip().splitlines()]
    return tuple(Line(*row[:3], frozenset(row[3].split(",")), row[4]) for row in rows)


GALLEY = """
cook       neutral    normal  -           The soup is on the table now.
captain    neutral    normal  -           The boat leaves at seven.
cook       surprised  normal  -           There are nine plates on the shelf.
carpenter  happy      normal  -           I brought the blue cups with me.
captain    angry      normal  short       Those are the cups from my room.
carpenter  surprised  strong  -           They were in the box by the door.
captain    angry      strong  over        Put them back where you found them.
cook       disgust    normal  -           This bread has been here for a month.
carpenter  disgust    strong  -           There is hair in the butter.
captain    neutral    normal  knock       Somebody is at the door.
cook       fearful    normal  -           Nobody comes here at night.
carpenter  sad        normal  long        I left my tools out in the rain.
cook       happy      strong  -           Sit down and have some soup.
"""

DECK = """
pilot      neutral    normal  -           The wind is coming from the west.
captain    neutral    normal  -           We turn at the second light.
teacher    happy      strong  -           You can see the whole bay from here.
pilot      happy      normal  short       There are seals on the rocks.
teacher    surprised  strong  -           One of them is looking at us.
captain    angry      normal  -           That sail was folded yesterday.
pilot      sad        normal  -           The rope was old and it fell in the water.
captain    angry      strong  -           Nobody told me about the rope.
teacher    fearful    normal  -           The boat is leaning to one side.
pilot      neutral    normal  long        It does that when we turn.
teacher    disgust    normal  music       The water smells of fish and oil.
pilot      sad        strong  music       My mother built this boat.
teacher    sad        normal  music       I never saw her at the school.
captain    neutral    normal  music       The boat leaves at seven.
"""

ENGINE_ROOM = """
carpenter  neutral    normal  -           The pump is next to the ladder.
pilot      surprised  normal  -           It is so warm down here.
carpenter  angry      strong  -           Somebody closed the wrong valve.
pilot      fearful    strong  short       There is water coming in.
captain    fearful    normal  -           How long has it been open?
carpenter  neutral    normal  -           Since we left the island.
captain    angry      strong  -           You were told to look every hour.
carpenter  sad        strong  -           I was asleep on the bench.
pilot      disgust    strong  knock       There is something soft in this pipe.
carpenter  disgust    normal  -           It must be the old bread again.
captain    surprised  strong  over        It moved when you touched it.
pilot      happy      normal  long        The pump is running again.
carpenter  happy      strong  -           Then we can go up and eat.
"""

HALL = """
teacher    neutral    normal  -           Take a chair and sit by the window.
keeper     neutral    normal  -           The lamp was lit at nine.
cook       angry      normal  -           You said it would be lit at eight.
keeper     sad        normal  -           I could not climb the stairs.
teacher    surprised  normal  bell        That is the bell of the ferry.
cook       happy      strong  -           They came back before dark.
keeper     surprised  strong  short       All of them are on the quay.
teacher    sad        strong  long,music  Nobody wrote a letter to me.
cook       sad        normal  music       There is another boat on Friday.
keeper     disgust    normal  music       This tea has salt in it.
cook       angry      strong  music       Then you can make the tea yourself.
teacher    happy      normal  music       There is sugar in my bag.
keeper     happy      normal  -           I have not had sugar since spring.
"""

LIGHTHOUSE = """
keeper     fearful    strong  -           Something is moving on the stairs.
pilot      neutral    normal  short       It is only the wind in the pipes.
keeper     fearful    normal  -           The wind does not carry a lamp.
captain    neutral    normal  -           It is me with the spare keys.
keeper     angry      normal  -           You could have called from below.
captain    surprised  normal  -           I called you three times.
pilot      disgust    strong  -           The whole floor is covered with feathers.
keeper     disgust    normal  -           Birds come in when the door is open.
captain    sad        normal  long        The lamp has gone out again.
pilot      angry      strong  -           The door was open all night.
keeper     sad        strong  -           I will not be here another winter.
captain    neutral    normal  -           The boat leaves at seven.
pilot      fearful    strong  -           Hold the rail when you go down.
"""

HARBOUR = """
cook       happy      strong  -           The boat leaves at seven.
carpenter  neutral    normal  -           The boxes are all on board.
teacher    surprised  strong  bell        You painted the whole boat green.
captain    happy      normal  -           It was the only colour in the shop.
cook       disgust    strong  -           The paint on the bench is wet.
carpenter  angry      normal  short       You are standing on my brush.
keeper     sad        strong  -           I will be on the hill tonight.
teacher    sad        normal  music       We will see your light from the water.
pilot      fearful    normal  music       The fog is coming over the bay.
captain    disgust    strong  music       There is paint all over the wheel.
keeper     happy      strong  long,music  I can see you from the window.
pilot      surprised  normal  music       Then wave when we pass the rocks.
"""

# fmt: off
SCENES = (
    #     opening closing interlude floor echo  colour
    Scene(5.0,    1.5,    "opening", -60, -20, ( 0,  1), _lines(GALLEY)),
    Scene(2.0,    1.8,    "",        -55, -28, ( 3, -4), _lines(DECK)),
    Scene(2.5,    1.2,    "",        -53, -12, ( 4, -5), _lines(ENGINE_ROOM)),
    Scene(5.0,    1.5,    "opening", -64, -11, (-2,  1), _lines(HALL)),
    Scene(2.0,    1.5,    "",        -59, -14, (-3,  3), _lines(LIGHTHOUSE)),
    Scene(2.5,    6.0,    "closing", -56, -24, (-1,  2), _lines(HARBOUR)),
)
# fmt: on


def scene_name(number: int) -> str:
    """What a scene is called in tables and file names, such as `s02`."""
    return f"s{number:02d}"


def truth(spans: list[tuple[float, float]]) -> list[dict]:
    """What is true of each line.

    Parameters
    ----------
    spans : list of (start, end)
        Where the lines lie in the film, seconds.

    Returns
    -------
    list of dict
        line (from 1), start, end, scene, character, emotion, intensity, text, music (under the line),
        overlap (two talk at once).
    """
    script = [(number, line) for number, scene in enumerate(SCENES, 1) for line in scene.lines]
    return [
        {
            "line": row + 1,
            "start": start,
            "end": end,
            "scene": scene_name(scene),
            "character": line.character,
            "emotion": line.emotion,
            "intensity": line.intensity,
            "text": line.text,
            "music": "music" in line.marks,
            "overlap": any(start < other[1] and other[0] < end for other in spans[:row] + spans[row + 1 :]),
        }
        for row, ((scene, line), (start, end)) in enumerate(zip(script, spans, strict=True))
    ]
