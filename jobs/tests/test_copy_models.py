"""The copy of models and requests to a node's own disk: whole, checked, hard links kept, or refused."""

import hashlib
import json
import os
import unittest

from support import FolderCase, run, write_settings

PROGRAM = "copy_models.py"


class CopyCase(FolderCase):
    def setUp(self):
        """A shared volume as create_models.py and make_requests.py leave one, with small files."""
        super().setUp()
        self.shared = {name: self.folder / "data" / name for name in ("artifacts", "requests")}
        self.local = {name: self.folder / "local" / name for name in self.shared}
        vectors = b"v" * 100_000
        self.make(
            "artifacts", "manifest.json", {"dlrm/emb_vector": vectors, "native_tf/shard": vectors, "dlrm.json": b"{}"}
        )
        link = self.shared["artifacts"] / "native_tf/shard"
        link.unlink()
        os.link(self.shared["artifacts"] / "dlrm/emb_vector", link)
        self.make("requests", "requests.json", {"1.json": b"[1]", "32.json": b"[32]", "64.json": b"[64]"})
        document = {name: str(path) for name, path in self.shared.items()}
        paths = {name: str(path) for name, path in self.local.items()}
        self.settings = write_settings(self.folder, fleet={**document, "lock_seconds": 60}, paths=paths)

    def make(self, name, manifest, files):
        """A folder of files with their manifest."""
        listed = {}
        for path, content in files.items():
            (self.shared[name] / path).parent.mkdir(parents=True, exist_ok=True)
            (self.shared[name] / path).write_bytes(content)
            listed[path] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        (self.shared[name] / manifest).write_text(json.dumps({"key": name, "files": listed}))

    def copy(self):
        """Run the program."""
        return run(PROGRAM, self.settings)

    def files(self, name):
        """Relative paths of the copy."""
        folder = self.local[name]
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


class CopyTest(CopyCase):
    def test_copies_what_the_manifests_list_and_the_requests_that_are_asked_for(self):
        done = self.copy()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("copied: 100009 bytes", done.stdout)
        self.assertEqual(self.files("artifacts"), ["dlrm.json", "dlrm/emb_vector", "manifest.json", "native_tf/shard"])
        self.assertEqual(self.files("requests"), ["1.json", "32.json", "requests.json"])

    def test_keeps_a_file_of_two_names_one_file(self):
        self.copy()
        first, second = (self.local["artifacts"] / name for name in ("dlrm/emb_vector", "native_tf/shard"))
        self.assertEqual(first.stat().st_ino, second.stat().st_ino)

    def test_copies_nothing_again(self):
        self.copy()
        before = (self.local["artifacts"] / "dlrm/emb_vector").stat().st_ino
        self.assertIn("copied: nothing", self.copy().stdout)
        self.assertEqual((self.local["artifacts"] / "dlrm/emb_vector").stat().st_ino, before)

    def test_begins_again_where_it_was_killed_before_its_manifest(self):
        self.copy()
        (self.local["artifacts"] / "manifest.json").unlink()
        (self.local["artifacts"] / "dlrm/emb_vector").write_bytes(b"half")
        self.assertEqual(self.copy().returncode, 0)
        self.assertEqual((self.local["artifacts"] / "dlrm/emb_vector").read_bytes(), b"v" * 100_000)

    def test_refuses_a_file_that_was_changed_on_the_volume(self):
        (self.shared["requests"] / "32.json").write_bytes(b"[33]")
        done = self.copy()
        self.assertEqual(done.returncode, 4)
        self.assertRegex(done.stderr, r"32\.json: 4 bytes with SHA-256 \w{12}, its manifest says 4 bytes with \w{12}")
        self.assertNotIn("requests.json", self.files("requests"))
        self.assertNotIn("32.json", self.files("requests"))

    def test_refuses_a_volume_without_models(self):
        (self.shared["artifacts"] / "manifest.json").unlink()
        done = self.copy()
        self.assertEqual(done.returncode, 4)
        self.assertIn("no whole manifest.json; run create_models.py", done.stderr)

    def test_names_a_file_that_is_listed_and_not_there(self):
        (self.shared["artifacts"] / "dlrm.json").unlink()
        done = self.copy()
        self.assertEqual(done.returncode, 4)
        self.assertIn("dlrm.json: is not there, and its manifest lists it", done.stderr)


if __name__ == "__main__":
    unittest.main()
