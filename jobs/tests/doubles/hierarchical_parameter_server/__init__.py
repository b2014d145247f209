"""A double of NVIDIA's module of this name, for tests alone: it is no HPS, and nothing made with it is served.

It has the one class that the programs here use, with the arguments of the published one, and keeps three habits of it:
the configuration's path is frozen into the graph as it was given, the file is read when the graph runs, and the graph
holds the numbers of the GPUs that were visible when it was traced, without which tracing fails.
The lookup itself is a TensorFlow gather from the table that the configuration names.
"""

import tensorflow as tf
from tensorflow.python.framework import config


class LookupLayer(tf.keras.layers.Layer):
    """Rows of the table for int32 keys of any shape: float32 (*keys.shape, emb_vec_size)."""

    def __init__(
        self, model_name, table_id, emb_vec_size, emb_vec_dtype, ps_config_file="", global_batch_size=1, **kwargs
    ):
        super().__init__(**kwargs)
        if emb_vec_dtype != tf.float32:
            raise ValueError(f"emb_vec_dtype is {emb_vec_dtype}; only float32 is allowed")
        self.model_name, self.table_id, self.emb_vec_size = model_name, table_id, emb_vec_size
        self.ps_config_file, self.global_batch_size = ps_config_file, global_batch_size

    def call(self, inputs):
        """Gather; the arguments that the real op has as attributes stand in the graph as constants by their names."""
        gpus = config.get_visible_devices("GPU")
        assert len(gpus) > 0
        tf.constant([int(gpu.name.split(":")[-1]) for gpu in gpus], tf.int32, name="visible_devices")
        tf.constant(self.model_name, name="model_name")
        tf.constant(self.global_batch_size, name="global_batch_size")
        text = tf.io.read_file(tf.constant(self.ps_config_file, name="ps_config_file"))
        folder = tf.strings.regex_replace(
            tf.strings.regex_replace(text, r"\s", ""), r'.*"sparse_files":\["(.*?)".*', r"\1"
        )
        vectors = tf.io.decode_raw(tf.io.read_file(folder + "/emb_vector"), tf.float32)
        rows = tf.gather(tf.reshape(vectors, [-1, self.emb_vec_size]), inputs)
        rows.set_shape([*inputs.shape, self.emb_vec_size])
        return rows
