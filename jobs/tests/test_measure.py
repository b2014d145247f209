"""What measure.py decides without a server: settings, command line, evidence files, parity."""

import hashlib
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import hpsb_evidence
import measure
import support  # noqa: F401 - puts jobs/ on the path
from hpsb_parity import compare
from hpsb_triton import Request


def settings(**change):
    """The measure part of the settings, as the TypeScript side writes it."""
    options = {
        "perf_analyzer": "perf_analyzer",
        "http": "127.0.0.1:8000",
        "grpc": "127.0.0.1:8001",
        "protocol": "http",
        "mode": "time_windows",
        "window_ms": 5000,
        "stability_percentage": 10,
        "max_trials": 10,
        "warmup_seconds": 1,
        "deadline_seconds": 60,
        "ready_seconds": 60,
        "parity_limit": 1e-5,
        "variants": ["a"],
        "measurements": [],
        **change,
    }
    return {
        "run_id": "r",
        "spec_hash": "h",
        "paths": {"requests": "/requests", "results": "/results"},
        "measure": options,
    }


OTHER = {"id": "b-b32-c1-r1", "variant": "b", "batch": 32, "concurrency": 1, "repeat": 1}
ITEM = {"id": "a-b32-c1-r1", "variant": "a", "batch": 32, "concurrency": 1, "repeat": 1}


class CommandLineTest(unittest.TestCase):
    def test_is_the_published_command_with_the_windows_spelled_out(self):
        self.assertEqual(
            " ".join(measure.command_line(settings(), ITEM, 0.001)),
            "perf_analyzer -m a -u 127.0.0.1:8000 --input-data /requests/32.json --shape categorical_features:32,26"
            " --shape numerical_features:32,13 -p 5000 -s 10 -r 10",
        )

    def test_sizes_a_request_count_to_the_window(self):
        command = measure.command_line(settings(mode="request_count", window_ms=2000), ITEM, 0.004)
        self.assertEqual(command[-2:], ["--request-count", "500"])

    def test_sends_a_few_requests_however_slow_they_are(self):
        command = measure.command_line(settings(mode="request_count", window_ms=500), ITEM, 7.0)
        self.assertEqual(command[-1], str(measure.FEWEST_REQUESTS))

    def test_names_grpc_and_the_concurrency_only_where_they_differ_from_the_default(self):
        command = measure.command_line(settings(protocol="grpc"), {**ITEM, "concurrency": 4}, 0.001)
        self.assertEqual(command[3:7], ["-i", "grpc", "-u", "127.0.0.1:8001"])
        self.assertIn("--concurrency-range", command)
        self.assertNotIn("--concurrency-range", measure.command_line(settings(), ITEM, 0.001))


class SettingsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name) / "settings.json"

    def test_every_missing_key_is_named(self):
        document = settings()
        del document["spec_hash"], document["measure"]["mode"], document["paths"]["results"]
        self.path.write_text(json.dumps(document), encoding="utf-8")
        with self.assertRaises(measure.StopError) as caught:
            measure.read_settings(self.path)
        self.assertEqual(caught.exception.code, 2)
        for key in ("spec_hash", "measure.mode", "paths.results"):
            self.assertIn(key, str(caught.exception))

    def test_attempts_that_are_no_number_are_refused(self):
        for attempts in (0, "3", None):
            self.path.write_text(json.dumps(settings(attempts=attempts)), encoding="utf-8")
            with self.assertRaisesRegex(measure.StopError, "measure.attempts is .*allowed: a whole number"):
                measure.read_settings(self.path)

    def test_what_is_no_json_is_refused(self):
        self.path.write_text("{half", encoding="utf-8")
        with self.assertRaises(measure.StopError) as caught:
            measure.read_settings(self.path)
        self.assertEqual(caught.exception.code, 2)


class EvidenceFileTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name) / "a.json"

    def test_is_there_once_it_is_written_whole(self):
        text = "compute infer 1 usec"
        digest = hashlib.sha256(text.encode()).hexdigest()
        document = {"schema": hpsb_evidence.EVIDENCE_SCHEMA, "text": text, "text_sha256": digest}
        self.assertFalse(measure.is_there(self.path))
        measure.write_json(self.path, document)
        self.assertTrue(measure.is_there(self.path))
        self.assertEqual([item.name for item in self.path.parent.iterdir()], ["a.json"])
        measure.write_json(self.path, {**document, "text": text + "!"})
        self.assertFalse(measure.is_there(self.path))
        self.path.write_bytes(self.path.read_bytes()[:-10])
        self.assertFalse(measure.is_there(self.path))

    @unittest.skipIf(os.geteuid() == 0 and not Path("/proc/self").exists(), "needs /proc")
    def test_a_disk_that_refuses_ends_the_program_with_4(self):
        with self.assertRaises(measure.StopError) as caught:
            measure.write_json(Path("/proc/self/no-such-file.json"), {})
        self.assertEqual(caught.exception.code, 4)


