"""Modbus register map of every board: the contract between firmware/ and edge/.

Runs under MicroPython and CPython alike: integers and tuples only, no imports.

Adding a register or a bit: raise the minor byte of MAP_VERSION.
Changing a meaning, a unit or an address: raise the major byte; the node refuses to
move a board whose major byte differs from its own.

Signed values are two's complement in 16 bits. UNKNOWN in a millimetre register means
the board does not know; readers must treat that as the unsafe case.
"""

MAP_VERSION = 0x0107  # major << 8 | minor
FIRMWARE_VERSION = 0x0007  # major << 8 | minor, of the files this one lies with
UNKNOWN = 0xFFFF

BROADCAST = 0  # slave id that every board executes and none answers

# --- Identity block: input registers (function 04), same addresses on every board ------------
IR_IDENTITY = 0
IR_IDENTITY_COUNT = 12
IR_MAP_VERSION = 0
IR_FIRMWARE_VERSION = 1  # major << 8 | minor
IR_BOARD_KIND = 2  # KIND_*
IR_BOARD_ID_HI = 3  # low 32 bits of the chip's unique id
IR_BOARD_ID_LO = 4
IR_BOOT_COUNT = 5
IR_BOOT_REASON = 6  # BOOT_*
IR_UPTIME_S_HI = 7
IR_UPTIME_S_LO = 8
IR_ADDRESS = 9  # the slave id this board believes it has
IR_CONFIG_CRC = 10  # CRC-16/MODBUS over the CONFIG_FIELDS values, big-endian u16 each
IR_FLASH_OK = 11  # 1 = latches and config were readable at boot

KIND_CARRIAGE = 1
KIND_SENSORS = 2

BOOT_POWER_ON = 1
BOOT_WATCHDOG = 2
BOOT_SOFT = 3

# --- Carriage state: input registers, read as one block --------------------------------------
IR_STATE = 16
IR_STATE_COUNT = 28
IR_WHO = 16  # address << 8 | rolling reply number: tells a late or foreign reply apart
IR_RUN_STATE = 17  # STATE_*
IR_POSITION_MM = 18  # left edge of this carriage from the rail's zero; UNKNOWN until found
IR_GAP_LEFT_MM = 19  # measured gap on the left face; UNKNOWN = sensor silent
IR_GAP_RIGHT_MM = 20
IR_FAULTS_HI = 21  # FAULT_* bits 16..31, latched until the block's Reset is pressed
IR_FAULTS_LO = 22  # FAULT_* bits 0..15
IR_INPUTS_HI = 23  # IN_* bits 16..31; a set bit is the safe or resting state, also where the self-test has it open
IR_INPUTS_LO = 24
IR_AISLE_LEFT = 25  # AISLE_* of the aisle at the left face
IR_AISLE_RIGHT = 26
IR_WHY_LEFT = 27  # WHY_*: what made the left aisle occupied
IR_WHY_RIGHT = 28
IR_PROOF = 29  # PROOF_* bits, a set bit = this circuit answered its self-test for this move
IR_ACK_SEQ = 30  # last HR_SEQ that was handled
IR_ACK_RESULT = 31  # ACK_*
IR_MOVE_ID = 32  # move this board is armed for or runs; 0 = none
IR_PERMIT_AGE_MS = 33  # since the last valid renewal, saturates
IR_MOTOR_MA = 34
IR_SUPPLY_MV = 35  # drive supply, in units of 1 mV (24 V nominal = 24000)
IR_SPEED_MM_S = 36  # signed, + = to the right
IR_TARGET_MM = 37
IR_END_REASON = 38  # END_*: how the last move ended
IR_LOOP_MAX_MS = 39  # longest control loop since the last read
IR_PEAK_MA = 40  # highest motor current of the running or last move
IR_LOOK_MAX_MS = 41  # longest time between two readings of the safety inputs, motor on, since the last read
IR_CHOSEN = 42  # presses of the carriage's own buttons since boot: left << 8 | right, each rolling; they move nothing
IR_LOSS = 43  # rolling count << 8 | LOSS_*: what took the place away, until the whole block was told to forget

STATE_UNKNOWN = 1  # position not known: nothing but finding is accepted
STATE_READY = 2
STATE_ARMED = 3  # proved, Start is lit, waits for Start
STATE_WARNING = 4  # Start pressed, pre-motion warning runs
STATE_MOVING = 5
STATE_FAULT = 6
STATE_FIND_ARMED = 7  # finding the position: waits for held Start
STATE_FINDING = 8  # hold-to-run, slow
STATE_FOUND = 9  # touched a neighbour, waits for CMD_REFERENCE
STATE_MAINTENANCE = 10  # the key is turned: only the local control point drives, held, at LOCAL_MOST_MM_S
STATE_LOCKED = 11  # the padlock point is open: nothing drives

