"""Speed of writing the table row by row in Python, each key and each vector packed alone, as the published script does.

    python3 stock_rows.py FOLDER ROWS WIDTH

Prints JSON: seconds and bytes for that many rows. The vectors lie ready in memory, so only the writing is timed.
"""

import json
import struct
import sys
import time
from pathlib import Path

import numpy as np


def main():
    folder, rows, width = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    vectors = np.random.default_rng(1).random((rows, width), "f4")
    started = time.monotonic()
    with (folder / "key").open("wb") as keys, (folder / "emb_vector").open("wb") as table:
        for row in range(rows):
            keys.write(struct.pack("<q", row))
            table.write(struct.pack(f"<{width}f", *vectors[row]))
    seconds = time.monotonic() - started
    written = sum((folder / name).stat().st_size for name in ("key", "emb_vector"))
    if (folder / "emb_vector").read_bytes() != vectors.tobytes():
        raise SystemExit("the loop wrote other bytes than the array holds")
    print(json.dumps({"seconds": seconds, "bytes": written}))


main()
