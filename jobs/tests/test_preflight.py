"""The preflight: a stage that cannot end is refused before it begins, with what, found, needed and what would do."""

import json
import os
from unittest import mock

from support import FolderCase, document  # isort: skip - it makes the programs importable
import settings
from hpsb_console import EnvironmentFaultError
from hpsb_gpu import first_gpu
from hpsb_preflight import drives, preflight, runs
from hpsb_probe import Probe
from nvidia_smi_double import A100, H100, install

PAGE = "nvcr.io/nvidia/merlin/merlin-tensorflow:23.02"
NEWER = "nvcr.io/nvidia/merlin/merlin-hugectr:24.06"


def section(folder, gpu_bytes=27_400_000_000, **stage):
    """A ``preflight`` section for serving the page; ``stage`` changes its needs."""
    needs = {"gpu_bytes": gpu_bytes, "host_bytes": 1, "shm_bytes": 0, "disk_bytes": 0}
    needs.update(stage, stage="serve", disk_folder=str(folder / "data"))
    return {
        "gpu": {
            "product": "A100-SXM4-80GB",
            "capability": "8.0",
            "image": PAGE,
            "hps_capabilities": ["7.0", "7.5", "8.0"],
            "driver": {"minimum": "520", "branches": ["450.51", "470.57", "510.47", "515.65"]},
            "images": [
                {"name": NEWER, "capabilities": ["7.0", "7.5", "8.0", "9.0"]},
                {"name": PAGE, "capabilities": ["7.0", "7.5", "8.0"]},
            ],
        },
        "stages": [needs],
    }