AISLE_CLEAR = 0
AISLE_OPENING = 1  # being opened by the running move, beams clear; occupied when it ends
AISLE_OCCUPIED = 2  # until its own walk-through reset

WHY_NONE = 0
WHY_POWER_UP = 1  # power-up or reset of the board
WHY_OPENED = 2  # its gap exceeded AISLE_LATCH_MM
WHY_BEAM = 3  # a beam was broken
WHY_GAP_UNKNOWN = 4  # the gap cannot be measured
WHY_MOVED_UNASKED = 5  # cranked, pushed or tilted; jammed or slipped as it was driven
WHY_CIRCUIT = 6  # a reset button is stuck or a circuit failed
WHY_WORK = 7  # the key was turned back or the padlock taken off: somebody worked here
WHY_FORGOTTEN = 8  # another carriage of the block lost its place

LOSS_TOLD = 0  # none since the block was last told
LOSS_POWER_UP = 1  # power-up or reset of the board
LOSS_RESET_IN_MOTION = 2
LOSS_CRANKED = 3
LOSS_MOVED = 4  # pushed, tilted or askew
LOSS_JAMMED = 5  # jammed or slipped as it was driven

AISLE_LATCH_MM = 180
PERMIT_MS = 300
START_WITHIN_MS = 10000
WARNING_MS = 2000
RESET_WALK_MS = 20000
LOCAL_MOST_MM_S = 25  # under the maintenance key

# Latched faults, each named for the person who reads it. Cause and remedy: edge/words/errors.toml, fault.<name>
FAULTS = (
    ("estop", 1 << 0),
    ("edge_left", 1 << 1),
    ("edge_right", 1 << 2),
    ("beam", 1 << 3),  # a beam broke beside a moving carriage
    ("crank", 1 << 4),
    ("tilt", 1 << 5),
    ("fire", 1 << 6),
    ("leak", 1 << 7),
    ("stall", 1 << 8),
    ("over_current", 1 << 9),
    ("wrong_direction", 1 << 10),
    ("run_away", 1 << 11),
    ("moved_unasked", 1 << 12),
    ("permit_lost", 1 << 13),
    ("brown_out", 1 << 14),
    ("contactor_welded", 1 << 15),
    ("proof_failed", 1 << 16),
    ("button_stuck", 1 << 17),
    ("reset_in_motion", 1 << 18),
    ("config", 1 << 19),
    ("gas", 1 << 20),
    ("gap_sensor", 1 << 21),
    ("loop_late", 1 << 22),
    ("occupied", 1 << 23),  # a bordering aisle became occupied in mid-move
    ("chain_open", 1 << 24),  # the contactors opened or would not close: the chain was opened elsewhere
    ("no_progress", 1 << 25),  # driven, no stall current, no travel: coupling, wheel or encoder
    ("safe_mode", 1 << 26),  # three starts failed: the board only answers, until its firmware is replaced
    ("slip", 1 << 27),  # the wheel went another way than the gap to something fixed: slip, debris, or a wrong sensor
    ("skew", 1 << 28),  # one end of a long carriage ran ahead of the other
)

# Inputs as reported: a set bit is the safe, released or resting state.
INPUTS = (
    ("estop_ok", 1 << 0),
    ("edge_left_ok", 1 << 1),
    ("edge_right_ok", 1 << 2),
    ("beam_left_ok", 1 << 3),
    ("beam_right_ok", 1 << 4),
    ("crank_out", 1 << 5),
    ("level_ok", 1 << 6),  # tilt and shock switch
    ("fire_ok", 1 << 7),
    ("gas_ok", 1 << 8),
    ("leak_ok", 1 << 9),
    ("contactor_open", 1 << 10),  # both contactors' feedback: set = dropped out
    ("contact_left_open", 1 << 11),  # set = not touching the left neighbour
    ("contact_right_open", 1 << 12),
    ("start_released", 1 << 13),  # the block's Start line
    ("reset_released", 1 << 14),  # the block's fault Reset line
    ("deep_left_released", 1 << 15),
    ("mouth_left_released", 1 << 16),
    ("deep_right_released", 1 << 17),
    ("mouth_right_released", 1 << 18),
    ("test_high", 1 << 19),  # tied high on the board: reads 1, always
    ("test_low_inverted", 1 << 20),  # tied low on the board and reported inverted: reads 1, always
    ("unlocked", 1 << 21),  # padlock point: set = its isolator is closed, nothing hangs in it
    ("key_normal", 1 << 22),  # the block's maintenance key: set = not turned
    ("jog_left_released", 1 << 23),  # hold-to-run buttons of the local control point, one line each for the block
    ("jog_right_released", 1 << 24),
    ("jog_elsewhere", 1 << 25),  # the control point's selector: set = it does not name this carriage
    ("choose_left_released", 1 << 26),  # carriage button of the left aisle: asks the node for it, starts nothing
    ("choose_right_released", 1 << 27),
    ("straight_ok", 1 << 28),  # skew switch at the end that the drive is not at; bridged where a carriage is too short
)

