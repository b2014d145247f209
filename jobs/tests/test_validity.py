"""Every figure by which a measurement is invalid, from recorded samples of an H200 and recorded evidence.

test/fixtures/evidence/README.md says where they are from. What is edited here is said at its place.
"""

import json
import shutil

import support
from hpsb_evidence import owes_nothing
from hpsb_gpu_window import GpuWindow
from hpsb_validity import doubted, figures_of

FIXTURES = support.REPOSITORY / "test" / "fixtures" / "evidence"
ALONE = ("2026-11-25T03:22:52+00:00", "2026-11-25T03:23:03+00:00")
CAPPED = ("2026-11-25T03:23:11+00:00", "2026-11-25T03:23:32+00:00")
SHARED = ("2026-11-25T03:23:40+00:00", "2026-11-25T03:23:51+00:00")


def evidence():
    return json.loads((FIXTURES / "time-windows.json").read_text(encoding="utf-8"))


class GpuFiguresTest(support.FolderCase):
    def setUp(self):
        super().setUp()
        self.path = self.folder / "gpu-samples.ndjson"
        shutil.copy(FIXTURES / "gpu-samples-h200.ndjson", self.path)

    def gpus(self, between, expecting_none_of=True):
        """A window over the recorded samples; the baseline of processes is read from an empty file, as at the start."""
        window = GpuWindow(self.folder / "nothing" if expecting_none_of else self.folder)
        window._path = self.path
        return window.since(0, *between)

    def figures(self, between, clocks=None):
        return figures_of({"gpus": self.gpus(between)}, clocks)

    def test_a_gpu_that_is_ours_alone_and_at_its_clock_is_not_doubted(self):
        found = self.figures(ALONE)
        self.assertEqual(found["gpu_other_processes"], 0)
        self.assertEqual((found["gpu_power_cap_share"], found["gpu_slowdown_share"]), (0, 0))
        self.assertEqual(found["gpu_clock_loss"], 0)

    def test_a_power_limit_is_seen_in_the_share_of_samples_and_explains_the_clock(self):
        found = self.figures(CAPPED, {"GPU-3f5d8e3c-ecd8-9cfa-4a21-8b2f6265171f": 1980})
        self.assertEqual(found["gpu_power_cap_share"], 1)
        self.assertIsNone(found["gpu_clock_loss"])
        self.assertEqual(self.gpus(CAPPED)[0]["sm_clock_mhz"]["median"], 1410)

    def test_a_clock_below_the_runs_is_seen_where_no_power_limit_explains_it(self):
        # Edited: the reason of each sample is taken away, as with a clock that somebody lowered.
        text = self.path.read_text(encoding="utf-8").replace("0x0000000000000004", "0x0000000000000000")
        self.path.write_text(text, encoding="utf-8")
        found = self.figures(CAPPED, {"GPU-3f5d8e3c-ecd8-9cfa-4a21-8b2f6265171f": 1980})
        self.assertAlmostEqual(found["gpu_clock_loss"], 1 - 1410 / 1980)

    def test_another_process_is_seen_and_ours_is_not(self):
        self.assertEqual(self.figures(SHARED)["gpu_other_processes"], 1)
        [other] = self.gpus(SHARED)[0]["other_processes"]
        self.assertEqual((other["pid"], other["memory_mib"]), (567, 682))

    def test_heat_and_hardware_slowdowns_are_seen(self):
        for reason in ("0x0000000000000008", "0x0000000000000020", "0x0000000000000040", "0x0000000000000080"):
            # Edited: the reason of one sample.
            lines = (FIXTURES / "gpu-samples-h200.ndjson").read_text(encoding="utf-8").splitlines()
            at = next(number for number, line in enumerate(lines) if "03:22:55" in line)
            lines[at] = lines[at].replace("0x0000000000000000", reason)
            self.path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            self.assertGreater(self.figures(ALONE)["gpu_slowdown_share"], 0, reason)

    def test_processes_that_nobody_can_tell_are_ours_if_they_were_there_when_measuring_began(self):
        # Edited: as in a container that sees the node's process numbers but not its processes.
        text = self.path.read_text(encoding="utf-8").replace('"own": true', '"own": null')
        text = text.replace('"own": false', '"own": null')
        before, behind = text.split('{"at": "2026-11-25T03:23:40', 1)
        self.path.write_text(before, encoding="utf-8")
        window = GpuWindow(self.folder)
        mark = window.begin()
        newcomer = '{"at": "2026-11-25T03:23:40' + behind.replace('"pid": 567', '"pid": 999')
        self.path.write_text(before + newcomer, encoding="utf-8")
        [gpu] = window.since(mark, *SHARED)
        self.assertEqual([process["pid"] for process in gpu["other_processes"]], [999])

    def test_a_machine_without_a_gpu_has_no_such_figures(self):
        window = GpuWindow(self.folder / "nothing")
        found = figures_of({"gpus": window.since(window.begin(), *ALONE)})
        self.assertEqual({found[name] for name in found if name.startswith("gpu_")}, {None})

    def test_a_line_cut_off_is_passed_over(self):
        text = self.path.read_text(encoding="utf-8")
        self.path.write_text(text[: text.rindex("\n") - 40], encoding="utf-8")
        self.assertEqual(len(self.gpus(ALONE)), 1)


class OtherFiguresTest(support.FolderCase):
    def test_recorded_evidence_is_not_doubted(self):
        self.assertEqual(doubted(evidence()), [])
        self.assertTrue(owes_nothing(evidence()))

    def changed(self, **fields):
        """The evidence with its figures computed anew after an edit."""
        document = {**evidence(), **fields}
        return {**document, "figures": figures_of(document)}

    def test_a_container_that_was_held_back_is_doubted_on_either_side(self):
        # Edited: held back for 0.4 of 10 s.
        held = {"seconds": 10.0, "periods": 100, "throttled_periods": 12, "throttled_us": 400_000}
        for side in ("client", "server"):
            other = "client" if side == "server" else "server"
            document = self.changed(cpu_throttling={side: held, other: None})
            self.assertEqual(doubted(document), [f"{side}_cpu_throttled_share"])
            self.assertAlmostEqual(document["figures"][f"{side}_cpu_throttled_share"], 0.04)
            self.assertFalse(owes_nothing(document))

    def test_a_triton_that_was_started_again_is_doubted(self):
        document = self.changed(server={**evidence()["server"], "restarted": True})
        self.assertEqual(doubted(document), ["triton_restarts"])

    def test_a_drift_is_doubted_if_it_is_large_and_no_chance(self):
        windows = evidence()["windows"]
        for p, share, expected in (
            (0.001, -0.05, ["drift_share"]),
            (0.001, 0.02, []),
            (0.2, 0.3, []),
            (None, None, []),
        ):
            document = self.changed(windows={**windows, "drift_p": p, "drift_share": share})
            self.assertEqual(doubted(document), expected, (p, share))

    def test_evidence_of_a_release_that_did_not_look_is_not_doubted(self):
        document = evidence()
        for name in ("figures", "limits", "gpus", "server", "windows", "cpu_throttling"):
            del document[name]
        self.assertEqual(doubted(document), [])

    def test_a_passed_deadline_owes_another_attempt_although_perf_analyzer_ended_with_0(self):
        self.assertFalse(owes_nothing({**evidence(), "deadline_exceeded": True}))
