"""CRC-32C: the published values, and the same one whatever the pieces."""

import random

from support import FolderCase, needs

try:
    import hpsb_crc32c
    import numpy as np
except ImportError:  # the class below is skipped then
    np = None


@needs("numpy")
class Crc32cTest(FolderCase):
    def test_gives_the_published_check_values(self):
        # RFC 3720 appendix B.4 (iSCSI), and the check value of the catalogue of CRCs.
        for text, value in (
            (b"123456789", 0xE3069283),
            (b"\0" * 32, 0x8A9136AA),
            (b"\xff" * 32, 0x62A8AB43),
            (bytes(range(32)), 0x46DD794E),
            (bytes(range(31, -1, -1)), 0x113FDB5C),
            (b"", 0),
        ):
            whole = hpsb_crc32c.Crc32c()
            whole.update(text)
            self.assertEqual((hpsb_crc32c.crc32c(text), whole.value()), (value, value))

    def test_masks_as_leveldb_does(self):
        self.assertEqual(hpsb_crc32c.masked(0), 0xA282EAD8)
        # Rotated right by 15 bits, then the constant is added; the sum wraps around at 32 bits.
        self.assertEqual(hpsb_crc32c.masked(0xFFFFFFFF), (0xFFFFFFFF + 0xA282EAD8) & 0xFFFFFFFF)
        self.assertEqual(hpsb_crc32c.masked(1), (1 << 17) + 0xA282EAD8)

    def test_agrees_with_the_bytewise_definition_around_the_length_where_folding_begins(self):
        data = np.random.PCG64(3).random_raw(30_000).tobytes()
        edge = hpsb_crc32c._DEGREE * 8
        for length in (0, 1, 3, 4, 7, 8, 9, edge - 1, edge, edge + 1, edge + 8, 3 * edge + 5, len(data)):
            crc = hpsb_crc32c.Crc32c()
            crc.update(data[:length])
            self.assertEqual(crc.value(), hpsb_crc32c.crc32c(data[:length]), f"{length} bytes")

    def test_does_not_depend_on_the_pieces_and_leaves_them_alone(self):
        data = np.random.PCG64(4).random_raw(60_000).tobytes()
        wanted = hpsb_crc32c.crc32c(data)
        seed = random.randrange(2**32)
        lengths = random.Random(seed)
        for _ in range(5):
            crc, at, array = hpsb_crc32c.Crc32c(), 0, np.frombuffer(bytearray(data), "u1")
            while at < len(array):
                step = lengths.choice((1, 5, 8, 4096, 54_216, 200_001))
                crc.update(array[at : at + step].data)
                at += step
            self.assertEqual(crc.value(), wanted, f"seed {seed}")
            self.assertEqual(array.tobytes(), data)
