"""A double of the module tensorrt with the HPS_TRT plug-in, for the flow of build_engines without a GPU.

It has the names and argument orders of the real bindings that the programs use, reads the ONNX graph for real, and
makes an "engine" that is a JSON text of inputs, outputs, profile and flags. Like the real parser it wants an explicit
batch flag before version 10; like the real plug-in it reads dlrm.json from the working folder when the graph is parsed.

TENSORRT_DOUBLE (JSON) says how it behaves: version, fail ("parse", "build", "creator", "kill", "hps"), fp16_seconds
(how long an fp16 engine takes), calls (a file that gets a line for each call, with the process id).
"""

import enum
import json
import os
import pathlib
import signal
import sys
import time

_BEHAVIOUR = json.loads(os.environ.get("TENSORRT_DOUBLE", "{}"))
__version__ = _BEHAVIOUR.get("version", "8.5.3.1")
_MAJOR = int(__version__.split(".", 1)[0])


def _call(name, *arguments):
    if "calls" in _BEHAVIOUR:
        with open(_BEHAVIOUR["calls"], "a", encoding="utf-8") as file:
            file.write(json.dumps([os.getpid(), name, *arguments]) + "\n")


class DataType(enum.Enum):
    FLOAT = 0
    INT32 = 3


class TensorIOMode(enum.Enum):
    INPUT = 1
    OUTPUT = 2


class MemoryPoolType(enum.Enum):
    WORKSPACE = 0


class NetworkDefinitionCreationFlag(enum.IntEnum):
    if _MAJOR <= 10:
        EXPLICIT_BATCH = 0
    if _MAJOR >= 10:
        STRONGLY_TYPED = 1


class BuilderFlag(enum.Enum):
    TF32 = 7
    if _MAJOR <= 10:
        FP16 = 0


class Logger:
    WARNING = 2

    def __init__(self, severity):
        self.severity = severity


def init_libnvinfer_plugins(logger, namespace):
    _call("init_libnvinfer_plugins", namespace)


class _Creator:
    name = "HPS_TRT"
    plugin_version = "1"


class _Other:
    name = "BatchedNMS_TRT"
    plugin_version = "1"


class _Registry:
    plugin_creator_list = [_Other()] if _BEHAVIOUR.get("fail") == "creator" else [_Other(), _Creator()]
    all_creators = plugin_creator_list

    def _find(self, name, version, namespace=""):
        _call("get_plugin_creator", name, version, namespace)
        return next(
            (c for c in self.plugin_creator_list if (c.name, c.plugin_version) == (name, version) and namespace == ""),
            None,
        )

    if _MAJOR <= 10:
        get_plugin_creator = _find
    if _MAJOR >= 10:
        get_creator = _find


def get_plugin_registry():
    return _Registry()


class _Input:
    def __init__(self, name):
        self.name = name


class _Network:
    def __init__(self, explicit):
        self.explicit = explicit
        self.graph = None

    @property
    def num_inputs(self):
        return len(self.graph.input)

    def get_input(self, index):
        return _Input(self.graph.input[index].name)


class OnnxParser:
    def __init__(self, network, logger):
        self._network = network
        self._errors = []

    @property
    def num_errors(self):
        return len(self._errors)

    def get_error(self, index):
        return self._errors[index]

    def parse(self, model):
        import onnx

        _call("parse", len(model), str(pathlib.Path.cwd()))
        if _MAJOR < 10 and not self._network.explicit:
            self._errors.append(
                "This version of the ONNX parser only supports networks with an explicit batch dimension"
            )
            return False
        self._network.graph = onnx.load_from_string(model).graph
        if _BEHAVIOUR.get("fail") == "parse":
            self._errors += ["In node 3 (importGather): UNSUPPORTED_NODE: made up by the double", "a second error"]
            return False
        if _BEHAVIOUR.get("fail") == "hps":
            print("[HCTR][08:00:57.622][ERROR][RK0][main]: made up by the double", file=sys.stderr, flush=True)
        server = json.loads(pathlib.Path("dlrm.json").read_text(encoding="utf-8"))
        table = pathlib.Path(server["models"][0]["sparse_files"][0]) / "emb_vector"
        print(f"[HCTR][08:00:58.000][INFO][RK0][main]: double: {table.stat().st_size} bytes of table", flush=True)
        return True


class _Profile:
    def __init__(self):
        self.shapes = {}

    def set_shape(self, input, min, opt, max):  # noqa: A002 - the real names
        _call("set_shape", input, list(min), list(opt), list(max))
        self.shapes[input] = [list(min), list(opt), list(max)]


class _Config:
    def __init__(self):
        self.flags = []
        self.profiles = []

    def set_flag(self, flag):
        _call("set_flag", flag.name)
        self.flags.append(flag.name)

    def set_memory_pool_limit(self, pool, pool_size):
        _call("set_memory_pool_limit", pool.name, pool_size)

    def add_optimization_profile(self, profile):
        self.profiles.append(profile)
        return len(self.profiles) - 1


class Builder:
    platform_has_fast_fp16 = True

    def __init__(self, logger):
        self._logger = logger

    def create_network(self, flags=0):
        _call("create_network", flags)
        return _Network(explicit=bool(flags & 1))

    def create_builder_config(self):
        return _Config()

    def create_optimization_profile(self):
        return _Profile()

    def build_serialized_network(self, network, config):
        _call("build_serialized_network", config.flags)
        if _BEHAVIOUR.get("fail") == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if _BEHAVIOUR.get("fail") == "build":
            print("[TRT] [E] out of memory, made up by the double", file=sys.stderr, flush=True)
            return None
        if "FP16" in config.flags:
            time.sleep(_BEHAVIOUR.get("fp16_seconds", 0))

        def described(value, mode):
            dimensions = [d.dim_value or -1 for d in value.type.tensor_type.shape.dim]
            dtype = {1: "FLOAT", 6: "INT32"}[value.type.tensor_type.elem_type]
            return {"name": value.name, "mode": mode, "dtype": dtype, "shape": dimensions}

        tensors = [described(value, "INPUT") for value in network.graph.input]
        tensors += [described(value, "OUTPUT") for value in network.graph.output]
        engine = {"double": True, "tensors": tensors, "profile": config.profiles[0].shapes, "flags": config.flags}
        return memoryview(json.dumps(engine).encode())


class _Engine:
    def __init__(self, text):
        self._engine = json.loads(text)

    @property
    def num_io_tensors(self):
        return len(self._engine["tensors"])

    def _tensor(self, name):
        return next(tensor for tensor in self._engine["tensors"] if tensor["name"] == name)

    def get_tensor_name(self, index):
        return self._engine["tensors"][index]["name"]

    def get_tensor_mode(self, name):
        return TensorIOMode[self._tensor(name)["mode"]]

    def get_tensor_dtype(self, name):
        return DataType[self._tensor(name)["dtype"]]

    def get_tensor_shape(self, name):
        return tuple(self._tensor(name)["shape"])

    def get_tensor_profile_shape(self, name, profile_index):
        return [tuple(shape) for shape in self._engine["profile"][name]]


class Runtime:
    def __init__(self, logger):
        self._logger = logger

    def deserialize_cuda_engine(self, serialized_engine):
        _call("deserialize_cuda_engine", len(serialized_engine))
        return _Engine(serialized_engine)
