"""The program build_engines with a double in TensorRT's place: flow, keys, reuse, refusals. The surgery is real."""

import json
import shutil
import signal
import subprocess
import unittest

from built import artifacts
from gpu_doubles import gpu_environment
from support import FolderCase, command, environment, needs, progress, run, write_settings

PROGRAM = "build_engines.py"
BUILD_NEEDS = needs("tensorflow", "tf2onnx", "onnx", "onnx_graphsurgeon")
ENGINES = {
    "precisions": ["fp32", "fp16"],
    "profile": {"min": 1, "opt": 1024, "max": 131072},
    "workspace_bytes": 0,
    "image": "nvcr.io/nvidia/merlin/merlin-tensorflow:23.02",
}


class EnginesCase(FolderCase):
    def setUp(self):
        """Artifacts of its own, by hard links: nothing here writes into them."""
        super().setUp()
        shutil.copytree(artifacts(), self.folder / "artifacts", copy_function=shutil.copy)
        self.termination = self.folder / "termination.json"

    def write(self, **changes):
        """Settings with an engines section; ``changes`` as for support.document."""
        path = write_settings(self.folder, engines=ENGINES)
        document = json.loads(path.read_text())
        document["engines"] = {**ENGINES, **changes.pop("engines", {})}
        document["paths"]["engines"] = str(self.folder / "engines")
        path.write_text(json.dumps({**document, **changes}))
        return path

    def build(self, tensorrt=None, nvidia_smi=None, **changes):
        """Run the program on a made-up GPU."""
        (self.folder / "calls.ndjson").unlink(missing_ok=True)
        return run(PROGRAM, self.write(**changes), **gpu_environment(self.folder, tensorrt, nvidia_smi))

    def calls(self):
        """Calls of the double by process: {pid: [[name, arguments...], ...]} in order; the version probes left out."""
        found = {}
        for line in (self.folder / "calls.ndjson").read_text().splitlines():
            pid, *call = json.loads(line)
            found.setdefault(pid, []).append(call)
        return found

    def engine_folder(self):
        """The one folder of engines."""
        (folder,) = (self.folder / "engines").iterdir()
        return folder


@BUILD_NEEDS
class BuildTest(EnginesCase):
    def assert_two_processes(self, flags):
        first, second = self.calls().values()
        for calls, precision_flags in ((first, []), (second, ["FP16"])):
            names = [call[0] for call in calls]
            self.assertEqual(names.count("parse"), 1)
            self.assertEqual(names[-1], "deserialize_cuda_engine")
            self.assertIn(["create_network", flags], calls)
            self.assertEqual([call[1] for call in calls if call[0] == "set_flag"], precision_flags)
            self.assertIn(["get_plugin_creator", "HPS_TRT", "1", ""], calls)
            shapes = [call[1:] for call in calls if call[0] == "set_shape"]
            self.assertEqual(
                shapes,
                [
                    ["categorical_features", [1, 26], [1024, 26], [131072, 26]],
                    ["numerical_features", [1, 13], [1024, 13], [131072, 13]],
                ],
            )
            self.assertNotIn("set_memory_pool_limit", names)
            (parse,) = [call for call in calls if call[0] == "parse"]
            self.assertEqual(parse[2], str((self.folder / "artifacts").resolve()))

    def test_builds_each_engine_in_a_process_of_its_own_under_tensorrt_8_and_10(self):
        for version, flags in (("8.5.3.1", 1), ("8.6.1.2", 1), ("10.3.0", 0)):
            with self.subTest(version):
                result = self.build({"version": version})
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assert_two_processes(flags)
                shutil.rmtree(self.folder / "engines")

    def test_writes_down_what_the_engine_says_about_itself(self):
        result = self.build()
        self.assertEqual(result.returncode, 0, result.stderr)
        folder = self.engine_folder()
        self.assertRegex(folder.name, r"^NVIDIA-Made-up-80GB-sm80-trt8\.5\.3\.1-[0-9a-f]{12}$")
        self.assertEqual(
            {path.name for path in folder.iterdir()},
            {
                ".lock",
                "hps_plugin_dlrm.onnx",
                *(f"{p}_hps_plugin_dlrm.{e}" for p in ("fp32", "fp16") for e in ("trt", "json")),
            },
        )
        manifest = json.loads((folder / "fp16_hps_plugin_dlrm.json").read_text())
        self.assertEqual(
            manifest["tensors"],
            [
                {
                    "name": "categorical_features",
                    "mode": "input",
                    "dtype": "INT32",
                    "shape": [-1, 26],
                    "profile": {"min": [1, 26], "opt": [1024, 26], "max": [131072, 26]},
                },
                {
                    "name": "numerical_features",
                    "mode": "input",
                    "dtype": "FLOAT",
                    "shape": [-1, 13],
                    "profile": {"min": [1, 13], "opt": [1024, 13], "max": [131072, 13]},
                },
                {"name": "top", "mode": "output", "dtype": "FLOAT", "shape": [-1, 1]},
            ],
        )
        self.assertEqual(manifest["gpu"]["compute_capability"], "8.0")
        last = progress(result.stdout)[-1]
        self.assertEqual((last["stage"], last["done"], last["total"]), ("build-engines", 2, 2))
        said = json.loads(self.termination.read_text())
        self.assertEqual((said["ok"], said["built"], said["reused"]), (True, ["fp32", "fp16"], []))

    def test_sets_a_workspace_limit_only_where_one_is_asked_for(self):
        self.assertEqual(self.build(engines={"workspace_bytes": 1 << 30, "precisions": ["fp32"]}).returncode, 0)
        (calls,) = self.calls().values()
        self.assertIn(["set_memory_pool_limit", "WORKSPACE", 1 << 30], calls)