class PreflightTest(FolderCase):
    def needs(self, **stage):
        """The checked section."""
        return self.parsed(section(self.folder, **stage))

    def parsed(self, value):
        """A section through the settings' own checks."""
        return settings.parse({**document(self.folder), "preflight": value}, ("preflight",), ()).preflight

    def probe(self, *gpus, processes=(), slices=(), files=None):
        """A probe of a made-up machine: 64 GB of memory, these GPUs, and these files besides."""
        root = self.folder / "root"
        for name, text in {"proc/meminfo": "MemAvailable:   62500000 kB\n", **(files or {})}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="ascii")
        (root / "dev/shm").mkdir(parents=True, exist_ok=True)
        return Probe(root, install(self.folder, gpus, processes, slices))

    def refusal(self, needs, probe):
        """The message of a stage that must be refused."""
        with self.assertRaises(EnvironmentFaultError) as caught:
            preflight("serve", needs, probe)
        return str(caught.exception)

    def test_passes_on_the_published_gpu_and_tells_what_it_found(self):
        facts = preflight("serve", self.needs(), self.probe(A100))
        self.assertEqual(facts["gpu"]["product"], "NVIDIA A100-SXM4-80GB")
        self.assertEqual(facts["gpu"]["memory_total"], 81920 << 20)
        self.assertEqual(facts["memory"]["available"], 64_000_000_000)
        self.assertEqual(facts["warnings"], [])
        json.dumps(facts)

    def test_refuses_the_pages_image_on_hopper_and_names_the_images_that_run_there(self):
        said = self.refusal(self.needs(), self.probe(H100))
        self.assertIn(f"{PAGE} has HPS code for compute capability 7.0, 7.5, 8.0 and none for NVIDIA H100", said)
        self.assertIn(f"images that have it: {NEWER}", said)
        self.assertEqual(said.count("\n"), 1)

    def test_says_of_blackwell_that_no_image_is_left(self):
        said = self.refusal(self.needs(), self.probe({**H100, "name": "NVIDIA B200", "compute_cap": "10.0"}))
        self.assertIn("none for NVIDIA B200 (10.0); no image with HPS has it", said)

    def test_checks_no_architecture_where_no_hps_runs(self):
        value = section(self.folder)
        value["gpu"]["hps_capabilities"] = []
        facts = preflight("serve", self.parsed(value), self.probe(H100))
        self.assertEqual(facts["warnings"], ["the spec says A100-SXM4-80GB, this GPU is a NVIDIA H100 80GB HBM3"])

    def test_refuses_an_old_driver_and_takes_a_recent_one_of_an_old_branch(self):
        said = self.refusal(self.needs(), self.probe({**A100, "driver_version": "460.106.00"}))
        self.assertIn("driver: 460.106.00 on NVIDIA A100-SXM4-80GB", said)
        self.assertIn("520 or newer (or 450.51, 470.57, 510.47, 515.65 or newer of that branch)", said)
        preflight("serve", self.needs(), self.probe({**A100, "driver_version": "470.82.01"}))

    def test_knows_the_capability_of_the_specs_gpu_where_an_old_driver_does_not_tell(self):
        old = {key: value for key, value in {**A100, "driver_version": "470.82.01"}.items() if key != "compute_cap"}
        facts = preflight("serve", self.needs(), self.probe(old))
        self.assertEqual((facts["gpu"]["compute_capability"], facts["warnings"]), (None, []))
        facts = preflight("serve", self.needs(), self.probe({**old, "name": "NVIDIA A30"}))
        self.assertIn("the image was not checked", facts["warnings"][0])

    def test_tells_a_gpu_that_is_too_small_from_one_that_is_in_use(self):
        small = {**A100, "name": "NVIDIA A30", "memory.total": "24576", "memory.free": "24000"}
        self.assertIn(
            "NVIDIA A30 has 25.8 GB in all, serve needs 27.4 GB", self.refusal(self.needs(), self.probe(small))
        )
        used = {"gpu_uuid": A100["uuid"], "pid": "440", "used_gpu_memory": "72198", "process_name": "python3, really"}
        other = {**used, "gpu_uuid": H100["uuid"], "process_name": "elsewhere"}
        said = self.refusal(self.needs(), self.probe({**A100, "memory.free": "8852"}, processes=[used, other]))
        self.assertIn("9.3 GB of 85.9 GB is free", said)
        self.assertIn("in use by python3, really (pid 440, 75.7 GB); end them", said)
        self.assertNotIn("elsewhere", said)
        said = self.refusal(self.needs(), self.probe({**A100, "memory.free": "8852"}, processes=[other]))
        self.assertIn("in use by the driver and what runs outside this container", said)

    def test_counts_only_the_slice_of_a_gpu_in_mig_mode(self):
        gpu = {**A100, "mig.mode.current": "Enabled", "memory.free": "[Insufficient Permissions]"}
        said = self.refusal(self.needs(), self.probe(gpu, slices=[(9728, 9700)]))
        self.assertIn("(a MIG slice) has 10.2 GB in all", said)
        facts = preflight("serve", self.needs(), self.probe(gpu, slices=[(40448, 40151)]))
        self.assertIn("MIG slice", facts["warnings"][0])

    def test_says_that_a_second_gpu_is_not_used(self):
        facts = preflight("serve", self.needs(), self.probe(A100, {**A100, "uuid": "GPU-2"}))
        self.assertIn("2 GPUs are visible", facts["warnings"][0])

    def test_takes_the_tightest_memory_limit_of_cgroup_version_2(self):
        files = {
            "proc/self/cgroup": "0::/kubepods/pod1/box\n",
            "sys/fs/cgroup/kubepods/memory.max": "max\n",
            "sys/fs/cgroup/kubepods/pod1/memory.max": "8000000000\n",
            "sys/fs/cgroup/kubepods/pod1/box/memory.max": "9000000000\n",
        }
        said = self.refusal(self.needs(host_bytes=67_600_000_000), self.probe(A100, files=files))
        self.assertIn("8.0 GB is available (the container's memory limit), serve needs 67.6 GB", said)

    def test_takes_the_memory_limit_of_cgroup_version_1_and_its_number_for_none(self):
        files = {
            "proc/self/cgroup": "4:cpu,cpuacct:/x\n3:memory:/kubepods/gone\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "5000000000\n",
        }
        self.assertEqual(self.probe(A100, files=files).memory().available, 5_000_000_000)
        files["sys/fs/cgroup/memory/memory.limit_in_bytes"] = "9223372036854771712\n"
        memory = self.probe(A100, files=files).memory()
        self.assertEqual((memory.available, memory.limit), (64_000_000_000, None))

    def test_refuses_a_machine_with_too_little_memory(self):
        said = self.refusal(self.needs(host_bytes=67_600_000_000), self.probe(A100))
        self.assertIn("host memory: 64.0 GB is available (this machine), serve needs 67.6 GB", said)

    def test_counts_what_the_folder_holds_already_once_for_two_names_of_one_file(self):
        data = self.folder / "data" / "deep"
        data.mkdir(parents=True)
        (data / "table").write_bytes(os.urandom(1 << 20))
        os.link(data / "table", data / "shard")
        probe = self.probe(A100)
        disk = probe.disk(str(self.folder / "data"))
        self.assertGreaterEqual(disk.held, 1 << 20)
        self.assertLess(disk.held, 2 << 20)
        said = self.refusal(self.needs(disk_bytes=10**15), probe)
        self.assertIn("serve needs 1000000.0 GB there; raise cluster.storage.size", said)
        preflight("serve", self.needs(disk_bytes=disk.held), probe)

    def test_refuses_too_little_shared_memory(self):
        self.assertIn("/dev/shm has", self.refusal(self.needs(shm_bytes=10**15), self.probe(A100)))

    def test_names_every_fault_at_once_and_writes_nothing(self):
        probe = self.probe({**H100, "driver_version": "400.1", "memory.total": "1000", "memory.free": "900"})
        before = sorted(self.folder.rglob("*"))
        said = self.refusal(self.needs(host_bytes=10**12, disk_bytes=10**15), probe)
        self.assertEqual([line.split(":")[0].strip() for line in said.splitlines()[1:]],
                         ["image", "driver", "GPU memory", "host memory", "disk"])  # fmt: skip
        self.assertEqual(sorted(self.folder.rglob("*")), before)

    def test_asks_no_gpu_of_a_stage_that_needs_none(self):
        probe = Probe(self.probe(A100)._root, str(self.folder / "absent"))
        self.assertNotIn("gpu", preflight("serve", self.needs(gpu_bytes=0), probe))
        value = {**section(self.folder), "gpu": None}
        self.assertNotIn("gpu", preflight("serve", self.parsed(value), probe))

    def test_looks_at_the_one_gpu_of_many_that_is_used(self):
        probe = self.probe(A100, H100)
        self.assertEqual([gpu.uuid for gpu in probe.gpus()], [A100["uuid"], H100["uuid"]])
        with mock.patch.dict(os.environ, {"HPS_BENCH_GPU": H100["uuid"]}):
            self.assertEqual([gpu.uuid for gpu in probe.gpus()], [H100["uuid"]])
            self.assertEqual(first_gpu(str(self.folder / "nvidia-smi")).uuid, H100["uuid"])

    def test_explains_a_missing_a_broken_and_a_silent_nvidia_smi(self):
        probe = self.probe(A100)
        with self.assertRaisesRegex(EnvironmentFaultError, "is not here.*nvidia.com/gpu: 1"):
            Probe(probe._root, str(self.folder / "absent")).gpus()
        broken = self.folder / "broken"
        broken.write_text("#!/bin/sh\necho NVIDIA-SMI has failed; exit 9\n", encoding="ascii")
        broken.chmod(0o755)
        with self.assertRaisesRegex(EnvironmentFaultError, "ended with 9: NVIDIA-SMI has failed"):
            Probe(probe._root, str(broken)).gpus()
        with self.assertRaisesRegex(EnvironmentFaultError, "no GPU is visible"):
            self.probe().gpus()

    def test_refuses_a_section_with_a_wrong_value(self):
        for where, value, said in (
            ("hps_capabilities", ["80"], r"preflight.gpu.hps_capabilities\[0\]: got \"80\"; allowed: a compute"),
            ("driver", {"minimum": "new", "branches": []}, r"preflight.gpu.driver.minimum: got \"new\""),
        ):
            wrong = section(self.folder)
            wrong["gpu"][where] = value
            with self.assertRaisesRegex(settings.SettingsError, said):
                self.parsed(wrong)

    def test_compares_capabilities_and_drivers_by_number(self):
        self.assertTrue(runs("8.0", "8.9"))
        self.assertFalse(runs("9.0", "12.0") or runs("8.6", "8.0") or runs("1.0", "10.0"))
        driver = self.needs().gpu.driver
        self.assertTrue(drives(driver, "1000.1"))
        self.assertFalse(drives(driver, "52.1"))
