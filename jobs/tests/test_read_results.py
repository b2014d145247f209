"""The reader of the volume: every file once, half-written ones named, pods that go on where another stopped."""

import hashlib
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = (Path(__file__).parent.parent / "reader" / "read_results.py").read_text(encoding="utf-8")


def read(after, *folders, limit=None):
    program = PROGRAM if limit is None else PROGRAM.replace("LIMIT = 8 * 1024 * 1024", f"LIMIT = {limit}")
    # As the pod starts it: the program is an argument.
    answer = subprocess.run(
        [sys.executable, "-c", program, after, *map(str, folders)], stdout=subprocess.PIPE, check=True, timeout=60
    )
    lines = answer.stdout.decode().splitlines(keepends=True)
    files = [json.loads(line.partition(" ")[2]) for line in lines[:-1]]
    end = json.loads(lines[-1].partition(" ")[2])
    assert end["digest"] == hashlib.sha256("".join(lines[:-1]).encode()).hexdigest()
    assert end["files"] == len(files)
    return files, end


class ReadResults(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folders = [Path(temporary.name) / name for name in ("one", "two")]
        for folder in self.folders:
            (folder / "evidence").mkdir(parents=True)
            for number in range(3):
                document = {"id": f"{folder.name}-{number}", "text": "a\nb"}
                (folder / "evidence" / f"r{number}.a1.json").write_text(json.dumps(document), encoding="utf-8")

    def test_prints_every_file_of_every_folder_once(self):
        (self.folders[0] / "parity.json").write_text('{"ok": true}', encoding="utf-8")
        (self.folders[0] / "evidence" / ".r9.a1.json.tmp").write_text("{", encoding="utf-8")
        files, end = read("", *self.folders)
        self.assertEqual(len(files), 7)
        self.assertEqual([file["folder"] for file in files], [0, 0, 0, 0, 1, 1, 1])
        self.assertEqual(files[0]["document"], {"id": "one-0", "text": "a\nb"})
        self.assertFalse(end["more"])

    def test_names_a_file_that_is_half_written(self):
        (self.folders[0] / "evidence" / "r1.a1.json").write_text('{"id": "one', encoding="utf-8")
        files, _ = read("", self.folders[0])
        self.assertIn("is not whole", files[1]["problem"])
        self.assertNotIn("document", files[1])

    def test_goes_on_after_the_last_file_of_the_pod_before(self):
        names, after, more = [], "", True
        while more:
            files, end = read(after, *self.folders, limit=200)
            names += [file["name"] for file in files]
            after, more = end["last"], end["more"]
        self.assertEqual(len(names), 6)
        self.assertEqual(len(set(names)), 6)

    def test_has_nothing_to_say_of_a_folder_that_is_not_there(self):
        files, end = read("", self.folders[0] / "nowhere")
        self.assertEqual((files, end["files"], end["more"]), ([], 0, False))


if __name__ == "__main__":
    unittest.main()
