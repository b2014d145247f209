"""The request files: ranges, determinism, reuse, and what happens when the program is killed."""

import json
import random
import signal
import struct
import subprocess
import time
import unittest
from itertools import accumulate

import make_requests
import settings
import support
from support import FULL, TINY, FolderCase, command, digests, environment, progress, run, write_settings

PROGRAM = "make_requests.py"
PAGE_SAMPLE = support.REPOSITORY / "test" / "fixtures" / "requests" / "1.json"


def model_of(folder, cardinalities):
    """The checked model of a document."""
    return settings.parse(support.document(folder, cardinalities), (), ()).model


class RequestFilesTest(FolderCase):
    def made(self, cardinalities=None, **changes):
        """Run the program and return its request folder."""
        result = run(PROGRAM, write_settings(self.folder, cardinalities, **changes))
        self.assertEqual(result.returncode, 0, result.stderr)
        return self.folder / "requests"

    def test_draws_each_slots_keys_in_its_range(self):
        for cardinalities in (TINY, FULL, [1] * 26):
            folder = self.made(cardinalities, requests__batches=[2, 500])
            ends = list(accumulate(cardinalities))
            for batch in (2, 500):
                (request,) = json.loads((folder / f"{batch}.json").read_text())["data"]
                keys = request["categorical_features"]
                self.assertEqual(len(keys), batch * 26)
                for index, key in enumerate(keys):
                    end = ends[index % 26]
                    self.assertTrue(end - cardinalities[index % 26] <= key < end, (index, key))

    def test_writes_the_same_numbers_as_raw_files(self):
        (request,) = json.loads((self.made(requests__batches=[40]) / "40.json").read_text())["data"]
        folder = self.made(requests__batches=[40], requests__tensors="binary")
        self.assertEqual(make_requests.read_binary(folder / "40"), {"data": [request]})
        before = digests(folder)
        self.assertIn("reused", run(PROGRAM, self.folder / "settings.json").stdout)
        (folder / "40" / "numerical_features").write_bytes(b"0" * 40 * 13 * 4)
        self.assertNotIn("reused", run(PROGRAM, self.folder / "settings.json").stdout)
        self.assertEqual(digests(folder), before)

    def test_draws_a_hit_rate_among_the_first_rows(self):
        keys = {"distribution": "hit_rate", "hit_rate": 0.9, "cached": 0.2, "exponent": 0.0}
        folder = self.made(FULL, requests__batches=[2000], requests__keys=keys)
        (request,) = json.loads((folder / "2000.json").read_text())["data"]
        held = [
            key - offset < max(1, int(count * 0.2))
            for index, key in enumerate(request["categorical_features"])
            for offset, count in [(sum(FULL[: index % 26]), FULL[index % 26])]
        ]
        self.assertAlmostEqual(sum(held) / len(held), 0.9, delta=0.01)

    def test_draws_a_power_law_that_prefers_the_first_rows(self):
        def share_of_first(exponent):
            keys = {"distribution": "power_law", "hit_rate": 1.0, "cached": 1.0, "exponent": exponent}
            folder = self.made([1000] * 26, requests__batches=[500], requests__keys=keys)
            (request,) = json.loads((folder / "500.json").read_text())["data"]
            rows = [key % 1000 for key in request["categorical_features"]]
            return rows.count(0) / len(rows)

        def expected(exponent):
            """Mass of [1, 2) of x ** -exponent on [1, 1001)."""
            power = 1 - exponent
            return (2**power - 1) / (1001**power - 1)

        for exponent in (1.05, 1.45):
            self.assertAlmostEqual(share_of_first(exponent), expected(exponent), delta=0.02)

    def test_reaches_every_key_of_small_slots(self):
        (request,) = json.loads((self.made(requests__batches=[5000]) / "5000.json").read_text())["data"]
        self.assertEqual(set(request["categorical_features"]), set(range(sum(TINY))))

    def test_writes_dense_values_that_are_exact_halves_with_a_decimal_point(self):
        text = (self.made(requests__batches=[300]) / "300.json").read_text()
        values = text.split('"numerical_features":[')[1].split("]")[0].split(",")
        self.assertEqual(len(values), 300 * 13)
        for value in values:
            self.assertRegex(value, r"^\d\.\d{1,14}$")
            self.assertEqual(struct.unpack("<e", struct.pack("<e", float(value)))[0], float(value))
        numbers = [float(value) for value in values]
        self.assertTrue(min(numbers) >= 0 and max(numbers) <= 9)
        self.assertGreater(len(set(values)), 200)
        self.assertIn("1.0986328125", values)  # log1p(2), as in the published sample

    def test_depends_on_seed_batch_and_slots_alone(self):
        first = digests(self.made(requests__batches=[32, 1, 64]))
        (self.folder / "b").mkdir()
        alone = run(PROGRAM, write_settings(self.folder / "b", requests__batches=[64], run_id="other"))
        self.assertEqual(alone.returncode, 0, alone.stderr)
        self.assertEqual(digests(self.folder / "b" / "requests"), {"64.json": first["64.json"]})
        other_seed = digests(self.made(requests__batches=[32, 1, 64], requests__seed=8))
        self.assertFalse(set(first.values()) & set(other_seed.values()))

    def test_keeps_the_bytes_of_one_known_file(self):
        # Fails if another Python, machine or edit draws other numbers: every published request would then change.
        folder = self.made(FULL, requests__batches=[32])
        known = "234a2825fb192ed9056d36db5038d621bac4ec50a69a20f1f581a9e3ae48f62f"
        self.assertEqual(digests(folder)["32.json"], known)

    def test_reuses_files_of_the_same_content(self):
        folder = self.made()
        before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
        started = time.monotonic()
        result = run(PROGRAM, self.folder / "settings.json")
        self.assertLess(time.monotonic() - started, 2)
        self.assertIn("reused: 2 request files", result.stdout)
        after = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
        self.assertEqual(
            {k: v for k, v in before.items() if k != ".lock"}, {k: v for k, v in after.items() if k != ".lock"}
        )

    def test_makes_only_what_is_missing_or_damaged(self):
        folder = self.made()
        good = digests(folder)
        damaged = (folder / "32.json").read_text().replace("1", "2", 1)
        (folder / "32.json").write_text(damaged)
        result = run(PROGRAM, self.folder / "settings.json")
        self.assertIn("32.json: 32 samples", result.stdout)
        self.assertNotIn("1.json: 1 samples", result.stdout)
        self.assertEqual(digests(folder), good)

    def test_lists_every_file_with_size_and_digest(self):
        folder = self.made()
        manifest = json.loads((folder / "requests.json").read_text())
        self.assertEqual(manifest["schema"], "hps-bench/requests/2")
        self.assertEqual({name: file["sha256"] for name, file in manifest["files"].items()}, digests(folder))
        for name, file in manifest["files"].items():
            self.assertEqual(file["bytes"], (folder / name).stat().st_size)

    def test_reports_progress_from_nothing_to_all(self):
        result = run(PROGRAM, write_settings(self.folder, requests__batches=[1, 32]))
        lines = progress(result.stdout)
        self.assertEqual((lines[0]["done"], lines[-1]["done"], lines[-1]["total"]), (0, 33, 33))
        self.assertEqual({line["stage"] for line in lines}, {"make-requests"})

    def test_leaves_no_half_file_when_killed(self):
        path = write_settings(self.folder, FULL, requests__batches=[3000, 4000, 20000])
        folder = self.folder / "requests"
        moments = random.Random(11)
        for signum in (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL):
            with subprocess.Popen(
                command(PROGRAM, path), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
            ) as child:
                time.sleep(0.15 + moments.random() * 0.25)
                child.send_signal(signum)
                child.communicate()
            for file in folder.glob("[0-9]*.json"):
                json.loads(file.read_text())  # whole, or this raises
            if signum == signal.SIGTERM and child.returncode != 0:
                self.assertEqual(child.returncode, 143)
                self.assertEqual(list(folder.glob(".building-*")), [])
        self.assertEqual(run(PROGRAM, path).returncode, 0)
        whole = digests(folder)
        self.assertEqual(set(whole), {"3000.json", "4000.json", "20000.json"})
        (self.folder / "b").mkdir()
        run(PROGRAM, write_settings(self.folder / "b", FULL, requests__batches=[3000, 4000, 20000]))
        self.assertEqual(whole, digests(self.folder / "b" / "requests"))

    def test_ends_with_2_on_bad_settings(self):
        result = run(PROGRAM, write_settings(self.folder, requests__batches=[0]))
        self.assertEqual(result.returncode, 2)
        self.assertIn("requests.batches[0]: got 0; allowed: a whole number from 1", result.stderr)

    def test_ends_with_4_when_the_disk_is_too_small(self):
        result = run(PROGRAM, write_settings(self.folder, FULL, requests__batches=[2**24 - n for n in range(4000)]))
        self.assertEqual(result.returncode, 4)
        self.assertRegex(result.stderr, r"4000 request files needs \d+ bytes, free are \d+ bytes")
        self.assertEqual(digests(self.folder / "requests"), {})


class CheckTest(FolderCase):
    def test_accepts_the_published_sample_at_full_size(self):
        document = json.loads(PAGE_SAMPLE.read_text())
        make_requests.check_request(document, model_of(self.folder, FULL), 1)

    def test_refuses_what_does_not_fit(self):
        model = model_of(self.folder, FULL)

        def refused(change, message):
            document = json.loads(PAGE_SAMPLE.read_text())
            change(document["data"][0])
            with self.assertRaisesRegex(ValueError, message):
                make_requests.check_request(document, model, 1)

        refused(lambda r: r["categorical_features"].__setitem__(5, 7991240), "slot 5: keys 7991240")
        refused(lambda r: r["categorical_features"].__setitem__(0, -1), "slot 0: keys -1")
        refused(lambda r: r["categorical_features"].__setitem__(0, 1.0), "slot 0")
        refused(lambda r: r["categorical_features"].pop(), "25 keys")
        refused(lambda r: r["numerical_features"].__setitem__(3, 1), "dense values")
        refused(lambda r: r["numerical_features"].__setitem__(3, -0.5), "dense values")


if __name__ == "__main__":
    unittest.main()
