"""The DLRM of the benchmark as a Keras 2 model (needs TensorFlow; see hpsb_models.py for the program that saves it)."""

from __future__ import annotations

import tensorflow as tf
from hpsb_seeded import glorot_uniform


class MLP(tf.keras.layers.Layer):
    """Dense layers: ReLU on all but the last, whose activation is named."""

    def __init__(self, units, last_activation, name):
        super().__init__(name=name)
        self.steps = [
            tf.keras.layers.Dense(
                width,
                activation="relu" if index < len(units) - 1 else last_activation,
                name=f"{name}_{index}",
            )
            for index, width in enumerate(units)
        ]

    def call(self, inputs):
        """(N, features) to (N, last units)."""
        for step in self.steps:
            inputs = step(inputs)
        return inputs


class Interaction(tf.keras.layers.Layer):
    """Products of all pairs of rows: (N, R, width) to (N, R*(R-1)/2), pairs i<j ordered by j, then i."""

    def __init__(self, rows, name):
        super().__init__(name=name)
        self.rows = rows
        self.pairs = [i * rows + j for j in range(1, rows) for i in range(j)]

    def call(self, inputs):
        """Gram matrix, flattened, its upper triangle gathered."""
        products = tf.matmul(inputs, inputs, transpose_b=True)
        return tf.gather(tf.reshape(products, [-1, self.rows * self.rows]), self.pairs, axis=1)


class Dlrm(tf.keras.Model):
    """The whole model, for a table of ``rows`` zero rows: a stand-in, since the real one is a file of its own."""

    def __init__(self, model, rows):
        super().__init__(name=model.name)
        self.slots = len(model.cardinalities)
        self.width = model.embedding_width
        self.dense_features = model.dense_features
        with tf.device("/CPU:0"):
            self.table = tf.Variable(tf.zeros([rows, self.width]), name="cpu_embedding")
        self.bottom = MLP(model.bottom_mlp, "relu", "bottom")
        self.row = tf.keras.layers.Reshape((1, self.width), name="reshape1")
        self.concat1 = tf.keras.layers.Concatenate(axis=1, name="concat1")
        self.interaction = Interaction(self.slots + 1, name="interaction")
        self.concat2 = tf.keras.layers.Concatenate(axis=1, name="concat2")
        self.top = MLP(model.top_mlp, "sigmoid", "top")

    def symbolic_inputs(self):
        """The two inputs, batch dimension open, by the names that the deployments use."""
        keys = tf.keras.Input((self.slots,), dtype=tf.int32, name="categorical_features")
        dense = tf.keras.Input((self.dense_features,), dtype=tf.float32, name="numerical_features")
        return {"categorical_features": keys, "numerical_features": dense}

    def call(self, inputs):
        """Keys int32 (N, slots) and dense values float32 (N, features) to scores (N, 1)."""
        embedding = tf.nn.embedding_lookup(self.table, inputs["categorical_features"])
        bottom = self.bottom(inputs["numerical_features"])
        rows = self.concat1([embedding, self.row(bottom)])
        return self.top(self.concat2([bottom, self.interaction(rows)]))

    def set_dense_weights(self, seed):
        """Glorot uniform kernels from the seed in the order of the layers, zero biases; the model must be built."""
        for index, layer in enumerate([*self.bottom.steps, *self.top.steps]):
            inputs, units = layer.kernel.shape
            layer.kernel.assign(glorot_uniform(seed, index, inputs, units))
            layer.bias.assign(tf.zeros([units]))


def build(model, rows):
    """The model with dense weights, and its dense half (embedding rows and dense values to score): shared layers."""
    dlrm = Dlrm(model, rows)
    # A graph of Keras layers from calling call() directly: only this gives the layers the .input and .output that the
    # dense half is cut out by.
    inputs = dlrm.symbolic_inputs()
    tf.keras.Model(inputs=inputs, outputs=dlrm.call(inputs))
    embedding = dlrm.concat1.input[0]
    dense_half = tf.keras.Model(inputs=[embedding, dlrm.bottom.input], outputs=dlrm.top.output)
    dlrm(dlrm.symbolic_inputs())
    dlrm.set_dense_weights(model.seed)
    return dlrm, dense_half
