"""Sound, video and OFD told by their content, with what they say of themselves; nothing hostile gets further."""

import io
import struct
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain.e_files import recognise


def wav(seconds=2, rate=8000):
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(b"\0\0" * rate * seconds)
    return out.getvalue()


def box(name, content):
    return struct.pack(">I", 8 + len(content)) + name + content


def mp4(brand=b"isom", made=3_755_289_600):
    header = struct.pack(">IIIII", 0, made, made, 1000, 65_500) + bytes(80)
    return box(b"ftyp", brand + bytes(4)) + box(b"moov", box(b"mvhd", header)) + box(b"mdat", bytes(400))


def mp3(author="李文清"):
    said = b"\x01" + author.encode("utf-16")
    frame = b"TPE1" + struct.pack(">I", len(said)) + bytes(2) + said
    return b"ID3\x03\0\0" + bytes([0, 0, len(frame) >> 7, len(frame) & 127]) + frame + b"\xff\xfb\x90\0" * 50


def test_a_recording_says_its_kind_its_duration_and_that_it_is_whole():
    found = recognise(wav())
    assert (found.kind, found.format, found.duration_ms, found.whole) == ("sound", "WAV", 2000, True)
    assert not recognise(wav()[:-100]).whole
    film = recognise(mp4())
    assert (film.kind, film.mime, film.duration_ms, film.facts.created) == ("video", "video/mp4", 65_500, "2022-12-31")
    assert recognise(mp4(b"M4A ")).kind == "sound" and not recognise(mp4()[:-1]).whole
    assert recognise(mp3()).facts.author == "李文清"


def webm(length=b"\x40\xc8"):
    head = b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm"
    return head + b"\x18\x53\x80\x67" + length + bytes(200)


def ogg(*pages):
    """(stream, flags, content) of each."""
    return b"".join(
        b"OggS\0" + bytes([flags]) + bytes(8) + bytes([stream]) * 4 + bytes(8) + bytes([1, len(content)]) + content
        for stream, flags, content in pages
    )


def xing(sound=4000):
    frame = b"\xff\xfb\x90\0" + bytes(32) + b"Info" + struct.pack(">III", 3, 10, sound)
    return b"ID3\x03\0\0" + bytes([0, 0, 0, 20]) + bytes(20) + frame + bytes(sound - len(frame))


def flac():
    return (
        b"fLaC\0\0\0\x22"
        + bytes(10)
        + ((44_100 << 44) | (1 << 41) | (15 << 36) | 44_100 * 7).to_bytes(8, "big")
        + bytes(99)
    )


def test_a_recording_that_was_cut_short_is_told_wherever_it_says_its_length():
    for made in (webm(), ogg((1, 2, b"head"), (1, 4, b"sound")), xing()):
        assert recognise(made).whole is True
        assert recognise(made[:-1]).whole is False


def test_of_one_that_does_not_say_its_length_nothing_is_claimed():
    live = webm(b"\x01" + b"\xff" * 7)  # written while it was recorded
    for made in (live, ogg((1, 2, b"head"), (1, 0, b"sound")), mp3(), flac()):
        assert recognise(made).whole is None
    assert recognise(flac()).duration_ms == 7000


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"\xff\xd8\xff\xe0 JFIF", b"PK\x03\x04 word/document.xml", b"\x89PNG"]
)
def test_pictures_and_other_things_are_none(data):
    assert recognise(data) is None


@given(
    st.sampled_from(
        (wav(1), mp4(), mp3(), xing(), webm(), ogg((1, 2, b"a"), (2, 4, b"b")), flac(), b"PK\x03\x04 OFD.xml", b"fLaC")
    ),
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=12),
    st.integers(0, 600),
)
def test_no_damage_to_a_recording_is_more_than_not_knowing_it(data, hits, kept):
    spoiled = bytearray(data)
    for at, value in hits:
        spoiled[at % len(spoiled)] = value
    recognise(bytes(spoiled[:kept]))