@BUILD_NEEDS
class ReuseTest(EnginesCase):
    def test_uses_whole_engines_again_and_builds_damaged_ones(self):
        self.assertEqual(self.build().returncode, 0)
        result = self.build()
        self.assertIn("built: none; reused: fp32, fp16", result.stdout)
        self.assertFalse((self.folder / "calls.ndjson").exists())
        engine = self.engine_folder() / "fp16_hps_plugin_dlrm.trt"
        engine.write_bytes(engine.read_bytes().replace(b"top", b"tap"))
        self.assertIn("built: fp16; reused: fp32", self.build().stdout)
        (self.engine_folder() / "fp32_hps_plugin_dlrm.json").write_text('{"schema": "hps-bench/eng')
        self.assertIn("built: fp32; reused: fp16", self.build().stdout)

    def test_builds_apart_for_another_gpu_tensorrt_image_or_profile(self):
        runs = [
            {},
            {"nvidia_smi": {"values": {"name": "NVIDIA Other", "compute_cap": "9.0"}}},
            {"tensorrt": {"version": "8.6.1.2"}},
            {"engines": {"image": "nvcr.io/nvidia/merlin/merlin-hugectr:24.06"}},
            {"engines": {"profile": {"min": 1, "opt": 64, "max": 1024}}},
        ]
        for options in runs:
            self.assertIn("built: fp32, fp16; reused: none", self.build(**options).stdout, options)
        self.assertEqual(len(list((self.folder / "engines").iterdir())), len(runs))
        self.assertIn("built: none; reused: fp32, fp16", self.build().stdout)

    def test_keeps_the_first_engine_when_it_is_stopped_in_the_second(self):
        path = self.write()
        for signum, code in ((signal.SIGTERM, 143), (signal.SIGKILL, -signal.SIGKILL)):
            with self.subTest(signum.name):
                shutil.rmtree(self.folder / "engines", ignore_errors=True)
                more = gpu_environment(self.folder, {"fp16_seconds": 60})
                child = subprocess.Popen(
                    command(PROGRAM, path),
                    env=environment(**more),
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
                for line in child.stdout:
                    if line.startswith("fp32 engine:") and "bytes" in line:
                        break
                child.send_signal(signum)
                child.communicate(timeout=20)
                self.assertEqual(child.returncode, code)
                folder = self.engine_folder()
                self.assertFalse((folder / "fp16_hps_plugin_dlrm.json").exists())
                self.assertIn("built: fp16; reused: fp32", self.build().stdout)
                self.assertEqual([path.name for path in folder.glob(".building-*")], [])


@BUILD_NEEDS
class RefusalTest(EnginesCase):
    def refused(self, code, words, tensorrt=None, nvidia_smi=None, **changes):
        """Run; it must end with the code, say the words, also in the termination message, and leave no manifest."""
        result = self.build(tensorrt, nvidia_smi, **changes)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        self.assertIn(words, result.stderr)
        said = json.loads(self.termination.read_text())
        self.assertEqual((said["stage"], said["ok"], said["exit_code"]), ("build-engines", False, code))
        self.assertIn(words, said["reason"])
        self.assertEqual(list(self.folder.glob("engines/*/*.trt")) + list(self.folder.glob("engines/*/fp*.json")), [])
        return result

    def test_prints_every_error_of_the_parser(self):
        result = self.refused(1, "refused the graph with 2 errors: In node 3 (importGather)", {"fail": "parse"})
        self.assertIn("TensorRT's ONNX parser: a second error", result.stdout)

    def test_tells_a_build_that_gave_up_from_one_that_was_killed(self):
        result = self.refused(4, "could not build the fp32 engine", {"fail": "build"})
        self.assertIn("[TRT] [E] out of memory", result.stdout)
        self.refused(4, "was killed: out of host memory", {"fail": "kill"})

    def test_does_not_trust_an_engine_during_whose_build_hps_logged_an_error(self):
        self.refused(4, "the parameter server logged 1 errors while the fp32 engine was built", {"fail": "hps"})

    def test_names_the_plug_ins_that_are_there_when_ours_is_not(self):
        self.refused(4, "has no plug-in HPS_TRT version 1 (it has BatchedNMS_TRT 1)", {"fail": "creator"})

    def test_refuses_a_tensorrt_too_old_or_without_fp16(self):
        self.refused(4, "TensorRT is 8.4.3; allowed: 8.5 or newer", {"version": "8.4.3"})
        self.refused(4, "TensorRT 11.0.0 has no FP16 flag", {"version": "11.0.0"}, engines={"precisions": ["fp16"]})

    def test_refuses_artifacts_that_are_not_those_of_the_settings(self):
        model = json.loads(self.write().read_text())["model"]
        self.refused(4, "these settings and programs make", model={**model, "seed": 1})
        onnx = self.folder / "artifacts" / "dlrm_dense.onnx"
        whole = onnx.read_bytes()
        onnx.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        self.refused(4, "dlrm_dense.onnx does not have the SHA-256 of its manifest")
        onnx.write_bytes(whole[:-1])
        self.refused(4, f"its manifest says {len(whole)} bytes")
        (self.folder / "artifacts" / "manifest.json").unlink()
        self.refused(4, "no whole manifest.json")

    def test_refuses_a_machine_that_is_too_small_before_it_writes_anything(self):
        needs = {"gpu_bytes": 0, "host_bytes": 2**50, "shm_bytes": 0, "disk_bytes": 0}
        stage = {**needs, "stage": "build-engines", "disk_folder": str(self.folder)}
        self.refused(4, "build-engines cannot run here:", preflight={"gpu": None, "stages": [stage]})
        self.assertFalse((self.folder / "engines").exists())

    def test_refuses_settings_that_cannot_work(self):
        self.refused(2, "engines.profile", engines={"profile": {"min": 2, "opt": 1, "max": 8}})
        self.refused(
            2, 'engines.precisions[0]: got "int8"; allowed: "fp32" or "fp16"', engines={"precisions": ["int8"]}
        )


class LibraryTest(FolderCase):
    def place(self, *paths):
        """Make files below a made-up root."""
        for path in paths:
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(b"\x7fELF")

    def find(self, name, **variables):
        from hpsb_libraries import find_plugin

        return str(find_plugin(name, variables, self.folder))

    def test_is_found_whatever_the_python_version_of_the_image(self):
        tail = "hierarchical_parameter_server/lib/libhierarchical_parameter_server.so"
        for version in ("3.8", "3.10", "3.12"):
            egg = f"usr/local/lib/python{version}/dist-packages/merlin_hps-1.0.0-py{version}-linux-x86_64.egg/{tail}"
            self.place(egg)
            self.assertEqual(self.find("hps_tf"), str(self.folder / egg))
            shutil.rmtree(self.folder / "usr")
        self.place("usr/local/hps_trt/lib/libhps_plugin.so")
        self.assertTrue(self.find("hps_trt").endswith("usr/local/hps_trt/lib/libhps_plugin.so"))

    def test_is_the_one_of_a_variable_or_an_error_that_names_the_variable(self):
        from hpsb_console import EnvironmentFaultError

        with self.assertRaisesRegex(EnvironmentFaultError, "set HPS_BENCH_HPS_TF_PLUGIN to its path"):
            self.find("hps_tf")
        self.place("own.so")
        own = str(self.folder / "own.so")
        self.assertEqual(self.find("hps_tf", HPS_BENCH_HPS_TF_PLUGIN=own), own)
        with self.assertRaisesRegex(EnvironmentFaultError, "no such file"):
            self.find("hps_tf", HPS_BENCH_HPS_TF_PLUGIN="/no/such.so")

    def test_is_refused_when_it_is_there_twice(self):
        from hpsb_console import EnvironmentFaultError

        tail = "hierarchical_parameter_server/lib/libhierarchical_parameter_server.so"
        self.place(f"usr/local/lib/python3.1/dist-packages/{tail}", f"usr/local/lib/python3.2/dist-packages/{tail}")
        with self.assertRaisesRegex(EnvironmentFaultError, "more than once"):
            self.find("hps_tf")


if __name__ == "__main__":
    unittest.main()
