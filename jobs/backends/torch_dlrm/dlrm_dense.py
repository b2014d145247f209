"""The dense half of the DLRM on the GPU: weights from the artifacts, in fp16, fp32 or TF32.

A dense half has ``bottom(dense, out, samples)``: float32 (N, features) to vectors (N, width), and ``top(features,
scores, samples)``: (N, padded features) to sigmoid scores float32 (N,) in page-locked memory. Weights are (inputs,
outputs), as the artifacts hold them. ``reads_host``: ``dense`` may be the address of page-locked memory.
"""

import numpy as np
import torch
import triton

import dlrm_kernels as kernels

_ALIGNED = 16  # tensor cores want the inner length of a product in multiples of 8 (fp16) or 4 (TF32)


def read_weights(path):
    """[(kernel float32 (inputs, outputs), bias float32 (outputs,))] of the bottom and of the top MLP."""
    with np.load(path) as file:
        return [
            [
                (file[f"{half}_{index}_kernel"], file[f"{half}_{index}_bias"])
                for index in range(int(file[f"{half}_layers"]))
            ]
            for half in ("bottom", "top")
        ]


def padded(length):
    """Length of a feature row with what makes it a multiple of 16."""
    return -(-length // _ALIGNED) * _ALIGNED


def _with_zero_rows(kernel, inputs):
    """A kernel for inputs that are padded: the weights of the padding are zero."""
    return np.pad(kernel, ((0, inputs - kernel.shape[0]), (0, 0)))


class HalfPrecision:
    """fp16 weights and activations, fp32 sums: the bottom and the end of the top in one kernel each, cuBLAS between."""

    dtype = torch.float16
    precision = "ieee"
    reads_host = True
    lookup_warps = 1  # of one sample; measured, as are the blocks below

    def __init__(self, bottom, top, device):
        def put(array, kind=torch.float32):
            return torch.from_numpy(np.ascontiguousarray(array)).to(device, kind)

        (self.w1, self.b1), (self.w2, self.b2), (self.w3, self.b3) = (
            (put(kernel, self.dtype), put(bias)) for kernel, bias in bottom
        )
        self.features = padded(top[0][0].shape[0])
        top = [(_with_zero_rows(top[0][0], self.features), top[0][1]), *top[1:]]
        self.middle = [(put(kernel, self.dtype), put(bias, self.dtype)) for kernel, bias in top[:-2]]
        (self.w4, self.b4), (last, self.b_last) = (put(top[-2][0], self.dtype), put(top[-2][1])), map(put, top[-1])
        self.w_last = last.reshape(-1)

    def bottom(self, dense, out, samples):
        features, (h1, h2) = self.w1.shape[0], self.w2.shape
        block = 32 if samples <= 1024 else 64
        kernels.bottom_mlp[(triton.cdiv(samples, block),)](
            dense, self.w1, self.b1, self.w2, self.b2, self.w3, self.b3, out, samples,
            FEATURES=features, PADDED=max(16, triton.next_power_of_2(features)), H1=h1, H2=h2, WIDTH=out.shape[1],
            BLOCK=block, CHUNK=64, num_warps=4,
        )  # fmt: skip

    def top(self, features, scores, samples):
        x = features
        for weights, bias in self.middle:
            x = torch._addmm_activation(bias, x, weights)  # ReLU in cuBLAS's epilogue
        inputs, units = self.w4.shape
        block, warps = (32, 4) if samples <= 1024 else (128, 8)
        kernels.last_layers[(triton.cdiv(samples, block),)](
            x, self.w4, self.b4, self.w_last, self.b_last, scores.data_ptr(), samples,
            INPUTS=inputs, UNITS=units, BLOCK=block, CHUNK=64, num_warps=warps,
        )  # fmt: skip


class SinglePrecision:
    """float32 throughout. ``tf32``: products in TF32, as TensorFlow makes them on such a GPU; else exact products."""

    dtype = torch.float32
    reads_host = False
    lookup_warps = 4

    def __init__(self, bottom, top, device, tf32=False):
        self.numbers = bottom[0][0].shape[0]
        # A switch of the process: each model has a process of its own.
        torch.backends.cuda.matmul.allow_tf32 = tf32
        self.precision = "tf32" if tf32 else "ieee"

        def put(array):
            return torch.from_numpy(np.ascontiguousarray(array)).to(device)

        self.features = padded(top[0][0].shape[0])
        top = [(_with_zero_rows(top[0][0], self.features), top[0][1]), *top[1:]]
        self.layers = [[(put(kernel), put(bias)) for kernel, bias in half] for half in (bottom, top)]

    def bottom(self, dense, out, samples):
        x = dense
        for weights, bias in self.layers[0]:
            x = torch._addmm_activation(bias, x, weights)
        out.copy_(x)

    def top(self, features, scores, samples):
        x = features
        *hidden, (weights, bias) = self.layers[1]
        for kernel, shift in hidden:
            x = torch._addmm_activation(shift, x, kernel)
        scores.copy_(torch.sigmoid(torch.addmm(bias, x, weights)).reshape(-1), non_blocking=True)
