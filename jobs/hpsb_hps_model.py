"""The deployment tf_with_hps as a Keras 2 model: HPS looks the keys up on the GPU, the dense half scores the rows.

Needs the module ``hierarchical_parameter_server`` of NVIDIA's images. Saving only traces: the parameter server itself
is started by the first request to the server that loads the SavedModel, from the ``dlrm.json`` in its working folder.
"""

from __future__ import annotations

from contextlib import contextmanager

import tensorflow as tf
from hpsb_console import EnvironmentFaultError

MODULE = "hierarchical_parameter_server"
PS_CONFIG_FILE = "dlrm.json"  # baked into the graph, relative to the working folder of the server


def import_hps():
    """The module. Raises EnvironmentFaultError with its own words where it is there but cannot be loaded."""
    try:
        import hierarchical_parameter_server as hps
    except Exception as problem:  # its libraries may be missing, or those of the driver: whatever it raises
        raise EnvironmentFaultError(
            f"the Python module {MODULE} cannot be loaded ({type(problem).__name__}: {problem}); tf_with_hps needs it:"
            " use NVIDIA's merlin-tensorflow image, on a node whose driver libraries the container sees"
        ) from problem
    return hps


class HpsDlrm(tf.keras.Model):
    """Keys int32 (N, slots) and dense values float32 (N, features) to scores (N, 1)."""

    def __init__(self, model, hps_settings, dense_half):
        super().__init__(name=model.name)
        self.lookup = import_hps().LookupLayer(
            model_name=model.name,
            table_id=0,
            emb_vec_size=model.embedding_width,
            emb_vec_dtype=tf.float32,
            ps_config_file=PS_CONFIG_FILE,
            global_batch_size=hps_settings.max_batch_size,
            name="lookup",
        )
        self.dense_half = dense_half

    def call(self, inputs):
        """Look up, then score."""
        embedding = self.lookup(inputs["categorical_features"])
        return self.dense_half([embedding, inputs["numerical_features"]])


@contextmanager
def visible_gpus(devices):
    """While tracing, TensorFlow names the GPUs of the server, which need not be in the machine that builds.

    HPS writes the numbers of the visible GPUs into the graph and wants those of ``deployed_device_list`` when it
    starts; without any it does not trace at all. So a node without a GPU, or with more, can make the same SavedModel.
    """
    from tensorflow.python.framework import config

    real = config.get_visible_devices

    def named(device_type=None):
        if device_type == "GPU":
            return [config.context.PhysicalDevice(f"/physical_device:GPU:{number}", "GPU") for number in devices]
        return real(device_type)

    config.get_visible_devices = named
    try:
        yield
    finally:
        config.get_visible_devices = real


def save_hps(model, hps_settings, dense_half, inputs, path):
    """Trace the model on symbolic inputs and save it with the default options, as published."""
    dlrm = HpsDlrm(model, hps_settings, dense_half)
    with visible_gpus(hps_settings.deployed_devices):
        dlrm(inputs)
        dlrm.save(str(path), save_format="tf")
