"""The embedding table's bytes: independent of chunks, in range, and the same for ever."""

import errno
import fcntl
import hashlib
import threading
from pathlib import Path
from unittest import mock

import settings
from support import TINY, FolderCase, document, needs

try:
    import hpsb_crc32c
    import hpsb_seeded
    import hpsb_table
    import numpy as np
except ImportError:  # the classes below are skipped then
    np = None


def model_of(cardinalities, **changes):
    """The checked model of a document."""
    return settings.parse(document(Path("/nowhere"), cardinalities, **changes), (), ()).model


@needs("numpy")
class TableTest(FolderCase):
    def written(self, model):
        """Write the table and read it back: (digest, rows)."""
        path = self.folder / "emb_vector"
        steps = []
        digest, crc = hpsb_table.write_vectors(path, model, steps.append)
        self.assertEqual(digest, hashlib.sha256(path.read_bytes()).hexdigest())
        if path.stat().st_size < 1 << 22:
            self.assertEqual(crc, hpsb_crc32c.crc32c(path.read_bytes()))
        self.assertEqual(steps[-1], model.rows)
        return digest, np.fromfile(path, "<f4").reshape(model.rows, model.embedding_width)

    def test_has_the_same_rows_whatever_the_chunks(self):
        model = model_of([20_000, 1] + [3] * 24)
        _, table = self.written(model)
        table_of = (model.embedding_width, model.table.low, model.table.high)
        for step in (1000, 8191, 8192, 8193, 20_073):
            starts = range(0, model.rows, step)
            pieces = [hpsb_seeded.table_rows(model.seed, a, min(a + step, model.rows), *table_of) for a in starts]
            np.testing.assert_array_equal(np.concatenate(pieces), table, err_msg=f"chunks of {step}")

    def test_has_the_same_bytes_whatever_the_number_of_threads_and_the_size_of_a_tile(self):
        model = model_of([30_000] + [1] * 25)
        first, _ = self.written(model)
        for drawers, tile in ((1, 1 << 15), (2, 1 << 10), (9, 1 << 20)):
            processors = mock.patch.object(hpsb_table.os, "sched_getaffinity", lambda _, n=drawers: range(n))
            most = mock.patch.object(hpsb_table, "_MOST_DRAWERS", drawers)
            with processors, most, mock.patch.object(hpsb_seeded, "_TILE", tile):
                self.assertEqual(self.written(model)[0], first)

    def test_has_the_same_bytes_where_the_file_system_takes_no_direct_writes(self):
        model = model_of([10_000] + [1] * 25)
        first, _ = self.written(model)
        real_open, real_write = hpsb_table.os.open, hpsb_table.os.write
        refused = []

        def refuse(call, is_direct):
            def wrapped(*arguments):
                if is_direct(*arguments):
                    refused.append(arguments)
                    raise OSError(errno.EINVAL, "Invalid argument")
                return call(*arguments)

            return wrapped

        at_open = refuse(real_open, lambda _, flags, *__: flags & hpsb_table._DIRECT)
        at_write = refuse(real_write, lambda n, _: fcntl.fcntl(n, fcntl.F_GETFL) & hpsb_table._DIRECT)
        for name, wrapped in (("open", at_open), ("write", at_write)):
            with mock.patch.object(hpsb_table.os, name, wrapped):
                self.assertEqual(self.written(model)[0], first)
        self.assertEqual(len(refused), 2)

    def test_goes_on_after_a_write_that_takes_less_than_it_was_given(self):
        model = model_of([20_000] + [1] * 25)
        first, _ = self.written(model)
        real = hpsb_table.os.write
        with mock.patch.object(hpsb_table.os, "write", lambda number, data: real(number, data[: 4096 * 5 + 100])):
            self.assertEqual(self.written(model)[0], first)

    def test_ends_with_what_the_caller_raises_and_no_thread_left(self):
        class EnoughError(Exception):
            """Raised by the caller."""

        def at(rows):
            if rows > 10_000:
                raise EnoughError

        before = threading.active_count()
        with self.assertRaises(EnoughError):
            hpsb_table.write_vectors(self.folder / "emb_vector", model_of([50_000] + [1] * 25), at)
        self.assertEqual(threading.active_count(), before)

    def test_keeps_the_bytes_of_one_known_table(self):
        # Fails if another NumPy, machine or edit draws other numbers: scores of old runs would no longer compare.
        self.assertEqual(
            self.written(model_of(TINY))[0], "bd2c53a5f41e51d55b2f31c525b7378e4a0bd5032b3ebbfe31ff3cefbd8e105e"
        )

    def test_grows_without_changing_the_rows_before(self):
        _, small = self.written(model_of([5] * 26))
        _, large = self.written(model_of([700] * 26))
        np.testing.assert_array_equal(small, large[: len(small)])

    def test_is_uniform_in_its_range(self):
        _, table = self.written(model_of([2000] + [1] * 25, model__table__low=-0.25, model__table__high=0.75))
        self.assertTrue(table.min() >= -0.25 and table.max() < 0.75)
        counts, _ = np.histogram(table, bins=20, range=(-0.25, 0.75))
        expected = table.size / 20
        chi_squared = float(((counts - expected) ** 2 / expected).sum())
        self.assertLess(chi_squared, 43.8)  # 19 degrees of freedom, 0.1 % tail; the bytes are fixed, so no flakes
        self.assertLess(abs(np.corrcoef(table[:-1].ravel(), table[1:].ravel())[0, 1]), 0.01)

    def test_depends_on_the_seed(self):
        self.assertNotEqual(self.written(model_of(TINY))[0], self.written(model_of(TINY, model__seed=1))[0])

    def test_takes_an_odd_width(self):
        model = model_of(TINY, model__embedding_width=3, model__bottom_mlp=[3])
        _, table = self.written(model)
        self.assertEqual(table.shape, (sum(TINY), 3))
        rows = hpsb_seeded.table_rows(model.seed, 7, 100, 3, model.table.low, model.table.high)
        np.testing.assert_array_equal(rows, table[7:100])

    def test_gives_the_rows_of_any_keys(self):
        model = model_of([20_000] + [1] * 25)
        _, table = self.written(model)
        keys = np.array([[0, 19_999, 8191], [8192, 0, 20_024]], np.int32)
        rows = hpsb_seeded.rows_of_keys(model.seed, keys, 128, model.table.low, model.table.high)
        np.testing.assert_array_equal(rows, table[keys])

    def test_draws_the_published_range_by_option(self):
        _, table = self.written(model_of([2000] + [1] * 25, model__table__low=0, model__table__high=1))
        self.assertTrue(table.min() >= 0 and 0.99 < table.max() < 1)

    def test_numbers_the_keys(self):
        path = self.folder / "key"
        digest = hpsb_table.write_keys(path, 600_000)
        self.assertEqual(digest, hashlib.sha256(path.read_bytes()).hexdigest())
        np.testing.assert_array_equal(np.fromfile(path, "<i8"), np.arange(600_000))


