"""What each signal is wired to: the field's side of every pin and input that firmware/board.py names.

Pin numbers, roles and the order of the inputs are not repeated here; ``wiring`` joins both, and refuses when a name
stands in only one of them. ``Lead.cable`` "" = stays on the board. Cores are terminals, in this order.
"""

from __future__ import annotations

from dataclasses import dataclass

PULL_DOWN = "10 kΩ to GND"  # every output rests at 0 while the chip is in reset
PULL_UP = "10 kΩ to 3.3 V"


@dataclass(frozen=True)
class Cable:
    """``gland``: a thread of params.GLANDS; ``side``: wall of its box; ``more``: terminals that serve no pin."""

    name: str
    gland: str
    side: str
    goes_to: str
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lead:
    """``through``: what is between chip and terminal; ``rest``: what holds the signal while nobody drives it."""

    to: str
    cable: str = ""
    cores: tuple[str, ...] = ()
    through: str = ""
    rest: str = ""


FEED = ("24 V",)  # to every contact and lamp of a cable; each comes back by a core of its own
BUS_CORES = ("A", "B", "0 V", "shield")
POD_CORES = (*BUS_CORES, "24 V")

CABLES = {
    "carriage": (
        Cable("supply", "M16", "bottom", "24 V supply of the block, fused 4 A", ("24 V", "0 V", "earth")),
        Cable("cabinet", "M16", "bottom", "switch cabinet: safety relay, contactors K1 and K2 of this carriage", FEED),
        Cable("block", "M16", "bottom", "control point and room contacts; each serves all boards in parallel", FEED),
        Cable("bus in", "M12", "bottom", "the board before, or the node's RS-485 adapter", BUS_CORES),
        Cable("bus out", "M12", "bottom", "the next board", BUS_CORES),
        Cable("motor", "M12", "bottom", "motor bridge and brake", ("0 V",)),
        Cable("gear", "M12", "bottom", "running gear: encoder, crank, level and skew switch", (*FEED, "0 V", "5 V")),
        Cable("left buttons", "M16", "top", "left face: buttons, aisle lamp, contact switch", FEED),
        Cable("right buttons", "M16", "top", "right face: buttons, aisle lamp, contact switch", FEED),
        Cable("left guards", "M12", "top", "left face: safety edge, light barrier", (*FEED, "0 V")),
        Cable("right guards", "M12", "top", "right face: safety edge, light barrier", (*FEED, "0 V")),
        Cable("left gap", "M12", "top", "left face: laser distance sensor, shielded", (*FEED, "0 V")),
        Cable("right gap", "M12", "top", "right face: laser distance sensor, shielded", (*FEED, "0 V")),
        Cable("slot LEDs", "M16", "top", "LED strip along the shelves of both faces", ("5 V", "0 V")),
    ),
    "sensors": (
        Cable("bus in", "M12", "left", "the board before, with its supply", POD_CORES),
        Cable("bus out", "M12", "right", "the next board", POD_CORES),
        Cable("leak rope", "M12", "right", "leak rope, on the floor under the lowest pipe", ("0 V",)),
    ),
}

BUS = {
    "bus_tx": Lead("bus, terminals A and B", through="DI of the RS-485 driver", rest=PULL_DOWN),
    "bus_rx": Lead("bus, terminals A and B", through="RO of the RS-485 driver", rest=PULL_UP),
    "bus_de": Lead("bus, terminals A and B", through="DE of the RS-485 driver; its RE is tied to GND", rest=PULL_DOWN),
}

OPENER = "opto-relay, normally closed, in series"
COIL = "low-side switch with flyback diode"
LEVEL = "level shifter to 5 V"


def _test(what: str, cable: str, core: str) -> Lead:
    return Lead(what, cable, (core,), OPENER, PULL_DOWN)


