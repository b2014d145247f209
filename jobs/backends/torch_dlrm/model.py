"""torch_dlrm on Triton's python backend: the DLRM in PyTorch on a GPU, its table where the variant says.

Parameters in config.pbtxt: ``artifacts`` (folder made by create_models.py), ``table`` (gpu, cache or cpu),
``table_type`` (fp32 or fp16), ``dense`` (fp16, fp32 or tf32), ``cache_fraction`` and ``cache_admission`` (on_miss or
none), ``batches`` (sizes to be ready for, the largest being the most samples of a request). Inputs categorical_features
INT32 (N, 26) and numerical_features FP32 (N, 13), in host or GPU memory; output output_1 FP32 (N, 1) in host memory.
Nothing of HPS is in it.
"""

import ctypes
import gc
import json
from pathlib import Path

import numpy as np
import triton_python_backend_utils as pb_utils

NAMES = ("artifacts", "table", "table_type", "dense", "cache_fraction", "cache_admission", "batches")


def _read_parameters(args):
    given = json.loads(args["model_config"]).get("parameters", {})
    values = {name: given[name]["string_value"] for name in NAMES if name in given}
    allowed = {
        "table": ("gpu", "cache", "cpu"),
        "table_type": ("fp32", "fp16"),
        "dense": ("fp16", "fp32", "tf32"),
        "cache_admission": ("on_miss", "none"),
    }
    wrong = [name for name in NAMES if name not in values or values[name] not in allowed.get(name, (values[name],))]
    if wrong:
        raise pb_utils.TritonModelException(
            f"config.pbtxt: parameters {', '.join(wrong)} are missing or wrong in {values}; allowed: {allowed}"
        )
    return values


def _read_manifest(artifacts):
    """The manifest, written last, of artifacts that are still as long as it says."""
    try:
        manifest = json.loads((artifacts / "manifest.json").read_text(encoding="utf-8"))
        found = {name: (artifacts / name).stat().st_size for name in manifest["files"]}
    except (OSError, ValueError) as problem:
        raise pb_utils.TritonModelException(
            f"{artifacts}: no whole manifest.json, or not all that it lists; make the models first: {problem}"
        ) from problem
    for name, size in found.items():
        if size != manifest["files"][name]["bytes"]:
            raise pb_utils.TritonModelException(
                f"{artifacts / name} has {size} bytes, its manifest says {manifest['files'][name]['bytes']}:"
                " make the models again"
            )
    return manifest


def _load(values, model):
    """The scorer of a variant; returns it and a line about its memory."""
    import dlrm_dense
    import dlrm_tables

    artifacts = Path(values["artifacts"])
    batches = [int(text) for text in values["batches"].split(",")]
    bottom, top = dlrm_dense.read_weights(artifacts / "dlrm_dense.npz")
    if values["dense"] == "fp16":
        dense = dlrm_dense.HalfPrecision(bottom, top, "cuda")
    else:
        dense = dlrm_dense.SinglePrecision(bottom, top, "cuda", tf32=values["dense"] == "tf32")
    rows = dlrm_tables.open_rows(
        artifacts / "dlrm_embedding_table" / "emb_vector", model["rows"], model["embedding_width"]
    )
    kind = values["table_type"]
    if values["table"] == "cpu":
        from dlrm_cpu_table import CpuTableScorer

        scorer = CpuTableScorer(rows, dense, model, max(batches))
        memory = (0, scorer.table.nbytes)
    else:
        from dlrm_scorer import Scorer

        if values["table"] == "cache":
            fraction, admit = float(values["cache_fraction"]), values["cache_admission"] == "on_miss"
            table = dlrm_tables.CachedTable(rows, kind, "cuda", model, fraction, admit)
        else:
            table = dlrm_tables.WholeTable(rows, kind, "cuda")
        scorer = Scorer(table, dense, model, max(batches))
        memory = table.bytes()
    for batch in batches:
        scorer.prepare(batch)
    return scorer, f"{kind} table, {memory[0]} bytes on the GPU, {memory[1]} bytes in host memory"


