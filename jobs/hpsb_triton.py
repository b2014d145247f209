"""A small client of Triton's HTTP protocol (KServe v2 with its binary tensor and statistics extensions).

Standard library only, so that it runs in any image.
"""

import array
import http.client
import json
import struct
import sys
from pathlib import Path

CATEGORICAL = "categorical_features"
NUMERICAL = "numerical_features"
SLOTS = 26
DENSE_FEATURES = 13
COUNTERS = ("success", "fail", "queue", "compute_input", "compute_infer", "compute_output")


class TritonError(Exception):
    """Triton answered with an error, or not at all."""


def request_path(paths, batch):
    """Where make_requests.py wrote the request of a batch size: a folder of raw files, or a JSON file."""
    folder = Path(paths["requests"]) / str(batch)
    return folder if folder.is_dir() else folder.with_name(f"{batch}.json")


class Request:
    """One request, packed as the binary body that every variant is sent: int32 keys, then float32 numbers.

    path: a JSON file, or a folder of raw files.
    """

    def __init__(self, path):
        if Path(path).is_dir():
            keys, numbers = array.array("i"), array.array("f")
            for name, values in ((CATEGORICAL, keys), (NUMERICAL, numbers)):
                values.frombytes((Path(path) / name).read_bytes())
        else:
            with open(path, encoding="utf-8") as file:
                entry = json.load(file)["data"][0]
            keys, numbers = array.array("i", entry[CATEGORICAL]), array.array("f", entry[NUMERICAL])
            if sys.byteorder == "big":
                keys.byteswap()
                numbers.byteswap()
        if len(keys) % SLOTS or len(keys) // SLOTS * DENSE_FEATURES != len(numbers):
            raise ValueError(
                f"{path}: {len(keys)} keys, {len(numbers)} numbers: not samples of {SLOTS} and {DENSE_FEATURES}"
            )
        self.samples = len(keys) // SLOTS
        binary = keys.tobytes() + numbers.tobytes()
        header = json.dumps(
            {
                "inputs": [
                    self._input(CATEGORICAL, "INT32", SLOTS),
                    self._input(NUMERICAL, "FP32", DENSE_FEATURES),
                ],
                "parameters": {"binary_data_output": True},
            }
        ).encode()
        self.header_length = len(header)
        self.body = header + binary

    def _input(self, name, datatype, width):
        return {
            "name": name,
            "datatype": datatype,
            "shape": [self.samples, width],
            "parameters": {"binary_data_size": self.samples * width * 4},
        }


class Triton:
    """One keep-alive connection to ``host:port``."""

    def __init__(self, address, timeout=60.0):
        host, _, port = address.rpartition(":")
        self.address = address
        self._connection = http.client.HTTPConnection(host, int(port), timeout=timeout)

    def close(self):
        self._connection.close()

    def _call(self, method, path, body=None, headers=None):
        try:
            self._connection.request(method, path, body=body, headers=headers or {})
            response = self._connection.getresponse()
            return response, response.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise TritonError(
                f"Triton at {self.address} does not answer {path}: {error or type(error).__name__}"
            ) from error

    def _json(self, path):
        response, data = self._call("GET", path)
        if response.status != 200:
            raise TritonError(
                "Triton answered {} to {}: {}".format(response.status, path, data[:300].decode("utf-8", "replace"))
            )
        return json.loads(data)

    def server(self):
        """Name, version and extensions of the server."""
        return self._json("/v2")

    def ready(self, model):
        try:
            response, _ = self._call("GET", f"/v2/models/{model}/ready")
        except TritonError:
            return False
        return response.status == 200

    def statistics(self, model):
        """Cumulative counters of one model: counts and nanoseconds."""
        found = self._json(f"/v2/models/{model}/stats")["model_stats"][0]
        flat = {"inference_count": found["inference_count"], "execution_count": found["execution_count"]}
        for name in COUNTERS:
            flat[name] = {"count": found["inference_stats"][name]["count"], "ns": found["inference_stats"][name]["ns"]}
        return flat

    def infer(self, model, request):
        """Scores of one request: a list of ``request.samples`` floats."""
        response, data = self._call(
            "POST",
            f"/v2/models/{model}/infer",
            request.body,
            {"Content-Type": "application/octet-stream", "Inference-Header-Content-Length": str(request.header_length)},
        )
        if response.status != 200:
            raise TritonError("{} refused a request: {}".format(model, data[:500].decode("utf-8", "replace")))
        json_length = int(response.headers.get("Inference-Header-Content-Length", len(data)))
        outputs = json.loads(data[:json_length])["outputs"]
        if len(outputs) != 1 or outputs[0]["datatype"] != "FP32":
            raise TritonError(f"{model} answered with outputs {outputs}, expected one of FP32")
        scores = data[json_length:]
        if len(scores) != 4 * request.samples:
            raise TritonError(f"{model} answered {len(scores)} bytes for {request.samples} samples")
        return list(struct.unpack(f"<{request.samples}f", scores))
