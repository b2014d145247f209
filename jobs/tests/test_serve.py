"""The program serve with a double in tritonserver's place: how it is started, what is made of its end and words."""

import hashlib
import json
import shutil
import signal
import socket
import subprocess
import sys
import time
import unittest
from pathlib import Path

from built import artifacts
from gpu_doubles import DOUBLES, gpu_environment
from support import JOBS, command, environment, needs, run, write_settings
from test_build_engines import ENGINES, EnginesCase

PROGRAM = "serve.py"
SERVE_NEEDS = needs("tensorflow", "tf2onnx", "onnx")
ENGINE_NEEDS = needs("tensorflow", "tf2onnx", "onnx", "onnx_graphsurgeon")
TF_CONFIG = 'name: "native_tf"\nbackend: "tensorflow"\n'
TRT_CONFIG = 'name: "fp16_trt_with_hps"\nbackend: "tensorrt"\noutput [ { name: "@ENGINE_OUTPUT@" } ]\n'
PYTHON_CONFIG = 'name: "onnx_cpu"\nbackend: "python"\n'
NATIVE = {
    "name": "native_tf",
    "config": TF_CONFIG,
    "files": [{"name": "model.savedmodel", "root": "artifacts", "path": "native_tf/model.savedmodel"}],
    "engine": None,
}
ENGINE = {"name": "fp16_trt_with_hps", "config": TRT_CONFIG, "files": [], "engine": "fp16"}
PYTHON = {
    "name": "onnx_cpu",
    "config": PYTHON_CONFIG,
    "files": [{"name": "model.py", "root": "programs", "path": "backends/onnx_cpu/model.py"}],
    "engine": None,
}
HPS_ERROR = "[HCTR][08:00:57.622][ERROR][RK0][tid #1]: made up: the number of keys is too large"