CARRIAGE = BUS | {
    "test_estop": Lead(
        "terminal of estop_ok: its reading branch, never the chain itself", through=OPENER, rest=PULL_DOWN
    ),
    "test_edge_left": _test("test input of the left edge's evaluation unit", "left guards", "edge test"),
    "test_edge_right": _test("test input of the right edge's evaluation unit", "right guards", "edge test"),
    "test_beam_left": _test("24 V of the left emitter", "left guards", "emitter"),
    "test_beam_right": _test("24 V of the right emitter", "right guards", "emitter"),
    "test_absent": Lead(
        "nothing: a track that ends beside D4 of U4", through="as the other test outputs", rest=PULL_DOWN
    ),
    "test_contacts": Lead(
        "two at once: 24 V feed of the gear cable's switches; 0 V return of the opto-couplers of fire, gas, leak",
        through="two opto-relays, normally closed, in series",
        rest=PULL_DOWN,
    ),
    "enable": Lead(
        "0 V side of the coils of K1 and K2; their 24 V side is the hard chain's end",
        "cabinet",
        ("coils",),
        COIL,
        PULL_DOWN,
    ),
    "motor_pwm": Lead("PWM input of the bridge", "motor", ("PWM",), LEVEL, PULL_DOWN),
    "motor_dir": Lead("direction input of the bridge", "motor", ("DIR",), LEVEL, PULL_DOWN),
    "brake_release": Lead("spring-applied brake, behind K1 and K2", "motor", ("brake",), COIL, PULL_DOWN),
    "room_drop": Lead(
        "relay KD on the board; its closed contact lies in the room's chain, pulled in opens it",
        "cabinet",
        ("chain in", "chain out"),
        COIL,
        PULL_DOWN,
    ),
    "start_lamp": Lead(
        "lamp in the Start button; all boards drive one line", "block", ("Start lamp",), COIL, PULL_DOWN
    ),
    "warning": Lead("warning lamp and buzzer; all boards drive one line", "block", ("warning",), COIL, PULL_DOWN),
    "shift_miso": Lead("QH of U1", rest=PULL_DOWN),
    "shift_load": Lead("SH/LD of U1 to U4", rest=PULL_DOWN),
    "shift_sck": Lead("CLK of U1 to U4; their CLK INH is tied to GND", rest=PULL_DOWN),
    "shift_mosi": Lead("nothing"),
    "lamp_left": Lead("lamp of the left aisle", "left buttons", ("lamp",), COIL, PULL_DOWN),
    "lamp_right": Lead("lamp of the right aisle", "right buttons", ("lamp",), COIL, PULL_DOWN),
    "encoder_a": Lead("encoder A, push-pull", "gear", ("A",), "Schmitt trigger", PULL_DOWN),
    "encoder_b": Lead("encoder B, push-pull", "gear", ("B",), "Schmitt trigger", PULL_DOWN),
    "slot_leds": Lead("data of the WS2812 strip", "slot LEDs", ("data",), f"{LEVEL}, 330 Ω", PULL_DOWN),
    "adc_gap_left": Lead("4-20 mA of the left sensor", "left gap", ("mA",), "shunt, 1 kΩ, clamp to 3.3 V"),
    "adc_gap_right": Lead("4-20 mA of the right sensor", "right gap", ("mA",), "shunt, 1 kΩ, clamp to 3.3 V"),
    "adc_motor": Lead("current output of the bridge", "motor", ("current",), "scaled, 1 kΩ, clamp to 3.3 V"),
    "adc_supply": Lead("24 V of the supply terminal, before the fuse of the drive", through="divider, clamp to 3.3 V"),
}

CLOSED_INPUT = "4.7 kΩ, opto-coupler"


def _contact(to: str, cable: str, core: str) -> Lead:
    """A closed contact brings 24 V back: a broken wire reads as open."""
    return Lead(to, cable, (core,), CLOSED_INPUT, PULL_DOWN)


