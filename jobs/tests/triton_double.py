"""A double of ``triton_python_backend_utils``, the module that only exists inside Triton's python backend.

It holds just what the models here call, with the same names and argument names.
"""

import numpy as np


class TritonModelException(Exception):  # noqa: N818 (Triton's name)
    """Raised by a model that cannot be loaded."""


class TritonError:
    """An error that becomes the response to one request."""

    def __init__(self, message):
        self._message = message

    def message(self):
        """The text."""
        return self._message


class Tensor:
    """A named array."""

    def __init__(self, name, array):
        self._name = name
        self._array = np.asarray(array)

    def name(self):
        """The tensor's name."""
        return self._name

    def as_numpy(self):
        """The array."""
        return self._array


class InferenceRequest:
    """Named inputs."""

    def __init__(self, **inputs):
        self.inputs = {name: Tensor(name, array) for name, array in inputs.items()}


class InferenceResponse:
    """Outputs, or an error."""

    def __init__(self, output_tensors, error=None):
        self._tensors = output_tensors
        self._error = error

    def output_tensors(self):
        """The tensors of a good response."""
        return self._tensors

    def has_error(self):
        """Whether this is an error."""
        return self._error is not None

    def error(self):
        """The error."""
        return self._error


def get_input_tensor_by_name(request, name):
    """The input of this name."""
    return request.inputs[name]
