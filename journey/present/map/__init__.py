"""The journey map: stages across, lanes down, drawn as HTML around small SVG pictures."""

from journey.present.map.beside import Beside
from journey.present.map.drawing import drawing
from journey.present.map.parts import Feeling, MapParts, Story
from journey.present.map.personas import Apart, apart
from journey.present.map.told import map_in_words, personas_in_words

__all__ = [
    "Apart",
    "Beside",
    "Feeling",
    "MapParts",
    "Story",
    "apart",
    "drawing",
    "map_in_words",
    "personas_in_words",
]