INPUTS = {
    "estop_ok": _contact("second contacts of all e-stops and pull cords, in series", "cabinet", "e-stop"),
    "edge_left_ok": _contact("evaluation unit of the left safety edge", "left guards", "edge"),
    "edge_right_ok": _contact("evaluation unit of the right safety edge", "right guards", "edge"),
    "beam_left_ok": _contact("receiver of the left light barrier", "left guards", "beam"),
    "beam_right_ok": _contact("receiver of the right light barrier", "right guards", "beam"),
    "crank_out": _contact("switch in the crank's socket, closed while no crank is in", "gear", "crank"),
    "level_ok": _contact("tilt and shock switch", "gear", "level"),
    "fire_ok": _contact("fire panel, potential-free, closed = no alarm", "block", "fire"),
    "gas_ok": _contact("extinguishing panel, potential-free, closed = no pre-alarm and no discharge", "block", "gas"),
    "leak_ok": _contact("leak detector of the room, closed = dry", "block", "leak"),
    "contactor_open": _contact(
        "mirror contacts of K1 and K2, in series: closed = both dropped out", "cabinet", "mirror"
    ),
    "contact_left_open": _contact("contact switch of the left face, opens on touching", "left buttons", "touch"),
    "contact_right_open": _contact("contact switch of the right face, opens on touching", "right buttons", "touch"),
    "start_released": _contact("Start of the block, opens when pressed", "block", "Start"),
    "reset_released": _contact("Reset of the block, opens when pressed", "block", "Reset"),
    "deep_left_released": _contact("deep button of the left aisle, opens when pressed", "left buttons", "deep"),
    "mouth_left_released": _contact("mouth button of the left aisle, opens when pressed", "left buttons", "mouth"),
    "deep_right_released": _contact("deep button of the right aisle, opens when pressed", "right buttons", "deep"),
    "mouth_right_released": _contact("mouth button of the right aisle, opens when pressed", "right buttons", "mouth"),
    "test_high": Lead("3.3 V, on the board"),
    "test_low_inverted": Lead("GND, on the board"),
    "unlocked": _contact("auxiliary contact of the padlock isolator, closed with it", "block", "isolator"),
    "key_normal": _contact("maintenance key, closed = not turned", "block", "key"),
    "jog_left_released": _contact("hold-to-run button left, opens when held", "block", "jog left"),
    "jog_right_released": _contact("hold-to-run button right, opens when held", "block", "jog right"),
    "jog_elsewhere": _contact("selector of the control point, opens on this carriage's number", "block", "selector"),
    "choose_left_released": _contact("carriage button of the left aisle, opens when pressed", "left buttons", "choose"),
    "choose_right_released": _contact(
        "carriage button of the right aisle, opens when pressed", "right buttons", "choose"
    ),
    "straight_ok": _contact(
        "skew switch at the far end, opens when that end runs ahead or stays behind; bridged on a short carriage",
        "gear",
        "skew",
    ),
    "absent": Lead("nothing, on the board", rest=PULL_DOWN),
    "spare_1": Lead("GND, on the board"),
    "spare_2": Lead("GND, on the board"),
}

SENSORS = BUS | {
    "i2c_sda": Lead("SDA of SHT31 and BH1750, leads through the shelf's notch", rest="4.7 kΩ to 3.3 V"),
    "i2c_scl": Lead("SCL of SHT31 and BH1750", rest="4.7 kΩ to 3.3 V"),
    "leak_dry": Lead("rope's contact to 0 V, closed = wet", "leak rope", ("wet",), "1 kΩ, clamp to 3.3 V", PULL_UP),
    "leak_wire": Lead("rope's end-of-line wire back to 0 V", "leak rope", ("end",), "1 kΩ, clamp to 3.3 V", PULL_UP),
}

# The room's hard chain from 24 V to the coils: (what opens it, the input by which each board reads it, "" = none).
CHAIN = (
    ("padlock isolator", "unlocked"),
    ("e-stops and pull cords", "estop_ok"),
    ("crank switches, every carriage", "crank_out"),
    ("fire contact", "fire_ok"),
    ("gas contact", "gas_ok"),
    ("leak contact", "leak_ok"),
    ("left safety edges, every carriage", "edge_left_ok"),
    ("right safety edges, every carriage", "edge_right_ok"),
    ("left light barriers, every carriage", "beam_left_ok"),
    ("right light barriers, every carriage", "beam_right_ok"),
    ("closed contact of KD, every board (room_drop)", ""),
)
