"""node.toml of a node on a small live bench: one bus, one block, one sensor board at 21."""

from pathlib import Path

from edge.domain.block import Layout
from hardware_tests.virtual.layouts import demo_motion


def node_toml(bus: Path, layout: Layout) -> str:
    motion = demo_motion()
    columns = "\n".join(
        f"[[block.column]]\nno = {column.no}\nwidth_mm = {column.width_mm}\n"
        + ("fixed = true" if column.fixed else f"address = {column.address}")
        for column in layout.columns
    )
    return f"""
[node]
id = "test-node"
name = "test"
data_dir = "data"
run_dir = "run"
keys_dir = "keys"
[panel]
port = 8080
[[bus]]
id = "shelving"
port = "{bus}"
baud = 115200
parity = "N"
[block]
area = "{layout.area}"
bus = "shelving"
rail_mm = {layout.rail_mm}
aisle_mm = {layout.aisle_mm}
sections = {layout.sections}
levels = {layout.levels}
positions = {layout.positions}
find_speed_mm_s = {motion.find_speed_mm_s}
stall_ma = {motion.stall_ma}
um_per_count = {motion.um_per_count}
{columns}
[[sensors]]
address = 21
bus = "shelving"
place = "north"
"""