def free_port():
    """A port that is free on 127.0.0.1 now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def alive(pid):
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class ServeCase(EnginesCase):
    def setUp(self):
        """A settings file for one variant without an engine, and the places around it."""
        super().setUp()
        self.state = self.folder / "server"
        self.repository = self.folder / "repository"
        self.told = self.folder / "told.json"
        script = self.folder / "tritonserver"
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{DOUBLES / "tritonserver_double.py"}" "$@"\n')
        script.chmod(0o755)

    def serve_settings(self, *variants, **changes):
        """Write settings with a serve section."""
        port = free_port()
        loads = [f"--load-model={variant['name']}" for variant in variants]
        section = {
            "tritonserver": str(self.folder / "tritonserver"),
            "arguments": [f"--model-repository={self.repository}", *loads, f"--http-port={port}"],
            "variants": list(variants),
            "preload": [],
            "path": [],
            "library_path": [],
            "python_backend": None,
            "http": f"127.0.0.1:{port}",
            "ready_seconds": 30,
            "exit_timeout_seconds": 0,
            **changes,
        }
        path = write_settings(self.folder, engines=ENGINES, serve=section)
        document = json.loads(path.read_text())
        document["paths"].update(
            engines=str(self.folder / "engines"), repository=str(self.repository), server=str(self.state)
        )
        path.write_text(json.dumps(document))
        return path

    def variables(self, gpu=False, **behaviour):
        """Environment of serve.py: no GPU but a double of one where asked for."""
        base = gpu_environment(self.folder)
        if not gpu:
            shutil.rmtree(self.folder / "bin")
        return {**base, "TRITONSERVER_DOUBLE": json.dumps({"told": str(self.told), **behaviour})}

    def start(self, path, **variables):
        """Start serve.py; it is killed at the test's end, should it still be there."""
        child = subprocess.Popen(
            command(PROGRAM, path),
            env=environment(**variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.addCleanup(child.stdout.close)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        return child

    def until(self, child, words):
        """Read its output up to a line with the words; returns what was read."""
        read = []
        for line in child.stdout:
            read.append(line)
            if words in line:
                return "".join(read)
        raise AssertionError(f"ended without {words!r}: {''.join(read)}")

    def ended(self):
        """The termination message."""
        return json.loads(self.termination.read_text())


@SERVE_NEEDS
class StartTest(ServeCase):
    def test_starts_triton_in_the_artifacts_folder_with_the_libraries_preloaded_for_it_alone(self):
        libraries = [str(self.folder / "libtrt.so"), str(self.folder / "libtf.so")]
        for (
            library
        ) in libraries:  # linker scripts that load nothing would do, but the loader ignores what is no library
            Path(library).write_bytes(b"")
        path = self.serve_settings(
            NATIVE, preload=["hps_trt", "hps_tf"], path=["/opt/first/bin"], library_path=["/opt/first/lib"]
        )
        variables = self.variables()
        variables.update(HPS_BENCH_HPS_TRT_PLUGIN=libraries[0], HPS_BENCH_HPS_TF_PLUGIN=libraries[1])
        child = self.start(path, **variables, LD_LIBRARY_PATH="/image/lib")
        self.until(child, '"step":"ready","done":1,"total":1')
        own = dict(
            pair.split("=", 1) for pair in Path(f"/proc/{child.pid}/environ").read_text().split("\0") if "=" in pair
        )
        told = json.loads(self.told.read_text())
        child.terminate()
        self.assertEqual(child.wait(), 0)
        self.assertEqual(told["folder"], str((self.folder / "artifacts").resolve()))
        self.assertEqual(told["environment"]["LD_PRELOAD"], ":".join(libraries))
        self.assertNotIn("LD_PRELOAD", own)
        self.assertEqual(told["environment"]["LD_LIBRARY_PATH"], "/opt/first/lib:/image/lib")
        self.assertTrue(told["environment"]["PATH"].startswith("/opt/first/bin:"))
        self.assertEqual(told["environment"]["HUGECTR_LOG_TO_FILE"], "0")
        self.assertEqual(told["arguments"][:2], [f"--model-repository={self.repository}", "--load-model=native_tf"])

    def test_links_artifacts_and_copies_programs_into_the_repository(self):
        child = self.start(self.serve_settings(NATIVE, PYTHON), **self.variables())
        self.until(child, '"done":2')
        link = self.repository / "native_tf" / "1" / "model.savedmodel"
        self.assertTrue(link.is_symlink())
        self.assertTrue((link / "saved_model.pb").is_file())
        self.assertEqual((self.repository / "native_tf" / "config.pbtxt").read_text(), TF_CONFIG)
        copy = self.repository / "onnx_cpu" / "1" / "model.py"
        self.assertFalse(copy.is_symlink())
        self.assertEqual(copy.read_bytes(), (JOBS / "backends" / "onnx_cpu" / "model.py").read_bytes())
        prefixes = [a for a in json.loads(self.told.read_text())["arguments"] if "shm-region-prefix-name" in a]
        self.assertEqual(prefixes, [f"--backend-config=python,shm-region-prefix-name=hps-bench-{child.pid}-"])

    def test_puts_a_python_backend_together_with_the_stub_of_another_python(self):
        backend, stub = self.folder / "backend", self.folder / "stub-3.12"
        backend.mkdir()
        (backend / "libtriton_python.so").write_text("library")
        (backend / "triton_python_backend_stub").write_text("wrong stub")
        stub.write_text("right stub")
        path = self.serve_settings(PYTHON, python_backend={"folder": str(backend), "stub": str(stub)})
        child = self.start(path, **self.variables())
        self.until(child, '"done":1')
        (directory,) = [
            a.partition("=")[2]
            for a in json.loads(self.told.read_text())["arguments"]
            if a.startswith("--backend-directory")
        ]
        made = Path(directory) / "python"
        self.assertEqual((made / "libtriton_python.so").read_text(), "library")
        self.assertEqual((made / "triton_python_backend_stub").read_text(), "right stub")
        self.assertTrue((made / "triton_python_backend_stub").stat().st_mode & 0o100)
        self.assertEqual((backend / "triton_python_backend_stub").read_text(), "wrong stub")


@ENGINE_NEEDS
class EngineTest(ServeCase):
    def test_serves_the_engine_of_this_gpu_with_the_output_that_its_manifest_names(self):
        self.assertEqual(self.build().returncode, 0)
        child = self.start(self.serve_settings(ENGINE), **self.variables(gpu=True))
        self.until(child, '"done":1')
        self.assertIn('name: "top"', (self.repository / "fp16_trt_with_hps" / "config.pbtxt").read_text())
        link = self.repository / "fp16_trt_with_hps" / "1" / "fp16_hps_plugin_dlrm.trt"
        self.assertEqual(link.resolve(), (self.engine_folder() / "fp16_hps_plugin_dlrm.trt").resolve())
        samples = [json.loads(line) for line in (self.state / "gpu-samples.ndjson").read_text().splitlines()]
        self.assertEqual(samples[0]["schema"], "hps-bench/gpu-samples/1")

    def test_refuses_an_engine_of_another_gpu_or_one_that_is_damaged_before_triton_starts(self):
        self.assertEqual(self.build(nvidia_smi={"values": {"name": "NVIDIA Other"}}).returncode, 0)
        path = self.serve_settings(ENGINE)
        result = run(PROGRAM, path, **self.variables(gpu=True))
        self.assertEqual(result.returncode, 4)
        self.assertIn("no whole fp16 engine for NVIDIA Made-up 80GB (8.0) with TensorRT 8.5.3.1", result.stderr)
        self.assertIn("there are: NVIDIA-Other-sm80-trt8.5.3.1-", result.stderr)
        shutil.rmtree(self.folder / "engines")
        self.assertEqual(self.build().returncode, 0)
        engine = self.engine_folder() / "fp16_hps_plugin_dlrm.trt"
        engine.write_bytes(engine.read_bytes()[:-1])
        self.assertEqual(run(PROGRAM, self.serve_settings(ENGINE), **self.variables(gpu=True)).returncode, 4)
        self.assertFalse(self.told.exists())


@SERVE_NEEDS
class RefusalTest(ServeCase):
    def refused(self, code, words, path):
        """Run; it must end with the code and the words, without having started Triton."""
        result = run(PROGRAM, path, **self.variables())
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertIn(words, result.stderr)
        self.assertIn(words, self.ended()["reason"])
        self.assertFalse(self.told.exists())

    def test_refuses_wrong_or_partial_artifacts(self):
        kept = self.folder / "artifacts"
        table = kept / "dlrm_embedding_table" / "emb_vector"
        with table.open("r+b") as file:
            file.truncate(1000)
        self.refused(4, "has 1000 bytes, its manifest says", self.serve_settings(NATIVE))
        shutil.copyfile(artifacts() / "dlrm_embedding_table" / "emb_vector", table)
        (kept / "dlrm.json").write_text((kept / "dlrm.json").read_text().replace("131072", "131073"))
        self.refused(4, "dlrm.json does not have the SHA-256 of its manifest", self.serve_settings(NATIVE))
        shutil.copyfile(artifacts() / "dlrm.json", kept / "dlrm.json")
        path = self.serve_settings(NATIVE)
        document = json.loads(path.read_text())
        document["hps"]["workers"] = 5
        path.write_text(json.dumps(document))
        self.refused(4, "dlrm.json is not what these hps settings make", path)
        missing = {**NATIVE, "files": [{"name": "m", "root": "artifacts", "path": "tf_with_hps/model.savedmodel"}]}
        self.refused(4, "the artifacts hold no tf_with_hps/model.savedmodel", self.serve_settings(missing))

    def test_refuses_an_hps_saved_model_that_was_saved_for_another_batch_limit(self):
        kept = self.folder / "artifacts"
        saved = kept / "tf_with_hps" / "model.savedmodel" / "saved_model.pb"
        saved.parent.mkdir(parents=True)
        saved.write_bytes(b"a stand-in for a SavedModel: it is never loaded here")
        manifest = json.loads((kept / "manifest.json").read_text())
        digest = hashlib.sha256(saved.read_bytes()).hexdigest()
        manifest["files"][str(saved.relative_to(kept))] = {"bytes": saved.stat().st_size, "sha256": digest}
        manifest["hps_saved_model"] = {"max_batch_size": 64, "deployed_devices": [0]}
        (kept / "manifest.json").write_text(json.dumps(manifest))
        file = {"name": "model.savedmodel", "root": "artifacts", "path": "tf_with_hps/model.savedmodel"}
        path = self.serve_settings({**NATIVE, "name": "tf_with_hps", "files": [file]})
        self.refused(4, "tf_with_hps was saved with {'max_batch_size': 64, 'deployed_devices': [0]}", path)

    def test_does_not_empty_a_folder_that_it_did_not_make(self):
        self.repository.mkdir()
        (self.repository / "thesis.txt").write_text("ten years")
        self.refused(2, "which holds thesis.txt and was not made by this program", self.serve_settings(NATIVE))
        self.assertTrue((self.repository / "thesis.txt").exists())

    def test_refuses_settings_that_would_reach_out_of_a_folder(self):
        for file in (
            {"name": "../x", "root": "artifacts", "path": "a"},
            {"name": "x", "root": "programs", "path": "../a"},
        ):
            self.refused(2, "serve.variants[0].files[0]", self.serve_settings({**NATIVE, "files": [file]}))
        self.refused(2, "serve.http", self.serve_settings(NATIVE, http="8000"))
        self.refused(2, "each variant once", self.serve_settings(NATIVE, NATIVE))

    def test_refuses_a_machine_that_is_too_small(self):
        path = self.serve_settings(NATIVE)
        needs = {"gpu_bytes": 0, "host_bytes": 2**50, "shm_bytes": 0, "disk_bytes": 0}
        stage = {**needs, "stage": "serve", "disk_folder": str(self.folder)}
        path.write_text(json.dumps({**json.loads(path.read_text()), "preflight": {"gpu": None, "stages": [stage]}}))
        self.refused(4, "serve cannot run here:", path)
        self.assertFalse(self.repository.exists())

    def test_names_a_library_that_is_not_there(self):
        path = self.serve_settings(NATIVE, preload=["hps_tf"])
        self.refused(4, "the hps_tf library is not in", path)

    def test_names_a_server_that_cannot_be_started(self):
        result = run(PROGRAM, self.serve_settings(NATIVE, tritonserver="/no/such/tritonserver"), **self.variables())
        self.assertEqual(result.returncode, 4)
        self.assertIn("/no/such/tritonserver cannot be started: No such file or directory", result.stderr)


@SERVE_NEEDS
class EndTest(ServeCase):
    def test_passes_the_end_on_and_ends_with_0(self):
        for signum in (signal.SIGTERM, signal.SIGINT):
            child = self.start(self.serve_settings(NATIVE), **self.variables())
            self.until(child, '"done":1')
            child.send_signal(signum)
            self.assertEqual(child.wait(), 0)
            self.assertFalse(alive(json.loads(self.told.read_text())["pid"]))
            self.assertEqual((self.ended()["ok"], self.ended()["exit_code"]), (True, 0))

    def test_kills_a_triton_that_does_not_end(self):
        child = self.start(self.serve_settings(NATIVE), **self.variables(deaf=True))
        self.until(child, '"done":1')
        child.terminate()
        self.assertEqual(child.wait(), 137)
        self.assertFalse(alive(json.loads(self.told.read_text())["pid"]))

    def test_ends_with_tritons_exit_code_and_last_words(self):
        lines = [
            "I1124 fine",
            "E1124 12:00:00.000000 1 model_lifecycle.cc:596] failed to load 'native_tf'",
            "I1124 bye",
        ]
        result = run(PROGRAM, self.serve_settings(NATIVE), **self.variables(lines=lines, end="exit 3"))
        self.assertEqual(result.returncode, 3)
        self.assertIn(lines[1], result.stdout)
        said = self.ended()
        self.assertEqual((said["ok"], said["exit_code"], said["last_words"]), (False, 3, [lines[1]]))
        self.assertEqual(run(PROGRAM, self.serve_settings(NATIVE), **self.variables(end="exit 0")).returncode, 1)

    def test_says_that_triton_was_killed_and_ends_what_it_left_behind(self):
        result = run(PROGRAM, self.serve_settings(PYTHON), **self.variables(end="kill", stub=True, shm=True))
        self.assertEqual(result.returncode, 137)
        self.assertIn("signal 9 (killed: out of memory", self.ended()["reason"])
        self.assertFalse(alive(json.loads(self.told.read_text())["stub"]))
        prefix = next(
            a.partition("shm-region-prefix-name=")[2]
            for a in json.loads(self.told.read_text())["arguments"]
            if "shm" in a
        )
        self.assertEqual(list(Path("/dev/shm").glob(f"{prefix}*")), [])

    def test_takes_triton_along_when_it_is_killed_itself(self):
        child = self.start(self.serve_settings(NATIVE), **self.variables())
        self.until(child, '"done":1')
        child.kill()
        child.wait()
        pid = json.loads(self.told.read_text())["pid"]
        deadline = time.monotonic() + 10
        while alive(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertFalse(alive(pid))


@SERVE_NEEDS
class WatchTest(ServeCase):
    def test_notes_errors_of_hps_where_measuring_looks_for_them(self):
        from hpsb_hps_log import read_hps_errors

        lines = ["[HCTR][08:00:57.000][INFO][RK0][main]: an ERROR in name only", f"I1124 torn {HPS_ERROR}", HPS_ERROR]
        self.assertIsNone(read_hps_errors(self.state))
        child = self.start(self.serve_settings(NATIVE), **self.variables())
        self.until(child, '"done":1')
        self.assertEqual(read_hps_errors(self.state), {"count": 0, "first": []})
        child.terminate()
        child.wait()
        child = self.start(self.serve_settings(NATIVE), **self.variables(lines=lines))
        self.until(child, HPS_ERROR)
        self.until(child, HPS_ERROR)
        self.assertEqual(read_hps_errors(self.state), {"count": 2, "first": lines[1:]})
        child.terminate()
        child.wait()
        child = self.start(self.serve_settings(NATIVE), **self.variables())
        self.until(child, '"done":1')
        self.assertEqual(read_hps_errors(self.state)["count"], 0)
        self.assertEqual(len((self.state / "hps-errors.1.ndjson").read_text().splitlines()), 2)

    def samples(self, count, gpu=None, **more):
        """Wait until the file has so many lines; returns them."""
        variables = {**self.variables(gpu=True), **more}
        variables["NVIDIA_SMI_DOUBLE"] = json.dumps(gpu or {})
        child = self.start(self.serve_settings(NATIVE), **variables)
        path = self.state / "gpu-samples.ndjson"
        deadline = time.monotonic() + 20
        while not path.exists() or len(path.read_text().splitlines()) < count:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
        child.terminate()
        self.assertEqual(child.wait(), 0)
        return [json.loads(line) for line in path.read_text().splitlines()]

    def test_samples_the_gpu_beside_the_server(self):
        header, *samples = self.samples(8)
        self.assertEqual(header["fields"]["throttle_reasons"], "clocks_throttle_reasons.active")
        last = samples[-1]
        del last["at"]
        self.assertEqual(
            last,
            {
                "gpu": "GPU-00000000-0000-0000-0000-000000000001",
                "pstate": "P0",
                "sm_clock_mhz": 1410,
                "memory_clock_mhz": 1593,
                "throttle_reasons": "0x0000000000000000",
                "temperature_c": 41,
                "power_w": 87.34,
                "memory_used_mib": 15000,
                "memory_total_mib": 81920,
                "utilization_gpu_percent": 97,
                "utilization_memory_percent": None,
                # It was on the GPU before Triton was.
                "processes": [{"pid": 4711, "memory_mib": 14900, "own": False}],
            },
        )

    def test_samples_only_the_gpu_that_is_used_where_it_is_named(self):
        another = "GPU-00000000-0000-0000-0000-000000000002"
        named = {"HPS_BENCH_GPU": "GPU-00000000-0000-0000-0000-000000000001"}
        for variables, expected in (({}, 2), (named, 1)):
            _header, *samples = self.samples(8, {"another": another}, **variables)
            self.assertEqual(len({sample["gpu"] for sample in samples if "gpu" in sample}), expected)
            shutil.rmtree(self.state)

    def test_uses_the_newer_name_of_a_field_and_writes_down_a_sampler_that_ends(self):
        values = {"clocks_event_reasons.active": "0x0000000000000004"}
        gpu = {"unknown": ["clocks_throttle_reasons.active", "pstate"], "values": values, "rounds": 2}
        header, *rest = self.samples(5, gpu)
        self.assertEqual(header["fields"]["throttle_reasons"], "clocks_event_reasons.active")
        self.assertNotIn("pstate", header["fields"])
        self.assertTrue(any(line.get("throttle_reasons") == "0x0000000000000004" for line in rest))
        errors = [line["error"] for line in rest if "error" in line]
        self.assertTrue(
            errors[0].endswith(
                "ended with 15: Unable to determine the device handle for GPU0000:00:04.0: Unknown Error"
            )
        )


if __name__ == "__main__":
    unittest.main()
