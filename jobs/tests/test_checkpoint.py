"""The checkpoint's index: TensorFlow's own is read back, ours is read by TensorFlow, and damage is noticed."""

import os

from support import FolderCase, needs

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

try:
    import hpsb_checkpoint
    import hpsb_crc32c
except ImportError:  # numpy is missing, and the classes below are skipped
    pass


@needs("numpy")
class TableFormatTest(FolderCase):
    def test_reads_what_it_writes(self):
        for count in (1, 2, 15, 16, 17, 100):
            pairs = [(f"layer_{number:03}/kernel".encode(), bytes([number]) * (number * 7)) for number in range(count)]
            self.assertEqual(hpsb_checkpoint.read_table(hpsb_checkpoint.table_of(pairs)), pairs)

    def test_refuses_what_is_no_table_or_damaged(self):
        whole = hpsb_checkpoint.table_of([(b"", b"header"), (b"a", b"1"), (b"ab", b"2")])
        with self.assertRaisesRegex(ValueError, "magic number"):
            hpsb_checkpoint.read_table(whole[:-1])
        with self.assertRaisesRegex(ValueError, "no table"):
            hpsb_checkpoint.read_table(b"")
        for at in (0, 5, 12):
            damaged = bytearray(whole)
            damaged[at] ^= 1
            with self.assertRaisesRegex(ValueError, "CRC does not agree"):
                hpsb_checkpoint.read_table(bytes(damaged))


@needs("numpy", "tensorflow")
class TensorFlowTest(FolderCase):
    def save(self, **tensors):
        """Save tensors as TensorFlow does; returns the prefix."""
        import tensorflow as tf

        prefix = self.folder / "variables"
        names = sorted(tensors)
        tf.raw_ops.SaveV2(
            prefix=str(prefix),
            tensor_names=names,
            shape_and_slices=[""] * len(names),
            tensors=[tf.constant(tensors[n]) for n in names],
        )
        return prefix

    def load(self, prefix, name, dtype):
        """One tensor of a checkpoint, as TensorFlow restores it, CRC and all."""
        import tensorflow as tf

        return tf.raw_ops.RestoreV2(prefix=str(prefix), tensor_names=[name], shape_and_slices=[""], dtypes=[dtype])[
            0
        ].numpy()

    def test_writes_an_index_like_tensorflows_byte_for_byte(self):
        import numpy as np

        many = {f"layer_{n:02}/kernel/.ATTRIBUTES/VARIABLE_VALUE": np.full((n + 1, 3), n, "f4") for n in range(40)}
        written = self.save(**many).with_name("variables.index").read_bytes()
        pairs = hpsb_checkpoint.read_table(written)
        self.assertEqual([key.decode() for key, _ in pairs], ["", *sorted(many)])
        self.assertEqual(hpsb_checkpoint.read_table(hpsb_checkpoint.table_of(pairs)), pairs)

    def test_puts_a_file_in_the_place_of_a_stand_in(self):
        import numpy as np

        dense, names = np.random.default_rng(1).random((5, 7), "f4"), np.array([b"one", b"a longer text"])
        prefix = self.save(alpha=dense, table=np.zeros((3, 4), "f4"), words=names)
        real = np.random.default_rng(2).random((1000, 4), "f4")
        shard = hpsb_checkpoint.put_tensor_in_second_shard(
            prefix, "table", real.shape, hpsb_crc32c.crc32c(real.tobytes())
        )
        self.assertEqual(shard.name, "variables.data-00001-of-00002")
        shard.write_bytes(real.tobytes())
        np.testing.assert_array_equal(self.load(prefix, "table", "float32"), real)
        np.testing.assert_array_equal(self.load(prefix, "alpha", "float32"), dense)
        self.assertEqual(self.load(prefix, "words", "string").tolist(), names.tolist())
        left = {path.name for path in self.folder.iterdir()}
        self.assertEqual(left, {"variables.index", "variables.data-00000-of-00002", "variables.data-00001-of-00002"})

    def test_tensorflow_refuses_a_table_that_differs_in_one_bit(self):
        import numpy as np
        import tensorflow as tf

        real = np.random.default_rng(2).random((1000, 4), "f4")
        prefix = self.save(table=np.zeros((3, 4), "f4"))
        shard = hpsb_checkpoint.put_tensor_in_second_shard(
            prefix, "table", real.shape, hpsb_crc32c.crc32c(real.tobytes())
        )
        damaged = bytearray(real.tobytes())
        damaged[8000] ^= 1
        shard.write_bytes(damaged)
        with self.assertRaises(tf.errors.DataLossError):
            self.load(prefix, "table", "float32")

    def test_names_a_tensor_that_is_not_there(self):
        import numpy as np

        prefix = self.save(alpha=np.zeros(3, "f4"))
        with self.assertRaisesRegex(ValueError, "no tensor table"):
            hpsb_checkpoint.put_tensor_in_second_shard(prefix, "table", (1, 1), 0)
