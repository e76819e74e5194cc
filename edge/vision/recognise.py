"""What a line of text says: the recognisers' CTC read-out, and the small one's opinion where the tiny one doubts."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from PIL import Image

from edge.vision import known_line
from edge.vision.network import Floats, Network, Pixels, facts

HEIGHT_PX = 48
STEP_PX = 8  # the networks say something every 8 pixels
OVERLAP_PX = 96  # of the pieces of a line that is too long for the widest network
DOUBT_BELOW = 0.9  # the least sure character of a line the tiny network is believed on
AGREED_FROM = 0.95  # of both networks' least sure characters: together they still take Z for 2 at 0.9
LOOK_AGAIN_FROM = 0.8  # surer than this, less than AGREED_FROM: the line is read once more, narrower
NARROWER = 0.9  # of its width: of what both read alike on drawn labels, they are surest so
AGREED_FROM_PX = 20  # height of the line in the picture: below it J and 3 look alike to both

TRADITIONAL_FROM = 0.9  # of the small network: the tiny one lacks a third of the signs and is sure of others


@dataclass(frozen=True, slots=True)
class Sign:
    """One character, where its peak is in the 48-pixel line, and the probability the network gave it."""

    text: str
    at_px: float
    sure: float


@dataclass(frozen=True, slots=True)
class Line:
    """``confidence``: mean over the characters, blanks apart; ``weakest``: the least. 0.0 where nothing is written."""

    signs: tuple[Sign, ...]
    by: str

    @property
    def text(self) -> str:
        return "".join(sign.text for sign in self.signs).strip()

    @property
    def confidence(self) -> float:
        sure = self._sure()
        return sum(sure) / len(sure) if sure else 0.0

    @property
    def weakest(self) -> float:
        return min(self._sure(), default=0.0)

    def _sure(self) -> list[float]:
        return [sign.sure for sign in self.signs if not sign.text.isspace()]


class Recogniser:
    """One size of network in its widths, each loaded when a line first needs it.

    Raises then, besides what Network does, DeviceFault ``networks_misread``: it reads a line that is known otherwise.
    """

    def __init__(self, name: str, threads: int) -> None:
        self._name, self._threads = name, threads
        self._stems = {fact.width_px: stem for stem, fact in facts().items() if stem.startswith(f"v6{name}_rec_")}
        self._networks: dict[int, Network] = {}
        dictionary = files("models").joinpath(next(facts()[stem].dictionary for stem in self._stems.values()))
        self._signs = ["", *dictionary.read_text("utf-8").removesuffix("\n").split("\n"), " "]

    def load(self) -> None:
        for width in self._stems:
            self._network(width)

    def read(self, crop: Image.Image) -> Line:
        """``crop``: RGB, one line of text, upright."""
        width = max(STEP_PX, round(crop.width * HEIGHT_PX / crop.height))
        pixels = _laid_out(crop, width)
        widest = max(self._stems)
        if width <= widest:
            return Line(tuple(self._signs_in(pixels)), self._name)
        joined: list[Sign] = []
        for left in range(0, width - OVERLAP_PX, widest - OVERLAP_PX):
            seam = left + OVERLAP_PX / 2
            piece = [
                Sign(sign.text, sign.at_px + left, sign.sure)
                for sign in self._signs_in(pixels[:, left : left + widest])
            ]
            joined = _joined(joined, piece, seam) if left else piece
        return Line(tuple(joined), self._name)

    def _signs_in(self, pixels: Pixels) -> list[Sign]:
        width = min(wide for wide in self._stems if wide >= pixels.shape[1])
        return self._read_by(self._network(width), width, pixels)

    def _read_by(self, network: Network, width: int, pixels: Pixels) -> list[Sign]:
        tensor = np.zeros((HEIGHT_PX, width, 3), np.float32)
        tensor[:, : pixels.shape[1]] = network.normalised(pixels)
        return read_out(network.run(tensor), self._signs)

    def _network(self, width: int) -> Network:
        if width not in self._networks:
            network, known = Network(self._stems[width], self._threads), known_line.picture()
            signs = self._read_by(network, width, _laid_out(known, known.width))
            if not known_line.says("".join(sign.text for sign in signs)):
                raise known_line.refuse(network.facts.file)
            self._networks[width] = network
        return self._networks[width]


def _laid_out(crop: Image.Image, width: int) -> Pixels:
    return np.asarray(crop.resize((width, HEIGHT_PX), Image.Resampling.BILINEAR))[:, :, ::-1]


def read_out(steps: Floats, signs: list[str]) -> list[Sign]:
    """Greedy CTC: the likeliest sign of each step, repetitions once, blanks (index 0) not at all."""
    best = steps.argmax(axis=1)
    sure = steps[np.arange(len(best)), best]
    begins = np.flatnonzero(np.diff(best, prepend=-1))
    ends = np.append(begins[1:], len(best))
    return [
        Sign(signs[best[begin]], (begin + end) / 2 * STEP_PX, float(sure[begin:end].max()))
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)
        if best[begin]
    ]


def _joined(before: list[Sign], after: list[Sign], seam_px: float) -> list[Sign]:
    """Two overlapping pieces as one line; a sign that straddles the seam and shows in both is kept once."""
    left = [sign for sign in before if sign.at_px < seam_px]
    right = [sign for sign in after if sign.at_px >= seam_px]
    if left and right and left[-1].text == right[0].text and right[0].at_px - left[-1].at_px < 2 * STEP_PX:
        right = right[1:]
    return left + right


@dataclass(frozen=True, slots=True)
class Opinion:
    """``agreed``: both networks were asked, read the same signs, blanks apart, and were both sure in one look at it."""

    line: Line
    agreed: bool


class Cascade:
    """Tiny first, small where tiny doubts."""

    def __init__(self, threads: int) -> None:
        self._tiny, self._small = Recogniser("tiny", threads), Recogniser("small", threads)

    def load(self) -> None:
        """Every width of both, which lines would otherwise wait for one by one."""
        self._tiny.load()
        self._small.load()

    def quick(self, crop: Image.Image) -> Line:
        return self._tiny.read(crop)

    def settle(self, crop: Image.Image, line: Line, thorough: bool, traditional: bool = False) -> Opinion:
        """``line`` where it is sure, else the surer of two; ``thorough`` asks the small one about every line.

        In ``traditional`` text the small one is asked, and believed wherever it is sure at all.
        """
        if not (thorough or traditional) and line.weakest >= DOUBT_BELOW:
            return Opinion(line, False)
        second = self._small.read(crop)
        agreed = _alike(line, second) and crop.height >= AGREED_FROM_PX
        if agreed and min(line.weakest, second.weakest) < AGREED_FROM:
            agreed = thorough and min(line.weakest, second.weakest) >= LOOK_AGAIN_FROM and self._surely(crop, line)
        needed = TRADITIONAL_FROM if traditional else line.confidence
        surer, other = (second, line) if second.confidence >= needed else (line, second)
        return Opinion(_with_dots(surer, other), agreed)

    def _surely(self, crop: Image.Image, line: Line) -> bool:
        """Whether both networks are sure of the same signs where they stand closer together."""
        narrow = crop.resize((max(1, round(crop.width * NARROWER)), crop.height), Image.Resampling.BICUBIC)
        looks = self._tiny.read(narrow), self._small.read(narrow)
        return all(_alike(line, look) and look.weakest >= AGREED_FROM for look in looks)


def _with_dots(line: Line, other: Line) -> Line:
    """``line``, its dashes made middle dots where ``other``, alike in length, reads one.

    Both networks take faint dots for dashes; of 500 drawn lines that were doubtful, neither took a dash for a dot.
    """
    signs, others = ([sign for sign in one.signs if not sign.text.isspace()] for one in (line, other))
    if len(signs) != len(others):
        return line
    dots = {id(sign): dot for sign, dot in zip(signs, others, strict=True) if (sign.text, dot.text) == ("-", "·")}
    return Line(tuple(dots.get(id(sign), sign) for sign in line.signs), line.by)


def _alike(one: Line, other: Line) -> bool:
    return _without_blanks(one) == _without_blanks(other)


def _without_blanks(line: Line) -> str:
    return "".join(line.text.split())