class AttemptTest(unittest.TestCase):
    """Which measurements are owed, as the evidence on the volume says."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.results = Path(folder.name)
        (self.results / "evidence").mkdir()

    def leave(self, item, attempt=1, **change):
        """An evidence file, as an earlier process left it."""
        text = f"text of {item['id']} {attempt}"
        document = {
            "schema": hpsb_evidence.EVIDENCE_SCHEMA,
            "run_id": "r",
            "spec_hash": "h",
            **item,
            "attempt": attempt,
            "exit_code": 0,
            "error": None,
            "text": text,
            "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
            **change,
        }
        measure.write_json(self.results / "evidence" / hpsb_evidence.evidence_name(document), document)
        return document

    def owed(self, attempts):
        _, owed = hpsb_evidence.survey(self.results / "evidence", [ITEM, OTHER], attempts)
        return [(item["id"], item["attempt"]) for item in owed]

    def test_what_failed_is_owed_once_more_as_long_as_attempts_are_left(self):
        self.leave(OTHER)
        self.assertEqual(self.owed(3), [(ITEM["id"], 1)])
        self.leave(ITEM, error="Triton stopped answering while perf_analyzer ran")
        self.assertEqual(self.owed(1), [])
        self.assertEqual(self.owed(3), [(ITEM["id"], 2)])
        self.leave(ITEM, attempt=2, exit_code=None)
        self.assertEqual(self.owed(3), [(ITEM["id"], 3)])
        self.leave(ITEM, attempt=3)
        self.assertEqual(self.owed(3), [])

    def test_what_perf_analyzer_counted_late_is_owed_once_more(self):
        def counts(printed, answered, first=None, mode="request_count"):
            before, after = ({"success": {"count": count}} for count in (7, 7 + answered))
            text = f"  Server: \n    Successful request count: {printed}\n"
            self.leave(
                ITEM,
                text=text,
                text_sha256=hashlib.sha256(text.encode()).hexdigest(),
                mode=mode,
                statistics={"before": before, "first": first, "after": after},
            )
            return self.owed(2)

        self.leave(OTHER)
        self.assertEqual(counts(50, 50), [])
        self.assertEqual(counts(44, 54), [(ITEM["id"], 2)])
        self.assertEqual(counts(44, 54, first={"success": {"count": 8}}), [(ITEM["id"], 2)])
        self.assertEqual(counts(49, 50), [(ITEM["id"], 2)])
        # The reading after the first request is over the same requests as perf_analyzer's figures.
        self.assertEqual(counts(49, 50, first={"success": {"count": 8}}), [])
        # Windows that had not settled are left out of the text.
        self.assertEqual(counts(40, 50, mode="time_windows"), [])

    def test_counts_from_the_attempt_that_is_asked_for(self):
        _, owed = hpsb_evidence.survey(self.results / "evidence", [{**ITEM, "attempt": 3}], 1)
        self.assertEqual([item["attempt"] for item in owed], [3])

    def run_program(self, attempts=1):
        """measure.py as a process, with nothing left to measure: (exit code, stdout, termination message)."""
        document = settings(measurements=[ITEM, OTHER], attempts=attempts)
        document["paths"]["results"] = str(self.results)
        path, words = self.results / "settings.json", self.results / "words"
        path.write_text(json.dumps(document), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, measure.__file__, "--settings", str(path)],
            env={**os.environ, "HPS_BENCH_TERMINATION_LOG": str(words)},
            stdout=subprocess.PIPE,
            check=False,
        )
        return done.returncode, done.stdout.decode(), json.loads(words.read_text(encoding="utf-8"))

    def test_frames_again_what_is_there_and_says_how_much_that_is(self):
        documents = [self.leave(ITEM, exit_code=99), self.leave(ITEM, attempt=2), self.leave(OTHER)]
        code, out, words = self.run_program(attempts=2)
        self.assertEqual(code, 0)
        lines = out.splitlines()
        for document in documents:
            at = lines.index("#hps-bench:begin " + json.dumps(hpsb_evidence.begin_mark(document), sort_keys=True))
            self.assertEqual(lines[at + 1], document["text"])
            mark = json.loads(lines[at + 2][len("#hps-bench:end ") :])
            self.assertEqual(mark["evidence"], {key: value for key, value in document.items() if key != "text"})
            self.assertTrue(mark["newline_added"])
        self.assertEqual(words["evidence"], 3)
        self.assertEqual(words["digest"], hpsb_evidence.digest_of(documents))
        self.assertEqual((words["ok"], words["reason"]), (True, "2 of 2 measurements"))

    def test_the_digest_is_of_sorted_lines_of_name_and_text(self):
        first, second = self.leave(ITEM), self.leave(OTHER)
        lines = f"{OTHER['id']}.a1 {second['text_sha256']}\n{ITEM['id']}.a1 {first['text_sha256']}\n"
        expected = hashlib.sha256("".join(sorted(lines.splitlines(keepends=True))).encode()).hexdigest()
        self.assertEqual(hpsb_evidence.digest_of([second, first]), expected)
        self.assertEqual(hpsb_evidence.digest_of([first, second]), expected)


class HpsErrorTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def settings(self, variant, **paths):
        """Settings that measure one variant, with the results in this test's folder."""
        document = settings(variants=[variant])
        document["paths"].update({"results": str(self.folder), **paths})
        return document

    def note(self, *lines):
        """What serve.py writes down of such lines of Triton's log."""
        from hpsb_hps_log import HpsErrorFile

        errors = HpsErrorFile(self.folder)
        for line in lines:
            errors.look_at(line)
        errors.close()

    def test_is_looked_for_wherever_a_variant_uses_hps(self):
        self.assertIsNone(measure.hps_errors(self.settings("onnx_cpu")))
        with self.assertRaises(measure.StopError) as caught:
            measure.refuse_hps_errors(self.settings("tf_with_hps"))
        self.assertEqual(caught.exception.code, 4)
        self.assertIn("hps-errors.ndjson is not there", str(caught.exception))
        self.note("[HCTR][08:00:57.622][WARNING][RK0][main]: no error")
        measure.refuse_hps_errors(self.settings("tf_with_hps"))

    def test_stops_measuring_before_it_begins(self):
        self.note("[HCTR][08:00:57.622][ERROR][RK0][main]: too many keys")
        with self.assertRaisesRegex(measure.StopError, "HPS has logged 1 errors.*too many keys"):
            measure.refuse_hps_errors(self.settings("fp16_trt_with_hps"))

    def test_is_read_where_the_server_writes_it(self):
        self.note("[HCTR][08:00:57.622][ERROR][RK0][main]: too many keys")
        elsewhere = self.settings("tf_with_hps", server=str(self.folder), results="/results")
        self.assertEqual(measure.hps_errors(elsewhere)["count"], 1)

    def test_counts_a_line_that_is_only_half_written(self):
        (self.folder / "hps-errors.ndjson").write_text('{"at": "2026-01-01T00:00:00", "li', encoding="utf-8")
        self.assertEqual(measure.hps_errors(self.settings("tf_with_hps"))["count"], 1)


