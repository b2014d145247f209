# For tests only: stands behind a copy of jobs/backends/onnx_cpu/model.py. Every request takes longer than the one
# before, as on a GPU that heats up, only faster.
import time


class _Drifting(TritonPythonModel):  # noqa: F821 - of the file that this stands behind
    MORE_S = 0.0005
    _answered = 0

    def execute(self, requests):
        type(self)._answered += 1
        time.sleep(self.MORE_S * (self._answered % 200))
        return super().execute(requests)


TritonPythonModel = _Drifting
