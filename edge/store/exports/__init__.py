"""What leaves the store as files: tables as CSV, XLSX and JSON Lines, finding aids as EAD 2002, EAD3 and AtoM CSV.

Everything is read in one read-only transaction and written row by row, so an export shows one moment and needs little
memory, also beside a running node. What a format cannot carry is said in its own module.
"""