class RequestTest(unittest.TestCase):
    def request(self, document):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "2.json"
            path.write_text(json.dumps({"data": [document]}), encoding="utf-8")
            return Request(path)

    def test_is_packed_little_endian_keys_first(self):
        request = self.request({"categorical_features": list(range(52)), "numerical_features": [0.5] * 26})
        binary = request.body[request.header_length :]
        self.assertEqual(struct.unpack("<52i", binary[:208]), tuple(range(52)))
        self.assertEqual(struct.unpack("<26f", binary[208:]), (0.5,) * 26)
        self.assertEqual(request.samples, 2)

    def test_of_a_wrong_length_is_refused(self):
        with self.assertRaises(ValueError):
            self.request({"categorical_features": list(range(51)), "numerical_features": [0.5] * 26})
        with self.assertRaises(ValueError):
            self.request({"categorical_features": list(range(52)), "numerical_features": [0.5] * 13})


class ParityTest(unittest.TestCase):
    def test_equal_scores_pass(self):
        found = compare({"a": [0.4, 0.5], "b": [0.4, 0.500001]}, 1e-5)
        self.assertTrue(found["ok"])
        self.assertEqual([row["variant"] for row in found["rows"]], ["a", "b"])

    def test_a_difference_above_the_limit_fails_and_is_named(self):
        found = compare({"a": [0.4, 0.5], "b": [0.4, 0.6]}, 1e-5)
        self.assertEqual(found["problems"], ["b differs from a by 0.1, allowed is 1e-05"])

    def test_scores_that_prove_nothing_fail(self):
        self.assertIn("prove nothing", compare({"a": [0.5, 0.5]}, 1e-5)["problems"][0])
        self.assertIn("saturated", " ".join(compare({"a": [1.0, 0.99999]}, 1e-5)["problems"]))

    def test_what_is_no_probability_fails(self):
        for bad in (1.5, -0.1, float("nan")):
            self.assertFalse(compare({"a": [0.4, bad], "b": [0.4, bad]}, 1e-5)["ok"], bad)


if __name__ == "__main__":
    unittest.main()