PROOFS = (
    ("estop", 1 << 0),
    ("contactor", 1 << 1),
    ("edge_left", 1 << 2),
    ("edge_right", 1 << 3),
    ("beam_left", 1 << 4),
    ("beam_right", 1 << 5),
    ("absent", 1 << 6),  # the circuit that does not exist stayed silent
    ("inputs", 1 << 7),  # both tied bits read as tied
    ("supply", 1 << 8),
    # Contacts that share one test output: each must open by it.
    ("crank", 1 << 9),
    ("level", 1 << 10),
    ("straight", 1 << 11),
    ("fire", 1 << 12),
    ("gas", 1 << 13),
    ("leak", 1 << 14),
)
PROOF_ALL = 0x7FFF

END_NONE = 0
END_REACHED = 1
END_STOPPED = 2  # STOP
END_PERMIT_LOST = 3
END_FAULT = 4
END_NOT_STARTED = 5  # nobody pressed Start in time
END_CANCELLED = 6
END_RELEASED = 7  # hold-to-run was released
END_OCCUPIED = 8
END_MAINTENANCE = 9  # the maintenance key was turned, or turned back
END_LOCKED = 10  # the padlock point was opened

# --- Sensor board: input registers, read as one block ----------------------------------------
IR_SENSE = 16
IR_SENSE_COUNT = 9
# 16 IR_WHO as above
IR_TEMP_CC = 17  # signed, 0.01 degC
IR_RH_CPCT = 18  # 0.01 %RH
IR_LUX = 19
IR_LEAK = 20  # 1 = wet
IR_SENSE_OK = 21  # SENSE_* bits, set = the value is good
IR_SENSE_AGE_MS = 22  # age of the oldest good value, saturates
IR_SENSE_FAULTS = 23
IR_SENSE_SPARE = 24

SENSE_TEMP = 1
SENSE_RH = 2
SENSE_LUX = 4
SENSE_LEAK = 8

# IR_SENSE_FAULTS bits: present now, not latched
SENSE_FAULT_CLIMATE_SILENT = 1  # SHT31 does not answer
SENSE_FAULT_CLIMATE_CRC = 2
SENSE_FAULT_LIGHT_SILENT = 4  # BH1750 does not answer
SENSE_FAULT_LEAK_WIRE = 8  # the leak rope is cut off
SENSE_FAULT_CONFIG = 16
SENSE_FAULT_SAFE = 32  # three starts failed: the board only answers

# --- Self-description: input registers, same addresses on every board, apart from the identity --------
IR_SELF = 96
IR_SELF_COUNT = 12
IR_SLOT = 96  # SLOT_*: where the running program lies
IR_IMAGE_HI = 97  # first 32 bits of the SHA-256 of the running image's manifest; 0 = not from an image
IR_IMAGE_LO = 98
IR_START_TRIES = 99  # starts of this image in a row that did not last HEALTHY_MS, this one included
IR_UPDATE_STATE = 100  # UPDATE_*
IR_UPDATE_RESULT = 101  # REFUSED_*: why the last image was not taken
IR_UPDATE_FILE = 102  # file number wanted next
IR_UPDATE_AT = 103  # record number (word) in it wanted next
IR_UPDATE_IMAGE_HI = 104  # image in the other slot, as IR_IMAGE_*
IR_UPDATE_IMAGE_LO = 105
IR_LOG_COUNT = 106  # entries in the fault log block
IR_LOG_LOST = 107  # entries in flash that could not be read at boot

SLOT_NONE = 0
SLOT_A = 1
SLOT_B = 2
SLOT_SAFE = 3
SLOTS = ("", "a", "b", "safe")  # folder of each

# --- Fault log: input registers, newest entry first --------------------------------------------
IR_LOG = 112
IR_LOG_ENTRIES = 16
IR_LOG_WORDS = 6  # LOG_* kind, boot count, uptime_s hi, lo, detail hi, lo
IR_LOG_COUNT_ALL = 96  # words of the whole block

LOG_BOOT = 1  # detail: BOOT_* << 8 | SLOT_*
LOG_FAULT = 2  # detail: FAULT_* bits that became latched
LOG_UPDATED = 3  # detail: image that a person activated
LOG_REVERTED = 4  # detail: SLOT_* that did not last
LOG_REFUSED = 5  # detail: REFUSED_* << 8 | file number

