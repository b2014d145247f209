"""Page-locks the shared memory in which Triton hands over inputs, so that the GPU copies from there without staging.

The python backend keeps one region of /dev/shm mapped for as long as the model lives; where it has to grow, the larger
region is mapped at another address and the old mapping stays.
"""

import torch

_MOST_TRIES = 8  # a region that grows again and again is left alone


def _mapping_of(address):
    """(start, end) of the mapping of shared memory that holds an address, or None."""
    with open("/proc/self/maps", encoding="ascii", errors="replace") as file:
        for line in file:
            span, _, rest = line.partition(" ")
            start, end = (int(part, 16) for part in span.split("-"))
            if start <= address < end:
                return (start, end) if "/dev/shm/" in rest else None
    return None


class SharedMemoryPins:
    """The mappings that are page-locked so far."""

    def __init__(self):
        self._spans, self._tries = [], 0

    def hold(self, tensor):
        """Whether the memory of a tensor in host memory is page-locked; locks its mapping where that can be done."""
        start = tensor.data_ptr()
        end = start + tensor.nbytes
        if any(low <= start and end <= high for low, high in self._spans):
            return True
        if self._tries == _MOST_TRIES:
            return False
        self._tries += 1
        span = _mapping_of(start)
        if span is None or end > span[1]:
            return False
        if int(torch.cuda.cudart().cudaHostRegister(span[0], span[1] - span[0], 0)) != 0:
            return False
        self._spans.append(span)
        return True
