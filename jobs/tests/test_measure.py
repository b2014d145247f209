"""What measure.py decides without a server: settings, command line, evidence files, parity."""

import hashlib
import json
import os
import struct
import tempfile
import unittest
from pathlib import Path

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
        document = {"schema": measure.EVIDENCE_SCHEMA, "text": text, "text_sha256": digest}
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
