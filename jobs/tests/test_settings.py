"""The settings loader: what it takes, and what it says about what it refuses."""

import json

import settings
from support import FULL, FolderCase, document


class SettingsTest(FolderCase):
    def refusal(self, cardinalities=None, **changes):
        """The message about a document that must be refused."""
        with self.assertRaises(settings.SettingsError) as caught:
            settings.parse(document(self.folder, cardinalities, **changes), ("hps", "requests"), ("artifacts",))
        return str(caught.exception)

    def test_reads_the_published_model(self):
        loaded = settings.parse(document(self.folder, FULL), ("hps", "requests"), ("artifacts", "requests"))
        self.assertEqual(loaded.model.rows, 32_709_138)
        self.assertEqual(loaded.model.offsets[:3] + loaded.model.offsets[-1:], (0, 7912889, 7946712, 32709103))
        self.assertEqual(loaded.requests.batches, (1, 32))
        self.assertEqual(loaded.paths["artifacts"], self.folder / "artifacts")

    def test_turns_whole_numbers_into_floats_where_a_float_is_meant(self):
        loaded = settings.parse(document(self.folder, hps__hit_rate_threshold=1, hps__default_value=1), ("hps",), ())
        self.assertEqual(json.dumps([loaded.hps.hit_rate_threshold, loaded.hps.default_value]), "[1.0, 1.0]")

    def test_ignores_sections_of_other_programs(self):
        settings.parse({**document(self.folder), "measure": {"anything": 1}}, (), ())

    def test_names_key_value_and_what_is_allowed(self):
        cases = {
            "model.cardinalities[2]: got 0; allowed: a whole number from 1 to": {"cardinalities": [1, 1, 0] + [1] * 23},
            'model.cardinalities: got "a list of 25"; allowed: a list of exactly 26': {"cardinalities": [1] * 25},
            "model.cardinalities: got 5200000000; allowed: a sum of at most 2147483647": {
                "cardinalities": [200_000_000] * 26
            },
            "model.bottom_mlp: got [512, 64]; allowed: a last layer of model.embedding_width = 128": {
                "model__bottom_mlp": [512, 64]
            },
            "model.top_mlp: got [8, 2]; allowed: a last layer of 1 unit": {"model__top_mlp": [8, 2]},
            'model.table.distribution: got "normal"; allowed: "uniform"': {"model__table__distribution": "normal"},
            "model.table.high: got -1.0; allowed: more than model.table.low": {"model__table__high": -1},
            "model.seed: got true; allowed: a whole number": {"model__seed": True},
            "model.opset: got 13.0; allowed: a whole number from 11 to 18": {"model__opset": 13.0},
            "hps.gpu_cache_fraction: got 0; allowed: a number above 0 to 1": {"hps__gpu_cache_fraction": 0},
            "hps.hit_rate_threshold: got NaN; allowed": {"hps__hit_rate_threshold": float("nan")},
            "hps.deployed_devices: got [0, 0]; allowed: each value once": {"hps__deployed_devices": [0, 0]},
            'requests.batches: got "a list of 0"; allowed: a list of at least one value': {"requests__batches": []},
            'requests.tensors: got "raw"; allowed: "json"': {"requests__tensors": "raw"},
            'paths.artifacts: got "here"; allowed: an absolute folder': {"paths__artifacts": "here"},
            'schema: got "other"; allowed: "hps-bench/job-settings/1"': {"schema": "other"},
            "hps.worker: got 3; allowed: no such key; the keys are gpu_cache_fraction, workers": {"hps__worker": 3},
        }
        for message, changes in cases.items():
            with self.subTest(message):
                self.assertIn(message, self.refusal(**changes))

    def test_names_what_is_missing(self):
        lacking = document(self.folder)
        del lacking["model"]["seed"]
        with self.assertRaisesRegex(settings.SettingsError, r"model\.seed: missing"):
            settings.parse(lacking, (), ())
        lacking = document(self.folder)
        del lacking["hps"]
        with self.assertRaisesRegex(settings.SettingsError, "hps: missing"):
            settings.parse(lacking, ("hps",), ())
        settings.parse(lacking, (), ())

    def test_says_which_file_is_no_json(self):
        path = self.folder / "settings.json"
        path.write_text("{", encoding="utf-8")
        with self.assertRaisesRegex(settings.SettingsError, r"settings\.json: is no JSON"):
            settings.load(path)
        with self.assertRaisesRegex(settings.SettingsError, r"absent\.json: cannot be read"):
            settings.load(self.folder / "absent.json")
