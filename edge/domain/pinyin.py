"""Pinyin of titles: how each Han character sounds, and typed letters read as initials or as whole syllables.

``sounds`` of a title: one word per Han character, its readings joined by a stroke ("guan yu kuai/hui ji"): the reading
inside its word first, then the one it has alone. The index holds three neighbouring initials and two neighbouring
syllables; ``find`` decides on the sounds themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise, product

from edge.domain.search_text import HAN, normalise

LETTERS = re.compile(r"[a-z]{2,40}")  # what may be meant as pinyin
MAX_READINGS = 64  # ways to cut typed letters into syllables
_SILENT = "-"  # a character without a reading keeps its place

_LISTED = """
a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen ceng cha
chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo ci cong cou cu cuan cui
cun cuo da dai dan dang dao de den deng di dian diao die ding diu dong dou du duan dui dun duo e ei en eng er fa fan
fang fei fen feng fiao fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo ha
hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo ji jia jian jiang jiao jie jin jing jiong
jiu ju juan jue jun ka kai kan kang kao ke ken keng kong kou ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le
lei leng li lia lian liang liao lie lin ling liu lo long lou lu luan lun luo lv lve ma mai man mang mao me mei men
meng mi mian miao mie min ming miu mo mou mu na nai nan nang nao ne nei nen neng ni nian niang niao nie nin ning niu
nong nou nu nuan nun nuo nv nve o ou pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian
qiang qiao qie qin qing qiong qiu qu quan que qun ran rang rao re ren reng ri rong rou ru rua ruan rui run ruo sa sai
san sang sao se sen seng sha shai shan shang shao she shen sheng shi shou shu shua shuai shuan shuang shui shun shuo
si song sou su suan sui sun suo ta tai tan tang tao te teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai
wan wang wei wen weng wo wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi yin
ying yo yong you yu yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhen zheng zhi zhong
zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo
"""
_SYLLABLES = frozenset(_LISTED.split())
_BEGINNINGS = frozenset(syllable[:end] for syllable in _SYLLABLES for end in range(1, len(syllable)))
_LONGEST = 6
_TYPED = dict.fromkeys(map(ord, "üǖǘǚǜ"), "v")

Syllables = tuple[str, ...]  # the last one may be a beginning


def sounds(title: str) -> str:
    """The readings of the Han characters of ``title``, in order; "" without any.

    Loads the phrase dictionary at first use (about 45 MB), so only writing records calls it.
    """
    from pypinyin.seg.simpleseg import seg

    han = "".join(HAN.findall(normalise(title)))
    return " ".join(_word(word) for word in seg(han) if word)


@lru_cache(20_000)  # titles repeat their words; a word is read alike wherever it stands
def _word(word: str) -> str:
    from pypinyin.constants import PHRASES_DICT

    phrase = PHRASES_DICT.get(word)
    in_word = [_known(_bare(readings[0])) for readings in phrase] if phrase else [_alone(one) for one in word]
    pairs = ((one, _alone(character)) for one, character in zip(in_word, word, strict=True))
    return " ".join(one if alone in (one, _SILENT) else f"{one}/{alone}" for one, alone in pairs)


@cache
def _alone(character: str) -> str:
    from pypinyin.constants import PINYIN_DICT

    return _known(_bare(PINYIN_DICT.get(ord(character), "").split(",")[0]))


@cache
def _bare(reading: str) -> str:
    """Without its tone, ü as it is typed: "lǜ" → "lv"."""
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFC", reading).translate(_TYPED))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _known(reading: str) -> str:
    return reading if reading in _SYLLABLES else _SILENT


def index_tokens(heard: str) -> str:
    """What the sound index holds for ``sounds``: initials by threes with their shorter tails, syllables by twos."""
    readings = [tuple(one.split("/")) for one in heard.split()]
    letters = ["".join(dict.fromkeys(reading[0] for reading in one)) for one in readings]
    tokens: dict[str, None] = {}
    plain = "".join(letters) if all(len(one) == 1 for one in letters) else ""
    for place, here in enumerate(readings):
        if plain:
            tokens[plain[place : place + 3]] = None
        for three in () if plain else product(*letters[place : place + 3]):
            tokens["".join(three)] = None
        for two in readings[place + 1] if place + 1 < len(readings) else ("",):
            for one in here:
                tokens[f"{one}0{two}"] = None
    return " ".join(token for token in tokens if _SILENT not in token or "0" in token)


@lru_cache(64)
def cuts(letters: str) -> list[Syllables]:
    """The ways to read ``letters`` as syllables, fewest first; the last one may be unfinished."""
    return sorted(_cut(letters), key=len)[:MAX_READINGS]


@lru_cache(4096)
def _can_end(letters: str) -> bool:
    """Whether ``letters`` can be read at all; keeps hopeless branches from being walked."""
    if letters in _SYLLABLES or letters in _BEGINNINGS:
        return True
    return any(letters[:end] in _SYLLABLES and _can_end(letters[end:]) for end in range(1, min(_LONGEST, len(letters))))


def _cut(letters: str) -> Iterator[Syllables]:
    if letters in _SYLLABLES or letters in _BEGINNINGS:
        yield (letters,)
    for end in range(min(_LONGEST, len(letters) - 1), 0, -1):
        if letters[:end] in _SYLLABLES and _can_end(letters[end:]):
            for tail in _cut(letters[end:]):
                yield letters[:end], *tail


def expression(letters: str) -> str:
    """The full-text expression on the sound index for one typed word (matches ``LETTERS``)."""
    either = [_initials_expression(letters), *(_syllables_expression(cut) for cut in cuts(letters))]
    return "(" + " OR ".join(f"({one})" for one in dict.fromkeys(either)) + ")"


def _initials_expression(letters: str) -> str:
    if len(letters) < 3:
        return f'"{letters}"*'
    return " AND ".join(dict.fromkeys(f'"{letters[place : place + 3]}"' for place in range(len(letters) - 2)))


def _syllables_expression(cut: Syllables) -> str:
    if len(cut) == 1:
        return f'"{cut[0]}"*'
    pairs = [f'"{one}0{two}"' for one, two in pairwise(cut)]
    return " AND ".join([*pairs[:-1], pairs[-1] + "*"])


def find(heard: str, letters: str) -> tuple[str, int, int] | None:
    """Where ``letters`` sound in ``heard``: "initials" or "pinyin", first Han character, how many. None: nowhere."""
    readings = [one.split("/") for one in heard.split()]
    firsts = [{reading[0] for reading in one} for one in readings]
    for place in range(len(readings) - len(letters) + 1):
        if all(letter in firsts[place + offset] for offset, letter in enumerate(letters)):
            return "initials", place, len(letters)
    for cut in cuts(letters):
        for place in range(len(readings) - len(cut) + 1):
            if _sounds_at(readings, place, cut):
                return "pinyin", place, len(cut)
    return None


def _sounds_at(readings: list[list[str]], place: int, cut: Syllables) -> bool:
    last = len(cut) - 1
    whole = all(cut[offset] in readings[place + offset] for offset in range(last))
    return whole and any(reading.startswith(cut[last]) for reading in readings[place + last])
