"""The program create_models as a user runs it: artifacts, reuse, kills, refusals. Needs TensorFlow 2.10 to 2.15."""

import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from support import TINY, FolderCase, NoLinks, command, digests, environment, needs, progress, run, write_settings

PROGRAM = "create_models.py"
BUILD_NEEDS = needs("tensorflow", "tf2onnx", "onnx", "numpy")


class BuiltCase(FolderCase):
    """Tests that look at one set of artifacts, made once."""

    @classmethod
    def setUpClass(cls):
        """Make the artifacts."""
        cls.built = Path(tempfile.mkdtemp(prefix="hps-bench-built-"))
        cls.addClassCleanup(shutil.rmtree, cls.built)
        cls.settings = write_settings(cls.built)
        cls.result = run(PROGRAM, cls.settings)
        if cls.result.returncode:
            raise AssertionError(cls.result.stderr)
        cls.artifacts = cls.built / "artifacts"
        cls.manifest = json.loads((cls.artifacts / "manifest.json").read_text())

    def copy(self):
        """A copy of the settings and the artifacts that a test may damage: (settings path, artifact folder)."""
        shutil.copytree(self.artifacts, self.folder / "artifacts")
        return write_settings(self.folder), self.folder / "artifacts"


@BUILD_NEEDS
class ArtifactsTest(BuiltCase):
    def test_writes_the_published_dlrm_json(self):
        self.assertEqual(
            json.loads((self.artifacts / "dlrm.json").read_text()),
            {
                "supportlonglong": False,
                "models": [
                    {
                        "model": "dlrm",
                        "sparse_files": ["dlrm_embedding_table"],
                        "num_of_worker_buffer_in_pool": 3,
                        "embedding_table_names": ["sparse_embedding0"],
                        "embedding_vecsize_per_table": [128],
                        "maxnum_catfeature_query_per_table_per_sample": [26],
                        "default_value_for_each_table": [1.0],
                        "deployed_device_list": [0],
                        "max_batch_size": 131072,
                        "cache_refresh_percentage_per_iteration": 0.0,
                        "hit_rate_threshold": 1.0,
                        "gpucacheper": 0.2,
                        "gpucache": True,
                    }
                ],
            },
        )

    def test_lists_every_file_with_size_and_digest(self):
        listed = self.manifest["files"]
        self.assertEqual({name: file["sha256"] for name, file in listed.items()}, digests(self.artifacts))
        self.assertEqual(listed["dlrm_embedding_table/key"]["bytes"], sum(TINY) * 8)
        self.assertEqual(listed["dlrm_embedding_table/emb_vector"]["bytes"], sum(TINY) * 128 * 4)
        table = listed["dlrm_embedding_table/emb_vector"]["bytes"]
        self.assertEqual(self.manifest["bytes"], sum(file["bytes"] for file in listed.values()) - table)

    def test_says_what_it_was_made_from(self):
        document = json.loads(self.settings.read_text())
        self.assertEqual(self.manifest["spec_hash"], document["spec_hash"])
        self.assertEqual(self.manifest["model"]["seed"], document["model"]["seed"])
        self.assertEqual(self.manifest["model"]["table"], document["model"]["table"])
        self.assertEqual(set(self.manifest["versions"]), {"python", "tensorflow", "tf2onnx", "onnx", "numpy"})
        self.assertEqual(self.manifest["table_copies"], 1)

    def test_counts_the_dense_parameters_of_the_published_model(self):
        self.assertEqual(self.manifest["model"]["dense_parameters"], 171_392 + 2_197_505)

    def test_reports_scores_that_spread(self):
        scores = self.manifest["scores"]
        self.assertTrue(1e-3 < scores["min"] < scores["max"] < 1 - 1e-3, scores)
        self.assertGreater(scores["std"], 1e-3)
        self.assertGreater(scores["std_by_keys_alone"], 1e-4)

    def test_plans_no_less_disk_than_it_takes(self):
        import create_models
        import settings

        needed = create_models.bytes_needed(settings.load(self.settings).model)
        self.assertGreaterEqual(needed, self.manifest["bytes"])
        self.assertLess(
            needed, self.manifest["bytes"] + (28 << 20)
        )  # room for the HPS SavedModel that was not asked for

    def test_reports_progress_and_keeps_library_noise_away(self):
        lines = progress(self.result.stdout)
        finished = {line["step"] for line in lines if line["done"] == line["total"]}
        self.assertEqual(finished, {"table", "saved-models"})
        self.assertEqual(self.result.stderr, "")
        self.assertLess(len(self.result.stdout.splitlines()), 40)

    def test_leaves_nothing_but_artifacts(self):
        names = {path.name for path in self.artifacts.iterdir()}
        wanted = {"dlrm_embedding_table", "dlrm.json", "native_tf", "dlrm_dense_tf_saved_model", "dlrm_dense.onnx"}
        wanted.add("dlrm_dense.npz")
        self.assertEqual(names, wanted | {"manifest.json", ".lock"})