@needs("numpy")
class DenseWeightsTest(FolderCase):
    def test_are_glorot_uniform(self):
        kernel = hpsb_seeded.glorot_uniform(5, 0, 479, 1024)
        limit = (6 / (479 + 1024)) ** 0.5
        self.assertEqual((kernel.dtype, kernel.shape), (np.float32, (479, 1024)))
        self.assertTrue(0.999 * limit < kernel.max() <= limit and -limit <= kernel.min() < -0.999 * limit)
        self.assertLess(abs(kernel.std() / (limit / 3**0.5) - 1), 0.01)

    def test_differ_from_layer_to_layer(self):
        first, second = (hpsb_seeded.glorot_uniform(5, layer, 8, 8) for layer in (0, 1))
        self.assertFalse(np.array_equal(first, second))


@needs("numpy")
class SampleBatchTest(FolderCase):
    def test_stays_in_the_slots(self):
        model = model_of([1, 5] + [2] * 24)
        keys, dense = hpsb_seeded.sample_batch(1, model.offsets, model.cardinalities, 13, 400)
        below = np.asarray(model.offsets) + np.asarray(model.cardinalities)
        self.assertTrue((keys >= model.offsets).all() and (keys < below).all())
        self.assertEqual((keys.dtype, dense.dtype, dense.shape), (np.int32, np.float32, (400, 13)))