# --- Command block: holding registers, written in ONE function-16 write, never singly --------
HR_COMMAND = 64
HR_COMMAND_COUNT = 8
HR_SEQ = 64  # must differ from the last; acknowledged in IR_ACK_SEQ
HR_CODE = 65  # CMD_*
HR_MOVE_ID = 66  # 1..65534
HR_TARGET_MM = 67
HR_SPEED_MM_S = 68
HR_START_DELAY_MS = 69  # counted from the end of the warning: staggers starts on one supply
HR_OPENS = 70  # SIDE_*: the aisle that this move opens
HR_ARG = 71

CMD_ARM = 1  # prove every circuit, then wait for Start
CMD_DISARM = 2
CMD_FIND = 3  # HR_ARG = SIDE_*: way to go; moves only while Start is held
CMD_REFERENCE = 4  # HR_TARGET_MM = position; accepted in STATE_FOUND only
CMD_LIGHT = 5  # HR_ARG = slot light 1..n or 0 = off; HR_TARGET_MM = aisle lights: 1 left, 2 right, 3 both
# Another carriage lost its place, so this one stops, forgets its own and counts both aisles as occupied. Taken in every
# state; starts nothing. HR_ARG = IR_LOSS as read: that loss of its own is answered too, and a newer one is not.
CMD_FORGET = 6

SIDE_NONE = 0
SIDE_LEFT = 1
SIDE_RIGHT = 2

ACK_NONE = 0
ACK_ACCEPTED = 1
ACK_STATE = 2  # not in a state that allows it
ACK_OCCUPIED = 3
ACK_FAULT = 4
ACK_PROOF = 5
ACK_POSITION = 6  # position unknown
ACK_RANGE = 7  # target, speed or code outside its range
ACK_SUPPLY = 8  # drive supply too low to start
ACK_CONFIG = 9
ACK_MAINTENANCE = 10  # the maintenance key is turned: the board takes no move from the bus
ACK_LOCKED = 11  # the padlock point is open

# --- Permit: broadcast, one function-16 write of four registers every 100 ms -----------------
HR_PERMIT = 80
HR_PERMIT_COUNT = 4
HR_PERMIT_MOVE_ID = 80
HR_PERMIT_SEQ = 81  # must be newer than the last one of this move: a replay renews nothing
HR_PERMIT_NODE = 82  # constant of this node run
HR_PERMIT_CHECK = 83  # move_id ^ seq ^ node ^ PERMIT_SALT
PERMIT_SALT = 0xA55A
LOCAL_MOVE_ID = 0xFFFF  # names what the local control point drives: no command can, only the permit

# --- Stop: broadcast or to one board, one function-16 write ----------------------------------
HR_STOP = 88
HR_STOP_COUNT = 1
STOP_WORD = 0x5709

# --- Update: one function-16 write of four registers; the image itself by function 21 (write file record) --
# File 1 is the manifest, 2 its signature, 3… the files in the manifest's order; a record number is a word in the file.
HR_UPDATE = 96
HR_UPDATE_COUNT = 4
HR_UPDATE_CODE = 96  # DO_*
HR_UPDATE_IMAGE_HI = 97  # which image, as IR_IMAGE_*
HR_UPDATE_IMAGE_LO = 98
HR_UPDATE_BYTES = 99  # length of its manifest

DO_BEGIN = 1  # receive this image; what of it is whole already is kept
DO_ACTIVATE = 2  # wait for somebody at the board
DO_CANCEL = 3

UPDATE_NONE = 0
UPDATE_CLEARING = 1
UPDATE_LOOKING = 2  # which files are whole already
UPDATE_RECEIVING = 3
UPDATE_WRITING = 4
UPDATE_PROVING = 5  # the signature
UPDATE_READY = 6  # whole and signed
UPDATE_WAITING = 7  # for somebody who holds Start, HOLD_MS long; Start blinks
UPDATE_TAKEN = 8  # starts at the next reset

REFUSED_NOT = 0
REFUSED_MANIFEST = 1
REFUSED_SIGNATURE = 2
REFUSED_NO_KEY = 3
REFUSED_FILE = 4  # a file is not what the manifest says
REFUSED_FLASH = 5  # could not be written

FILE_MANIFEST = 1
FILE_SIGNATURE = 2
FILE_FIRST = 3
FILE_MOST_BYTES = 19998  # record numbers end at 9999
UPDATE_HOLD_MS = 3000
HEALTHY_MS = 10000  # a start that lasts so long is a good one

# --- Board configuration, in flash, written at commissioning; the node compares the CRC ------
CONFIG_FIELDS = (
    "address",
    "rail_mm",  # length of the rail, wall to wall
    "width_mm",  # of this carriage
    "min_mm",  # lowest legal left-edge position
    "max_mm",
    "max_speed_mm_s",
    "find_speed_mm_s",
    "stall_ma",
    "um_per_count",  # encoder, micrometres per count
    "left_is_board",  # 1 = the left neighbour is a carriage with a board of its own
    "right_is_board",
    "hold_last_mm",  # an aisle closing below this closes only while Start is held; 0 = not wanted here
)
