"""The bus owner speaking at a serial port for the length of one question."""

import asyncio

from edge.motion.bus import Bus


def on_bus(path, what, within_s=60):
    """Run ``what(bus)`` while the bus owner speaks at ``path``; its answer."""

    async def run():
        bus = Bus(path, 115200, "N")
        speaking = asyncio.create_task(bus.run())
        try:
            return await what(bus)
        finally:
            speaking.cancel()
            await asyncio.wait([speaking])

    return asyncio.run(asyncio.wait_for(run(), within_s))
