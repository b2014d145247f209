"""Where the time of a request goes, by batch size: sums that are said once, when the model is let go."""

import json
import time

PHASES = ("inputs", "staging", "launch", "gpu", "answer")


class Phases:
    """Nanoseconds between marks, summed over the requests of one batch size."""

    def __init__(self):
        self.sums = {}
        self._marks = []

    def begin(self):
        """A request begins."""
        self._marks = [time.perf_counter_ns()]

    def mark(self):
        """A phase is over, in the order of PHASES."""
        self._marks.append(time.perf_counter_ns())

    def end(self, samples):
        """The request is answered; one that was refused midway is not counted."""
        if len(self._marks) != len(PHASES) + 1:
            return
        entry = self.sums.setdefault(samples, [0] * (len(PHASES) + 1))
        entry[0] += 1
        for index in range(len(PHASES)):
            entry[index + 1] += self._marks[index + 1] - self._marks[index]

    def text(self):
        """One JSON line: {batch: {"requests": n, "inputs_us": mean, ...}}."""
        said = {
            str(samples): {
                "requests": count,
                **{f"{name}_us": round(total / count / 1000, 2) for name, total in zip(PHASES, totals)},
            }
            for samples, (count, *totals) in sorted(self.sums.items())
        }
        return json.dumps(said)
