"""TensorRT's Python API, as far as the engines need it, over its versions 8.5, 8.6 and 10.

``trt`` is the module ``tensorrt``, handed in so that tests can put a double in its place. What differs:

    explicit batch    a flag of the network up to 9; always on and the flag ignored from 10, and gone later
    plug-in lookup    get_plugin_creator; get_creator beside it in 10, alone later
    FP16 flag         BuilderFlag.FP16; gone where networks are strongly typed only
"""

from __future__ import annotations

from hpsb_console import EnvironmentFaultError

PLUGIN_NAME, PLUGIN_VERSION, PLUGIN_NAMESPACE = "HPS_TRT", "1", ""
_OLDEST = (8, 5)


class ParseError(RuntimeError):
    """TensorRT does not take the graph."""


def check_version(trt):
    """Refuse versions without the calls below. Raises EnvironmentFaultError."""
    numbers = tuple(int(part) for part in trt.__version__.split(".")[:2] if part.isdigit())
    if numbers < _OLDEST:
        raise EnvironmentFaultError(
            f"TensorRT is {trt.__version__}; allowed: 8.5 or newer, as in merlin images 23.02 on"
        )


def check_plugin(trt, library):
    """Refuse to go on where the plug-in's creator is not registered; the error names those that are."""
    registry = trt.get_plugin_registry()
    find = getattr(registry, "get_plugin_creator", None) or registry.get_creator
    if find(PLUGIN_NAME, PLUGIN_VERSION, PLUGIN_NAMESPACE) is not None:
        return
    creators = getattr(registry, "plugin_creator_list", None) or getattr(registry, "all_creators", [])
    names = sorted(f"{creator.name} {creator.plugin_version}" for creator in creators)
    near = [name for name in names if "HPS" in name.upper()] or names[:5]
    raise EnvironmentFaultError(
        f"{library} was loaded, yet TensorRT {trt.__version__} has no plug-in {PLUGIN_NAME} version {PLUGIN_VERSION}"
        f" (it has {', '.join(near) or 'none'}); library and TensorRT must come from the same image"
    )


def make_network(trt, builder):
    """A network with an explicit batch dimension."""
    flag = getattr(trt.NetworkDefinitionCreationFlag, "EXPLICIT_BATCH", None)
    needed = flag is not None and int(trt.__version__.split(".", 1)[0]) < 10
    return builder.create_network(1 << int(flag) if needed else 0)


def parse(trt, network, logger, onnx_bytes, say):
    """Read the ONNX graph into the network; every error of the parser is said. Raises ParseError."""
    parser = trt.OnnxParser(network, logger)
    if parser.parse(onnx_bytes):
        return
    errors = [str(parser.get_error(index)) for index in range(parser.num_errors)]
    for error in errors:
        say(f"TensorRT's ONNX parser: {error}")
    raise ParseError(f"TensorRT {trt.__version__} refused the graph with {len(errors)} errors: {'; '.join(errors[:3])}")


def add_profile(builder, config, network, profile, samples):
    """The one optimisation profile: batch min, opt and max for every input; ``samples`` is {input: width}."""
    found = [network.get_input(index).name for index in range(network.num_inputs)]
    if sorted(found) != sorted(samples):
        raise ParseError(f"the network's inputs are {found}, wanted {sorted(samples)}")
    shapes = builder.create_optimization_profile()
    for name, width in samples.items():
        shapes.set_shape(name, (profile.min, width), (profile.opt, width), (profile.max, width))
    if config.add_optimization_profile(shapes) < 0:
        raise ParseError(f"TensorRT refused the profile {profile} for {samples}")


def set_precision(trt, builder, config, precision):
    """FP16 allowed, or not: fp32 stays as TensorRT has it, with TF32 where the GPU has that, as published."""
    if precision == "fp32":
        return
    flag = getattr(trt.BuilderFlag, "FP16", None)
    if flag is None:
        raise EnvironmentFaultError(
            f"TensorRT {trt.__version__} has no FP16 flag (its networks are strongly typed only);"
            " use an image with TensorRT 8.5 to 10"
        )
    if getattr(builder, "platform_has_fast_fp16", True) is False:
        raise EnvironmentFaultError("this GPU has no fast FP16, so the fp16 engine would prove nothing")
    config.set_flag(flag)


def build(trt, logger, onnx_bytes, request, say):
    """The serialized engine. ``request``: precision, profile, workspace_bytes, samples {input: width}.

    Raises ParseError, or EnvironmentFaultError where TensorRT gives up.
    """
    builder = trt.Builder(logger)
    network = make_network(trt, builder)
    parse(trt, network, logger, onnx_bytes, say)
    config = builder.create_builder_config()
    if request["workspace_bytes"] > 0:  # left alone TensorRT may use all that is free, as published
        config.set_memory_pool_limit(trt.MemoryPoolType.WORKSPACE, request["workspace_bytes"])
    set_precision(trt, builder, config, request["precision"])
    add_profile(builder, config, network, request["profile"], request["samples"])
    plan = builder.build_serialized_network(network, config)
    if plan is None:
        raise EnvironmentFaultError(
            f"TensorRT {trt.__version__} could not build the {request['precision']} engine; its messages stand above"
            " (out of memory: lower engine.maxBatch, hps.workers or hps.gpuCacheFraction, or set a workspace limit)"
        )
    return bytes(plan)


def _shape(dimensions):
    return [int(dimension) for dimension in dimensions]


def read_back(trt, logger, plan):
    """What a serialized engine says about itself: [{"name", "mode", "dtype", "shape", "profile" of inputs}]."""
    runtime = trt.Runtime(logger)  # must outlive the engine
    engine = runtime.deserialize_cuda_engine(plan)
    if engine is None:
        raise EnvironmentFaultError("TensorRT cannot load the engine it has just built; its messages stand above")
    tensors = []
    for index in range(engine.num_io_tensors):
        name = engine.get_tensor_name(index)
        is_input = engine.get_tensor_mode(name) == trt.TensorIOMode.INPUT
        tensor = {
            "name": name,
            "mode": "input" if is_input else "output",
            "dtype": engine.get_tensor_dtype(name).name,
            "shape": _shape(engine.get_tensor_shape(name)),
        }
        if is_input:
            low, best, high = engine.get_tensor_profile_shape(name, 0)
            tensor["profile"] = {"min": _shape(low), "opt": _shape(best), "max": _shape(high)}
        tensors.append(tensor)
    return tensors
