"""Everything bought fits into its case, on pillars under its holes, with openings where its sockets are; and a common
printer can print it. Judged by the cases' plain data: ``make enclosure`` judges the drawn bodies once more."""

import inspect
import itertools
import math
import struct
from dataclasses import replace

import pytest

from enclosure import carriage_box, panel_case, params, sensor_pod
from enclosure.field import CABLES
from enclosure.mesh import open_edges
from enclosure.params import CAMERA_LEAD, CARRIAGE_BOARD, DISPLAY, GLANDS, PI, PRINTING
from enclosure.shapes import Rod

CASES = {case.name: case for case in (panel_case.case(), carriage_box.case(), sensor_pod.case())}
each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def hull(shape):
    return shape.hull if isinstance(shape, Rod) else shape


def bought(case, name):
    (thing,) = [thing for thing in case.bought if thing.name == name]
    return thing


def windows(case, beginning):
    return [window for window in case.windows if window.name.startswith(beginning)]


def within(inner, outer):
    return all(
        low <= at + 1e-6 and end <= high + 1e-6
        for low, at, end, high in zip(outer.at_mm, inner.at_mm, inner.end_mm, outer.end_mm, strict=True)
    )


def collisions(things):
    return [(a.name, b.name) for a, b in itertools.combinations(things, 2) if a.overlaps(b)]


@each_case
def test_bought_parts_leave_each_other_room(case):
    assert collisions(case.bought) == []


def test_a_part_in_anothers_place_is_told():
    pi = bought(CASES["panel"], "Pi")
    assert collisions([pi, replace(pi, name="moved", at_mm=(pi.at_mm[0] + 30, *pi.at_mm[1:]))]) == [("Pi", "moved")]


@each_case
def test_everything_bought_lies_inside(case):
    assert [thing.name for thing in case.bought if not within(thing, case.cavity)] == []


@pytest.mark.parametrize(
    ("case", "board"), [("panel", "Pi"), ("panel", "display board"), ("carriage", "board"), ("sensors", "board")]
)
def test_a_board_has_play_on_all_sides_and_from_the_corner_posts(case, board):
    case = CASES[case]
    roomy = bought(case, board).grown(PRINTING.clearance_mm)
    assert within(roomy, case.cavity)
    posts = [rib for part in case.parts for rib in part.ribs if rib.name in ("post", "shelf", "lip")]
    assert len(posts) >= 8 and [post.name for post in posts if post.overlaps(roomy)] == []


@pytest.mark.parametrize(
    ("case", "board", "pillar", "holes"),
    [
        ("panel", "Pi", "Pi", {(3.5, 3.5), (61.5, 3.5), (3.5, 52.5), (61.5, 52.5)}),
        ("panel", "display board", "display ear", {(4.0, 4.65), (160.9, 4.65), (4.0, 119.65), (160.9, 119.65)}),
        ("carriage", "board", "board", {(5, 5), (155, 5), (5, 95), (155, 95)}),
        ("sensors", "board", "board", {(4, 4), (66, 4), (4, 46), (66, 46)}),
    ],
)
def test_a_pillar_stands_under_every_hole_and_reaches_the_board(case, board, pillar, holes):
    case = CASES[case]
    thing = bought(case, board)
    pillars = [one for part in case.parts for one in part.pillars if one.name == pillar]
    x, y, z = thing.at_mm
    assert {(round(one.at_mm[0] - x, 2), round(one.at_mm[1] - y, 2)) for one in pillars} == holes
    face = z if pillars[0].height_mm > 0 else thing.end_mm[2]
    assert all(math.isclose(one.top_mm, face) for one in pillars)


def test_both_sensors_stand_on_pillars_of_their_own():
    pillars = [one for one in CASES["sensors"].parts[0].pillars if one.name == "breakout"]
    for name in ("SHT31", "BH1750"):
        sensor = bought(CASES["sensors"], name)
        under = [one for one in pillars if math.isclose(one.top_mm, sensor.at_mm[2])]
        assert len(under) == 2 and all(
            within(
                replace(
                    one.bore.hull,
                    at_mm=(*one.bore.hull.at_mm[:2], sensor.at_mm[2]),
                    size_mm=(*one.bore.hull.size_mm[:2], 0),
                ),
                sensor,
            )
            for one in under
        )


def test_the_whole_picture_is_seen_and_the_edge_of_the_glass_is_not():
    (window,) = windows(CASES["panel"], "display window")
    glass = bought(CASES["panel"], "display glass")
    for along in (0, 1):
        middle = glass.middle_mm[along]
        assert window.at_mm[along] < middle - DISPLAY.active_mm[along] / 2
        assert window.end_mm[along] > middle + DISPLAY.active_mm[along] / 2
        assert glass.at_mm[along] + PRINTING.thinnest_mm < window.at_mm[along]


def test_a_usb_plug_goes_into_the_carriage_board_through_its_window():
    (window,) = windows(CASES["carriage"], "USB")
    board = bought(CASES["carriage"], "board")
    socket_z = board.end_mm[2] + CARRIAGE_BOARD.usb_tall_mm / 2
    assert math.isclose(window.middle_mm[1], board.at_mm[1] + CARRIAGE_BOARD.usb_y_mm)
    assert math.isclose(window.middle_mm[2], socket_z)
    assert window.size_mm[1] >= 12.35 and window.size_mm[2] >= 6.5
    metal_mm = 6.5  # of a USB-C plug; what the overmould cannot reach is lost from it
    assert board.at_mm[0] - CASES["carriage"].cavity.at_mm[0] < metal_mm / 2