@BUILD_NEEDS
class ReuseTest(BuiltCase):
    def assert_reused(self, path):
        """Run the program; it must say reused, and make nothing."""
        result = run(PROGRAM, path)
        self.assertEqual(progress(result.stdout), [])
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("reused: ", result.stdout)
        return result.stdout

    def test_reuses_whole_artifacts_and_touches_nothing(self):
        path, artifacts = self.copy()
        before = {p: p.stat().st_mtime_ns for p in artifacts.rglob("*") if p.is_file() and p.name != ".lock"}
        self.assert_reused(path)
        self.assertEqual(before, {p: p.stat().st_mtime_ns for p in before})

    def test_rewrites_dlrm_json_alone_when_the_servers_settings_change(self):
        _, artifacts = self.copy()
        before = digests(artifacts)
        self.assertIn("dlrm.json rewritten", self.assert_reused(write_settings(self.folder, hps__workers=5)))
        after = digests(artifacts)
        self.assertEqual({name for name in after if after[name] != before[name]}, {"dlrm.json"})
        self.assertEqual(
            json.loads((artifacts / "dlrm.json").read_text())["models"][0]["num_of_worker_buffer_in_pool"], 5
        )
        listed = json.loads((artifacts / "manifest.json").read_text())["files"]
        self.assertEqual({name: file["sha256"] for name, file in listed.items()}, after)
        self.assertNotIn("rewritten", self.assert_reused(self.folder / "settings.json"))

    def test_makes_truncated_or_unlisted_artifacts_again(self):
        path, artifacts = self.copy()
        with (artifacts / "dlrm_embedding_table" / "emb_vector").open("r+b") as file:
            file.truncate(1000)
        (artifacts / ".building-dlrm_dense.onnx").write_bytes(b"half")
        (artifacts / "kept.txt").write_text("a file of somebody else")
        result = run(PROGRAM, path)
        self.assertIn("created: ", result.stdout)
        self.assertEqual((artifacts / "kept.txt").read_text(), "a file of somebody else")
        (artifacts / "kept.txt").unlink()
        self.assertEqual(digests(artifacts), digests(self.artifacts))

    def test_makes_another_model_in_the_same_folder(self):
        _, artifacts = self.copy()
        result = run(PROGRAM, write_settings(self.folder, [1] * 26))
        self.assertIn("created: ", result.stdout, result.stderr)
        manifest = json.loads((artifacts / "manifest.json").read_text())
        self.assertNotEqual(manifest["key"], self.manifest["key"])
        self.assertEqual(manifest["model"]["rows"], 26)
        self.assertEqual((artifacts / "dlrm_embedding_table" / "key").stat().st_size, 26 * 8)


