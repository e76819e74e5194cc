"""The program of every board. ``SLOT``: folder of the image that runs, told by the loader; "" = not from an image."""

SLOT = ""