def test_a_camera_lead_passes_its_slot_below_the_sockets_of_the_pi():
    (slot,) = windows(CASES["panel"], "camera lead")
    pi = bought(CASES["panel"], "Pi")
    assert slot.size_mm[0] > CAMERA_LEAD.width_mm
    assert math.isclose(slot.middle_mm[0], pi.at_mm[0] + PI.camera_x_mm)
    assert slot.at_mm[2] > pi.end_mm[2]


def test_a_lead_with_its_plugs_on_can_be_pulled_into_the_panel():
    usb_a_mm = math.hypot(16.0, 8.0)  # overmould; an Ethernet plug is smaller
    assert max(hole.diameter_mm for hole in windows(CASES["panel"], "gland ")) > usb_a_mm + 2


def test_light_falls_on_the_light_sensor_from_a_wide_angle():
    (window,) = windows(CASES["sensors"], "light window")
    sensor = bought(CASES["sensors"], "BH1750")
    assert [math.isclose(window.at_mm[no], sensor.middle_mm[no]) for no in (0, 1)] == [True, True]
    below = CASES["sensors"].parts[1].outer.at_mm[2] - sensor.end_mm[2]
    assert math.degrees(math.atan(window.diameter_mm / 2 / below)) > 45


def test_air_passes_the_climate_sensor_from_side_to_side_and_not_the_warm_board():
    case = CASES["sensors"]
    (shelf,) = [rib for rib in case.parts[0].ribs if rib.name == "shelf"]
    for side in ("left", "right"):
        slits = windows(case, f"louvre {side}")
        assert sum(slit.size_mm[1] * slit.size_mm[2] for slit in slits) > 250
        assert all(slit.end_mm[1] < shelf.at_mm[1] for slit in slits)
        assert {math.copysign(1, slit.tilt_deg) for slit in slits} == {1 if side == "left" else -1}  # outside is lower
        sensor = bought(case, "SHT31")
        assert any(slit.overlaps(replace(sensor, at_mm=(slit.at_mm[0], *sensor.at_mm[1:]))) for slit in slits)
    assert bought(case, "SHT31").end_mm[1] < shelf.at_mm[1] < bought(case, "board").at_mm[1]


@pytest.mark.parametrize("name", ["panel", "sensors"])
def test_nothing_opens_upwards(name):
    top = CASES[name].cavity.end_mm[1]
    assert [window.name for window in CASES[name].windows if hull(window).end_mm[1] > top] == []


@each_case
def test_every_opening_goes_right_through_its_wall(case):
    outer = replace(case.parts[0].outer, size_mm=case.parts[1].outer.end_mm)
    for window in case.windows:
        room = hull(window)
        through = [
            (low < 0 and high >= inner) or (high > end and low <= inner_end)
            for low, high, inner, inner_end, end in zip(
                room.at_mm, room.end_mm, case.cavity.at_mm, case.cavity.end_mm, outer.end_mm, strict=True
            )
        ]
        assert any(through) or window.name == "ear screw", window.name


@each_case
def test_between_two_openings_stands_a_wall_of_two_millimetres(case):
    rooms = [hull(window).grown(PRINTING.thinnest_mm / 2) for window in case.windows]
    assert [pair for pair in collisions(rooms) if pair != ("keyhole", "keyhole slot")] == []


@each_case
def test_nothing_is_thinner_than_two_millimetres(case):
    thinnest = PRINTING.thinnest_mm
    assert min(case.cavity.at_mm) >= thinnest and PRINTING.lip_mm >= thinnest
    for part in case.parts:
        assert [rib.name for rib in part.ribs if min(hull(rib).size_mm) < thinnest] == []
        assert [one.name for one in part.pillars if (one.diameter_mm - one.bore_mm) / 2 < thinnest] == []
    assert (PRINTING.post_mm - PRINTING.insert_bore_mm) / 2 >= thinnest
    assert PRINTING.wall_mm - sensor_pod.DISC_MM[1] >= thinnest


@each_case
def test_every_part_lies_on_a_common_print_bed(case):
    for part in case.parts:
        rooms = [part.outer, *(hull(rib) for rib in part.ribs)]
        for along in (0, 1):
            low, high = (
                pick(getattr(room, edge)[along] for room in rooms) for pick, edge in ((min, "at_mm"), (max, "end_mm"))
            )
            assert high - low <= PRINTING.bed_mm == 220


@pytest.mark.parametrize("name", CABLES)
def test_every_cable_of_the_wiring_has_a_gland_of_its_size(name):
    holes = {hole.name.removeprefix("gland "): hole.diameter_mm for hole in windows(CASES[name], "gland ")}
    assert holes == {cable.name: GLANDS[cable.gland].bore_mm for cable in CABLES[name]}


def test_every_measure_says_where_it_comes_from():
    told = {name: inspect.getdoc(kind) for name, kind in vars(params).items() if inspect.isclass(kind)}
    silent = [
        name for name, text in told.items() if not any(word in text.lower() for word in ("drawing", "ours", "nominal"))
    ]
    assert set(silent) == {"Gland"}  # its table says it


def stl_of(triangles):
    body = b"".join(struct.pack("<12fH", 0, 0, 0, *itertools.chain(*corners), 0) for corners in triangles)
    return bytes(80) + struct.pack("<I", len(triangles)) + body


def test_a_mesh_with_a_hole_is_told_from_a_closed_one():
    a, b, c, d = (0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)
    closed = [(a, c, b), (a, b, d), (b, c, d), (c, a, d)]
    assert open_edges(stl_of(closed)) == 0
    assert open_edges(stl_of(closed[:3])) > 0
    assert open_edges(stl_of([*closed[:3], (a, c, d)])) > 0
    assert open_edges(stl_of([])) > 0