def _keep_freed_memory():
    """Ask malloc to keep what is freed.

    The python backend copies every input in host memory into a new numpy array before it calls the model. At 131072
    samples that is 20 MB, which malloc would give back to the system each time: faulting it in again takes longer than
    the copy.
    """
    m_trim_threshold, m_mmap_threshold = -1, -3
    libc = ctypes.CDLL(None)
    libc.mallopt(m_mmap_threshold, 32 << 20)  # the most that glibc takes
    libc.mallopt(m_trim_threshold, 1 << 30)


def _complaint(keys, model):
    """What is wrong with a request whose keys do not all fit their slots."""
    keys = keys.cpu().numpy()
    low, rows = np.asarray(model["offsets"]), np.asarray(model["cardinalities"])
    outside = (keys < low) | (keys - low >= rows)
    sample, slot = (int(index) for index in np.argwhere(outside)[0])
    return (
        f"categorical_features: slot {slot} of sample {sample} has the key {int(keys[sample, slot])};"
        f" allowed: {int(low[slot])} to {int(low[slot] + rows[slot]) - 1}"
    )


class TritonPythonModel:
    """What the python backend calls."""

    def initialize(self, args):
        """Load table and weights, capture the graphs of all batches."""
        import torch

        from dlrm_phases import Phases

        if not torch.cuda.is_available():
            raise pb_utils.TritonModelException(
                f"PyTorch {torch.__version__} finds no GPU; this variant needs one, and a PyTorch built for CUDA"
            )
        self.from_dlpack, self.to_dlpack = torch.utils.dlpack.from_dlpack, torch.utils.dlpack.to_dlpack
        self.phases, self.name = Phases(), args["model_name"]
        _keep_freed_memory()
        torch.inference_mode().__enter__()
        torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction = False
        values = _read_parameters(args)
        if values["table"] != "cpu":
            torch.set_num_threads(1)  # waking the others takes longer than the copies that are left to the CPU
        self.model = _read_manifest(Path(values["artifacts"]))["model"]
        self.scorer, said = _load(values, self.model)
        print(f"torch_dlrm: {self.name}: {said}; PyTorch {torch.__version__}, NumPy {np.__version__}", flush=True)
        gc.collect()
        gc.freeze()
        gc.disable()  # nothing here makes cycles, and a collection in mid-request would be measured

    def _refuse(self, text):
        return pb_utils.InferenceResponse(output_tensors=[], error=pb_utils.TritonError(text))

    def answer(self, request, alone):
        """The response to one request; ``alone``: no other answer follows before it is sent."""
        self.phases.begin()
        keys = pb_utils.get_input_tensor_by_name(request, "categorical_features")
        dense = pb_utils.get_input_tensor_by_name(request, "numerical_features")
        # Not as_numpy: releases of the python backend from before NumPy 2 give wrong arrays beside it.
        keys, dense = self.from_dlpack(keys.to_dlpack()), self.from_dlpack(dense.to_dlpack())
        if keys.is_cuda != dense.is_cuda:
            keys, dense = keys.cpu(), dense.cpu()
        samples = len(keys)
        if samples != len(dense):
            return self._refuse(
                f"categorical_features has {samples} samples, numerical_features {len(dense)}; they must agree"
            )
        if not 0 < samples <= self.scorer.most:
            return self._refuse(f"{samples} samples; this model was started for 1 to {self.scorer.most}")
        self.phases.mark()
        work = self.scorer.take(keys, dense) if keys.is_cuda else self.scorer.stage(keys, dense)
        self.phases.mark()
        self.scorer.launch(work)
        self.phases.mark()
        good = self.scorer.wait()
        self.phases.mark()
        if not good:
            return self._refuse(_complaint(keys, self.model))
        scores = self.scorer.host_scores[:samples].view(-1, 1)
        # A capsule: given the tensor, the python backend would ask it questions that cost more than all else here.
        tensor = pb_utils.Tensor.from_dlpack("output_1", self.to_dlpack(scores if alone else scores.clone()))
        response = pb_utils.InferenceResponse(output_tensors=[tensor])
        self.phases.mark()
        self.phases.end(samples)
        return response

    def execute(self, requests):
        """One response per request, in order."""
        alone = len(requests) == 1
        return [self.answer(request, alone) for request in requests]

    def finalize(self):
        """Say where the time went, and let everything go."""
        print(f"torch_dlrm: {self.name}: phases {self.phases.text()}", flush=True)
        self.scorer = None
