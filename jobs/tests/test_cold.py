"""The cold replays: who is asked, in which order, and to which measurement a replay belongs."""

import json
import unittest
from unittest import mock

import hpsb_cold
import support
from hpsb_cold import cold_of, replay_cold


class TritonDouble:
    """A double of hpsb_triton.Triton: counts what it is asked; a variant in ``warm`` has answered before."""

    def __init__(self, warm=()):
        self.asked = []
        self._warm = set(warm)

    def __call__(self, _address, timeout):
        self.timeout = timeout
        return self

    def statistics(self, variant):
        return {"success": {"count": int(variant in self._warm)}, "fail": {"count": 0}}

    def infer(self, variant, request):
        self.asked.append((variant, request))

    def close(self):
        pass


def item(variant, batch, repeat, role="cell"):
    return {"variant": variant, "batch": batch, "repeat": repeat, "role": role, "id": f"{variant}-{batch}-{repeat}"}


PLAN = [item(v, b, r) for r in (1, 2) for v in ("b", "a") for b in (64, 32)] + [item("a", 64, 1, "canary")]


class ColdTest(support.FolderCase):
    def replay(self, triton, start="first", measurements=PLAN):
        paths = {"results": str(self.folder), "requests": "/requests"}
        with mock.patch.object(hpsb_cold, "Triton", triton), mock.patch.object(
            hpsb_cold, "Request", lambda path: int(path.stem)
        ):
            return replay_cold(
                "x:1", paths, measurements, start, lambda path, doc: path.write_text(json.dumps(doc), encoding="utf-8")
            )

    def test_every_request_goes_once_to_every_variant_smallest_first(self):
        triton = TritonDouble()
        self.replay(triton)
        self.assertEqual(triton.asked, [("b", 32), ("a", 32), ("b", 64), ("a", 64)])
        self.assertGreater(triton.timeout, 600)

    def test_a_replay_belongs_to_the_first_repeat_and_says_whether_the_model_began_with_it(self):
        document = self.replay(TritonDouble())
        self.assertTrue(cold_of(document, PLAN[1])["initialises"])
        self.assertFalse(cold_of(document, PLAN[0])["initialises"])
        self.assertIsNone(cold_of(document, PLAN[5]))
        self.assertIsNone(cold_of(document, PLAN[-1]))

    def test_a_model_that_has_answered_is_not_cold_and_keeps_what_was_noted(self):
        document = self.replay(TritonDouble())
        triton = TritonDouble(warm="ab")
        again = self.replay(triton)
        self.assertEqual((triton.asked, again), ([], document))

    def test_another_start_of_triton_begins_anew_at_the_repeat_that_is_next(self):
        self.replay(TritonDouble())
        second = [entry for entry in PLAN if entry["repeat"] == 2]
        document = self.replay(TritonDouble(), "second", second)
        self.assertIsNotNone(cold_of(document, second[0]))
        self.assertIsNone(cold_of(document, PLAN[0]))

    def test_a_model_that_was_used_by_somebody_else_has_no_cold_replays(self):
        document = self.replay(TritonDouble(warm="a"))
        self.assertIsNone(cold_of(document, item("a", 32, 1)))
        self.assertIsNotNone(cold_of(document, item("b", 32, 1)))


if __name__ == "__main__":
    unittest.main()
