# For tests only: stands behind a copy of jobs/backends/onnx_cpu/model.py. Every request takes longer than the one
# before, as on a GPU that heats up, only faster; a pause cools it down, as between two starts of perf_analyzer.
import time


class _Drifting(TritonPythonModel):  # noqa: F821 - of the file that this stands behind
    MORE_S = 0.0003
    # Starts of perf_analyzer lie 1 to 2.5 s apart; requests of one at most a quarter, also beside other work.
    PAUSE_S = 0.6
    _answered = 0
    _last = 0.0

    def execute(self, requests):
        if time.monotonic() - self._last > self.PAUSE_S:
            self._answered = 0
        self._answered += 1
        time.sleep(self.MORE_S * self._answered)
        responses = super().execute(requests)
        self._last = time.monotonic()
        return responses


TritonPythonModel = _Drifting
