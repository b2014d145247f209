"""The stopping rule against the cases that src/adaptive answers too, and what is left to measure under it."""

import json
import math
import unittest

import support
from hpsb_adaptive import figure_of, needed, next_action

SHARED = json.loads((support.REPOSITORY / "test" / "fixtures" / "adaptive.json").read_text(encoding="utf-8"))
RECORDED = json.loads(
    (support.REPOSITORY / "test" / "fixtures" / "evidence" / "time-windows.json").read_text(encoding="utf-8")
)


class NextActionTest(unittest.TestCase):
    def test_answers_every_case_as_the_typescript_side_does(self):
        reference = math.log(SHARED["published"])
        seen = set()
        for case in SHARED["cases"]:
            found = next_action(case["values"], reference, SHARED["settings"])
            self.assertEqual(found, case["expected"], case["values"])
            seen.add(found)
        self.assertEqual(seen, {"continue", "reproduced", "regressed", "improved", "inconclusive"})


class NeededTest(unittest.TestCase):
    def evidence(self, repeat):
        """The recorded evidence (native_tf, batch 256) as another repeat: the same figure each time."""
        return {**RECORDED, "repeat": repeat}

    def items(self, first):
        return [
            {"id": f"{variant}-{repeat}", "variant": variant, "batch": 256, "repeat": repeat}
            for repeat in range(first, 15)
            for variant in ("native_tf", "onnx_cpu")
        ]

    def table(self, published):
        return {**SHARED["settings"], "references": {"native_tf/256": math.log(published)}}

    def test_is_the_next_repeat_of_every_cell_that_is_not_certain(self):
        there = [self.evidence(repeat) for repeat in (1, 2, 3)]
        near, far = self.table(figure_of(RECORDED)), self.table(3 * figure_of(RECORDED))
        self.assertEqual([item["id"] for item in needed(near, there, self.items(4))], ["onnx_cpu-4"])
        self.assertEqual([item["id"] for item in needed(far, there, self.items(4))], ["native_tf-4", "onnx_cpu-4"])

    def test_is_everything_without_a_table(self):
        self.assertEqual(needed(None, [], self.items(1)), self.items(1))

    def test_leaves_canaries_alone(self):
        canary = {"id": "canary", "variant": "native_tf", "batch": 256, "repeat": 4, "role": "canary"}
        there = [self.evidence(repeat) for repeat in (1, 2, 3)]
        owed = [*self.items(4), canary]
        self.assertEqual(needed(self.table(figure_of(RECORDED)), there, owed)[-1], canary)


class FigureTest(unittest.TestCase):
    def test_is_that_of_the_judge(self):
        self.assertAlmostEqual(figure_of(RECORDED), 151801.64, places=1)
        text = RECORDED["text"].replace("count: 70", "count: 46")
        self.assertEqual(figure_of({**RECORDED, "text": text, "windows": {"mean_us": 7.0}}), 7.0)


if __name__ == "__main__":
    unittest.main()