@BUILD_NEEDS
class KilledTest(BuiltCase):
    def start(self, path, **options):
        """Start the program without waiting."""
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        child = subprocess.Popen(command(PROGRAM, path), env=environment(), **pipes, **options)
        self.addCleanup(child.communicate)
        self.addCleanup(child.kill)
        return child

    def test_ends_with_the_same_bytes_after_kills_at_random_moments(self):
        # Killed with its whole process group, so that nobody can clean up; the model is another one each time, so that
        # what the last kill left behind is always wrong.
        artifacts = self.folder / "artifacts"
        seed = int(os.environ.get("HPS_BENCH_TEST_SEED", random.randrange(2**32)))
        moments = random.Random(seed)
        cut, kills = 0, int(os.environ.get("HPS_BENCH_TEST_KILLS", "20"))
        for number in range(kills):
            path = write_settings(self.folder, model__seed=number)
            child = self.start(path, start_new_session=True)
            time.sleep(moments.uniform(0.05, self.manifest["seconds"]["all"] * 1.1))
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            cut += self.assert_nothing_wrong_is_accepted(artifacts, path, f"moment {number} of seed {seed}")
        self.assertGreater(cut, kills // 4, f"seed {seed}: nearly every start was faster than its axe")
        result = run(PROGRAM, write_settings(self.folder))
        self.assertEqual(result.returncode, 0, f"seed {seed}: {result.stderr}")
        self.assertEqual(digests(artifacts), digests(self.artifacts), f"seed {seed}")

    def assert_nothing_wrong_is_accepted(self, artifacts, path, moment):
        """Later stages take a whole set of artifacts of these settings and refuse all else; 1 where they refuse."""
        import settings
        from hpsb_artifacts import check_artifacts
        from hpsb_console import EnvironmentFaultError
        from hpsb_files import read_json

        chosen = settings.load(path, needs=("hps", "artifacts"), paths=("artifacts",))
        manifest = read_json(artifacts / "manifest.json")
        if manifest is not None:  # of these settings, or of the last ones if the kill came before anything was removed
            listed = {name: file["sha256"] for name, file in manifest["files"].items()}
            there = digests(artifacts).items()  # probes of links are made before anything is removed
            there = {name: digest for name, digest in there if not name.startswith(".building-link-")}
            self.assertEqual(listed, there, moment)
        try:
            check_artifacts(chosen, ())
        except EnvironmentFaultError as refusal:
            self.assertIn("run create_models.py with these settings first", str(refusal), moment)
            return 1
        self.assertEqual(manifest["model"]["seed"], chosen.model.seed, moment)
        return 0

    def stop(self, signum, marker):
        """Start, wait for a line with the marker, send the signal; returns (exit code, stderr)."""
        child = self.start(write_settings(self.folder))
        for line in child.stdout:
            if marker in line:
                break
        child.send_signal(signum)
        _, errors = child.communicate(timeout=60)
        return child.returncode, errors

    def test_cleans_up_and_tells_the_signal_apart(self):
        for signum, code, marker in (
            (signal.SIGTERM, 143, '"step":"table","done":0'),
            # Not 2: it comes so soon after 1 that it may be left out.
            (signal.SIGTERM, 143, '"step":"saved-models","done":1'),
            (signal.SIGINT, 130, '"step":"saved-models","done":4'),
        ):
            with self.subTest(marker):
                returned, errors = self.stop(signum, marker)
                self.assertEqual(returned, code, errors)
                self.assertIn(f"stopped by {signum.name}", errors)
                self.assertEqual(digests(self.folder / "artifacts"), {})

    def test_two_at_once_make_one_whole_set(self):
        path = write_settings(self.folder)
        children = [self.start(path), self.start(path)]
        ends = [(*child.communicate(timeout=300), child.returncode) for child in children]
        (made,) = (end for end in ends if "created: " in end[0])
        self.assertEqual(made[2], 0)
        (other,) = (end for end in ends if end is not made)
        # It waits 20 seconds for the lock, which a slow machine may need longer for.
        if other[2]:
            self.assertEqual(other[2], 4)
            self.assertIn("another process is writing here", other[1])
        else:
            self.assertIn("reused: ", other[0])
        self.assertEqual(digests(self.folder / "artifacts"), digests(self.artifacts))


class RefusalTest(FolderCase):
    def test_ends_with_2_and_names_the_key(self):
        result = run(PROGRAM, write_settings(self.folder, model__opset=3))
        self.assertEqual(result.returncode, 2)
        self.assertIn("model.opset: got 3; allowed: a whole number from 11 to 18", result.stderr)
        self.assertFalse((self.folder / "artifacts").exists())

    @BUILD_NEEDS
    def test_ends_with_2_when_the_table_saturates_the_scores(self):
        low_high = {"model__table__low": 0, "model__table__high": 40}
        result = run(PROGRAM, write_settings(self.folder, **low_high))
        self.assertEqual(result.returncode, 2, result.stdout)
        self.assertIn("model.table: got low 0, high 40; ", result.stderr)
        self.assertEqual(digests(self.folder / "artifacts"), {})

    def fake_library(self, name, version, package=None):
        """A folder for PYTHONPATH that shadows a library with another version."""
        place = self.folder / "fakes"
        information = place / f"{(package or name).replace('-', '_')}-{version}.dist-info"
        information.mkdir(parents=True)
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package or name}\nVersion: {version}\n")
        (place / name).mkdir(exist_ok=True)
        (place / name / "__init__.py").write_text("raise ImportError('must not be imported')")
        return str(place)

    def test_ends_with_4_on_a_tensorflow_with_keras_3(self):
        result = run(PROGRAM, write_settings(self.folder), PYTHONPATH=self.fake_library("tensorflow", "2.16.1"))
        self.assertEqual(result.returncode, 4)
        self.assertIn("tensorflow is 2.16.1; allowed: 2.10 to 2.15", result.stderr)

    @BUILD_NEEDS
    def test_ends_with_4_before_writing_when_the_disk_is_too_small(self):
        result = run(PROGRAM, write_settings(self.folder, [80_000_000] * 26))
        self.assertEqual(result.returncode, 4)
        needed = 2_080_000_000 * 512 + 2_080_000_000 * 8
        self.assertRegex(result.stderr, rf"needs {str(needed)[:4]}\d+ bytes, free are \d+ bytes")
        self.assertEqual(digests(self.folder / "artifacts"), {})

    @BUILD_NEEDS
    def test_plans_for_two_tables_where_the_file_system_has_no_hard_links(self):
        path = write_settings(self.folder, [80_000_000] * 26)
        result = run(PROGRAM, path, PYTHONPATH=NoLinks(self.folder).path)
        self.assertEqual(result.returncode, 4)
        needed = 2 * 2_080_000_000 * 512 + 2_080_000_000 * 8
        self.assertRegex(result.stderr, rf"stored twice .* no hard links, needs {str(needed)[:4]}\d+ bytes")

    @BUILD_NEEDS
    def test_ends_with_4_when_hps_is_wanted_and_missing(self):
        result = run(PROGRAM, write_settings(self.folder, artifacts__hps_saved_model=True), PYTHONPATH="")
        self.assertEqual(result.returncode, 4)
        self.assertIn("hierarchical_parameter_server is missing", result.stderr)
        self.assertIn("leave tf_with_hps out of the variants", result.stderr)
        self.assertFalse((self.folder / "artifacts").exists())

    @BUILD_NEEDS
    def test_ends_with_4_when_the_hps_module_cannot_be_loaded(self):
        # As on a node whose container does not see the driver: the module is there, its library is not.
        module = self.folder / "fakes" / "hierarchical_parameter_server"
        module.mkdir(parents=True)
        (module / "__init__.py").write_text("raise OSError('libcuda.so.1: cannot open shared object file')")
        path = write_settings(self.folder, artifacts__hps_saved_model=True)
        result = run(PROGRAM, path, PYTHONPATH=str(module.parent))
        self.assertEqual(result.returncode, 4, result.stderr)
        self.assertIn("cannot be loaded (OSError: libcuda.so.1", result.stderr)
        self.assertEqual(digests(self.folder / "artifacts"), {})

    @BUILD_NEEDS
    def test_ends_with_4_when_the_folder_cannot_be_made(self):
        (self.folder / "file").write_text("")
        result = run(PROGRAM, write_settings(self.folder, paths__artifacts=str(self.folder / "file" / "artifacts")))
        self.assertEqual(result.returncode, 4)
        self.assertIn("cannot be made a folder: Not a directory", result.stderr)


if __name__ == "__main__":
    unittest.main()
