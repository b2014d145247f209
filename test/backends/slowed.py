# For tests only: what bench/aa puts behind a copy of jobs/backends/onnx_cpu/model.py. Every request then takes a tenth
# longer, by sleeping. A real regression, of a known size.
import time


class _Slowed(TritonPythonModel):  # noqa: F821 - of the file that this stands behind
    SHARE = 0.10

    def execute(self, requests):
        started = time.perf_counter()
        responses = super().execute(requests)
        time.sleep(self.SHARE * (time.perf_counter() - started))
        return responses


TritonPythonModel = _Slowed
